import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Work } from '../child.ts';
import { scratch } from '../scratch.ts';

/** The same by the libraries that most people would take. */
export function prepare(file = '', target = scratch('canonical.csv')): Work {
  return () => {
    const [header = [], ...rows] = parse(readFileSync(file)) as readonly string[][];
    rows.sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
    writeFileSync(target, stringify([header, ...rows]));
  };
}
