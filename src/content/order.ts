import type { Write } from './import-plan.ts';

/**
 * The order in which collections are written: each after those that it refers to, otherwise as given, also
 * in a cycle.
 *
 * @param references for each collection, the collections that its fields refer to.
 */
export function referenceOrder(
  collections: readonly string[],
  references: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const ordered: string[] = [];
  const visited = new Set<string>();
  const visit = (collection: string) => {
    if (visited.has(collection)) return;
    visited.add(collection);
    for (const target of references.get(collection) ?? []) {
      if (collections.includes(target)) visit(target);
    }
    ordered.push(collection);
  };
  for (const collection of collections) visit(collection);
  return ordered;
}

/** Writes in two passes: at once, and after the rows that they refer to. */
export interface Passes {
  readonly first: readonly Write[];
  readonly second: readonly Write[];
}

/**
 * Holds back references to rows that the import has yet to create: the row is written without them first,
 * and with them in a second pass.
 *
 * @param references the collection that each reference field points to.
 * @param isMissing whether an item of a collection does not exist yet.
 */
export function inTwoPasses(
  writes: readonly Write[],
  references: ReadonlyMap<string, string>,
  isMissing: (collection: string, key: string) => boolean,
): Passes {
  const first: Write[] = [];
  const second: Write[] = [];
  for (const write of writes) {
    const cells = new Map(write.cells);
    for (const [field, text] of write.cells) {
      const target = references.get(field);
      if (target !== undefined && isMissing(target, text)) cells.delete(field);
    }
    if (cells.size === write.cells.size) {
      first.push(write);
      continue;
    }
    if (cells.size > 0) first.push({ ...write, cells });
    second.push(write);
  }
  return { first, second };
}
