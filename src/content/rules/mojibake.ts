import { isUtf8 } from 'node:buffer';

/** How often a text may have been saved wrongly. */
const mostTimes = 3;

/** The characters of MS-DOS from 0x80 on, in the USA and in Western Europe: no TextDecoder knows them. */
const codePages = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ',
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´­±‗¾¶§÷¸°¨·¹³²■ ',
];

type Decode = (bytes: Buffer) => string;

/** The encodings that programs mistake UTF-8 for, and that give each byte one character. */
const byteDecoders: readonly Decode[] = [
  ...decodersOf('windows-1252 windows-1250 windows-1251 windows-1254 macintosh koi8-r ibm866'),
  (bytes) => bytes.toString('latin1'),
  ...codePages.map((page) => (bytes: Buffer) => {
    return Array.from(bytes, (byte) => page[byte - 0x80] ?? String.fromCharCode(byte)).join('');
  }),
];

/** All of them. */
const decoders = [...byteDecoders, ...decodersOf('gbk big5 shift_jis euc-kr')];

function decodersOf(encodings: string): readonly Decode[] {
  const known = encodings.split(' ').map((encoding) => new TextDecoder(encoding));
  return known.map((decoder) => (bytes) => decoder.decode(bytes));
}

/** The bytes of the characters beyond ASCII, in each of those encodings. */
const encoders: readonly ReadonlyMap<string, number>[] = byteDecoders.map((decode) => {
  const upper = Array.from({ length: 0x80 }, (_, i) => 0x80 + i);
  return new Map(Array.from(decode(Buffer.from(upper)), (char, i) => [char, 0x80 + i]));
});

/** The bytes of a text in an encoding; UTF-8 never has the byte 0xff of a character that is not in it. */
function encoded(text: string, bytes: ReadonlyMap<string, number>): Buffer {
  const byteOf = (char: string) =>
    bytes.get(char) ?? (beyondAscii.test(char) ? 0xff : char.charCodeAt(0));
  return Buffer.from(Array.from(text, byteOf));
}

/** A byte that goes on in a character of UTF-8, and a character of several bytes. */
const next = '[\\x80-\\xbf]';
const wide = `(?:[\\xc2-\\xde]${next}|[\\xe0-\\xef]${next}{2}|[\\xf0-\\xf4]${next}{3})`;

/**
 * Bytes of UTF-8 that no text of another encoding has, as far as people write: two wide characters in a
 * row, as `æ–‡å` for `文字`; a letter of Western Europe within a word, as `CafÃ©`; a quotation mark, a
 * Vietnamese letter, an emoji. `NESCAFÉ®` and `дії` are texts as they should be, though their bytes
 * might be UTF-8.
 */
const plain = new RegExp(
  `${wide}{2}|[a-z][\\xc2-\\xc5]${next}|(?:\\xe2\\x80|\\xe1[\\xba\\xbb])${next}|\\xf0\\x9f${next}{2}`,
);

/** As `Ã‰cole`, where a word begins. */
const plainAtStart = /(?<!\p{Letter})[ÂÃ]/u;

const beyondAscii = /[^\0-\x7f]/;

/**
 * The text that a program damaged because it read UTF-8 in another encoding, as `CafÃ©` or `Caf?` for
 * `Café`; `undefined` if none did.
 *
 * @param old the text before the edit, to compare with.
 */
export function withoutMojibake(text: string, old: string): string | undefined {
  if (!beyondAscii.test(old)) return undefined;
  if (isReplaced(text, old)) return old;
  if (!beyondAscii.test(text)) return undefined;
  const at = old.search(beyondAscii);
  // Misread, `Ã` becomes `Ãƒ`, and other characters change themselves. Decoding long texts takes long.
  const isIntact = text.slice(at, at + 2) === old.slice(at, at + 2);
  const mayBeMisread = !isIntact && text.startsWith(old.slice(0, at));
  if (mayBeMisread && decoders.some((decode) => isMisread(text, old, decode))) return old;
  let good = text;
  for (let times = 0; times < mostTimes; times += 1) {
    const undone = undo(good);
    if (undone === good) break;
    good = undone;
  }
  return good !== text && undo(old) === old && areFrom(old, good, text) ? good : undefined;
}

/** What a new text was before a program read its UTF-8 in another encoding, if that is beyond doubt. */
export function withoutPlainMojibake(text: string): string | undefined {
  const at = text.search(beyondAscii);
  if (at === -1) return undefined;
  for (const bytes of encoders) {
    // In most texts, the first letters show that they are no UTF-8.
    const [first = 0xff, second = 0xff] = [at, at + 1].map((i) => bytes.get(text.charAt(i)));
    if (first < 0xc2 || first > 0xf4 || second > 0xbf) continue;
    const utf8 = encoded(text, bytes);
    if (!isUtf8(utf8)) continue;
    if (!plain.test(utf8.toString('latin1')) && !plainAtStart.test(text)) continue;
    const good = utf8.toString();
    return withoutPlainMojibake(good) ?? good;
  }
  return undefined;
}

/** What programs write for a character that an encoding does not have. */
const substitutes = ['?', '_', '¿', '□'];

/** Whether marks replace just the characters of the former text that an encoding does not have. */
function isReplaced(text: string, old: string): boolean {
  if (text === old || text.length > old.length) return false;
  return substitutes.some((mark) => {
    const of = (lacking: RegExp) => old.replaceAll(lacking, mark);
    return text.includes(mark) && (text === of(/[^\0-\x7f]/gu) || text === of(/[^\0-\xff]/gu));
  });
}

/** Whether a text is the former one, read in another encoding once or several times. */
function isMisread(text: string, old: string, decode: (typeof decoders)[number]): boolean {
  let damaged = old;
  for (let times = 0; times < mostTimes && damaged.length <= text.length; times += 1) {
    damaged = decode(Buffer.from(damaged));
    if (damaged === text) return text !== old;
  }
  return false;
}

/** Whether the former text had the characters that the undoing brings back. */
function areFrom(old: string, good: string, text: string): boolean {
  const [before, damaged] = [new Set(old), new Set(text)];
  const news = [...new Set(good)].filter((char) => beyondAscii.test(char) && !damaged.has(char));
  return news.some((char) => before.has(char));
}

/** Undoes one reading of UTF-8 as Windows-1252; other characters stay as they are. */
function undo(text: string): string {
  const [ofWindows = new Map()] = encoders;
  return text.replaceAll(/[^\0-\x7f]+/g, (characters) => {
    const utf8 = encoded(characters, ofWindows);
    return isUtf8(utf8) ? utf8.toString() : characters;
  });
}
