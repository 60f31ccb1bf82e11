import { removedKeys } from '../../content/change.ts';
import { isAsRead } from '../../content/values/stored-item.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Items, mostStored } from '../../wix/items.ts';
import type { Rejection } from '../../wix/jobs.ts';
import type { Outcome } from './outcome.ts';

/**
 * Removes the items whose rows git removed. Each is read once more just before, since a person
 * may have edited it while the import wrote; and once after, to see that it is gone.
 */
export async function removeRows(client: WixClient, outcome: Outcome): Promise<Outcome> {
  const { changes, live: site } = outcome.plan;
  const { collection, live } = site;
  const keys = removedKeys(changes);
  if (collection === undefined || keys.length === 0) return outcome;
  const { id } = collection;
  const onSite = new Items(client, id);
  const removed: string[] = [];
  const kept: Kept = { edited: [], failed: [], left: [] };
  try {
    for (let first = 0; first < keys.length; first += mostStored) {
      const some = keys.slice(first, first + mostStored);
      const items = await onSite.stored(some);
      const edited = some.filter((key) => {
        const [row, item] = [live.table.row(key), items.get(key)];
        return row && item && !isAsRead(collection, live, row.cells, item);
      });
      kept.edited.push(...edited);
      const going = some.filter((key) => !edited.includes(key));
      const { done, failed } = await onSite.remove(going);
      kept.failed.push(...failed);
      const left = await onSite.stored(done);
      kept.left.push(...left.keys());
      removed.push(...done.filter((key) => !left.has(key)));
    }
    return { ...outcome, removed, asked: true, failure: keptFailure(id, kept) };
  } catch (error) {
    // Rows were written and items removed by now, and the result has to say so.
    return { ...outcome, removed, asked: true, failure: asFailure(error) };
  }
}

/** Items that are still there: edited in the CMS, refused by Wix, or `left` though it said otherwise. */
interface Kept {
  readonly edited: string[];
  readonly failed: Rejection[];
  readonly left: string[];
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
     * @cause Wix refused to delete the item; the brackets have its reason.
     * @remedy See [the codes of Wix](#codes-of-wix), or remove the item in the CMS.
     */
    const message = `${collection}: the item ${first.source}${more(failed)} could not be removed (${first.code} ${first.description}). The next run tries again.`;
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
