import type { Mismatch } from '../content/mismatch.ts';
import type { Rejection } from '../content/rejections.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { Loss } from '../content/stored-item.ts';
import { cellText, markedTexts, rowHead, tr } from './entry-rows.ts';
import { code, htmlText } from './escape.ts';
import { numberInWords, withoutName, wordsOf } from './phrases.ts';
import type { FileResult } from './result.ts';
import { rowNameOf } from './row-names.ts';
import { shorten } from './shorten.ts';

/** How much of a key and of a sentence of others a summary shows, in UTF-16 units. */
const keyLength = 120;
const sentenceLength = 1_000;

/** A row of a table of four columns: content, row, the vendor's code, its words. */
export function rejectionRow(file: FileResult, rejection: Rejection): string {
  const { key, place, source, code: errorCode, words } = rejection;
  const row =
    key === undefined
      ? `Wix calls it ${code(shorten(source, keyLength))}`
      : rowHead(rowNameOf(file, key), place);
  return tr(code(file.name), row, code(errorCode), code(shorten(words, sentenceLength)));
}

/** A row of a table of five columns: content, row, field, what was sent, what the site holds. */
export function mismatchRow(file: FileResult, mismatch: Mismatch): string {
  const { key, place, field, sent, stored, hint } = mismatch;
  const [ours, theirs] = markedTexts('TEXT', sent, stored);
  const help = hint === undefined ? '' : `<br>${htmlText(hint)}`;
  const row = rowHead(rowNameOf(file, key), place);
  return tr(code(file.name), row, code(field), ours, theirs + help);
}

/** A row of a table of four columns: content, row, field, what it held. */
export function lossRow(file: FileResult, { key, place, field, held }: Loss): string {
  const value = held.length === 0 ? 'an encrypted value' : cellText(held.join(', '));
  return tr(code(file.name), rowHead(rowNameOf(file, key), place), code(field), value);
}

/** A row of a table of three columns: file, line, what is wrong. */
export function findingRow(finding: Finding): string {
  const { file, line } = finding.place;
  const where = line === undefined ? '' : String(line);
  return tr(code(file), where, code(shorten(wordsOf(finding), sentenceLength)));
}

/** A row of a table of two columns: content, a sentence. */
export function sentenceRow({ name }: FileResult, sentence: string): string {
  return tr(code(name), code(shorten(withoutName(name, sentence), sentenceLength)));
}

/** A row of a table of numbers, the first column naming a content. */
export function countsRow({ name }: FileResult, counts: readonly number[]): string {
  const cells = counts.map((count) => `<td align="right">${numberInWords(count)}</td>`);
  return `<tr><td>${code(name)}</td>${cells.join('')}</tr>`;
}
