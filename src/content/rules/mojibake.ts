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

/** A text with every run of characters that is UTF-8, read as Windows-1252 or Latin-1, read as UTF-8. */
function undo(text: string): string {
  return text.replaceAll(/[^\0-\x7f]{2,}/g, (run) => {
    let undone = '';
    for (let at = 0; at < run.length; ) {
      const length = sequenceLength(byteOf(run[at]));
      const bytes = Buffer.from(Array.from(run.slice(at, at + length), byteOf));
      const char = length > 1 && bytes.length === length ? bytes.toString('utf8') : '\ufffd';
      const isRead = [...char].length === 1 && char !== '\ufffd';
      undone += isRead ? char : run[at];
      at += isRead ? length : 1;
    }
    return undone;
  });
}

/** How many bytes a character of UTF-8 has that begins with this one; 1 where none does. */
function sequenceLength(byte: number): number {
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 1;
}

/** The byte of a character in Windows-1252 or Latin-1; 0, which no sequence has, where there is none. */
function byteOf(char = ''): number {
  const at = windows1252.indexOf(char);
  if (at !== -1) return 0x80 + at;
  const code = char.charCodeAt(0);
  return code < 0x100 ? code : 0;
}
