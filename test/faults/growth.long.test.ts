import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { validate } from '../../src/commands/compare/validate.ts';
import { openHeads } from '../../src/commands/read/open-heads.ts';
import { type Content, readConfig } from '../../src/config/config.ts';
import { unmanagedFiles } from '../../src/content/rules/files.ts';
import { valueProblem } from '../../src/content/rules/value-rules.ts';
import { parseSchema } from '../../src/content/schema.ts';
import { sameForm } from '../../src/content/values/form.ts';
import { sameValue } from '../../src/content/values/value.ts';
import { sideOf } from '../../src/content/versions.ts';
import { Failure } from '../../src/errors.ts';
import { isSafePath } from '../../src/io/paths.ts';
import { headSide, ownersAmong } from '../../src/record/content-files.ts';
import { versionAt, workingTree } from '../../src/record/version.ts';
import { refusalFailure } from '../../src/wix/failures.ts';
import { noInputs } from '../config/no-inputs.ts';
import { open } from '../repository/open.ts';
import { cloneOf, makeRemote } from '../repository/support.ts';

const config = readConfig(
  {
    file: '.github/wix-cms.yml',
    text: [
      'collections: [{ id: teas, file: teas.csv }]',
      'localizations: [{ languages: [en, fr], file: texts.csv }]',
    ].join('\n'),
  },
  noInputs,
);

const going = { signal: new AbortController().signal };

/**
 * What a pull request holds must not keep a runner busy for longer than it takes to read it: four
 * times as much of it may take some four times as long, and not sixteen times.
 */
const larger = 4;
const most = 9;

/** Shorter times of the processor, in milliseconds, say more of the machine than of the work. */
const least = 12;

/** Milliseconds that the processor has given to this thread, whatever else the machine does. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Does some work again and again, in a few rounds, and returns the time of the best. */
async function bestTime(work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round += 1) {
    const since = processorTime();
    await work();
    const time = processorTime() - since;
    best = Math.min(best, time);
    // One that takes this long is no accident.
    if (time > 1_000) break;
  }
  return best;
}

/** How many times as long it takes if there is four times as much of it. */
async function growth(size: number, workOf: (size: number) => () => unknown): Promise<number> {
  const time = await bestTime(workOf(size));
  const longer = await bestTime(workOf(larger * size));
  return longer / Math.max(time, least);
}

const kilo = 1_000;

/** Texts that have made a rule go over them again and again. */
const texts: readonly (readonly [name: string, size: number, text: (size: number) => string])[] = [
  ['digits', 20 * kilo, (size) => '7'.repeat(size)],
  ['zeros', 20 * kilo, (size) => `${'0'.repeat(size)}x`],
  ['zeros around a point', 500, (size) => `${'0'.repeat(size)}.${'0'.repeat(size)}x`],
  ['zeros amid a number', 20 * kilo, (size) => `1.${'0'.repeat(size)}1`],
  ['an exponent', 20 * kilo, (size) => `1e${'0'.repeat(size)}x`],
  ['points behind an at', 20 * kilo, (size) => `a@${'.'.repeat(size)}@`],
  ['ats', 20 * kilo, (size) => '@'.repeat(size)],
  ['a date without an end', 20 * kilo, (size) => `2026-07-31T10:00:00.${'0'.repeat(size)}x`],
  ['a local date', 20 * kilo, (size) => `1.1.2026${' '.repeat(size)}\n`],
  ['a URL', 20 * kilo, (size) => `https://${'a'.repeat(size)} `],
  ['brackets', kilo, (size) => '['.repeat(size)],
  ['lists in lists', 200, (size) => '['.repeat(size) + ']'.repeat(size)],
  ['a large object', kilo, (size) => JSON.stringify(Object.fromEntries(numbers(size, 'k')))],
  ['blanks', 20 * kilo, (size) => `${' '.repeat(size)}x`],
  ['braces', 20 * kilo, (size) => '{{'.repeat(size)],
  ['tags', 20 * kilo, (size) => '</a '.repeat(size)],
  ['tags far apart', 20 * kilo, (size) => `<br>${'\n'.repeat(size)}`],
  ['attributes', 20 * kilo, (size) => `<a ${'b '.repeat(size)}>`],
  ['entities', 20 * kilo, (size) => '&#x'.repeat(size)],
  ['long numbers in a list', 2 * kilo, (size) => `[${'12345678901234567,'.repeat(size)}1e999]`],
  ['a long text in a list', 20 * kilo, (size) => `["1234567890123456${'\\\\'.repeat(size)}"]`],
  ['placeholders', 4 * kilo, (size) => many(size, (i) => `{n${i}}`).join('')],
  ['markers', 20 * kilo, (size) => '<<<<<<<\n'.repeat(size)],
  ['what conversions leave', 20 * kilo, (size) => '\ufffd'.repeat(size)],
  ['combined letters', 20 * kilo, (size) => 'e\u0301'.repeat(size)],
];

const types = [
  ...['TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'DATETIME', 'TIME', 'URL', 'EMAIL', 'OBJECT'],
  ...['RICH_TEXT', 'SLUG', 'IMAGE', 'ARRAY_STRING', 'MULTI_REFERENCE'],
];

test.each(texts)(
  'a cell of %s is looked at once, whatever its field',
  async (_name, size, text) => {
    const grown: (readonly [string, number])[] = [];
    for (const type of types) {
      const times = await growth(size, (length) => {
        const cell = text(length);
        const other = text(length);
        return () => [
          valueProblem(type, cell),
          sameValue(type, cell, `${other} `),
          sameForm(type, cell, `${other}1`),
        ];
      });
      grown.push([type, times]);
    }
    expect(grown.filter(([, times]) => Number(times) > most)).toEqual([]);
  },
);

const fields = (count: number) =>
  many(count, (i) => ({ key: `c${i}`, type: 'NUMBER', displayName: `c${i}` }));
const schemaOf = (count: number) =>
  JSON.stringify({
    collection: 'teas',
    fields: fields(count),
    omitted: fields(count).map((field) => ({ ...field, reason: 'left out' })),
  });
const header = (names: readonly string[]) => `_id,${names.join(',')}\n`;
const translations = 'ID,Source language (EN),Target language (FR)\n';
const idCell = (item: string) =>
  `"{""contentId"":""${item}"",""fieldId"":""c0"",""sequencePath"":[]}"`;

type Files = Readonly<Record<string, string>>;

/** Files of a pull request: as they are, and as they were. */
const pulls: readonly (readonly [
  name: string,
  size: number,
  head: (size: number) => Files,
  base: (size: number) => Files,
])[] = [
  [
    'rows',
    4 * kilo,
    (size) => ({ 'teas.csv': `_id,c0\n${many(size, (i) => `k${i},x\n`).join('')}` }),
    () => ({ 'teas.csv': '_id,c0\n' }),
  ],
  [
    'rows of one key',
    4 * kilo,
    (size) => ({ 'teas.csv': `_id,c0\n${'k,1\n'.repeat(size)}` }),
    () => ({ 'teas.csv': '_id,c0\n' }),
  ],
  [
    'rows without a key',
    4 * kilo,
    (size) => ({ 'teas.csv': `_id,c0\n${',1\n'.repeat(size)}` }),
    () => ({ 'teas.csv': '_id,c0\n' }),
  ],
  [
    'columns that no field goes by',
    4 * kilo,
    (size) => ({ 'teas.csv': header(many(size, (i) => `x${i}`)), 'teas.schema.json': schemaOf(1) }),
    () => ({ 'teas.csv': header(['c0']) }),
  ],
  [
    'columns in the place of others',
    400,
    (size) => ({ 'teas.csv': `${header(many(size, (i) => `x${i}`))}k${',1'.repeat(size)}\n` }),
    (size) => ({ 'teas.csv': `${header(many(size, (i) => `c${i}`))}k${',1'.repeat(size)}\n` }),
  ],
  [
    'columns that are left out',
    4 * kilo,
    (size) => ({
      'teas.csv': header(many(size, (i) => `c${i}`)),
      'teas.schema.json': schemaOf(size),
    }),
    () => ({ 'teas.csv': header(['c0']) }),
  ],
  [
    'cells in one row, none of which is a number',
    kilo,
    (size) => ({
      'teas.csv': `${header(many(size, (i) => `c${i}`))}k${',"x\n\n"'.repeat(size)}\n`,
      'teas.schema.json': schemaOf(size).replace(/"omitted":.*/, '"omitted":[]}'),
    }),
    () => ({ 'teas.csv': header(['c0']) }),
  ],
  [
    'characters that look like a broken file',
    20 * kilo,
    (size) => ({ 'teas.csv': `_id,c0\nk,${'\ufffd'.repeat(size)}\n` }),
    () => ({ 'teas.csv': '_id,c0\n' }),
  ],
  [
    'quotes',
    20 * kilo,
    (size) => ({ 'teas.csv': `_id,c0\nk,"${'""'.repeat(size)}"\n` }),
    () => ({ 'teas.csv': '_id,c0\n' }),
  ],
  [
    'lines in a quote that is never closed',
    20 * kilo,
    (size) => ({ 'teas.csv': `_id,c0\nk,"${'\n'.repeat(size)}` }),
    () => ({ 'teas.csv': '_id,c0\n' }),
  ],
  [
    'placeholders in a translation',
    2 * kilo,
    (size) => ({
      'texts.csv': `${translations}${idCell('a')},${many(size, (i) => `{a${i}}`).join('')},${many(size, (i) => `{b${i}}`).join('')}\n`,
    }),
    () => ({ 'texts.csv': `${translations}${idCell('a')},x,y\n` }),
  ],
  [
    'languages of a localization',
    2 * kilo,
    (size) => ({
      'texts.csv': `ID,Source language (EN),${many(size, (i) => `Target language (${i})`).join(',')}\n${idCell('a')},x${',y'.repeat(size)}\n`,
    }),
    (size) => ({
      'texts.csv': `ID,Source language (EN),${many(size, (i) => `Target language (${i})`).join(',')}\n${idCell('a')},x${',z'.repeat(size)}\n`,
    }),
  ],
  [
    'rows added to a localization',
    2 * kilo,
    (size) => ({
      'texts.csv': translations + many(size, (i) => `${idCell(`${i}`)},x,y\n`).join(''),
    }),
    () => ({ 'texts.csv': translations }),
  ],
];

function opened(head: string, base: string | undefined) {
  const earlier = base === undefined ? undefined : workingTree(base);
  return openHeads(going, config.contents, workingTree(head), async (content, table) => {
    const agreed = await earlier?.open(content, table);
    return { head: headSide(table, content), recorded: agreed && sideOf(agreed) };
  });
}

test.each(pulls)('a pull request of many %s is looked at once', async (_name, size, head, base) => {
  const times = await growth(size, (count) => {
    const folders = { head: folderOf(head(count)), base: folderOf(base(count)) };
    return async () => {
      const { heads } = await opened(folders.head, folders.base);
      const open = (content: unknown) => heads.find((each) => each.content === content);
      return validate(going, heads, config.contents, open);
    };
  });
  expect(times).toBeLessThan(most);
});

test('as many contents as files are looked up once', async () => {
  const times = await growth(500, (count) => {
    const paths = many(count, (i) => `content/collections/c${i}.csv`);
    const clone = cloneOf(makeRemote(Object.fromEntries(paths.map((path) => [path, '_id\n']))));
    const text = `collections:\n${lines(count, (i) => `  - c${i}`)}`;
    const { contents } = readConfig({ file: '.github/wix-cms.yml', text }, noInputs);
    return async () => {
      const git = await open(clone);
      const options = { below: 'content', folder: clone, placed: (content: Content) => content };
      const version = await versionAt(git, 'HEAD', options);
      const ownerOf = ownersAmong(contents);
      expect(contents.flatMap((content) => version.files(content))).toHaveLength(count);
      expect(paths.every((path) => ownerOf(path) !== undefined)).toBe(true);
      git.objects.close();
    };
  });
  expect(times).toBeLessThan(most);
});

/** Configuration files, and what Wix or a commit may hold besides. */
const others: readonly (readonly [
  name: string,
  size: number,
  work: (size: number) => () => unknown,
])[] = [
  ['collections', kilo, read((size) => `collections:\n${lines(size, (i) => `  - c${i}`)}`)],
  [
    'collections in each other’s folders',
    kilo,
    read((size) => `collections:\n${lines(size, (i) => `  - { id: c${i}, file: a/b${i}/c.csv }`)}`),
  ],
  ['unknown settings', 2 * kilo, read((size) => lines(size, (i) => `k${i}: 1`))],
  [
    'settings of a filter',
    kilo,
    read((size) => {
      const filter = lines(size, (i) => `      k${i}: 1`);
      return `collections:\n  - id: a\n    filter:\n${filter}`;
    }),
  ],
  [
    'fields, and a last one that is none',
    kilo,
    read(
      (size) =>
        `collections:\n  - id: a\n    fields:\n${lines(size, () => '      - a')}\n      - 1`,
    ),
  ],
  ['letters in a setting', 20 * kilo, read((size) => `${'x'.repeat(size)}: 1`)],
  ['collections in a line', kilo, read((size) => `collections: [${many(size, (i) => `c${i}`)}]`)],
  ['brackets in a configuration', 200, read((size) => `collections: ${'['.repeat(size)}`)],
  [
    'files that nothing manages, beside as many that are managed',
    200,
    (size) => {
      const [strays, managed] = ['stray', 'file'].map((name) =>
        many(size, (i) => `content/${i}${name}.csv`),
      );
      return () => unmanagedFiles(strays ?? [], managed ?? [], () => false, new Set(), 'tables');
    },
  ],
  [
    'names in a path',
    20 * kilo,
    (size) => {
      const path = 'a/'.repeat(size);
      return () => isSafePath(path);
    },
  ],
  [
    'fields of a schema',
    kilo,
    (size) => {
      const text = schemaOf(size);
      return () => parseSchema(text, 'teas.schema.json');
    },
  ],
  [
    'words in a refusal',
    20 * kilo,
    (size) => {
      const body = JSON.stringify({ message: `WDE000 ${'\n'.repeat(size)}` });
      const answer = { status: 400, body, requestId: undefined };
      return () => refusalFailure('ask', answer);
    },
  ],
];

test.each(others)('many %s are looked at once', async (_name, size, work) => {
  expect(await growth(size, work)).toBeLessThan(most);
});

function read(text: (size: number) => string): (size: number) => () => unknown {
  return (size) => {
    const source = { file: '.github/wix-cms.yml', text: text(size) };
    return () => attempt(() => readConfig(source, noInputs));
  };
}

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function many<T>(count: number, each: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => each(i));
}

function lines(count: number, line: (i: number) => string): string {
  return many(count, line).join('\n');
}

function numbers(count: number, name: string): [string, number][] {
  return many(count, (i) => [`${name}${i}`, i]);
}

function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-growth-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'content', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}
