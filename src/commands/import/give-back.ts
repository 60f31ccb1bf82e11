import type { Write } from '../../content/import-plan.ts';
import { multiReferences } from '../../content/schema.ts';
import type { LostValue } from '../../content/values/stored-item.ts';
import { referencedIds } from '../../content/values/value.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { insertReferences, setProperties, shownReferences } from '../../wix/items.ts';
import type { ContentPlan } from './import-content.ts';

/** Writes back what an import erased in an item; what Wix refuses stays lost. */
export async function giveBack(
  client: WixClient,
  collection: string,
  key: string,
  taken: readonly LostValue[],
): Promise<void> {
  const references = taken.filter(({ kind }) => kind === 'multi-reference');
  const others = taken.filter(({ kind }) => kind !== 'multi-reference');
  const values = Object.fromEntries(others.map(({ field, value }) => [field, value]));
  try {
    if (others.length > 0) await setProperties(client, collection, key, values);
    const ids = references.flatMap(({ field, held }) => referring(key, field, held));
    await insertReferences(client, collection, ids);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/** Writes back the multi-references that the items of these rows had when the site was read. */
export async function giveBackReferences(
  client: WixClient,
  { live: { collection, live } }: ContentPlan,
  writes: readonly Write[],
): Promise<void> {
  if (collection === undefined) return;
  const fields = multiReferences(collection);
  const references = writes.flatMap(({ key, now }) =>
    fields.flatMap((field) =>
      referring(key, field, referencedIds(now?.[live.positions.get(field) ?? -1] ?? '')),
    ),
  );
  await insertReferences(client, collection.id, references);
}

function referring(item: string, field: string, ids: readonly string[]) {
  return ids.map((referenced) => ({ item, field, referenced }));
}

/** What an item lost, for a person who has to restore it by hand. */
export function lossInWords(
  collection: string,
  key: string,
  { field, held }: Pick<LostValue, 'field' | 'held'>,
): string {
  const value = held.length === 0 ? 'an encrypted value' : held.join(', ');
  const more = held.length < shownReferences ? '' : ', and maybe more';
  return `${collection}: ${key} held in ${field} before this import: ${value}${more}`;
}
