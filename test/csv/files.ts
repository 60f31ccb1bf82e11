import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellsOf } from '../../src/csv/format.ts';
import { RecordReader } from '../../src/csv/reader.ts';
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

/** A record as the reader gave it. */
interface ReadRecord {
  readonly cells: readonly string[];
  readonly line: number;
  readonly text: string;
  readonly canonical: boolean;
}

/** All the records of a file. */
export function recordsIn(file: string, chunkSize?: number) {
  const reader = new RecordReader(file, 'items.csv', chunkSize);
  const records: ReadRecord[] = [];
  try {
    while (reader.next()) {
      const { record, bounds, line } = reader;
      const { cellCount, canonical } = bounds;
      const cells = cellsOf(record);
      if (cells.length !== cellCount) throw new Error(`${cellCount} cells read as ${cells.length}`);
      records.push({ cells, line, text: record.toString(), canonical });
    }
  } finally {
    reader.close();
  }
  return records;
}
