import type { EditedCell } from './cells.ts';
import { type Finding, finding, quoted } from './finding.ts';

const replacement = '\ufffd';
const markers = /^(?:<{7}|\|{7}|>{7})(?: |$)/m;
const scientific = /^-?\d(?:[.,]\d+)?E\+?\d{1,3}$/i;
const isoDate = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?$/;
const localDate = /^\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)(?:,? .*)?$/;
const serialDate = /^\d{5}(?:\.\d+)?$/;
const monthDate = new RegExp(
  '^(?:\\d{1,2}[-. ]{1,2}(?:MONTH)\\.?|(?:MONTH)\\.?[- ]\\d{2,4})$'.replaceAll(
    'MONTH',
    'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mrz|mai|okt|dez',
  ),
  'i',
);

/** Whether a spreadsheet has written a number of many digits in this way. */
export function isScientific(text: string): boolean {
  return scientific.test(text);
}

const suspicious = /\ufffd|<{7}|\|{7}|>{7}/;
const longestNumber = 24;

/** Whether a new text may be damaged at all; for most texts this is told at a glance. */
export function mayBeDamaged(text: string): boolean {
  return (text.length <= longestNumber && isScientific(text)) || suspicious.test(text);
}

/** What merges, conversions and spreadsheets leave behind in a cell. */
export function* damage(cell: EditedCell): Generator<Finding> {
  const { column, old, text, place } = cell;
  if (text.includes(replacement) && !old?.includes(replacement)) {
    const words = `${column.key} holds U+FFFD where a conversion lost characters. Restore the cell, and save the file as UTF-8.`;
    yield finding('replacement-character', place(), words);
  }
  if (markers.test(text) && !markers.test(old ?? '')) {
    const words = `${column.key} holds the markers of an unfinished merge. Choose one side and remove the markers.`;
    yield finding('conflict-marker', place(), words);
  }
  if (column.key !== '_id' && (column.type !== 'NUMBER' || old)) yield* spreadsheetDamage(cell);
}

function* spreadsheetDamage({ column, old = '', text, place }: EditedCell): Generator<Finding> {
  const now = `${column.key} is ${quoted(text)}`;
  const was = `${now} and was ${quoted(old)}`;
  if (isScientific(text) && !isScientific(old)) {
    const words = `${now}: a spreadsheet writes long numbers in this way, and drops digits. Write all the digits.`;
    yield finding('scientific-number', place(), words);
  }
  if (column.type === 'NUMBER') return;
  if (/^0\d/.test(old) && text === old.replace(/^0+(?=\d)/, '')) {
    const words = `${was}: a spreadsheet drops leading zeros. Restore the cell.`;
    yield finding('lost-zeros', place(), words);
  }
  if (isRewrittenDate(old, text)) {
    const words = `${was}: a spreadsheet rewrites what looks like a date. Restore the cell.`;
    yield finding('rewritten-date', place(), words);
  }
}

/** An ISO date in another form, or a short text such as `3-4` or `MAR1` become a date. */
function isRewrittenDate(old: string, text: string): boolean {
  if (isoDate.test(old)) {
    return localDate.test(text) || serialDate.test(text) || monthDate.test(text);
  }
  const looksLikeDate = /^(?:\d{1,2}[-/.]\d{1,4}|[a-z]{3,5}[- ]?\d{1,2})$/i.test(old);
  return looksLikeDate && !monthDate.test(old) && monthDate.test(text);
}
