import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readConfig } from '../../src/config/config.ts';
import { itemIdentity } from '../../src/content/identity.ts';
import { parseSchema } from '../../src/content/schema.ts';
import { CsvError } from '../../src/csv/errors.ts';
import { openTable } from '../../src/csv/table.ts';
import { readEnvironment } from '../../src/environment.ts';
import { Failure } from '../../src/errors.ts';
import type { WixClient } from '../../src/wix/client.ts';
import { listCollections } from '../../src/wix/collections.ts';
import { removeItems } from '../../src/wix/items.ts';
import { jobFrom } from '../../src/wix/job.ts';
import { followJobs, getJob, readLogs, runningJobs } from '../../src/wix/jobs.ts';
import { exported } from './scenes.ts';

const folder = mkdtempSync(join(tmpdir(), 'wix-cms-fuzz-'));

/** Bytes that mean something to some reader, and some that mean nothing to any. */
const spice = fc
  .oneof(
    fc.constantFrom(
      ...[
        '"',
        '""',
        ',',
        '\n',
        '\r',
        '\r\n',
        '\u0000',
        '\uFEFF',
        ';',
        '\t',
        '=',
        '{',
        '}',
        '[',
        ']',
      ],
      ...[':', '- ', '  ', '&a', '*a', '!!js/function', '<<: ', '%', '__proto__', 'null', '1e999'],
      ...['\u2028', '\u202E', '../', '-rf', '.git/config', '💥', '\x1b[2J', '::error::', '%0A'],
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  .map((text) => Buffer.from(text));
const rawBytes = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes));

/** A real file, damaged in a few places. */
function damaged(text: string): fc.Arbitrary<Buffer> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const cut = fc.record({ at: place, remove: fc.nat(12), insert: fc.oneof(spice, rawBytes) });
  return fc.array(cut, { maxLength: 6 }).map((cuts) =>
    cuts.reduce((bytes, { at, remove, insert }) => {
      const from = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
    }, Buffer.from(text)),
  );
}

/** A value of JSON, with some members replaced by anything at all. */
function distorted(value: unknown): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom({}, [], [null], null, 'x', -1),
  );
  const kept = () => {
    if (Array.isArray(value)) {
      const list: fc.Arbitrary<unknown> = fc.tuple(...value.map((entry) => distorted(entry)));
      return list;
    }
    if (typeof value !== 'object' || value === null) return fc.constant(value);
    const members = Object.entries(value).map(([name, member]) => [name, distorted(member)]);
    const object: fc.Arbitrary<unknown> = fc.record(Object.fromEntries(members), {
      requiredKeys: [],
    });
    return object;
  };
  return fc.oneof({ weight: 6, arbitrary: kept() }, { weight: 1, arbitrary: odd });
}

const runs = { numRuns: 1_500 };
const oneLine = /^[^\n\r\u2028\u2029]+$/;

describe('whatever is in a file', () => {
  test('CSV is read, or refused with the place of what is wrong', () => {
    const path = join(folder, 'products.csv');
    fc.assert(
      fc.property(damaged(exported), (bytes) => {
        writeFileSync(path, bytes);
        try {
          const table = openTable([path], itemIdentity('_id'), folder);
          for (const { cells } of table.rows()) expect(cells).toHaveLength(table.columns.length);
        } catch (error) {
          expect(error).toBeInstanceOf(CsvError);
          expect(error).toMatchObject({ file: 'products.csv', line: expect.any(Number) });
          expect(error).toMatchObject({ message: expect.stringMatching(oneLine) });
        }
      }),
      runs,
    );
  });

  test('the configuration is read, or refused with one line', () => {
    const text = [
      'directory: cms',
      'collections:',
      '  - products',
      '  - id: Stores/Products',
      '    file: shop/products.csv',
      '    filter: { status: { $eq: published } }',
      '    fields: [title, price]',
      '    deletes: apply',
      'localizations:',
      '  - languages: [en, fr]',
      'limits:',
      '  max-deletes: 10%',
      '',
    ].join('\n');
    const inputs = { collections: [], languages: [], directory: undefined };
    fc.assert(
      fc.property(damaged(text), (bytes) => {
        const source = { file: '.github/wix-cms.yml', text: bytes.toString('utf8') };
        expectFailure('config', () => {
          readConfig(source, { ...inputs, deletes: undefined, writePolicy: undefined });
        });
      }),
      runs,
    );
  });

  test('a committed schema is read, or refused with its file', () => {
    const field = { key: 'title', type: 'TEXT', displayName: 'Title' };
    const omitted = { key: 'related', type: 'MULTI_REFERENCE', reason: 'not carried' };
    const schema = { collection: 'products', fields: [field], omitted: [omitted] };
    const file = 'content/collections/products.schema.json';
    const texts = fc.oneof(
      damaged(JSON.stringify(schema, null, 2)).map((bytes) => bytes.toString('utf8')),
      distorted(schema).map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const error = expectFailure('validation', () => parseSchema(text, file));
        if (error !== undefined) expect(error.place).toMatchObject({ file });
      }),
      runs,
    );
  });

  test("the event's payload is read, or refused with one line", () => {
    const sha = 'a'.repeat(40);
    const pull = { number: 7, base: { sha }, head: { sha } };
    const payload = { before: sha, pull_request: pull };
    const runner = { GITHUB_WORKSPACE: '/w', RUNNER_TEMP: '/t', GITHUB_EVENT_PATH: '/e' };
    const texts = fc.oneof(
      damaged(JSON.stringify(payload)).map((bytes) => bytes.toString('utf8')),
      distorted(payload).map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expectFailure('config', () => {
          const env = { ...runner, GITHUB_EVENT_NAME: 'push' };
          const { event } = readEnvironment(env, () => text);
          for (const commit of [event.before, event.pullRequest?.baseSha]) {
            expect(commit ?? sha).toMatch(/^[0-9a-f]{40,64}$/);
          }
        });
      }),
      runs,
    );
  });
});

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
const known = jobFrom(job);

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
      const jobs = known === undefined ? [] : [known];
      const deadline = client.clock.now() + 120_000;
      for await (const end of followJobs(client, jobs, { deadline })) expect(end.job.id).toBe('j1');
    },
  ],
  [
    'a log',
    { logs: [{ sourceItemId: '1', failure }], pagingMetadata: paging },
    (client) => readLogs(client, 'j1'),
  ],
  [
    'a list of collections',
    { collections: [collection], pagingMetadata: { total: 2 } },
    (client) => listCollections(client),
  ],
  [
    'what became of a removal',
    { results: [removal] },
    async (client) => {
      for await (const { failed } of removeItems(client, 'products', ['a', 'b'])) {
        expect(failed.every(({ id }) => ['a', 'b'].includes(id))).toBe(true);
      }
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
    fileLookup: undefined,
    longestFile: 2 ** 20,
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

function expectFailure(reason: string, action: () => unknown): Failure | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(oneLine);
    return error;
  }
}
