/** The characters of Windows-1252 from 0x80 on; where it has none, those of Latin-1. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Texts that were saved wrongly again and again are undone so many times. */
const mostTimes = 3;

/** The characters of MS-DOS from 0x80 on, in the USA and in Western Europe: no TextDecoder knows them. */
const codePages = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ',
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´­±‗¾¶§÷¸°¨·¹³²■ ',
];

/** Reads bytes in an encoding that programs take UTF-8 for. */
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
 * What an edited text should be that a program damaged as it read UTF-8 in another encoding, such as
 * `CafÃ©` for `Café` or `Caf?`; `undefined` where that did not happen.
 *
 * @param old the text before the edit: what is undone has to have stood there.
 */
export function withoutMojibake(text: string, old: string): string | undefined {
  if (!beyondAscii.test(old)) return undefined;
  if (isReplaced(text, old)) return old;
  if (!beyondAscii.test(text)) return undefined;
  const start = old.slice(0, old.search(beyondAscii));
  if (text.startsWith(start) && decoders.some((decode) => isMisread(text, old, decode))) return old;
  let good = text;
  for (let times = 0; times < mostTimes; times += 1) {
    const undone = undo(good);
    if (undone === good) break;
    good = undone;
  }
  return good !== text && undo(old) === old && areFrom(old, good, text) ? good : undefined;
}

/** What programs write for a character that an encoding lacks. */
const substitutes = ['?', '_', '¿', '□'];

/** Whether a text is the former one with a mark for each character that an encoding lacks. */
function isReplaced(text: string, old: string): boolean {
  if (text === old || text.length > old.length) return false;
  return substitutes.some((mark) => {
    const of = (lacking: RegExp) => old.replaceAll(lacking, mark);
    return text.includes(mark) && (text === of(/[^\0-\x7f]/gu) || text === of(/[^\0-\xff]/gu));
  });
}

/** Whether a text is all of the former one, read in another encoding as often as that may happen. */
function isMisread(text: string, old: string, decode: (typeof decoders)[number]): boolean {
  let damaged = old;
  for (let times = 0; times < mostTimes && damaged.length <= text.length; times += 1) {
    damaged = decode(Buffer.from(damaged));
    if (damaged === text) return text !== old;
  }
  return false;
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
