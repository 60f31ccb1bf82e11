import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Work } from '../child.ts';

/** The same with csv-parse and a map of the rows by their keys. */
export function prepare(base = '', head = ''): Work {
  const rowsOf = (file: string) => parse(readFileSync(file)) as readonly string[][];
  return () => {
    const older = new Map(rowsOf(base).map((row) => [row[0], row]));
    return rowsOf(head).filter((row) => {
      const before = older.get(row[0]);
      return before === undefined || row.some((cell, i) => cell !== before[i]);
    });
  };
}
