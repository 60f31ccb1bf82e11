import { typedColumns } from '../../content/columns.ts';
import type { Write } from '../../content/import-plan.ts';
import { beforeEmptied } from '../../content/merge.ts';
import { multiReferences } from '../../content/schema.ts';
import type { LostValue } from '../../content/values/stored-item.ts';
import { referencedIds } from '../../content/values/value.ts';
import { versionsByKey } from '../../content/versions.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { Items, type ReferenceList } from '../../wix/items.ts';
import { keysOnTheWay, type Plan, referencesIn } from '../compare/plan.ts';

/** How long a read may still show the item as it was before, in milliseconds (wix-api.md 6.5). */
export const lag = 2_000;

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
  const items = new Items(client, collection);
  try {
    if (others.length > 0) await items.setProperties(key, values);
    const lists = references.map(({ field, held }) => ({ item: key, field, referenced: held }));
    await items.insertReferences(lists);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/** Writes back the multi-references that the items of these rows had when the site was read. */
export async function giveBackReferences(
  client: WixClient,
  { live }: Plan,
  writes: readonly Write[],
): Promise<void> {
  const lists = writes.flatMap(({ key, now }) => listsIn(key, referencesIn(live, now)));
  await new Items(client, live.collection?.id ?? '').insertReferences(lists);
}

/**
 * Writes back the multi-references that the job of an earlier import emptied, if that was cut off before
 * it did so itself.
 *
 * @returns whether there were any.
 */
export async function giveBackEmptied(client: WixClient, plans: readonly Plan[]): Promise<boolean> {
  let isAny = false;
  for (const { live, sides } of plans) {
    if (live.collection === undefined) continue;
    const columns = typedColumns(multiReferences(live.collection), live.collection.fields);
    const read = versionsByKey(columns, sides);
    const lists = [...keysOnTheWay(sides.sent)].flatMap((key) => {
      const row = read(key);
      const cells = beforeEmptied(columns, row);
      if (!cells || cells === row.live) return [];
      return listsIn(key, new Map(columns.map((column, i) => [column.key, cells[i] ?? ''])));
    });
    if (lists.length === 0) continue;
    isAny = true;
    client.log.info(
      `${live.collection.id}: an earlier import emptied references and was cut off, so they are written back.`,
    );
    await new Items(client, live.collection.id).insertReferences(lists);
  }
  if (isAny) await client.clock.sleep(lag, client.signal);
  return isAny;
}

function listsIn(item: string, cells: ReadonlyMap<string, string>): readonly ReferenceList[] {
  return [...cells].map(([field, text]) => ({ item, field, referenced: referencedIds(text) }));
}
