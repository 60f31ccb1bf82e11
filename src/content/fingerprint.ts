import { createHash } from 'node:crypto';
import type { Change } from './change.ts';
import type { ImportPolicy } from './import-plan.ts';
import { meaning } from './values/value.ts';

/** The changes of one content: a collection by its id, a localization by its file. */
export interface NamedChanges {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly policy: Pick<ImportPolicy, 'deletes' | 'writePolicy'>;
}

/**
 * Identifies a set of changes: SHA-256 over the sorted set of collection, key, field, old and new
 * value, and fate. Values count, not texts: JSON whose keys moved is the same change. Fate is `keep` or
 * `apply` for a removed row: who approved that rows leave git has not approved that items are deleted.
 */
export function fingerprint(contents: Iterable<NamedChanges>): string {
  const hash = createHash('sha256');
  for (const line of [...allLines(contents)].sort()) hash.update(`${line}\n`);
  return hash.digest('hex');
}

export type Covers = (named: NamedChanges, change: Change) => boolean;

/** Tells whether all cells of a change are among the cells of these changes. */
export function coverOf(contents: Iterable<NamedChanges>): Covers {
  const lines = allLines(contents);
  return (named, change) => linesOf(named, change).every((line) => lines.has(line));
}

function allLines(contents: Iterable<NamedChanges>): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const named of contents) {
    for (const change of named.changes) for (const line of linesOf(named, change)) lines.add(line);
  }
  return lines;
}

function linesOf({ name, policy }: NamedChanges, change: Change): readonly string[] {
  const fate = change.kind === 'removed' ? policy.deletes : policy.writePolicy;
  return change.cells.map(({ column, old, new: text }) => {
    const [before, after] = [old, text].map((each) =>
      each === undefined ? null : meaning(column.type, each),
    );
    return JSON.stringify([name, change.key, column.key, before, after, fate]);
  });
}
