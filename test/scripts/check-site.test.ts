import { expect, test } from '@jest/globals';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { checkSite } from '../../scripts/check-site/read.ts';
import { products } from '../end-to-end/situation.ts';
import { connectionTo } from './connection.ts';

const site = { languages: ['en', 'fr'], collections: [products] };

/** What the script finds out about a local Wix, by question. */
async function answersOf(
  options: EmulatorOptions,
  { collection = 'products', languages = ['en', 'fr'] } = {},
  observe: (emulator: Emulator) => void = () => {},
  prepare: (emulator: Emulator) => void = () => {},
): Promise<Readonly<Record<string, string>>> {
  const emulator = await startEmulator({ site, ...options });
  prepare(emulator);
  try {
    const answers: Record<string, string> = {};
    for await (const { question, answer } of checkSite(connectionTo(emulator), {
      collection,
      languages,
    })) {
      answers[question] = answer;
    }
    observe(emulator);
    return answers;
  } finally {
    await emulator.close();
  }
}

test('a site is asked all questions', async () => {
  expect(await answersOf({})).toEqual({
    'May the key list the collections?': 'yes',
    'Which response headers mention limits?': 'none',
    'How is the list of collections paged?': expect.stringMatching(
      /^by 100: 1 entries, \{.*"total":1.*\}; by 1: 1 entries, \{.*"total":1.*\}$/,
    ),
    'May the key export?': 'yes',
    'Is the answer of a job wrapped in `job`?': 'yes',
    'How does the export end?': expect.stringMatching(/^COMPLETED after \d+ s, \{.*\}$/),
    'How does the download work?': 'HTTP 200, directly, with its length',
    'How do two exports at the same time end?': expect.stringMatching(
      /^COMPLETED after \d+ s; COMPLETED after \d+ s; one alone took \d+ s$/,
    ),
    'What does the collection allow?':
      'NATIVE; BULK_SAVE, BULK_REMOVE, TRUNCATE; plugins: MULTILINGUAL',
    'Which columns does an export have?': expect.stringContaining('"_id", '),
    'Which columns are not fields, and which come twice?': 'none; none',
    'Are headers field keys or display names?': expect.stringMatching(/^\d+ are keys, 0 only/),
    'How is the file encoded?': 'with a byte order mark, LF',
    'Do two exports have the same order?': 'of columns: yes, of rows: yes',
    'Is the MULTI_REFERENCE related exported?': '0 of 3 cells are filled',
    'How many cells have the expected form?':
      'TEXT 11 of 11, DATETIME 6 of 6, NUMBER 3 of 3, ARRAY_STRING 1 of 1, PAGE_LINK 3 of 3',
    'What does an export as JSON lines contain?': expect.stringContaining(
      'DATETIME {$date}, TEXT text',
    ),
    'What do items from the API contain?': expect.stringContaining(
      'NUMBER number, ARRAY_STRING list',
    ),
    'Can the MULTI_REFERENCE related be read?': '0 of 3 items refer',
    'Can all multi-references of many items be read at once?': '1 fields of 3 items',
    'Does an export have all items, including drafts?':
      '3 rows; the job says 3; items: 3, with drafts 3',
    'Does an export of one field have `_id`?': 'no',
    'What does the log of an export contain?': '0 entries',
    'What does the last page say about a next one?':
      'of jobs: 1 entries, {"count":1,"cursors":{"next":null,"prev":null},"hasNext":false}; ' +
      'of the log: 0 entries, {"count":0,"cursors":{"next":null,"prev":null},"hasNext":false}',
    'Is a job found by its name?': 'yes',
    'Are jobs found by their ids?': 'yes',
    'Are jobs found by how their name begins, and by status?': 'yes',
    'Which languages does the site have?': 'en (main), fr',
    'May the key export translations?': 'yes',
    'Which columns do translations have?': expect.stringContaining('a layout that is known'),
  });
});

test('it finds where a site is otherwise', async () => {
  const answers = await answersOf({
    submitAnswer: 'bare',
    headers: 'displayName',
    bom: false,
    multiReferences: 'absent',
    downloadRedirects: true,
    localizationLayout: 'flat',
    idAlwaysExported: true,
  });
  expect(answers).toMatchObject({
    'Is the answer of a job wrapped in `job`?': 'no',
    'How does the download work?': 'HTTP 200, after a redirect, with its length',
    'Are headers field keys or display names?': expect.not.stringMatching(/, 0 only/),
    'How is the file encoded?': 'without a byte order mark, LF',
    'Is the MULTI_REFERENCE related exported?': 'it has no column',
    'Which columns do translations have?': expect.stringContaining('"schemaId"'),
  });
});

/** Strikes the submissions that come after the first. */
const refusing = (times: number) => (emulator: Emulator) =>
  emulator.faults.add({
    match: { method: 'POST', path: '/data-mover/v1/jobs', nth: 2, times },
    kind: 'answer',
    status: 429,
  });

test('it submits two exports before either ends, and says so where the second is refused', async () => {
  const at: number[] = [];
  await answersOf(
    { jobSteps: { uninitialized: 2, initializing: 2, inProgress: 200 } },
    { languages: [] },
    (emulator) => {
      const submissions = emulator.requests.flatMap(({ method, path }, index) =>
        method === 'POST' && path === '/data-mover/v1/jobs' ? [index] : [],
      );
      at.push(...submissions);
    },
  );
  const [, second = 0, third = 0] = at;
  expect(third - second).toBe(1);
  const one = await answersOf({}, { languages: [] }, undefined, refusing(1));
  expect(one['How do two exports at the same time end?']).toMatch(
    /refused: no \(HTTP 429\).*COMPLETED|COMPLETED.*refused: no \(HTTP 429\)/,
  );
  expect(one['Do two exports have the same order?']).toMatch(/^of columns: /);
  const both = await answersOf({}, { languages: [] }, undefined, refusing(2));
  expect(both['Do two exports have the same order?']).toBe('there was no second file');
});

test('it shows of a list longer than a page how many there are', async () => {
  const others = ['a', 'b'].map((id) => ({ ...products, id }));
  const answers = await answersOf(
    { site: { collections: [products, ...others] } },
    { languages: [] },
  );
  expect(answers['How is the list of collections paged?']).toMatch(
    /^by 100: 3 entries, \{.*"total":3.*\}; by 1: 1 entries, \{.*"total":3.*\}$/,
  );
});

test('it shows of a cursor only that there is one', async () => {
  const pagingMetadata = { count: 0, hasNext: true, cursors: { next: 'Z3JlZW4', prev: '' } };
  const answers = await answersOf({}, { languages: [] }, undefined, ({ faults }) =>
    faults.add({
      match: { path: '/data-mover/v1/jobs/*/logs*' },
      kind: 'answer',
      status: 200,
      body: JSON.stringify({ logs: [], pagingMetadata }),
    }),
  );
  expect(answers['What does the last page say about a next one?']).toMatch(
    /of the log: 0 entries, \{.*"hasNext":true,"cursors":\{"next":"a cursor","prev":""\}\}$/,
  );
  expect(JSON.stringify(answers)).not.toContain('Z3JlZW4');
});

test('it finds values that have another form or type than their fields', async () => {
  const spoiled = {
    ...products,
    items: [{ _id: 'p1', title: 'Green tea', price: 'ten', status: 'PUBLISHED', rank: '' }],
  };
  const answers = await answersOf({ site: { collections: [spoiled] } }, { languages: [] });
  expect(answers).toMatchObject({
    'How many cells have the expected form?': expect.stringContaining('NUMBER 0 of 1'),
    'What does an export as JSON lines contain?': expect.stringContaining('NUMBER text'),
    'What do items from the API contain?': expect.stringContaining('NUMBER text'),
  });
  expect(JSON.stringify(answers)).not.toMatch(/ten\b|Green/);
});

test('it sees multi-references, and of how many items they can be read at once', async () => {
  const items = Array.from({ length: 60 }, (_, i) => ({ _id: `p${i}`, title: 'Tea' }));
  const [first, ...others] = items;
  const referring = { ...products, items: [{ ...first, related: ['p1', 'p2'] }, ...others] };
  const answers = await answersOf({ site: { collections: [referring] } }, { languages: [] });
  expect(answers).toMatchObject({
    'Can the MULTI_REFERENCE related be read?': '1 of 50 items refer',
    'Can all multi-references of many items be read at once?': 'no (HTTP 400)',
  });
});

test('it says what a key may not do', async () => {
  const apiKeys = [{ key: 'IST.emulator', scopes: ['SCOPE.DC-DATA.READ' as const] }];
  expect(await answersOf({ apiKeys })).toMatchObject({
    'May the key list the collections?': 'yes',
    'May the key export?': 'no (HTTP 403)',
    'Is a job found by its name?': 'no (HTTP 403)',
  });
});

test('it says why there is no file', async () => {
  const answers = await answersOf({ site: { collections: [products] } }, { collection: 'teas' });
  expect(answers['How does the export end?']).toMatch(/^FAILED/);
  expect(answers['Why did it fail?']).toContain('WDE0025');
  expect(answers['May the key export translations?']).toBe(
    'no (HTTP 428 MULTILINGUAL_NOT_INSTALLED)',
  );
});

test('it changes nothing, and shows the key to nobody else', async () => {
  let state = '';
  await answersOf({}, {}, (emulator) => {
    const { items } = emulator.site.collection('products');
    state = JSON.stringify([...items.values()].map(({ _id, title }) => [_id, title]));
    expect(emulator.jobs().every(({ destination }) => 'file' in destination)).toBe(true);
    expect(emulator.leaks()).toEqual([]);
    const paths = emulator.requests.map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((each) => !/^GET |\/jobs$|\/query$|\/count$/.test(each))).toEqual([]);
  });
  expect(state).toBe(JSON.stringify(products.items.map(({ _id, title }) => [_id, title])));
});
