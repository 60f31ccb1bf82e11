import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import type { Body } from '../http/request.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Cell } from './cells.ts';

/** Something is wrong with an uploaded file as a whole: the job fails with WDH0003. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
}

const rowsPerPiece = 500;

/** Writes a CSV as the vendor does: LF, every text quoted, the rest bare (wix-api.md 3.2). */
export async function csvBody(
  header: readonly string[],
  rows: Iterable<readonly Cell[]>,
  bom: boolean,
): Promise<Body> {
  const pieces: Buffer[] = bom ? [Buffer.from('\uFEFF')] : [];
  let waiting: (readonly Cell[])[] = [header];
  const flush = async () => {
    pieces.push(Buffer.from(stringify(waiting, { quoted_string: true, cast })));
    waiting = [];
    await turn();
  };
  for (const row of rows) {
    waiting.push(row);
    if (waiting.length >= rowsPerPiece) await flush();
  }
  if (waiting.length > 0) await flush();
  return pieces;
}

/** Writes JSON Lines: one item a line (wix-api.md 3.6). */
export function jsonlBody(items: Iterable<JsonObject>): Body {
  return Array.from(items, (item) => Buffer.from(`${JSON.stringify(item)}\n`));
}

/** The records of a CSV, header first, as texts. Throws MalformedFile. */
export async function readCsv(content: Buffer): Promise<string[][]> {
  const records: string[][] = [];
  const parser = Readable.from([content]).pipe(parse({ bom: true, skip_empty_lines: true }));
  try {
    // csv-parse without `columns` gives each record as a list of texts.
    for await (const record of parser) records.push(record as string[]);
  } catch (error) {
    throw new MalformedFile(error instanceof Error ? error.message : String(error));
  }
  if (records.length === 0) throw new MalformedFile('The file has no header row.');
  return records;
}

/** The objects of a JSON Lines file. Throws MalformedFile. */
export function readJsonl(content: Buffer): JsonObject[] {
  const lines = content
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    return [objectFrom(line, index + 1)];
  });
}

function objectFrom(line: string, number: number): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(line);
  } catch {
    throw new MalformedFile(`Line ${number} is not JSON.`);
  }
  if (!isObject(value)) throw new MalformedFile(`Line ${number} is not a JSON object.`);
  return value;
}

// `quoted_string` looks at what a cell was, not at what it is cast to: these stay bare.
const cast = {
  boolean: String,
  object: (cell: object) => ('bare' in cell ? String(cell.bare) : ''),
};
