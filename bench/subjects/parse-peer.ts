import { wrongWith } from '../strictness.ts';

export { prepare } from './read-peer.ts';

/** Whether the library reads what there is, and nothing that is broken. */
export function judge(name = ''): Promise<string | undefined> {
  return wrongWith(name);
}
