import type { Write } from '../../content/import-plan.ts';
import { isAsRead } from '../../content/stored-item.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { changedItems, mostStored, type StoredItem, storedItems } from '../../wix/items.ts';
import { nameOf, type Run } from '../run.ts';
import type { ContentPlan } from './import-content.ts';

/** So many rows are looked at one by one, with which of them are gone; of more, what was edited. */
const few = 500;

/**
 * Looks at the rows that are about to be written once more: a collection's turn may come minutes after
 * it was read, and an import replaces whole items.
 *
 * @returns the keys of the rows that somebody edited or deleted in the CMS meanwhile.
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
  const keysOf = (changed: readonly Write[]) => new Set(changed.map(({ key }) => key));
  try {
    if (overwriting.length <= few) {
      const items = await storedNow(client, content.id, overwriting);
      return keysOf(overwriting.filter((write) => !items.has(write.key) || isEdited(write, items)));
    }
    const since = nextSecond(overwriting, live.positions.get('_updatedDate'));
    const items = since === undefined ? new Map() : await changedItems(client, content.id, since);
    return keysOf(overwriting.filter((write) => isEdited(write, items)));
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
 * The second after the latest of the rows was changed, as exports have no milliseconds (wix-api.md
 * 3.6): whatever somebody edits now is later.
 */
function nextSecond(writes: readonly Write[], position: number | undefined): string | undefined {
  if (position === undefined) return undefined;
  let latest = Number.NaN;
  for (const { now } of writes) {
    const date = Date.parse(now?.[position] ?? '');
    if (Number.isNaN(latest) || date > latest) latest = date;
  }
  return Number.isNaN(latest) ? undefined : new Date(latest + 1_000).toISOString();
}
