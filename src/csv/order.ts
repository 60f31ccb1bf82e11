/** A text that orders as the key's UTF-8 bytes do. UTF-16 units put astral characters before U+E000. */
export function byteOrder(key: string): string {
  return isAscii(key) ? key : Buffer.from(key, 'utf8').toString('latin1');
}

/** Rows in the order of their keys, each with the text that orders it. */
export function inByteOrder<Keyed extends { readonly key: string }>(
  rows: readonly Keyed[],
): readonly { readonly row: Keyed; readonly order: string }[] {
  return rows
    .map((row) => ({ row, order: byteOrder(row.key) }))
    .sort((left, right) => (left.order < right.order ? -1 : 1));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
