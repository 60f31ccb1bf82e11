import { closeSync, readSync } from 'node:fs';
import { openForReading } from './source.ts';

const lf = 0x0a;
const chunkSize = 1 << 16;
const mostBytes = 200;

/** The beginning of a line of a file as text, without its end; empty where there is no such line. */
export function lineOf(path: string, number: number): string {
  const descriptor = openForReading(path);
  try {
    const buffer = Buffer.alloc(mostBytes);
    const length = readSync(descriptor, buffer, 0, mostBytes, lineStart(descriptor, number));
    const end = buffer.indexOf(lf);
    const line = buffer.toString('utf8', 0, end === -1 ? length : Math.min(end, length));
    return line.replace(/\r$/, '');
  } finally {
    closeSync(descriptor);
  }
}

/** Where a line begins; the end of the file where it has fewer lines. */
function lineStart(descriptor: number, number: number): number {
  const buffer = Buffer.allocUnsafe(chunkSize);
  let offset = 0;
  for (let line = 1; ; ) {
    const chunk = buffer.subarray(0, readSync(descriptor, buffer, 0, chunkSize, offset));
    if (chunk.length === 0) return offset;
    for (let at = 0; line < number; line += 1) {
      const end = chunk.indexOf(lf, at);
      if (end === -1) break;
      at = end + 1;
      if (line + 1 === number) return offset + at;
    }
    if (line === number) return offset;
    offset += chunk.length;
  }
}
