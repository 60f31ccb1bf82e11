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

/** The changes of one content: a collection by its id, a localization by its file. */
export interface NamedChanges {
  readonly name: string;
  readonly changes: readonly Change[];
}

/**
 * Identifies a set of changes: SHA-256 over the sorted set of collection, key, field, old and new
 * value. It speaks of values, not of texts: JSON whose keys moved is the same change.
 */
export function fingerprint(contents: Iterable<NamedChanges>): string {
  const hash = createHash('sha256');
  for (const line of [...allLines(contents)].sort()) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/** Whether a set of changes holds all the cells of a change. */
export type Covers = (name: string, change: Change) => boolean;

/** Tells which changes are among these: those, and every part of them, but nothing beside. */
export function coverOf(contents: Iterable<NamedChanges>): Covers {
  const lines = allLines(contents);
  return (name, change) => linesOf(name, change).every((line) => lines.has(line));
}

function allLines(contents: Iterable<NamedChanges>): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const { name, changes } of contents) {
    for (const change of changes) for (const line of linesOf(name, change)) lines.add(line);
  }
  return lines;
}

function linesOf(name: string, change: Change): readonly string[] {
  return entriesOf(name, change).map((entry) => JSON.stringify(entry));
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
