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

/** A cell's text in a sentence: in quotes, short. What it hides is spelled with the whole line. */
export function quoted(text: string, length = 80): string {
  return text === '' ? '(empty)' : `"${shorten(text, length)}"`;
}
