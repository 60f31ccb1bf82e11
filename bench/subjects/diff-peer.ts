import type { Work } from '../child.ts';
import { peer } from '../peers.ts';

/** A diff by another library, and a map of the rows by their keys. */
export async function prepare(name = '', base = '', head = ''): Promise<Work> {
  const { read } = await peer(name);
  return async () => {
    const older = new Map((await read(base)).map((row) => [row[0], row]));
    return (await read(head)).filter((row) => {
      const before = older.get(row[0]);
      return before === undefined || row.some((cell, i) => cell !== before[i]);
    });
  };
}
