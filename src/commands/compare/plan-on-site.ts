import type { ImportPolicy } from '../../content/import-plan.ts';
import { mistypedValues } from '../../content/values/stored-item.ts';
import { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import type { WixClient } from '../../wix/client.ts';
import { Items } from '../../wix/items.ts';
import type { HeadContent } from '../read/head-content.ts';
import { type LiveContent, type ReadOptions, readContents } from '../read/read-contents.ts';
import { oneByOne, type Run } from '../run.ts';
import { type Mistyped, type Plan, planContent } from './plan.ts';

/**
 * Reads contents from the site, and plans what an import does to them.
 *
 * @param isReported whether a content that cannot be read is left out, because the failure is reported
 * already.
 */
export async function planOnSite(
  run: Run,
  client: WixClient,
  heads: readonly HeadContent[],
  inputs: Pick<ImportInputs, 'onConflict' | 'reconcile'>,
  read: ReadOptions,
  isReported: (failure: Failure) => boolean = () => false,
): Promise<readonly Plan[]> {
  const byContent = new Map(heads.map((head) => [head.content, head]));
  const { opened, failed } = await run.log.step('Reading the site', () =>
    readContents(run, client, [...byContent.keys()], read),
  );
  for (const failure of failed.values()) if (!isReported(failure)) throw failure;
  return run.log.step('Comparing git with the site', () =>
    oneByOne(run, opened, async (live) => {
      const head = byContent.get(live.content);
      if (head === undefined) throw new Error(`${live.content.path} was read unasked`);
      return planContent(head, live, inputs, await mistypedOn(client, live, inputs));
    }),
  );
}

/**
 * Finds values that an earlier import of a CSV file left with another type than their field's, such as
 * numbers that are stored as texts (wix-api.md 3.6). An export does not show the difference, so they are
 * looked for only if the site is to match git.
 */
async function mistypedOn(
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
