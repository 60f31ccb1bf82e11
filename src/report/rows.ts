import { languageOf } from '../content/identity.ts';
import type { Place } from '../errors.ts';
import { columnsOf, type Entry, type EntryCell, type Kind } from './entries.ts';
import { code, htmlText } from './escape.ts';
import { type RowName, rowNameOf } from './result.ts';
import { counted, shorten } from './text.ts';
import { diffWords, excerpt, readable, readablePair, type Stretch, sideOf } from './words.ts';

const cellLength = 240;
const nameLength = 80;
const sentenceLength = 600;
const changedCells = 20;
const wholeRowCells = 6;

/** One entry as one or more `<tr>` of the table of its kind, in one line; see `columnsOf`. */
export function entryRow(entry: Entry): string {
  const { cells, whole, words } = entry;
  const sentence = words === undefined ? [] : [code(words, sentenceLength)];
  if (whole === undefined && cells.length > 0) return cellRows(entry, sentence);
  const content = whole === undefined || entry.kind === 'conflict' ? [] : [fieldsOf(cells)];
  const parts = [...(whole ? [whole] : []), ...sentence, ...content];
  const span = columnsOf(entry.kind).length - 1;
  const width = span === 1 ? '' : ` colspan="${span}"`;
  return `<tr><td>${headOf(entry)}</td><td${width}>${parts.join('<br>')}</td></tr>`;
}

/** A row for each cell, with the row's name beside all of them. */
function cellRows(entry: Entry, sentence: readonly string[]): string {
  const { kind, file, key = '', cells } = entry;
  const name = file && rowNameOf(file, key);
  const shown = cells.slice(0, changedCells).map((cell) => {
    const html = [fieldHead(name, cell.column.key), ...sidesOf(kind, cell)].join('</td><td>');
    return `<td>${[html, ...sentence].join('<br>')}</td>`;
  });
  const hidden = cells.length - shown.length;
  const width = columnsOf(kind).length - 1;
  const more = `<td colspan="${width}">and ${counted(hidden, 'more field')}</td>`;
  const rows = hidden === 0 ? shown : [...shown, more];
  const span = rows.length === 1 ? '' : ` rowspan="${rows.length}"`;
  const head = `<td${span}>${headOf(entry)}</td>`;
  return rows.map((row, i) => `<tr>${i === 0 ? head : ''}${row}</tr>`).join('');
}

/** What stands in the first column: a row's name, or where a finding is. */
function headOf({ file, key, place, finding }: Entry): string {
  if (file !== undefined && key !== undefined) return rowHead(rowNameOf(file, key), place);
  const isElsewhere = finding !== undefined && file !== undefined && place?.file !== file.path;
  const path = isElsewhere ? [code(place?.file ?? '', nameLength)] : [];
  return [...path, ...(place?.line === undefined ? [] : [String(place.line)])].join('<br>');
}

/** A row's title over its key and its line in git; a translation's source over its item. */
function rowHead({ item, title }: RowName, place: Place | undefined): string {
  const lines = [
    ...(title ? [`<b>${code(title, nameLength)}</b>`] : []),
    code(item, nameLength),
    ...(place?.line === undefined ? [] : [`line ${place.line}`]),
  ];
  return lines.join('<br>');
}

/** A field; of a translation, the item's field and the language. */
function fieldHead(name: RowName | undefined, column: string): string {
  const { field, language = languageOf(column) } = name ?? {};
  if (field === undefined) return code(column, nameLength);
  return `${code(field, nameLength)}<br>${code(language, nameLength)}`;
}

/** The cells of a row that comes or goes, each on a line. */
function fieldsOf(cells: readonly EntryCell[]): string {
  const telling = cells.filter(({ column }) => column.key !== '_id');
  const lines = telling.slice(0, wholeRowCells).map(({ column, old, new: text }) => {
    const value = shorten(readable(column.type, text ?? old ?? ''), cellLength);
    return `${code(column.key, nameLength)}: <code>${lined(value)}</code>`;
  });
  const hidden = telling.length - lines.length;
  if (hidden > 0) lines.push(`and ${counted(hidden, 'more field')}`);
  return lines.length === 0 ? 'empty' : lines.join('<br>');
}

/** The old and the new text, with the words marked that the other does not have; of a conflict the base first. */
function sidesOf(kind: Kind, cell: EntryCell): readonly string[] {
  const { column, base, old, new: next } = cell;
  if (kind !== 'conflict') return markedTexts(column.type, old, next, 'del');
  return [cellText(column.type, base), ...markedTexts(column.type, old, next, 'ins')];
}

function markedTexts(
  type: string,
  old: string | undefined,
  next: string | undefined,
  oldMark: 'del' | 'ins',
): readonly string[] {
  if (!old || !next) return [old, next].map((text) => cellText(type, text));
  const words = diffWords(...readablePair(type, old, next));
  return [marked(sideOf(words, '-'), oldMark), marked(sideOf(words, '+'), 'ins')];
}

/** The text of a cell, short; where there is none, why. */
function cellText(type: string, text: string | undefined): string {
  if (text === undefined) return 'no such row';
  return text === '' ? 'empty' : `<code>${lined(shorten(readable(type, text), cellLength))}</code>`;
}

function marked(stretches: readonly Stretch[], mark: 'del' | 'ins'): string {
  const html = excerpt(stretches, cellLength).map(({ side, text }) =>
    side === '=' ? lined(text) : `<${mark}>${lined(text, '↵<br>')}</${mark}>`,
  );
  return `<code>${html.join('')}</code>`;
}

/** A text as HTML with its lines. A line's end that changed is itself to be seen. */
function lined(text: string, end = '<br>'): string {
  return text.split('\n').map(htmlText).join(end);
}
