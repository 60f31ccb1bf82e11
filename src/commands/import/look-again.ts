import type { Write } from '../../content/import-plan.ts';
import { isAsRead } from '../../content/values/stored-item.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { changedItems, mostStored, type StoredItem, storedItems } from '../../wix/items.ts';
import { nameOf, type Run } from '../run.ts';
import { type ContentPlan, isTruncating } from './import-content.ts';

/** So many rows are looked at one by one, with which of them are gone; of more, what was edited. */
const few = 500;

/**
 * Looks at the rows that are about to be written once more: a collection's turn may come minutes after
 * it was read, and an import replaces whole items, or the whole collection.
 *
 * @returns the keys of the rows that somebody edited or deleted in the CMS meanwhile; where the collection
 * is emptied first, also of those that somebody made.
 */
export async function changedMeanwhile(
  run: Run,
  client: WixClient,
  { live: { content, collection, live } }: ContentPlan,
  writes: readonly Write[],
): Promise<ReadonlySet<string>> {
  const overwriting = writes.filter(({ now }) => now !== undefined);
  if (content.kind === 'localization' || collection === undefined || overwriting.length === 0) {
    return new Set();
  }
  const isEdited = ({ key, now = [] }: Write, items: ReadonlyMap<string, StoredItem>) => {
    const item = items.get(key);
    return item !== undefined && !isAsRead(collection, live, now, item);
  };
  const keysOf = (changed: readonly Write[]) => changed.map(({ key }) => key);
  const last = latestSecond(overwriting, live.positions.get('_updatedDate'));
  const changedSince = async (since: number): Promise<ReadonlyMap<string, StoredItem>> =>
    last === undefined
      ? new Map()
      : changedItems(client, content.id, new Date(last + since).toISOString());
  try {
    // Who empties the collection would lose an item that was made meanwhile.
    const later = isTruncating(content) ? [...(await changedSince(0)).keys()] : [];
    const made = later.filter((key) => !live.table.has(key));
    if (overwriting.length <= few) {
      const items = await storedNow(client, content.id, overwriting);
      const isChanged = (write: Write) => !items.has(write.key) || isEdited(write, items);
      return new Set([...keysOf(overwriting.filter(isChanged)), ...made]);
    }
    const items = await changedSince(1_000);
    return new Set([...keysOf(overwriting.filter((write) => isEdited(write, items))), ...made]);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    const name = nameOf(content);
    run.log.info(
      `${name}: nobody could look for edits in the CMS since it was read: ${error.message}`,
    );
    return new Set();
  }
}

async function storedNow(
  client: WixClient,
  collection: string,
  writes: readonly Write[],
): Promise<ReadonlyMap<string, StoredItem>> {
  const items = new Map<string, StoredItem>();
  for (let first = 0; first < writes.length; first += mostStored) {
    const keys = writes.slice(first, first + mostStored).map(({ key }) => key);
    for (const [key, item] of await storedItems(client, collection, keys)) items.set(key, item);
  }
  return items;
}

/**
 * The second in which the latest of the rows was changed, in milliseconds since the epoch; exports have
 * no smaller parts of it (wix-api.md 3.6).
 */
function latestSecond(
  overwriting: readonly Write[],
  position: number | undefined,
): number | undefined {
  if (position === undefined) return undefined;
  const dates = overwriting.map(({ now }) => Date.parse(now?.[position] ?? ''));
  const latest = dates.reduce((most, date) => Math.max(most, date || 0), 0);
  return latest === 0 ? undefined : latest;
}
