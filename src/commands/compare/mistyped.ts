import type { ImportPolicy } from '../../content/import-plan.ts';
import { mistypedValues } from '../../content/values/stored-item.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Items } from '../../wix/items.ts';
import type { LiveContent } from '../read/read-contents.ts';

/** Values of another type than their field's, as JSON, by the item's id and the field's key. */
export type Mistyped = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Finds values that an earlier import of a CSV file left with another type than their field's, such as
 * numbers that are stored as texts (wix-api.md 3.6). An export does not show the difference, so they are
 * looked for only if the site is to match git.
 */
export async function mistypedOn(
  client: WixClient,
  { collection }: LiveContent,
  { reconcile }: Pick<ImportPolicy, 'reconcile'>,
): Promise<Mistyped> {
  const mistyped = new Map<string, ReadonlyMap<string, string>>();
  if (reconcile !== 'all' || collection === undefined) return mistyped;
  try {
    for await (const [id, item] of new Items(client, collection.id).all()) {
      const values = mistypedValues(collection, item);
      if (values.size > 0) mistyped.set(id, values);
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    const words = `${collection.id}: the import could not check that values have the types of their fields: ${error.message}`;
    client.log.info(words);
  }
  return mistyped;
}
