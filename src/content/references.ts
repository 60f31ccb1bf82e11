import type { Write } from './import-plan.ts';

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
