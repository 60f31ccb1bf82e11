import type { CellRules } from './check.ts';
import { quoted } from './finding.ts';
import { withoutMojibake } from './mojibake.ts';

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
export const damageRules: CellRules = {
  'replacement-character': ({ column, old = '', text }) =>
    text.includes(replacement) && !old.includes(replacement)
      ? `${column.key} holds U+FFFD where a conversion lost characters. Restore the cell, and save the file as UTF-8.`
      : undefined,
  'conflict-marker': ({ column, old = '', text }) =>
    markers.test(text) && !markers.test(old)
      ? `${column.key} holds the markers of an unfinished merge. Choose one side and remove the markers.`
      : undefined,
  'damaged-encoding': ({ column, old, text }) => {
    const good = old === undefined ? undefined : withoutMojibake(text, old);
    return good === undefined
      ? undefined
      : /** @cause The file was opened and saved by a program that does not expect UTF-8; mostly Excel, by a double-click. */ `${column.key} is ${quoted(text)}: a program read the UTF-8 of the file in another encoding. Write ${quoted(good)}, and save the file as UTF-8.`;
  },
  'scientific-number': ({ column, old = '', text }) =>
    column.key !== '_id' &&
    (column.type !== 'NUMBER' || old !== '') &&
    isScientific(text) &&
    !isScientific(old)
      ? `${column.key} is ${quoted(text)}: a spreadsheet writes long numbers in this way, and drops digits. Write all the digits.`
      : undefined,
  'rewritten-number': ({ column, old = '', text }) =>
    isText(column) && isRewrittenNumber(old, text)
      ? `${column.key} is ${quoted(text)} and was ${quoted(old)}: a spreadsheet takes such a text for a number, and drops its sign, its zeros or its last digits. Restore the cell.`
      : undefined,
  'rewritten-date': ({ column, old = '', text }) =>
    isText(column) && isRewrittenDate(old, text)
      ? `${column.key} is ${quoted(text)} and was ${quoted(old)}: a spreadsheet rewrites what looks like a date. Restore the cell.`
      : undefined,
};

function isText({ key, type }: { readonly key: string; readonly type: string }): boolean {
  return key !== '_id' && type !== 'NUMBER';
}

const numeral = /^([+-]?)(\d{1,60})(?:[.,](\d{1,60}))?$/;
/** A spreadsheet holds numbers as doubles, and shows no more digits. */
const mostDigits = 15;

/** `007` became `7`, `+49…` became `49…`, `1.10` became `1.1`, or all digits behind the fifteenth are zeros. */
function isRewrittenNumber(old: string, text: string): boolean {
  const match = numeral.exec(old);
  if (match === null || text === old) return false;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = whole.replace(/^0+(?=\d)/, '');
  const rounded = digits.slice(0, mostDigits).padEnd(digits.length, '0');
  const rest = fraction.replace(/0+$/, '');
  const minus = sign === '-' ? '-' : '';
  return text.replace(',', '.') === `${minus}${rounded}${rest === '' ? '' : `.${rest}`}`;
}

/** An ISO date in another form, or a short text such as `3-4` or `MAR1` become a date. */
function isRewrittenDate(old: string, text: string): boolean {
  if (isoDate.test(old)) {
    return localDate.test(text) || serialDate.test(text) || monthDate.test(text);
  }
  const looksLikeDate = /^(?:\d{1,2}[-/.]\d{1,4}|[a-z]{3,5}[- ]?\d{1,2})$/i.test(old);
  return looksLikeDate && !monthDate.test(old) && monthDate.test(text);
}
