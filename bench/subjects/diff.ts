import { diffRows } from '../../src/content/diff.ts';
import { itemIdentity } from '../../src/content/identity.ts';
import { sideOf, versionsOf } from '../../src/content/versions.ts';
import { openTable } from '../../src/csv/table.ts';
import type { Work } from '../child.ts';

/** Which rows of a table changed, and which cells of them: from the files to all the changes. */
export function prepare(base = '', head = ''): Work {
  const identity = itemIdentity('_id');
  return () => {
    const newer = openTable([head], identity);
    const older = openTable([base], identity, '', newer);
    const sides = { head: sideOf(newer), recorded: sideOf(older) };
    const columns = newer.columns.map((key) => ({ key, type: 'TEXT' }));
    return [...diffRows(columns, versionsOf(columns, sides, 'different'))];
  };
}
