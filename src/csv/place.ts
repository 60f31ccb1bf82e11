const lf = 0x0a;

/**
 * The line and the character of a byte inside a record, both from 1. The bytes before it are UTF-8.
 *
 * @param line on which the record begins.
 */
export function placeIn(
  record: Buffer,
  at: number,
  line: number,
): { readonly line: number; readonly column: number } {
  const before = record.subarray(0, at);
  const lineStart = before.lastIndexOf(lf) + 1;
  const column = [...before.toString('utf8', lineStart)].length + 1;
  return { line: line + lineFeeds(before), column };
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(lf); at !== -1; at = bytes.indexOf(lf, at + 1)) count += 1;
  return count;
}
