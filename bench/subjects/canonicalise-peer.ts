import { writeFileSync } from 'node:fs';
import type { Work } from '../child.ts';
import { peer } from '../peers.ts';
import { scratch } from '../scratch.ts';

/** A canonical file by another library: all rows, sorted and written anew. */
export async function prepare(name = '', file = ''): Promise<Work> {
  const { read, write } = await peer(name);
  if (write === undefined) throw new Error(`${name} writes no files`);
  const target = scratch('canonical.csv');
  return async () => {
    const [header = [], ...rows] = await read(file);
    rows.sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
    writeFileSync(target, await write([header, ...rows]));
  };
}
