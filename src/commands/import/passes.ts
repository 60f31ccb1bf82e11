import { inTwoPasses, type Passes, referenceOrder } from '../../content/order.ts';
import type { Plan } from '../compare/plan.ts';
import { nameOf } from '../run.ts';
import { rowsOfFile } from './write-references.ts';

/**
 * The rows of each file, in the order of the writing; in two passes if they refer to rows that do not exist
 * yet.
 */
export function inPasses(plans: readonly Plan[]): ReadonlyMap<Plan, Passes> {
  const ordered = inOrder(plans);
  const missing = new Map(ordered.map((plan) => [nameOf(plan.head.content), newKeys(plan)]));
  const passes = new Map<Plan, Passes>();
  for (const plan of ordered) {
    const { content } = plan.head;
    const isRewritable = content.writePolicy === 'overwrite';
    const isMissing = (collection: string, key: string) =>
      isRewritable && missing.get(collection)?.has(key) === true;
    const { first, second } = inTwoPasses(plan.writes, referencesOf(plan), isMissing);
    passes.set(plan, { first: rowsOfFile(plan, first), second: rowsOfFile(plan, second) });
    if (isRewritable) missing.delete(nameOf(content));
  }
  return passes;
}

/** Collections after those that they refer to; localizations come last in the configuration already. */
function inOrder(plans: readonly Plan[]): readonly Plan[] {
  const byName = new Map(plans.map((plan) => [nameOf(plan.head.content), plan]));
  const references = new Map(
    [...byName].map(([name, plan]) => [name, [...referencesOf(plan).values()]]),
  );
  return referenceOrder([...byName.keys()], references).flatMap((name) => byName.get(name) ?? []);
}

export function newKeys({ writes }: Plan): ReadonlySet<string> {
  return new Set(writes.flatMap(({ key, now }) => (now === undefined ? [key] : [])));
}

function referencesOf({ live }: Plan): ReadonlyMap<string, string> {
  const fields = live.collection?.fields ?? [];
  return new Map(
    fields.flatMap(({ key, referencedCollection: id }) => (id === undefined ? [] : [[key, id]])),
  );
}
