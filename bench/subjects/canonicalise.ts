import { itemIdentity } from '../../src/content/identity.ts';
import { openTable } from '../../src/csv/table.ts';
import { writeTable } from '../../src/csv/writer.ts';
import type { Work } from '../child.ts';
import { scratch } from '../scratch.ts';

const unlimited = { rows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** A download in any order becomes a file in the order of its keys, quoted where it must be. */
export function prepare(file = '', target = scratch('canonical.csv')): Work {
  return () => {
    const table = openTable([file], itemIdentity('_id'));
    writeTable(target, table.columns, table.rows(), unlimited);
  };
}
