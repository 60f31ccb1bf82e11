import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { Failure } from '../../src/errors.ts';
import type { WixClient } from '../../src/wix/client.ts';
import { listCollections } from '../../src/wix/collections.ts';
import { refusalFailure } from '../../src/wix/failures.ts';
import { uploadFile } from '../../src/wix/files.ts';
import { Items } from '../../src/wix/items.ts';
import {
  followJobs,
  getJob,
  jobAnswer,
  readRejections,
  runningJobs,
  submitJob,
} from '../../src/wix/jobs.ts';
import { exportOf, temporaryFile } from '../wix/support.ts';
import { damaged, distorted, oneLine } from './odd.ts';

const paging = { hasNext: true, cursors: { next: 'c1' } };
const job = {
  id: 'j1',
  name: 'wix-cms-sync export products 1',
  status: 'COMPLETED',
  progress: { current: '3', total: 3, itemsRejected: '1', itemsSuccessful: 2 },
  partiallySuccessfulOptions: { cause: 'Some rows.' },
  error: { code: 'WDH0002', description: 'Failed.' },
  destination: { file: { url: 'https://files.example/x' } },
};
const failure = { code: 'WDE0009', description: 'Too large.' };
const collection = {
  id: 'products',
  fields: [
    { key: 'title', type: 'TEXT', typeMetadata: { reference: { referencedCollectionId: 'x' } } },
  ],
  plugins: [{ multilingualOptions: { translatableFieldKeys: ['title'] } }],
};
const removal = { itemMetadata: { id: 'a', originalIndex: 0, success: false, error: failure } };
const item = { id: 'a', data: { _id: 'a', title: 'Tea', related: ['b'] } };
const known = v.parse(jobAnswer, job);
const upload = temporaryFile('_id\n');

/** Real answers, and who reads them. */
const answers: readonly [
  name: string,
  answer: object,
  read: (client: WixClient) => Promise<unknown>,
][] = [
  ['a job', { job }, (client) => getJob(client, 'j1')],
  [
    'a list of jobs',
    { jobs: [job, job], pagingMetadata: paging },
    (client) => runningJobs(client, 'import'),
  ],
  [
    'the end of a job',
    { jobs: [job] },
    async (client) => {
      const deadline = client.clock.now() + 120_000;
      for await (const end of followJobs({ ...client, deadline }, [known]))
        expect(end.job.id).toBe('j1');
    },
  ],
  [
    'a log',
    { logs: [{ sourceItemId: '1', failure }], pagingMetadata: paging },
    (client) => readRejections(client, 'j1'),
  ],
  [
    'a list of collections',
    { collections: [collection], pagingMetadata: { total: 2 } },
    (client) => listCollections(client),
  ],
  ['an item', { dataItems: [item, item] }, (client) => new Items(client, 'products').stored(['a'])],
  ['a submission', { job, jobs: [job] }, (client) => submitJob(client, exportOf('products'))],
  [
    'an upload URL',
    { fileId: 'f1', uploadUrl: 'ftp://files.example/put' },
    (client) => uploadFile(client, upload, 'products.csv'),
  ],
  [
    'what became of a removal',
    { results: [removal] },
    async (client) => {
      const { failed } = await new Items(client, 'products').remove(['a', 'b']);
      expect(failed.every(({ source }) => ['a', 'b'].includes(source))).toBe(true);
    },
  ],
];

test.each(answers)(
  'whatever Wix answers for %s, it is read or refused',
  async (_name, answer, read) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(distorted(answer), { minLength: 1, maxLength: 3 }),
        async (sent) => {
          const client = answering(sent.map((each) => (isObject(each) ? each : {})));
          try {
            await read(client);
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            expect(error).toMatchObject({ message: expect.stringMatching(oneLine) });
          }
        },
      ),
      { numRuns: 150 },
    );
  },
);

/** A client whose every request gets the next of these answers, the last one for ever. */
function answering(sent: readonly object[]): WixClient {
  let next = 0;
  let now = 0;
  const sleep = async (milliseconds: number) => {
    now += milliseconds;
  };
  return {
    apiUrl: 'https://www.wixapis.com',
    clock: { now: () => now, sleep },
    log: { info: () => {}, debug: () => {}, warning: () => {} },
    signal: new AbortController().signal,
    waiting: () => {},
    random: () => 0.5,
    fileSilence: 1_000,
    deadline: Number.POSITIVE_INFINITY,
    json: async () => {
      next += 1;
      if (next > 100) throw new Error('It asks for ever');
      return sent[Math.min(next, sent.length) - 1] ?? {};
    },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test('whatever Wix says of a refusal, it is told on one line that is not endless', () => {
  const envelope = {
    message: 'WDE0117: MetaSite not found',
    code: 'X',
    details: {
      applicationError: { code: 'WDE0117', description: 'MetaSite not found', data: {} },
      systemError: { errorCode: 'WDE0001' },
      validationError: { fieldViolations: [{ field: 'a', description: 'is wrong' }] },
    },
  };
  const bodies = fc.oneof(
    damaged(JSON.stringify(envelope)).map((bytes) => bytes.toString('utf8')),
    damaged('<html><h1>502 Bad Gateway</h1></html>').map((bytes) => bytes.toString('utf8')),
    distorted(envelope).map((value) => JSON.stringify(value) ?? ''),
    fc.nat(5_000).map((length) => JSON.stringify({ message: '\u2028x'.repeat(length) })),
  );
  const statuses = fc.constantFrom(400, 401, 403, 404, 413, 428, 429, 500, 503);
  const ids = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
  fc.assert(
    fc.property(bodies, statuses, ids, (body, status, requestId) => {
      const answer = { status, body, requestId };
      const { message, reason } = refusalFailure('ask', answer);
      expect(message).toMatch(oneLine);
      expect(message).toMatch(/^Wix refused to ask \(HTTP .*\.$/);
      expect(message.length).toBeLessThan(1_500);
      expect(['api', 'auth', 'config']).toContain(reason);
    }),
    { numRuns: 1_500 },
  );
});
