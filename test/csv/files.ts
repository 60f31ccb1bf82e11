import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '../../src/csv/table.ts';

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'wix-cms-csv-'));
}

export function fileOf(content: string | Buffer): string {
  const file = join(freshFolder(), 'items.csv');
  writeFileSync(file, content);
  return file;
}

/** Rows go by their first cell. */
export const firstCell: Identity = { columns: () => [0], key: ([key = '']) => key };
