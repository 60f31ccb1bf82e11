import type { Content } from '../../config/config.ts';
import { sameRow } from '../../content/merge.ts';
import { type Side, versionsOf } from '../../content/versions.ts';
import { isTruncating, keysOnTheWay } from '../compare/plan.ts';
import type { HeadContent } from '../read/head-content.ts';
import type { RowsToRead } from '../read/read-site.ts';

/** If git changed at most this many rows of a large collection, an import reads only their items. */
const few = 500;
const large = 1_000;

/**
 * The rows that an import has to read, because git may have something that the site lacks; `undefined` if
 * there are none.
 */
export function rowsToRead(head: HeadContent): RowsToRead | 'all' | undefined {
  const { content, table, sides, allColumns: columns } = head;
  if (table.duplicates.length > 0) return 'all';
  const { recorded } = sides;
  const most = mostReadAlone(content, recorded);
  const left = new Set<string>();
  // What an earlier import sent may have arrived unseen, and git may have reverted it since. The same
  // goes for an export's value that git took, and reverted before any run looked.
  const taken = sides.past?.length ? sides.offered : [];
  const touched = new Set([...keysOnTheWay(sides.sent), ...keysOnTheWay(taken)]);
  const isTooMuch = () => touched.size > 0 && touched.size + left.size > most;
  for (const { key, base, head: git } of versionsOf(columns, sides, 'different')) {
    if (isTooMuch()) break;
    const hasLeft = git === null && (content.deletes === 'keep' || base === null);
    if (hasLeft) left.add(key);
    else if (!sameRow(columns, base, git)) touched.add(key);
  }
  if (touched.size === 0) return undefined;
  if (isTooMuch() || recorded === undefined) return 'all';
  // One more row shows the site's columns, if all that git changed are new to the site.
  const [first] = recorded.table.rows();
  const keys = new Set([...touched, ...left, ...(first === undefined ? [] : [first.key])]);
  return { keys, columns: [...recorded.positions.keys()] };
}

function mostReadAlone(content: Content, recorded: Side | undefined): number {
  const isLarge = content.kind === 'collection' && (recorded?.table.size ?? 0) >= large;
  return isLarge && !isTruncating(content) ? few : 0;
}
