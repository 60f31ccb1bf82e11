import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  htmlError,
  type Misbehaviour,
  type RequestMatch,
  silentRefusal,
  tooManyRequests,
} from '../../emulator/faults.ts';
import { Failure } from '../../src/errors.ts';
import { listCollections } from '../../src/wix/collections.ts';
import { downloadFile, uploadFile } from '../../src/wix/files.ts';
import { Items } from '../../src/wix/items.ts';
import { followJobs, submitJob } from '../../src/wix/jobs.ts';
import { against, exportOf, type Situation, shop, temporaryFile } from './support.ts';

/** What is asked, which request of it meets the fault, and what has to be true once it is done. */
interface Act {
  readonly match: RequestMatch;
  readonly play: (situation: Situation) => Promise<void>;
}

const acts = {
  read: {
    match: { path: '/wix-data/v2/collections' },
    play: async ({ client }) => {
      expect((await listCollections(client)).map(({ id }) => id)).toEqual(['teas']);
    },
  },
  submit: {
    match: { method: 'POST', path: '/data-mover/v1/jobs' },
    play: async ({ emulator, client }) => {
      const { id } = await submitJob(client, exportOf('teas'));
      expect(emulator.jobs().map((job) => job.id)).toEqual([id]);
    },
  },
  remove: {
    match: { path: '*/items/remove' },
    play: async ({ emulator, client }) => {
      expect((await new Items(client, 'teas').remove(['a'])).done).toEqual(['a']);
      expect([...emulator.site.collection('teas').items.keys()]).toEqual(['b']);
    },
  },
  upload: {
    match: { host: 'upload' },
    play: async ({ client }) => {
      const path = temporaryFile('_id,title\na,Assam\n');
      expect(await uploadFile(client, path, 'a.csv')).toMatch(/./);
    },
  },
  download: {
    match: { host: 'download' },
    play: async ({ client }) => {
      const { value } = await followJobs(client, [
        await submitJob(client, exportOf('teas')),
      ]).next();
      const path = temporaryFile();
      await downloadFile(client, async () => value?.job.fileUrl ?? '', path);
      expect(readFileSync(path, 'utf8')).toMatch(/Assam.*\n.*Uva.*\n$|Uva.*\n.*Assam.*\n$/);
    },
  },
} as const satisfies Record<string, Act>;

type Name = keyof typeof acts;

/** Faults, how often they strike, and where they end in a failure: all the rest is ridden out. */
const table: readonly {
  readonly fault: string;
  readonly is: Misbehaviour;
  readonly forGood?: true;
  readonly fails?: Partial<Record<Name, 'api' | 'auth'>>;
}[] = [
  { fault: '429', is: tooManyRequests() },
  { fault: '429 with Retry-After', is: tooManyRequests(30) },
  { fault: '500', is: { kind: 'answer', status: 500, body: '{"message":"Internal error"}' } },
  { fault: '502 in HTML', is: htmlError(502) },
  { fault: '502, and it was carried out', is: htmlError(502, true) },
  { fault: '503', is: htmlError(503) },
  { fault: 'a reset before', is: { kind: 'reset', when: 'before' } },
  { fault: 'a reset after', is: { kind: 'reset', when: 'after' } },
  { fault: 'silence', is: { kind: 'hang' } },
  { fault: 'half an answer', is: { kind: 'malformed-json' } },
  { fault: 'an empty answer', is: { kind: 'empty' } },
  { fault: 'an answer cut short', is: { kind: 'cut', announced: 'full' } },
  { fault: 'a length that is too large', is: { kind: 'wrong-length', by: 7 } },
  { fault: 'a length that is too small', is: { kind: 'wrong-length', by: -7 } },
  {
    fault: '401',
    is: silentRefusal(401),
    fails: { read: 'auth', submit: 'auth', remove: 'auth' },
  },
  {
    fault: '403',
    is: silentRefusal(403),
    fails: { read: 'auth', submit: 'auth', remove: 'auth' },
  },
  { fault: '404', is: silentRefusal(404), fails: { read: 'api', submit: 'api', remove: 'api' } },
  {
    fault: '413',
    is: silentRefusal(413),
    fails: { read: 'api', submit: 'api', remove: 'api', upload: 'api', download: 'api' },
  },
  {
    fault: '503 for good',
    is: htmlError(503),
    forGood: true,
    fails: { read: 'api', submit: 'api', remove: 'api', upload: 'api', download: 'api' },
  },
  {
    fault: 'resets for good',
    is: { kind: 'reset', when: 'before' },
    forGood: true,
    fails: { read: 'api', submit: 'api', remove: 'api', upload: 'api', download: 'api' },
  },
];

/** Every other answer has to come within it, too, on a machine that has much to do. */
const patience = 2_000;

describe.each(Object.entries(acts))('a request to %s', (name, { match, play }) => {
  const rows = table.map(({ fails, ...row }) => ({
    ...row,
    ends: fails?.[name as Name] ?? 'done',
  }));
  test.each(rows)('that meets $fault: $ends', ({ is, forGood, ends }) =>
    against(
      shop,
      async (situation) => {
        const times = forGood === undefined ? 1 : 'always';
        situation.emulator.faults.add({ ...is, match: { ...match, times } });
        const error = await play(situation).then(
          () => undefined,
          (failure: unknown) => failure,
        );
        if (ends === 'done') expect(error).toBeUndefined();
        else {
          expect(error).toBeInstanceOf(Failure);
          expect(error).toMatchObject({ reason: ends });
        }
      },
      is.kind === 'hang' ? { timeLimit: patience, fileSilence: patience } : {},
    ),
  );
});
