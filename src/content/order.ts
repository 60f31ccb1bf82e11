import type { Write } from './import-plan.ts';

/**
 * The order in which collections are written: each in a later wave than those that it refers to, otherwise
 * as given, also in a cycle. Nothing in a wave refers to another of the same wave.
 *
 * @param references for each collection, the collections that its fields refer to.
 */
export function referenceWaves(
  collections: readonly string[],
  references: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const waves: string[][] = [];
  const found = new Map<string, number>();
  const waveOf = (collection: string): number => {
    const known = found.get(collection);
    if (known !== undefined) return known;
    // Whoever refers back to it, in a cycle, does not wait for it.
    found.set(collection, -1);
    const targets = (references.get(collection) ?? []).filter((each) => collections.includes(each));
    const wave = Math.max(-1, ...targets.map(waveOf)) + 1;
    found.set(collection, wave);
    waves[wave] ??= [];
    waves[wave].push(collection);
    return wave;
  };
  for (const collection of collections) waveOf(collection);
  return waves;
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
