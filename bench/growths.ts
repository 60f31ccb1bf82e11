/** What is doubled, to see how time, memory and requests grow. */
import { argumentOf, type Data, fileOf, M } from './data.ts';
import type { Series } from './growth.ts';

const doubled = (first: number) => [first, 2 * first, 4 * first, 8 * first];
const download = (data: Data) => [fileOf({ ...data, order: 'shuffled', quotes: 'loose' })];
const pair = (data: Data, edited: number) => [fileOf(data), fileOf({ ...data, edited })];
const ofColumns = (columns: number): Data => ({ rows: 25_000, columns });

/** Memory grows with keys and changed rows, not with what stands in the cells. */
const flat = { peak: 0.15 };

export const growths: readonly Series[] = [
  {
    work: 'canonicalise',
    unit: 'rows',
    sizes: doubled(12_500),
    subject: 'canonicalise',
    args: (rows) => download({ ...M, rows }),
  },
  {
    work: 'diff, 1 % changed',
    unit: 'rows',
    sizes: doubled(12_500),
    subject: 'diff',
    args: (rows) => pair({ ...M, rows }, rows / 100),
  },
  {
    work: 'validate all',
    unit: 'rows',
    sizes: doubled(12_500),
    subject: 'validate',
    args: (rows) => [argumentOf({ ...M, rows })],
  },
  {
    work: 'plan, 1 % changed',
    unit: 'rows',
    sizes: doubled(12_500),
    subject: 'plan',
    args: (rows) => ['plan', '1', argumentOf({ ...M, rows })],
    of: 'plan',
  },
  {
    work: 'canonicalise',
    unit: 'columns',
    sizes: doubled(15),
    subject: 'canonicalise',
    args: (columns) => download(ofColumns(columns)),
    most: flat,
  },
  {
    work: 'diff, 1 % changed',
    unit: 'columns',
    sizes: doubled(15),
    subject: 'diff',
    args: (columns) => pair(ofColumns(columns), 250),
    most: flat,
  },
  {
    work: 'diff',
    unit: 'changed rows',
    sizes: doubled(5_000),
    subject: 'diff',
    args: (edited) => pair(M, edited),
  },
  {
    work: 'import',
    unit: 'changed rows',
    sizes: doubled(1_000),
    subject: 'changed-rows',
    args: (changed) => [String(changed)],
    of: 'import',
  },
  {
    work: 'first export',
    unit: 'collections',
    sizes: doubled(50),
    subject: 'collections',
    args: (count) => [String(count)],
    of: 'export',
  },
  {
    work: 'import of a cell in each',
    unit: 'collections',
    sizes: doubled(20),
    subject: 'collections',
    args: (count) => [String(count), 'export', 'import'],
    of: 'import',
  },
];
