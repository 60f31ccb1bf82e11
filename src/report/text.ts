const decimal = new Intl.NumberFormat('en-US');

/** A number for people: `1,234`. */
export function numberInWords(count: number): string {
  return decimal.format(count);
}

/** `1 row`, `1,234 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${numberInWords(count)} ${count === 1 ? one : many}`;
}

/** A sentence with its count, such as `# {row was|rows were} lost.`; empty for 0. */
export function inNumber(count: number, sentence: string): string {
  if (count === 0) return '';
  const form = count === 1 ? '$1' : '$2';
  return sentence.replace('#', numberInWords(count)).replaceAll(/\{(.*?)\|(.*?)\}/g, form);
}

/** `a`, `a and b`, `a, b and c`. */
export function inALine(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** The text with a large first letter. */
export function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The parts that say something: `joined('; ', ['a', '', 'b'])` is `a; b`. */
export function joined(
  separator: string,
  parts: readonly (string | false | 0 | undefined)[],
): string {
  return parts.filter(Boolean).join(separator);
}

/** Milliseconds for people: `4 s`, `1 min 12 s`. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A long time for people, in the largest unit of which there are at least two: `90 minutes`, `36 hours`, `12 days`. */
export function spanInWords(milliseconds: number): string {
  if (milliseconds < 2 * hour) return counted(Math.ceil(milliseconds / minute), 'minute');
  if (milliseconds < 2 * day) return counted(Math.round(milliseconds / hour), 'hour');
  return counted(Math.round(milliseconds / day), 'day');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The start of a text, at most `length` UTF-16 units of it, cut between graphemes. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  // Two more units, so that the character at the cut is whole.
  const cut = graphemes.segment(text.slice(0, length + 2)).containing(length);
  return text.slice(0, cut?.index ?? 0);
}

/** The end of a text, at most `length` UTF-16 units of it, cut between graphemes. */
export function tailOf(text: string, length: number): string {
  if (length <= 0) return '';
  if (text.length <= length) return text;
  const at = text.length - length;
  const cut = graphemes.segment(text).containing(at);
  if (cut === undefined || cut.index === at) return text.slice(at);
  return text.slice(cut.index + cut.segment.length);
}

/** The text, or its start and three dots: at most `length` UTF-16 units, 3 at least. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${headOf(text, length - 3)}...`;
}

/** A cell's text in a sentence: in quotes, short. */
export function quoted(text: string, length = 80): string {
  return text === '' ? '(empty)' : `"${shorten(text, length)}"`;
}
