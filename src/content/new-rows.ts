import { createHash } from 'node:crypto';

/**
 * The ids of rows that have none yet, derived from what the rows hold: the same row gets the same
 * id on every run, so a run that is repeated does not create its items twice. Rows that are equal
 * to the last cell are told apart by their order.
 *
 * @param rows each row as its non-empty cells by field key.
 * @returns one id per row: a UUID of version 8 (RFC 9562), made of SHA-256.
 */
export function derivedIds(
  collection: string,
  rows: readonly ReadonlyMap<string, string>[],
): readonly string[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const cells = [...row].filter(([, text]) => text !== '');
    cells.sort(([left], [right]) => (left < right ? -1 : 1));
    const content = JSON.stringify([collection, cells]);
    const copy = seen.get(content) ?? 0;
    seen.set(content, copy + 1);
    return uuid(createHash('sha256').update(`${copy}\n${content}`).digest());
  });
}

function uuid(digest: Buffer): string {
  const bytes = digest.subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${groups.join('-')}-${hex.slice(20)}`;
}
