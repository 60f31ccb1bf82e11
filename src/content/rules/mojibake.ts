/** The characters of Windows-1252 from 0x80 on; where it has none, those of Latin-1. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** How often a text may have been saved wrongly. */
const mostTimes = 3;

/** The characters of MS-DOS from 0x80 on, in the USA and in Western Europe: no TextDecoder knows them. */
const codePages = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ',
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´­±‗¾¶§÷¸°¨·¹³²■ ',
];

/** Decoders of the encodings that programs mistake UTF-8 for. */
const decoders: readonly ((bytes: Buffer) => string)[] = [
  ...'windows-1252 windows-1250 windows-1251 windows-1254 macintosh koi8-r ibm866 gbk big5 shift_jis euc-kr'
    .split(' ')
    .map((encoding) => new TextDecoder(encoding))
    .map((decoder) => (bytes: Buffer) => decoder.decode(bytes)),
  ...codePages.map((page) => (bytes: Buffer) => {
    return Array.from(bytes, (byte) => page[byte - 0x80] ?? String.fromCharCode(byte)).join('');
  }),
];

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

/** Undoes one reading of UTF-8 as Windows-1252 or Latin-1; returns other texts as they are. */
function undo(text: string): string {
  const undone = Buffer.from(Array.from(text, byteOf)).toString('utf8');
  return undone.includes('\ufffd') ? text : undone;
}

/** The byte of a character in Windows-1252 or Latin-1; if none, 0xff, which UTF-8 never has. */
function byteOf(char: string): number {
  const at = windows1252.indexOf(char);
  if (at !== -1) return 0x80 + at;
  const code = char.codePointAt(0) ?? 0;
  return code < 0x100 ? code : 0xff;
}
