import type { Write } from '../../content/import-plan.ts';
import { isAsRead } from '../../content/values/stored-item.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Items, type StoredItems } from '../../wix/items.ts';
import { isTruncating, type Plan } from '../compare/plan.ts';

/** Up to this many rows are read by their ids, which shows deletions too; of more, only edits are read. */
const few = 500;

/**
 * Reads the items that are about to be replaced once more: a collection's turn may come minutes after it
 * was read, and an import replaces whole items, or the whole collection.
 *
 * @param read items that were read a moment ago; if all are among them, they are not read again.
 * @returns the keys of the items that somebody edited or deleted in the CMS meanwhile; if the collection
 * is emptied first, also of new ones.
 */
export async function changedMeanwhile(
  client: WixClient,
  { live: { content, collection, live } }: Plan,
  writes: readonly Write[],
  read: StoredItems,
): Promise<ReadonlySet<string>> {
  const overwriting = writes.filter(({ now }) => now !== undefined);
  if (collection === undefined || overwriting.length === 0) return new Set();
  const { id } = collection;
  const onSite = new Items(client, id);
  const keys = overwriting.map(({ key }) => key);
  // Exports have dates in whole seconds (wix-api.md 3.6).
  const datesAt = live.positions.get('_updatedDate') ?? -1;
  const dates = overwriting.map(({ now }) => Date.parse(now?.[datesAt] ?? '') || 0);
  const last = dates.reduce((latest, date) => Math.max(latest, date), 0);
  const changedSince = async (later: number): Promise<StoredItems> =>
    last === 0 ? new Map() : onSite.changedSince(new Date(last + later).toISOString());
  try {
    const isFew = keys.length <= few;
    const look = () => (isFew ? onSite.stored(keys) : changedSince(1_000));
    const items = keys.every((key) => read.has(key)) ? read : await look();
    const edited = overwriting.filter(({ key, now = [] }) => {
      const item = items.get(key);
      return item === undefined ? isFew : !isAsRead(collection, live, now, item);
    });
    // Emptying the collection would delete items that were made meanwhile.
    const later = isTruncating(content) ? [...(await changedSince(0)).keys()] : [];
    const made = later.filter((key) => !live.table.has(key));
    return new Set([...edited.map(({ key }) => key), ...made]);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    client.log.info(
      `${id}: the import could not check for edits in the CMS since it was read: ${error.message}`,
    );
    return new Set();
  }
}
