/** Synthetic but realistic tables, the same bytes on every machine. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cellTexts, type Kind, kinds, randomFrom, texts } from './cells.ts';

/** What a table is made of; equal descriptions give equal files. */
export interface Data {
  readonly rows: number;
  readonly columns: number;
  /** `wide`: every cell holds some 1,900 bytes. Default: texts, lists, numbers, dates, blanks. */
  readonly cells?: 'wide';
  /** `shuffled`: as a download comes, in no order. */
  readonly order?: 'shuffled';
  /** `loose`: one row in ten has quotes that it does not need. */
  readonly quotes?: 'loose';
  /** In how many rows one cell was edited. */
  readonly edited?: number;
}

export const S: Data = { rows: 1_000, columns: 30 };
export const M: Data = { rows: 50_000, columns: 30 };
export const L: Data = { rows: 50_000, columns: 12, cells: 'wide' };

/** Raised when the generator makes other bytes than before. */
const version = 1;
const folder = join(import.meta.dirname, '../node_modules/.cache/bench', String(version));

/** The file that holds a table; made when it is first asked for. */
export function fileOf(data: Data): string {
  const { rows, columns, cells = 'mixed', order = 'sorted', quotes = 'strict', edited = 0 } = data;
  const name = `${rows}x${columns}-${cells}-${order}-${quotes}-${edited}.csv`;
  const file = join(folder, name);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  write(`${file}.part`, data);
  renameSync(`${file}.part`, file);
  return file;
}

/** A table as an argument of a subject, which is given texts. */
export function argumentOf(data: Data): string {
  return JSON.stringify(data);
}

/** The table that a subject was given; M, if none. */
export function dataOf(argument: string | undefined): Data {
  return argument === undefined ? M : JSON.parse(argument);
}

/** The fields of a table, the item id first. */
export function fieldsOf({ columns, cells }: Data): readonly Kind[] {
  return Array.from({ length: columns }, (_, i) => {
    if (i === 0) return { key: '_id', type: 'TEXT' };
    const kind = cells === 'wide' ? 'wide' : (kinds[(i - 1) % kinds.length] ?? 'title');
    return { key: `${kind}${i}`, type: texts[kind].type };
  });
}

/** The rows of a table as texts. */
export function* rowsOf(data: Data): Generator<readonly string[]> {
  const ids = Array.from({ length: data.rows }, (_, row) => ({ row, id: idOf(row) }));
  if (data.order === undefined) ids.sort((left, right) => (left.id < right.id ? -1 : 1));
  const every = data.edited === undefined ? Number.POSITIVE_INFINITY : data.rows / data.edited;
  const kindOf = (i: number) =>
    data.cells === 'wide' ? 'wide' : (kinds[(i - 1) % kinds.length] ?? 'title');
  const columns = Array.from({ length: data.columns - 1 }, (_, i) => kindOf(i + 1));
  for (const { row, id } of ids) {
    const cells = [id, ...cellTexts(columns, row)];
    // The edited rows lie evenly over the file, and the edits over the columns of text.
    const isEdited = Math.floor((row + 1) / every) > Math.floor(row / every);
    if (isEdited) cells[1] = `${cells[1]} (edited)`;
    yield cells;
  }
}

function write(file: string, data: Data): void {
  const descriptor = openSync(file, 'w');
  try {
    let held = `${fieldsOf(data).map(({ key }) => key)}\n`;
    let row = 0;
    for (const cells of rowsOf(data)) {
      const all = data.quotes === 'loose' && row % 10 === 0;
      held += `${cells.map((cell) => quoted(cell, all)).join(',')}\n`;
      row += 1;
      if (held.length < 1 << 20) continue;
      writeSync(descriptor, held);
      held = '';
    }
    writeSync(descriptor, held);
  } finally {
    closeSync(descriptor);
  }
}

function quoted(cell: string, always: boolean): string {
  return always || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** An id such as Wix gives items. The ids are in no order, so neither are rows by their numbers. */
function idOf(row: number): string {
  const random = randomFrom(row * 104_729 + 7);
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const digits = `${hex()}${hex()}${hex()}${hex()}`;
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
