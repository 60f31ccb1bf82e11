import type { CellChange, Change, Conflict } from '../content/change.ts';
import type { Mismatch } from '../content/mismatch.ts';
import type { Rejection } from '../content/rejections.ts';
import type { Loss } from '../content/uncarried.ts';
import type { Finding } from '../content/validation/finding.ts';
import type { Place } from '../errors.ts';
import { code, htmlText } from './escape.ts';
import { counted, numberInWords } from './phrases.ts';
import { shorten } from './shorten.ts';
import { diffWords, excerpt, type Stretch } from './words.ts';

/** How much of a cell, a key and a sentence of others a report shows, in UTF-16 units. */
const cellLength = 300;
const keyLength = 120;
const sentenceLength = 1_000;

/** How many cells of one row a report shows. */
const changedCells = 40;
const wholeRowCells = 8;

/** A cell of a table, holding HTML. */
function td(html: string, span = 1): string {
  return span === 1 ? `<td>${html}</td>` : `<td rowspan="${span}">${html}</td>`;
}

function tr(...cells: readonly string[]): string {
  return `<tr>${cells.map((html) => td(html)).join('')}</tr>`;
}

/** The text of a cell, short; where there is none, why. */
function cellText(text: string | undefined): string {
  if (text === undefined) return 'no such row';
  return text === '' ? 'empty' : code(shorten(text, cellLength));
}

/** A row's key and, where it stands in git, its line. */
function rowName(key: string | undefined, place: Place | undefined): string {
  const name = key === undefined ? 'unknown' : code(shorten(key, keyLength));
  return place?.line === undefined ? name : `${name}<br>line ${place.line}`;
}

/** One or more rows of a table of five columns: content, row, field, old value, new value. */
export function changeRow(name: string, change: Change): string {
  return change.kind === 'changed' ? cellRows(name, change) : wholeRow(name, change);
}

function cellRows(name: string, { key, place, cells }: Change): string {
  const shown = cells.slice(0, changedCells);
  const hidden = cells.length - shown.length;
  const span = shown.length + (hidden > 0 ? 1 : 0);
  const heads = td(code(name), span) + td(rowName(key, place), span);
  const more = hidden > 0 ? [`<td colspan="3">and ${counted(hidden, 'more field')}</td>`] : [];
  return [...shown.map(changedCell), ...more]
    .map((cell, i) => `<tr>${i === 0 ? heads : ''}${cell}</tr>`)
    .join('');
}

function changedCell({ column, old, new: next }: CellChange): string {
  const [before, after] = markedTexts(old, next);
  return td(code(column.key)) + td(before) + td(after);
}

function wholeRow(name: string, { kind, key, place, cells }: Change): string {
  const content = td(fieldsOf(cells));
  const none = td(kind === 'added' ? 'no such row' : 'removed');
  const values = kind === 'added' ? none + content : content + none;
  return `<tr>${td(code(name))}${td(rowName(key, place))}${td('the whole row')}${values}</tr>`;
}

/** A row of a table of three columns: content, row, what the row holds. */
export function contentRow(name: string, { key, place, cells }: Change): string {
  return tr(code(name), rowName(key, place), fieldsOf(cells));
}

/** The cells of a row that comes or goes, each on a line. */
function fieldsOf(cells: readonly CellChange[]): string {
  const shown = cells.slice(0, wholeRowCells);
  const lines = shown.map(({ column, old, new: text }) => {
    const value = shorten(text ?? old ?? '', cellLength);
    return `${code(column.key)}: ${code(value)}`;
  });
  const hidden = cells.length - shown.length;
  if (hidden > 0) lines.push(`and ${counted(hidden, 'more field')}`);
  return lines.length === 0 ? 'empty' : lines.join('<br>');
}

/** A row of a table of six columns: content, row, field, and the value in base, git and the CMS. */
export function conflictRow(name: string, conflict: Conflict): string {
  const { key, column, base, git, cms, place } = conflict;
  const heads = [code(name), rowName(key, place)];
  if (column === undefined) {
    const side = (text: string | undefined) => (text === undefined ? 'removed' : 'changed');
    return tr(...heads, 'the whole row', '', side(git), side(cms));
  }
  const [ours, theirs] = markedTexts(git, cms, 'ins');
  return tr(...heads, code(column.key), cellText(base), ours, theirs);
}

/** A row of a table of four columns: content, row, the vendor's code, its words. */
export function rejectionRow(name: string, rejection: Rejection): string {
  const { key, place, source, code: errorCode, words } = rejection;
  const row =
    key === undefined ? `Wix calls it ${code(shorten(source, keyLength))}` : rowName(key, place);
  return tr(code(name), row, code(errorCode), code(shorten(words, sentenceLength)));
}

/** A row of a table of five columns: content, row, field, what was sent, what the site holds. */
export function mismatchRow(name: string, mismatch: Mismatch): string {
  const { key, place, field, sent, stored, hint } = mismatch;
  const [ours, theirs] = markedTexts(sent, stored);
  const help = hint === undefined ? '' : `<br>${htmlText(hint)}`;
  return tr(code(name), rowName(key, place), code(field), ours, theirs + help);
}

/** A row of a table of four columns: content, row, field, what it held. */
export function lossRow(name: string, { key, place, field, held }: Loss): string {
  const value = held.length === 0 ? 'an encrypted value' : cellText(held.join(', '));
  return tr(code(name), rowName(key, place), code(field), value);
}

/** A row of a table of three columns: file, line, what is wrong. */
export function findingRow(finding: Finding): string {
  const { file, line } = finding.place;
  const where = line === undefined ? '' : String(line);
  return tr(code(file), where, code(shorten(wordsOf(finding), sentenceLength)));
}

/** What a finding says, without the place that its table or annotation shows beside it. */
export function wordsOf({ message, place: { file } }: Finding): string {
  if (!message.startsWith(file)) return message;
  return message.slice(file.length).replace(/^(?: line \d+)?(?:, character \d+)?: /, '');
}

/** A row of a table of two columns: content, a sentence. */
export function sentenceRow(name: string, sentence: string): string {
  return tr(code(name), code(shorten(sentence, sentenceLength)));
}

/** A row of a table of numbers, the first column naming a content. */
export function countsRow(name: string, counts: readonly number[]): string {
  const cells = counts.map((count) => `<td align="right">${numberInWords(count)}</td>`);
  return `<tr>${td(code(name))}${cells.join('')}</tr>`;
}

/** Two texts, each short and with the words marked that the other does not have. */
function markedTexts(
  old: string | undefined,
  next: string | undefined,
  oldMark: 'del' | 'ins' = 'del',
): readonly [string, string] {
  if (!old || !next) return [cellText(old), cellText(next)];
  const words = diffWords(old, next);
  return [marked(words.old, oldMark), marked(words.new, 'ins')];
}

/** A text as HTML, with its marked words in `<del>` or `<ins>`. */
function marked(stretches: readonly Stretch[], mark: 'del' | 'ins'): string {
  const html = excerpt(stretches, cellLength).map(({ text, marked: isMarked }) =>
    isMarked ? `<${mark}>${htmlText(text)}</${mark}>` : htmlText(text),
  );
  return `<code>${html.join('')}</code>`;
}
