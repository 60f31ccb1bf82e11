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
