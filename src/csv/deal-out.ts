import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordReader } from './reader.ts';

const lineFeed = Buffer.from('\n');
const mostHeld = 1 << 24;

/**
 * Deals the records of a canonical file out to parts, each with the header.
 *
 * @param prefixes of the rows, in the order of the file: four hexadecimal digits as one number.
 * @param digits how many of them name a part.
 */
export function dealOut(
  whole: string,
  folder: string,
  prefixes: Uint16Array,
  digits: number,
): void {
  const waiting = new Map<string, Buffer[]>();
  const begun = new Set<string>();
  let held = 0;

  function flush(): void {
    for (const [name, pieces] of waiting) appendFileSync(join(folder, name), Buffer.concat(pieces));
    waiting.clear();
    held = 0;
  }

  const reader = new RecordReader(whole);
  try {
    reader.next();
    const header = Buffer.from(reader.buffer.subarray(reader.start, reader.end));
    for (let row = 0; reader.next(); row += 1) {
      const record = Buffer.from(reader.buffer.subarray(reader.start, reader.end));
      const name = partName(prefixes[row] ?? 0, digits);
      const pieces = waiting.get(name) ?? [];
      if (!begun.has(name)) pieces.push(header, lineFeed);
      pieces.push(record, lineFeed);
      waiting.set(name, pieces);
      begun.add(name);
      held += record.length;
      if (held >= mostHeld) flush();
    }
    flush();
  } finally {
    reader.close();
  }
}

function partName(prefix: number, digits: number): string {
  return `${prefix.toString(16).padStart(4, '0').slice(0, digits)}.csv`;
}
