import { inTwoPasses, type Passes, referenceWaves } from '../../content/order.ts';
import type { Plan } from '../compare/plan.ts';
import { nameOf } from '../run.ts';
import { rowsOfFile } from './write-references.ts';

/** The rows of a content that go into files. */
export interface Turn extends Passes {
  readonly plan: Plan;
}

/**
 * The rows of each file, in waves: what refers to other collections comes after them, and a localization
 * after all collections. Rows that refer to rows which do not exist by then are in a second pass.
 */
export function inWaves(plans: readonly Plan[]): readonly (readonly Turn[])[] {
  const byName = new Map(plans.map((plan) => [nameOf(plan.head.content), plan]));
  const names = [...byName.keys()];
  const references = plans.map(({ head, live }) => {
    const isLast = head.content.kind === 'localization';
    const collections = isLast ? names.filter((name) => byName.get(name)?.live.collection) : [];
    return [nameOf(head.content), [...referencesOf(live).values(), ...collections]] as const;
  });
  const missing = new Map([...byName].map(([name, plan]) => [name, newKeys(plan)]));
  const turnOf = (name: string): readonly Turn[] => {
    const plan = byName.get(name);
    if (plan === undefined) return [];
    const isRewritable = plan.head.content.writePolicy === 'overwrite';
    const isMissing = (collection: string, key: string) =>
      isRewritable && missing.get(collection)?.has(key) === true;
    const { first, second } = inTwoPasses(plan.writes, referencesOf(plan.live), isMissing);
    if (isRewritable) missing.delete(name);
    return [{ plan, first: rowsOfFile(plan, first), second: rowsOfFile(plan, second) }];
  };
  return referenceWaves(names, new Map(references)).map((wave) => wave.flatMap(turnOf));
}

export function newKeys({ writes }: Plan): ReadonlySet<string> {
  return new Set(writes.flatMap(({ key, now }) => (now === undefined ? [key] : [])));
}

function referencesOf({ collection }: Plan['live']): ReadonlyMap<string, string> {
  const fields = collection?.fields ?? [];
  return new Map(
    fields.flatMap(({ key, referencedCollection: id }) => (id === undefined ? [] : [[key, id]])),
  );
}
