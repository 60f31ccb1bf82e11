import { removedKeys } from '../../content/change.ts';
import { isAsRead } from '../../content/values/stored-item.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { type FailedItem, mostStored, removeItems, storedItems } from '../../wix/items.ts';
import type { AppliedContent } from './apply.ts';
import type { ContentPlan } from './import-content.ts';

/**
 * Removes the items whose rows git removed. Each is looked at once more just before, since a person
 * may have edited it while the import wrote; and once after, since it is gone when nobody finds it.
 */
export async function removeRows(
  client: WixClient,
  applied: AppliedContent,
): Promise<AppliedContent> {
  const { content } = applied.plan.head;
  const keys = removedKeys(applied.plan.changes);
  if (content.kind === 'localization' || keys.length === 0) return applied;
  const removed: string[] = [];
  const kept: Kept = { edited: [], failed: [], left: [] };
  try {
    for (let first = 0; first < keys.length; first += mostStored) {
      const some = keys.slice(first, first + mostStored);
      removed.push(...(await removeSome(client, applied.plan, content.id, some, kept)));
    }
    return { ...applied, removed, asked: true, failure: keptFailure(content.id, kept) };
  } catch (error) {
    // Whatever it is, rows were written and items removed by now, and the result has to say so.
    if (!(error instanceof Failure)) throw error;
    return { ...applied, removed, asked: true, failure: error };
  }
}

/** The items that are still there, and why. */
interface Kept {
  readonly edited: string[];
  readonly failed: FailedItem[];
  /** Wix said that they were removed. */
  readonly left: string[];
}

async function removeSome(
  client: WixClient,
  plan: ContentPlan,
  id: string,
  keys: readonly string[],
  kept: Kept,
): Promise<readonly string[]> {
  const items = await storedItems(client, id, keys);
  const edited = keys.filter((key) => isEdited(plan, key, items.get(key)));
  kept.edited.push(...edited);
  const going = keys.filter((key) => !edited.includes(key));
  const gone: string[] = [];
  for await (const removal of removeItems(client, id, going)) {
    gone.push(...removal.done);
    kept.failed.push(...removal.failed);
  }
  const left = gone.length === 0 ? new Map() : await storedItems(client, id, gone);
  kept.left.push(...left.keys());
  return gone.filter((key) => !left.has(key));
}

/** Whether an item is other than the import read it before it began to write. */
function isEdited(
  { live: { collection, live } }: ContentPlan,
  key: string,
  item: Readonly<Record<string, unknown>> | undefined,
): boolean {
  const row = live.table.row(key);
  if (collection === undefined || row === undefined || item === undefined) return false;
  return !isAsRead(collection, live, row.cells, item);
}

function keptFailure(collection: string, { edited, failed, left }: Kept): Failure | undefined {
  const [firstEdited] = edited;
  if (firstEdited !== undefined) {
    const message = `${collection}: the item ${firstEdited}${more(edited)} was edited on the site while this import ran, so it was not removed. Run an export to bring the edit to git, and remove the row again if it is to go.`;
    return new Failure('conflict', message);
  }
  const [first] = failed;
  if (first !== undefined) {
    /**
     * @cause Wix refused to delete the item; its words are in brackets.
     * @remedy See [the codes of Wix](#codes-of-wix), or remove the item in the CMS.
     */
    const message = `${collection}: the item ${first.id}${more(failed)} could not be removed (${first.code} ${first.description}). The next run tries again.`;
    return new Failure('partial', message);
  }
  const [firstLeft] = left;
  if (firstLeft === undefined) return undefined;
  const message = `${collection}: Wix said that the item ${firstLeft}${more(left)} was removed, but it is still there. The next run tries again; if it happens again, remove the item in the CMS.`;
  return new Failure('verify-mismatch', message);
}

function more(list: readonly unknown[]): string {
  return list.length > 1 ? ` and ${list.length - 1} more` : '';
}
