import type { Place } from '../../errors.ts';
import { type Finding, finding } from './finding.ts';

/**
 * Why a file could not be read, as a finding: what its lines look like often tells more than what
 * the reader stumbled over.
 *
 * @param header the text of the file's first line.
 * @param line the text of the line at the place.
 */
export function unreadable(message: string, place: Place, header: string, line: string): Finding {
  if (/^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(line)) {
    const words =
      'the markers of an unfinished merge. Choose one side, and remove the lines with the markers.';
    return finding('conflict-marker', place, words);
  }
  const separator = /[;\t]/.exec(header)?.[0];
  if (separator !== undefined && !header.includes(',')) {
    const name = separator === ';' ? 'semicolons' : 'tabs';
    const words = `the cells are separated by ${name}. Save the file as CSV with commas, in UTF-8.`;
    return finding('delimiter', { file: place.file, line: 1 }, words);
  }
  return { rule: 'unreadable', severity: 'error', place, message };
}
