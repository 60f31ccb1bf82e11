import { itemIdentity } from '../../src/content/identity.ts';
import { openTable } from '../../src/csv/table.ts';
import type { Work } from '../child.ts';

/** Every cell of a file as a text. */
export function prepare(file = ''): Work {
  return () => {
    let length = 0;
    for (const { cells } of openTable([file], itemIdentity('_id')).rows())
      for (const cell of cells) length += cell.length;
    return length;
  };
}
