import { closeSync, constants, openSync, readSync } from 'node:fs';
import { CsvError } from './errors.ts';

/** Opens a regular file for reading; refuses a symbolic link, which may lead anywhere. */
export function openForReading(file: string, name = file): number {
  try {
    return openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (!isLoop(error)) throw error;
    const message = `${name} is a symbolic link. Put the file itself there.`;
    throw new CsvError('NOT_A_FILE', name, 1, 0, message);
  }
}

function isLoop(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ELOOP';
}

/** Stretches of a file, by their place in it. */
export interface Source {
  /** The bytes of a stretch, good until the next call. */
  readonly view: (offset: number, length: number) => Buffer;
  readonly close: () => void;
}

const leastAhead = 1 << 14;

/**
 * Reads stretches of a file.
 *
 * @param mostAhead how many bytes to read at once where stretches follow each other closely: a few at
 * first, and more the longer they do.
 * @param keepsOpen whether the file stays open between two reads.
 */
export function sourceOf(file: string, mostAhead: number, keepsOpen: boolean): Source {
  let window = Buffer.alloc(0);
  let windowOffset = 0;
  let filled = 0;
  let ahead = 0;
  let kept: number | undefined;

  function fill(offset: number, length: number): void {
    const end = windowOffset + filled;
    const isNear = offset >= windowOffset && offset <= end + ahead / 8;
    ahead = Math.min(isNear ? Math.max(2 * ahead, leastAhead) : leastAhead, mostAhead);
    const size = Math.max(length, ahead);
    if (window.length < size) window = Buffer.allocUnsafeSlow(size);
    const descriptor = kept ?? openForReading(file);
    try {
      filled = readSync(descriptor, window, 0, size, offset);
      windowOffset = offset;
    } finally {
      if (keepsOpen) kept = descriptor;
      else closeSync(descriptor);
    }
    if (filled < length) throw new Error(`${file} was cut short while it was read`);
  }

  return {
    view(offset, length) {
      const isInside = offset >= windowOffset && offset + length <= windowOffset + filled;
      if (!isInside) fill(offset, length);
      const start = offset - windowOffset;
      return window.subarray(start, start + length);
    },
    close() {
      if (kept !== undefined) closeSync(kept);
      kept = undefined;
    },
  };
}
