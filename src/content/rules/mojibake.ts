/** The characters of Windows-1252 from 0x80 on; where it has none, those of Latin-1. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Texts that were saved wrongly again and again are undone so many times. */
const mostTimes = 3;

/** Decoders of the encodings that programs take UTF-8 for. */
const decoders = ['windows-1252', 'windows-1250', 'macintosh'].map(
  (encoding) => new TextDecoder(encoding),
);

const beyondAscii = /[^\0-\x7f]/;

/**
 * What an edited text should be that a program damaged as it read UTF-8 in another encoding, such as
 * `CafÃ©` for `Café` or `Caf?`; `undefined` where that did not happen.
 *
 * @param old the text before the edit: what is undone has to have stood there.
 */
export function withoutMojibake(text: string, old: string): string | undefined {
  if (!beyondAscii.test(old)) return undefined;
  if (isReplaced(text, old)) return old;
  if (!beyondAscii.test(text)) return undefined;
  if (decoders.some((decoder) => isMisread(text, old, decoder))) return old;
  let good = text;
  for (let times = 0; times < mostTimes; times += 1) {
    const undone = undo(good);
    if (undone === good) break;
    good = undone;
  }
  return good !== text && undo(old) === old && areFrom(old, good, text) ? good : undefined;
}

/** Whether a text is the former one with a question mark for each character that an encoding lacks. */
function isReplaced(text: string, old: string): boolean {
  if (!text.includes('?') || text.length > old.length) return false;
  const of = (lacking: RegExp) => old.replaceAll(lacking, '?');
  return text !== old && (text === of(/[^\0-\x7f]/gu) || text === of(/[^\0-\xff]/gu));
}

/** Whether a text is all of the former one, read in another encoding as often as that may happen. */
function isMisread(text: string, old: string, decoder: (typeof decoders)[number]): boolean {
  let damaged = old;
  for (let times = 0; times < mostTimes && damaged.length < text.length; times += 1) {
    damaged = decoder.decode(Buffer.from(damaged));
  }
  return damaged === text && text !== old;
}

/** Whether the characters that undoing brought about stood in the former text. */
function areFrom(old: string, good: string, text: string): boolean {
  const [before, damaged] = [new Set(old), new Set(text)];
  const news = [...new Set(good)].filter((char) => beyondAscii.test(char) && !damaged.has(char));
  return news.some((char) => before.has(char));
}

/** A text that is UTF-8, read as Windows-1252 or Latin-1, read as UTF-8; itself where it is none. */
function undo(text: string): string {
  const undone = Buffer.from(Array.from(text, byteOf)).toString('utf8');
  return undone.includes('\ufffd') ? text : undone;
}

/** The byte of a character in Windows-1252 or Latin-1; 0xff, which UTF-8 never has, where there is none. */
function byteOf(char: string): number {
  const at = windows1252.indexOf(char);
  if (at !== -1) return 0x80 + at;
  const code = char.codePointAt(0) ?? 0;
  return code < 0x100 ? code : 0xff;
}
