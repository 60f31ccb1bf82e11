import type { Work } from '../child.ts';
import { peer } from '../peers.ts';

/** Every cell of a file as a text, by another library. */
export async function prepare(name = '', file = ''): Promise<Work> {
  const { read } = await peer(name);
  return () => read(file);
}
