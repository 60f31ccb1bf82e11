import { writeSync } from 'node:fs';

const lf = 0x0a;
const firstSize = 1 << 14;
const largestSize = 1 << 20;

/** Writes records one by one, in steps that grow large. */
export interface RecordWriter {
  /** Adds a record and its line feed; returns how many bytes they take. */
  readonly write: (record: string | Buffer) => number;
  readonly flush: () => void;
}

export function recordWriter(descriptor: number): RecordWriter {
  let buffer = Buffer.allocUnsafeSlow(firstSize);
  let used = 0;

  function flush(): void {
    writeAll(descriptor, buffer.subarray(0, used));
    used = 0;
  }

  /** Makes room for so many bytes, if a buffer can have it. */
  function makeRoom(bytes: number): void {
    flush();
    if (bytes > largestSize || buffer.length === largestSize) return;
    const size = Math.max(8 * buffer.length, bytes);
    buffer = Buffer.allocUnsafeSlow(Math.min(size, largestSize));
  }

  function add(record: string | Buffer): number {
    return typeof record === 'string' ? buffer.write(record, used) : record.copy(buffer, used);
  }

  function write(record: string | Buffer): number {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    const most = (typeof record === 'string' ? 3 * record.length : record.length) + 1;
    if (used + most > buffer.length) makeRoom(most);
    if (most > buffer.length) {
      const bytes = Buffer.concat([Buffer.from(record), Buffer.of(lf)]);
      writeAll(descriptor, bytes);
      return bytes.length;
    }
    const length = add(record) + 1;
    buffer[used + length - 1] = lf;
    used += length;
    return length;
  }

  return { write, flush };
}

/** The system may take less than it is given. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
