/** What is measured, and what it has to reach. */
import { argumentOf, type Data, fileOf, L, M, S } from './data.ts';
import { readers, writers } from './peers.ts';

/** The most that something may take. */
export type Limit =
  /** Times as long as another benchmark of the same run, or times its peak. */
  | { readonly unit: 'times' | 'times the peak'; readonly of: string; readonly most: number }
  | { readonly unit: 'seconds' | 'MB' | 'requests'; readonly most: number };

type Size = 'S' | 'M' | 'L';

export interface Benchmark {
  readonly name: string;
  /** A file of `subjects/`, and what it is given. */
  readonly subject: string;
  readonly args?: () => readonly string[];
  readonly limits?: readonly Limit[];
  /** The table, where the same is measured on several. */
  readonly size?: Size;
  /** How often it is run; less often what takes long. Default 5. */
  readonly runs?: number;
  /** The benchmark that measures this one along with itself. */
  readonly along?: string;
  /** Only with `--full`. */
  readonly full?: true;
}

const times = (most: number, of = 'yardstick'): Limit => ({ unit: 'times', of, most });
const atMost = (most: number, unit: 'seconds' | 'MB' | 'requests'): Limit => ({ unit, most });

const reports = ['comment', 'summary', 'page'] as const;
const edited = { ...M, edited: 500 };
const download = { ...M, order: 'shuffled', quotes: 'loose' } as const;
const files =
  (...tables: readonly Data[]) =>
  () =>
    tables.map(fileOf);

export const benchmarks: readonly Benchmark[] = [
  { name: 'yardstick', subject: 'yardstick', args: files(M), runs: 7 },
  { name: 'read: sha256sum', subject: 'command', args: () => ['sha256sum', fileOf(M)] },
  ...workOn('S'),
  ...workOn('M', {
    limits: {
      canonicalise: [times(5)],
      'diff, 1 % changed': [times(3), times(1, 'diff: git diff --no-index')],
      'validate all': [times(8)],
    },
  }),

  { name: 'parse', subject: 'parse', args: files(M) },
  ...readers.map((name) => peerOf('parse', name, files(M))),
  ...writers.map((name) => peerOf('canonicalise', name, files(download))),
  {
    name: 'canonicalise: miller',
    subject: 'command',
    args: () => ['mlr', '--csv', 'sort', '-f', '_id', fileOf(download)],
    runs: 2,
  },

  {
    name: 'diff, every row changed',
    subject: 'diff',
    args: files(M, { ...M, edited: M.rows }),
    limits: [times(10)],
  },
  {
    name: 'diff, unsorted',
    subject: 'diff',
    args: files(M, { ...edited, order: 'shuffled' }),
    limits: [times(6)],
  },
  {
    name: 'diff: git diff --no-index',
    subject: 'command',
    args: () => ['git', 'diff', '--no-index', fileOf(M), fileOf(edited)],
  },
  {
    name: 'diff: sqlite3',
    subject: 'command',
    args: () => ['sqlite3', ...differentRows(fileOf(M), fileOf(edited))],
    runs: 2,
  },
  ...readers.map((name) => peerOf('diff', name, files(M, edited))),

  {
    name: 'plan, 1 % changed',
    subject: 'plan',
    args: () => ['plan, 1 % changed', '3'],
    limits: [atMost(1, 'seconds'), atMost(150, 'MB')],
    runs: 1,
  },
  ...siteOf('S'),
  ...siteOf('M', {
    'export, one cell changed': [times(40)],
    'import of one edited cell': [
      times(1.5, 'S: import of one edited cell'),
      { unit: 'times the peak', of: 'S: import of one edited cell', most: 1.5 },
      atMost(25, 'requests'),
    ],
  }),
  ...[1, 10, 100, 500].flatMap((count) => collections(count)),

  { name: 'node -e 0', subject: 'cold-start', args: () => ['node'], runs: 3 },
  {
    name: 'cold start of dist/',
    subject: 'cold-start',
    args: () => ['dist'],
    limits: [times(5, 'node -e 0')],
    runs: 3,
  },
  { name: 'size of dist/', subject: 'dist-size', limits: [atMost(1, 'MB')], runs: 1 },

  { name: 'L: cp', subject: 'copy', args: files(L), runs: 3, full: true },
  ...workOn('L', {
    runs: 3,
    full: true,
    limits: {
      canonicalise: [times(6, 'L: cp'), atMost(120, 'MB')],
      'diff, 1 % changed': [atMost(150, 'MB')],
    },
  }),
];

type Work =
  | 'canonicalise'
  | 'diff, 1 % changed'
  | 'merge of an export'
  | 'validate all'
  | `render the ${(typeof reports)[number]}`;

interface Circumstances {
  readonly limits?: Readonly<Partial<Record<Work, readonly Limit[]>>>;
  readonly runs?: number;
  readonly full?: true;
}

/** All that the action does with the content of a file, on a table of some size. */
function workOn(size: Size, { limits = {}, ...rest }: Circumstances = {}): readonly Benchmark[] {
  const work = (name: Work, subject: string, args: () => readonly string[]): Benchmark => ({
    name: sized(size, name),
    size,
    subject,
    args,
    limits: limits[name] ?? [],
    ...rest,
  });
  const data = { S, M, L }[size];
  const table = argumentOf(data);
  return [
    work('canonicalise', 'canonicalise', files({ ...data, order: 'shuffled', quotes: 'loose' })),
    work('diff, 1 % changed', 'diff', files(data, { ...data, edited: data.rows / 100 })),
    work('merge of an export', 'merge', () => [table]),
    work('validate all', 'validate', () => [table]),
    ...reports.map((report) => work(`render the ${report}`, 'render', () => [report, table])),
  ];
}

function sized(size: Size, name: string): string {
  return size === 'M' ? name : `${size}: ${name}`;
}

/** Whole runs, with a table on a site: its first export, and those of one edit on either side. */
function siteOf(
  size: 'S' | 'M',
  limits: Readonly<Record<string, readonly Limit[]>> = {},
): readonly Benchmark[] {
  const [first = '', ...others] = [
    'first export',
    'export, one cell changed',
    'import of one edited cell',
  ].map((name) => sized(size, name));
  const args = () => [sized(size, ''), argumentOf({ S, M }[size])];
  const named = (name: string) => ({ name, subject: 'site', args, limits: limits[name] ?? [] });
  return [
    { ...named(first), runs: 1 },
    ...others.map((name) => ({ ...named(name), along: first })),
  ];
}

/** The same work by another library; the most usual one stands for all where it takes long. */
function peerOf(
  work: 'parse' | 'canonicalise' | 'diff',
  name: string,
  tables: () => readonly string[],
): Benchmark {
  const args = () => [name, ...tables()];
  const takesLong = work !== 'parse' && name !== 'csv-parse';
  const common = { name: `${work}: ${name}`, subject: `${work}-peer`, args, runs: 2 };
  return takesLong ? { ...common, full: true } : common;
}

/** What sqlite3 is told, so that it counts the rows of a file that another does not have. */
function differentRows(base: string, head: string): readonly string[] {
  const read = (file: string, table: string) => ['-cmd', `.import --csv "${file}" ${table}`];
  const query = 'SELECT count(*) FROM (SELECT * FROM head EXCEPT SELECT * FROM base)';
  return [...read(base, 'base'), ...read(head, 'head'), ':memory:', query];
}

/** Many collections: their first export, and the import of a cell in each. */
function collections(count: number): readonly Benchmark[] {
  const many = count === 1 ? 'a collection' : `${count} collections`;
  const names = { export: `export of ${many}`, import: `import into ${many}` };
  const args = () => [String(count), names.export, names.import];
  const common = { subject: 'collections', runs: 1, ...(count > 100 && { full: true as const }) };
  return [
    { ...common, name: names.export, args, limits: [atMost(2 * count + 20, 'requests')] },
    {
      ...common,
      name: names.import,
      along: names.export,
      limits: [atMost(5 * count + 20, 'requests')],
    },
  ];
}
