import type { CellChange, Change, Conflict } from '../content/change.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { Place } from '../errors.ts';
import type { Entry, Kind } from './danger.ts';
import { code, htmlText } from './escape.ts';
import { counted, wordsOf } from './phrases.ts';
import { readable, readablePair } from './readable.ts';
import type { FileResult } from './result.ts';
import { languageOf, type RowName, rowNameOf } from './row-names.ts';
import { shorten } from './shorten.ts';
import { diffWords, excerpt, type Stretch, sideOf } from './words.ts';

const cellLength = 240;
const nameLength = 80;
const sentenceLength = 600;
const changedCells = 20;
const wholeRowCells = 6;

/** The header cells of the table of one kind. */
export function columnsOf(kind: Kind): readonly string[] {
  switch (kind) {
    case 'conflict':
      return ['Row', 'Field', 'Last agreed', 'In git', 'On the site'];
    case 'error':
    case 'warning':
      return ['Line', 'What is wrong'];
    case 'removed':
    case 'added':
      return ['Row', 'Content'];
    case 'changed':
      return ['Row', 'Field', 'Before', 'After'];
    case 'drift':
      return ['Row', 'Field', 'Last agreed', 'On the site'];
    case 'pending':
      return ['Row', 'Field', 'On the site', 'In git'];
    case 'caught-up':
      return ['Row', 'Field', 'In git before', 'On the site'];
  }
}

/** One entry as one or more `<tr>` of the table of its kind, in one line; see `columnsOf`. */
export function entryRow(file: FileResult | undefined, entry: Entry): string {
  switch (entry.kind) {
    case 'error':
    case 'warning':
      return findingRow(entry.finding, file);
    case 'conflict':
      return file === undefined ? '' : conflictRow(file, entry.conflict);
    case 'removed':
    case 'added':
      return file === undefined ? '' : contentRow(file, entry.change);
    case 'changed':
    case 'drift':
    case 'pending':
    case 'caught-up':
      return file === undefined ? '' : changeRow(file, entry.change);
  }
}

/** A row of a table, of cells that hold HTML. */
export function tr(...cells: readonly string[]): string {
  return `<tr>${cells.map((html) => `<td>${html}</td>`).join('')}</tr>`;
}

/** A row's title over its key and its line in git; a translation's source over its item. */
export function rowHead({ item, title }: RowName, place: Place | undefined): string {
  const lines = [
    ...(title ? [`<b>${code(shorten(title, nameLength))}</b>`] : []),
    code(shorten(item, nameLength)),
    ...(place?.line === undefined ? [] : [`line ${place.line}`]),
  ];
  return lines.join('<br>');
}

/** A field; of a translation, the item's field and the language. */
function fieldHead({ field, language }: RowName, column: string): string {
  if (field === undefined) return code(shorten(column, nameLength));
  return `${code(shorten(field, nameLength))}<br>${code(shorten(language ?? languageOf(column), nameLength))}`;
}

/**
 * One or more rows of a table of four columns: row, field, old value, new value.
 *
 * @param leads cells before these, of a table of several files.
 */
export function changeRow(file: FileResult, change: Change, leads: readonly string[] = []): string {
  const name = rowNameOf(file, change.key);
  if (change.kind !== 'changed') {
    const there = fieldsOf(change.cells);
    const gone = change.kind === 'added' ? 'no such row' : 'removed';
    const sides = change.kind === 'added' ? [gone, there] : [there, gone];
    return tr(...leads, rowHead(name, change.place), 'the whole row', ...sides);
  }
  const shown = change.cells.slice(0, changedCells);
  const hidden = change.cells.length - shown.length;
  const rows = shown.map(
    (cell) => `<td>${fieldHead(name, cell.column.key)}</td>${beforeAndAfter(cell)}`,
  );
  if (hidden > 0) rows.push(`<td colspan="3">and ${counted(hidden, 'more field')}</td>`);
  const span = rows.length === 1 ? '' : ` rowspan="${rows.length}"`;
  const heads = [...leads, rowHead(name, change.place)].map((html) => `<td${span}>${html}</td>`);
  return rows.map((cells, i) => `<tr>${i === 0 ? heads.join('') : ''}${cells}</tr>`).join('');
}

function beforeAndAfter({ column, old, new: next }: CellChange): string {
  const [before, after] = markedTexts(column.type, old, next);
  return `<td>${before}</td><td>${after}</td>`;
}

/** A row of a table of two columns: row, what it holds; more before them as in `changeRow`. */
export function contentRow(
  file: FileResult,
  { key, place, cells }: Change,
  leads: readonly string[] = [],
): string {
  const name = rowNameOf(file, key);
  return tr(...leads, rowHead(name, place), fieldsOf(cells));
}

/** The cells of a row that comes or goes, each on a line. */
function fieldsOf(cells: readonly CellChange[]): string {
  const telling = cells.filter(({ column }) => column.key !== '_id');
  const shown = telling.slice(0, wholeRowCells);
  const lines = shown.map(({ column, old, new: text }) => {
    const value = shorten(readable(column.type, text ?? old ?? ''), cellLength);
    return `${code(shorten(column.key, nameLength))}: <code>${lined(value, false)}</code>`;
  });
  const hidden = telling.length - shown.length;
  if (hidden > 0) lines.push(`and ${counted(hidden, 'more field')}`);
  return lines.length === 0 ? 'empty' : lines.join('<br>');
}

/**
 * A row of a table of five columns: row, field, and the value that was agreed, of git and of the CMS;
 * more before them as in `changeRow`.
 */
export function conflictRow(
  file: FileResult,
  conflict: Conflict,
  leads: readonly string[] = [],
): string {
  const { key, column, base, git, cms, place } = conflict;
  const name = rowNameOf(file, key);
  if (column === undefined) {
    const side = (text: string | undefined) => (text === undefined ? 'removed' : 'changed');
    return tr(...leads, rowHead(name, place), 'the whole row', '', side(git), side(cms));
  }
  const before = cellText(base === undefined ? undefined : readable(column.type, base));
  const [ours, theirs] = markedTexts(column.type, git, cms, 'ins');
  return tr(...leads, rowHead(name, place), fieldHead(name, column.key), before, ours, theirs);
}

function findingRow(finding: Finding, file: FileResult | undefined): string {
  const { file: path, line } = finding.place;
  const where = line === undefined ? '' : String(line);
  const isElsewhere = file !== undefined && path !== file.path;
  const name = isElsewhere ? `${code(shorten(path, nameLength))}<br>` : '';
  return tr(name + where, code(shorten(wordsOf(finding), sentenceLength)));
}

/** The text of a cell, short; where there is none, why. */
export function cellText(text: string | undefined): string {
  if (text === undefined) return 'no such row';
  return text === '' ? 'empty' : `<code>${lined(shorten(text, cellLength), false)}</code>`;
}

/** Two texts, each short and with the words marked that the other does not have. */
export function markedTexts(
  type: string,
  old: string | undefined,
  next: string | undefined,
  oldMark: 'del' | 'ins' = 'del',
): readonly [string, string] {
  if (!old || !next) {
    const [before, after] = [old, next].map((text) => text && readable(type, text));
    return [cellText(before), cellText(after)];
  }
  const words = diffWords(...readablePair(type, old, next));
  return [marked(sideOf(words, '-'), oldMark), marked(sideOf(words, '+'), 'ins')];
}

function marked(stretches: readonly Stretch[], mark: 'del' | 'ins'): string {
  const html = excerpt(stretches, cellLength).map(({ side, text }) =>
    side === '=' ? lined(text, false) : `<${mark}>${lined(text, true)}</${mark}>`,
  );
  return `<code>${html.join('')}</code>`;
}

/** A text as HTML with its lines; a line's end that changed is itself to be seen. */
function lined(text: string, showEnds: boolean): string {
  const end = showEnds ? '↵<br>' : '<br>';
  return text.split('\n').map(htmlText).join(end);
}
