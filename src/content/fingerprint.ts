import { createHash } from 'node:crypto';
import type { Change } from './change.ts';
import { meaning } from './value.ts';

/** One cell that a plan changes, by what the texts mean. */
type Entry = readonly [
  collection: string,
  key: string,
  field: string,
  old: string | null,
  new: string | null,
];

/**
 * Identifies a set of changes: SHA-256 over the sorted set of collection, key, field, old and new
 * value. It speaks of values, not of texts: JSON whose keys moved is the same change.
 *
 * @param plans the changes per collection id, or per localization's path.
 */
export function fingerprint(
  plans: Iterable<{ readonly name: string; readonly changes: readonly Change[] }>,
): string {
  const lines: string[] = [];
  for (const { name, changes } of plans) {
    for (const change of changes) {
      for (const entry of entriesOf(name, change)) lines.push(JSON.stringify(entry));
    }
  }
  const hash = createHash('sha256');
  for (const line of [...new Set(lines)].sort()) hash.update(`${line}\n`);
  return hash.digest('hex');
}

function entriesOf(name: string, change: Change): readonly Entry[] {
  return change.cells.map(({ column, old, new: text }) => [
    name,
    change.key,
    column.key,
    old === undefined ? null : meaning(column.type, old),
    text === undefined ? null : meaning(column.type, text),
  ]);
}
