import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const mostRead = 1 << 20;

/** Whether both files exist and hold the same bytes. */
export function sameBytes(left: string, right: string): boolean {
  if (!existsSync(left) || !existsSync(right)) return false;
  const files = [openSync(left, 'r'), openSync(right, 'r')] as const;
  try {
    return sameContent(...files);
  } finally {
    for (const file of files) closeSync(file);
  }
}

function sameContent(left: number, right: number): boolean {
  const { size } = fstatSync(left);
  if (size !== fstatSync(right).size) return false;
  const chunk = Math.min(size, mostRead);
  const buffers = [Buffer.alloc(chunk), Buffer.alloc(chunk)] as const;
  for (let at = 0; at < size; at += chunk) {
    const length = readSync(left, buffers[0], 0, chunk, at);
    if (readSync(right, buffers[1], 0, chunk, at) !== length) return false;
    if (buffers[0].compare(buffers[1], 0, length, 0, length) !== 0) return false;
  }
  return true;
}
