/** A text that orders as the key's UTF-8 bytes do. UTF-16 units put astral characters before U+E000. */
export function byteOrder(key: string): string {
  const isAscii = Buffer.byteLength(key) === key.length;
  return isAscii ? key : Buffer.from(key).toString('latin1');
}

/** Rows in the order of their keys, each with the text that orders it. */
export function inByteOrder<Keyed extends { readonly key: string }>(
  rows: readonly Keyed[],
): readonly { readonly row: Keyed; readonly order: string }[] {
  return rows
    .map((row) => ({ row, order: byteOrder(row.key) }))
    .sort((left, right) => (left.order < right.order ? -1 : 1));
}
