import { Parser } from 'htmlparser2';
import { sameValue } from '../values/value.ts';
import type { CellRules } from './check.ts';
import { quoted } from './finding.ts';
import { withoutMojibake, withoutPlainMojibake } from './mojibake.ts';

const replacement = '\ufffd';
/** What an encoding without the letters of a language leaves of a text in it: `???? 2026 ??`. */
const lostLetters = /^(?=.*\?{4})\P{Letter}*$/su;
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

/** Whether a spreadsheet may have written a long number like this: `7.39E+10`. */
export function isScientific(text: string): boolean {
  return scientific.test(text);
}

/** Whether this is what a spreadsheet shows for an error, or a program for an empty cell. */
export function isNoText(text: string): boolean {
  return sheetError.test(text) || nullWord.test(text);
}

/** What spreadsheets show if a formula fails, in English, German, French, Spanish, Italian and Portuguese. */
const sheetError =
  /^#(?:REF!|NAME\?|VALUE!|N\/A|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|ERROR!|GETTING_DATA|#{2,}|BEZUG!|WERT!|NV|ZAHL!|NOM\?|VALEUR!|NOMBRE!|¡REF!|¿NOMBRE\?|¡VALOR!|¡NUM!|¡DIV\/0!|RIF!|NOME\?|VALORE!|N\/D|VALOR!)$/;
/** `=A1&B1`, `=SUM(A1:A3)`, `=Prices!B2`; not `=)` or `= 5 cups`. */
const formula = /^=[-+(]*(?:\w+!)?(?:\$?[A-Z]{1,3}\$?\d{1,7}(?![\w ])|[A-Z][A-Z.\d]*\()/;
/** What programs without empty cells write. */
const nullWord = /^(?:nan|null|none|undefined|n\/a|<na>|nat|nil|\\n)$/i;

/**
 * Controls, blanks without a width, and characters that turn the direction of a text. Not the joiners,
 * which emoji and many scripts need.
 */
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\v\f\x0e-\x1f\x7f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/;

/** Nothing but blanks and characters that nobody sees, such as joiners and the fillers of Braille and Hangul. */
const blank = /^[\s\p{Cf}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** Whether a text looks like an empty cell. */
export function isBlank(text: string): boolean {
  return blank.test(text);
}

/** In one expression, because it looks at every new text. */
const suspicious = new RegExp(`${invisible.source}|\ufffd|<{7}|\\|{7}|>{7}|://[^\\s/?#@]{1,200}@`);
const longestNumber = 24;

/** Whether a new text may be damaged: for most texts, one look shows that it is not. */
export function mayBeDamaged(text: string): boolean {
  const isShort = text.length <= longestNumber;
  return (
    (isShort && (isScientific(text) || sheetError.test(text))) ||
    formula.test(text) ||
    (text !== '' && isBlank(text)) ||
    lostLetters.test(text) ||
    suspicious.test(text) ||
    withoutPlainMojibake(text) !== undefined
  );
}

/** What merges, conversions and spreadsheets do to cells. */
export const damageRules: CellRules = {
  'replacement-character': ({ key, old = '', text }) =>
    text.includes(replacement) &&
    !old.includes(replacement) &&
    `${key} holds U+FFFD where a conversion lost characters. Restore the cell, and save the file as UTF-8.`,
  'lost-letters': ({ key, old = '', text }) =>
    lostLetters.test(text) &&
    !lostLetters.test(old) &&
    `${key} is ${quoted(text)}: a program wrote ? for each letter that its encoding lacks. Restore the text, and save the file as UTF-8.`,
  'conflict-marker': ({ key, old = '', text }) =>
    markers.test(text) &&
    !markers.test(old) &&
    `${key} holds the markers of an unfinished merge. Choose one side and remove the markers.`,
  'damaged-encoding': ({ key, old = '', text }) => {
    const isNew = withoutPlainMojibake(old) === undefined;
    const good = withoutMojibake(text, old) ?? (isNew ? withoutPlainMojibake(text) : undefined);
    return (
      good !== undefined &&
      /** @cause The file was opened and saved by a program that does not expect UTF-8; mostly Excel, by a double-click. */
      `${key} is ${quoted(text)}: a program read the UTF-8 of the file in another encoding. Write ${quoted(good)}, and save the file as UTF-8.`
    );
  },
  'spreadsheet-error': ({ key, isText, old, text }) =>
    isText &&
    text !== old &&
    sheetError.test(text) &&
    `${key} is ${quoted(text)}, which a spreadsheet shows where a formula fails. Write the value.`,
  formula: ({ key, isText, old = '', text }) =>
    isText &&
    formula.test(text) &&
    !formula.test(old) &&
    `${key} is ${quoted(text)}: a spreadsheet saved its formula. Write the value, and save values, not formulas.`,
  'escaped-text': ({ key, type, old = '', text }) =>
    isEscaped(type, old, text) &&
    /** @cause A script or a spreadsheet wrote `&amp;` for `&`, `\n` for a line break, `'007` for `007`… @remedy Have it write plain CSV, which doubles quotes and changes nothing else. */
    `${key} is ${quoted(text)}: a program wrote ${quoted(old)} with escapes or marks of its own. Restore the cell.`,
  'blank-text': ({ key, isText, field, old = '', text }) =>
    isText &&
    // An error says so already.
    field?.required !== true &&
    text !== '' &&
    isBlank(text) &&
    (old === '' || !isBlank(old)) &&
    `${key} holds only blanks or invisible characters. Empty it, or write a text.`,
  'invisible-character': ({ key, old = '', text }) => {
    const [character] = invisible.exec(text) ?? [];
    if (character === undefined || invisible.test(old) || isBlank(text)) return undefined;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `${key} holds the invisible character U+${code}. Delete it, or type the cell anew.`;
  },
  'unseen-change': ({ key, isText, old = '', text }) =>
    isText &&
    old !== '' &&
    seen(text) === seen(old) &&
    `${key} changed only in what nobody sees, such as the kind of a space. Restore it unless you meant it.`,
  'null-word': ({ key, isText, old, text }) =>
    isText &&
    old === '' &&
    nullWord.test(text) &&
    `${key} is ${quoted(text)} and was empty: programs write that for an empty cell. Empty it, unless you meant it.`,
  'scientific-number': ({ key, isText, old = '', text }) =>
    key !== '_id' &&
    (isText || old !== '') &&
    isScientific(text) &&
    !isScientific(old) &&
    `${key} is ${quoted(text)}: a spreadsheet writes long numbers in this way, and drops digits. Write all the digits.`,
  'rewritten-number': ({ key, isText, old = '', text }) =>
    isText &&
    isRewrittenNumber(old, text) &&
    `${key} is ${quoted(text)} and was ${quoted(old)}: a spreadsheet takes such a text for a number, and changes its sign, its zeros or its last digits. Restore the cell.`,
  'rewritten-date': ({ key, isText, old = '', text }) =>
    isText &&
    isRewrittenDate(old, text) &&
    `${key} is ${quoted(text)} and was ${quoted(old)}: a spreadsheet rewrites what looks like a date. Restore the cell.`,
};

/** A text with composed letters and one kind of blank, without hyphens, joiners and marks that may not show. */
function seen(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\u200d|\p{Variation_Selector}|[\u00ad\u200c\u{e0000}-\u{e007f}]/gu, '')
    .replaceAll(/[^\S\n\t]+/g, ' ')
    .replaceAll(/^ | $/g, '');
}

const numeral = /^([+-]?)(\d{1,60})(?:[.,](\d{1,60}))?$/;
/** A spreadsheet keeps numbers as doubles, and so no more digits. */
const mostDigits = 15;

/** `007` became `7`, `+49…` `49…`, `1.10` `1.1`, `7` `7.0`, or all digits behind the fifteenth are zeros. */
function isRewrittenNumber(old: string, text: string): boolean {
  const match = numeral.exec(old);
  if (match === null || text === old) return false;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = whole.replace(/^0+(?=\d)/, '');
  const rounded = digits.slice(0, mostDigits).padEnd(digits.length, '0');
  const rest = fraction.replace(/0+$/, '');
  const minus = sign === '-' ? '-' : '';
  const number = `${minus}${rounded}${rest === '' ? '' : `.${rest}`}`;
  return [number, `${number}.0`, `${old}.0`].includes(text.replace(',', '.'));
}

/** An ISO date in another form, or a short text such as `3-4` or `MAR1` become a date. */
function isRewrittenDate(old: string, text: string): boolean {
  if (isoDate.test(old)) {
    return localDate.test(text) || serialDate.test(text) || monthDate.test(text);
  }
  const looksLikeDate = /^(?:\d{1,2}[-/.]\d{1,4}|[a-z]{3,5}[- ]?\d{1,2})$/i.test(old);
  return looksLikeDate && !monthDate.test(old) && monthDate.test(text);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '', t: '\t' };

/** How to undo each kind of escaping. */
const undoings: readonly ((text: string, type: string) => string)[] = [
  (text) => text.replaceAll(/\\([nrt"'\\])/g, (_, mark) => escapes[mark] ?? mark),
  (text) =>
    text.replaceAll(/\\u([\da-f]{4})/gi, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ),
  (text) => text.replaceAll('_x000D_', ''),
  (text) => text.replace(/^['\t]/, ''),
  (text) => text.replace(/^=?"(.*)"$/s, '$1').replaceAll('""', '"'),
  (text, type) =>
    type === 'RICH_TEXT' && /=[“”„]/.test(text) ? text.replaceAll(/[“”„]/g, '"') : text,
  // HTML needs the entity for &, but not for its tags.
  (text) => (/&#?\w/.test(text) && !text.includes('<') ? withoutEntities(text) : text),
];

function withoutEntities(text: string): string {
  const parts: string[] = [];
  new Parser({ ontext: (part) => parts.push(part) }).end(text);
  return parts.join('');
}

/** Whether a program escaped the former text. */
function isEscaped(type: string, old: string, text: string): boolean {
  if (old === '' || text === old) return false;
  return undoings.some((undo) => {
    const undone = undo(text, type);
    return undone !== text && sameValue('TEXT', undone, old);
  });
}
