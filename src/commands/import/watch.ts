import type { Write } from '../../content/import-plan.ts';
import {
  type Loss,
  lostValues,
  type UncarriedField,
  type UncarriedValues,
  uncarriedFields,
  uncarriedValues,
} from '../../content/uncarried.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { shownReferences, storedItems } from '../../wix/items.ts';
import { nameOf, type Run } from '../run.ts';
import { type ContentPlan, isTruncating } from './import-content.ts';

/**
 * What some of the items that an import writes over hold in fields that it does not carry. Whether
 * the site keeps them is not known (wix-api.md 9.13), so it is looked at before and after.
 */
export interface Watch {
  readonly collection: string;
  readonly fields: readonly UncarriedField[];
  /** By the items' keys; those that hold nothing are left out. */
  readonly before: ReadonlyMap<string, UncarriedValues>;
}

export interface Watched {
  readonly watches: ReadonlyMap<ContentPlan, Watch>;
  readonly warnings: readonly string[];
}

/** What is known once rows were written. */
export interface Aftermath {
  readonly losses: readonly Loss[];
  readonly failure: Failure | undefined;
}

/** Where nobody looks. */
export const nothingWatched: Watched = { watches: new Map(), warnings: [] };

/** How many items are read at once: more are refused with multi-references, as one page of Wix says. */
const perRead = 50;

/** How often items are read in search of one that holds something. */
const reads = 4;

/** So many items are written at once: what is lost of them can be put back by hand. */
const few = 10;

/** What is gone may be on its way: it is looked at again before anybody is alarmed. */
const waits = [0, 2_000, 5_000];

/**
 * Looks, before anything is written, at what the imports do not carry. Where Wix does not let
 * anybody look, a warning says so.
 *
 * @throws Failure where the collection is emptied first, and holds what may not come back.
 */
export async function watchAll(
  run: Run,
  client: WixClient,
  plans: readonly ContentPlan[],
): Promise<Watched> {
  const watches = new Map<ContentPlan, Watch>();
  const warnings: string[] = [];
  for (const plan of plans) {
    const fields = plan.live.collection === undefined ? [] : uncarriedFields(plan.live.collection);
    const keys = plan.writes.filter(isOverwrite).map(({ key }) => key);
    if (fields.length === 0 || keys.length === 0) continue;
    const collection = nameOf(plan.head.content);
    try {
      const before = await searched(run, client, { collection, fields, keys });
      if (before.size > 0) watches.set(plan, { collection, fields, before });
    } catch (error) {
      if (!(error instanceof Refusal) || !isForGood(error)) throw error;
      warnings.push(
        `${collection}: nobody can see whether this import loses ${namesOf(fields)}, which it does not carry. ${error.message}`,
      );
    }
    refuseTruncation(plan, watches.get(plan));
  }
  return { watches, warnings };
}

/** An item of the site, which the row replaces. */
function isOverwrite({ now }: Write): boolean {
  return now !== undefined;
}

/** What Wix will not let the key see, or does not know, however often it is asked. */
function isForGood({ status }: Refusal): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 429;
}

/** Reads items here and there until some hold something. */
async function searched(
  run: Run,
  client: WixClient,
  {
    collection,
    fields,
    keys,
  }: Pick<Watch, 'collection' | 'fields'> & { readonly keys: readonly string[] },
): Promise<Watch['before']> {
  const places = spread(keys, perRead * reads);
  for (let first = 0; first < places.length; first += perRead) {
    const some = places.slice(first, first + perRead);
    const found = await held(client, collection, fields, some);
    const holding = [...found].filter(([, values]) => values.size > 0);
    if (holding.length > 0) return new Map(holding);
  }
  run.log.info(
    `${collection}: ${places.length} of ${keys.length} items were looked at, and none holds anything in ${namesOf(fields)}, which imports do not carry.`,
  );
  return new Map();
}

/** Some of the entries, from the first on and evenly far apart. */
function spread<T>(entries: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, entries.length / most);
  return entries.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

async function held(
  client: WixClient,
  collection: string,
  fields: readonly UncarriedField[],
  keys: readonly string[],
): Promise<ReadonlyMap<string, UncarriedValues>> {
  const references = fields.filter(({ kind }) => kind === 'multi-reference');
  const items = await storedItems(
    client,
    collection,
    keys,
    references.map(({ key }) => key),
  );
  return new Map([...items].map(([key, item]) => [key, uncarriedValues(fields, item)]));
}

/**
 * To empty a collection first puts at stake all that the file may not carry, of every item at once: a
 * row can not be tried alone, since the next job would empty the collection again.
 */
function refuseTruncation({ head: { content } }: ContentPlan, watch: Watch | undefined): void {
  if (!isTruncating(content)) return;
  const [[key, values] = []] = watch?.before ?? [];
  const field = watch?.fields.find((each) => values?.has(each.key));
  if (field === undefined) return;
  const kind = field.kind === 'encrypted' ? 'an encrypted field' : 'a multi-reference';
  throw new Failure(
    'config',
    `${nameOf(content)}: truncate-before could empty ${field.key}, ${kind}, which the item ${key} and maybe others hold and no import is sure to carry. Use write-policy overwrite for it.`,
  );
}

/**
 * Splits rows in two: one to be written and looked at first, which is all that many have to lose
 * by it, and the rest. Few are written at once, and so are those that have nothing to lose.
 */
export function firstAlone(
  watch: Watch | undefined,
  writes: readonly Write[],
): readonly [readonly Write[], readonly Write[]] {
  const first =
    writes.filter(isOverwrite).length > few
      ? writes.find(({ key }) => watch?.before.has(key))
      : undefined;
  return first === undefined ? [[], writes] : [[first], writes.filter((each) => each !== first)];
}

/** Looks, after rows were written or may have been, for what went by it. */
export async function lookAfter(
  run: Run,
  client: WixClient,
  watch: Watch | undefined,
  written: readonly Write[],
): Promise<Aftermath> {
  const nothingLost = { losses: [], failure: undefined };
  const rows = written.filter(({ key }) => watch?.before.has(key));
  if (watch === undefined || rows.length === 0 || run.signal.aborted) return nothingLost;
  try {
    let losses: readonly Loss[] = [];
    for (const wait of waits) {
      await run.clock.sleep(wait, run.signal);
      losses = await lossesOf(client, watch, rows);
      if (losses.length === 0) return nothingLost;
    }
    for (const loss of losses) run.log.info(`${watch.collection}: ${lossInWords(loss)}`);
    return { losses, failure: lossFailure(watch, losses) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const words = `${watch.collection}: written, but nobody could look whether ${namesOf(watch.fields)} went by it. ${error.message} Compare the item ${rows[0]?.key} in the CMS.`;
    return { losses: [], failure: new Failure(error.reason, words, { cause: error }) };
  }
}

async function lossesOf(
  client: WixClient,
  { collection, fields, before }: Watch,
  rows: readonly Write[],
): Promise<readonly Loss[]> {
  const keys = rows.map(({ key }) => key);
  const after = await held(client, collection, fields, keys);
  return rows.flatMap(({ key, place }) => {
    const [then, now] = [before.get(key), after.get(key)];
    if (then === undefined || now === undefined) return [];
    return lostValues(fields, then, now).map((lost) => ({ key, ...lost, place }));
  });
}

function lossInWords({ key, field, held: ids }: Loss): string {
  const value = ids.length === 0 ? 'an encrypted value' : ids.join(', ');
  const more = ids.length < shownReferences ? '' : ', and maybe more';
  return `${key} held in ${field} before this import: ${value}${more}`;
}

function lossFailure({ collection, fields }: Watch, losses: readonly Loss[]): Failure {
  const [first] = losses;
  const what = losses.length > 1 ? `${losses.length} values, such as that of` : 'the value of';
  return new Failure(
    'verify-mismatch',
    `${collection}: the import has lost ${what} ${first?.field} in the item ${first?.key}, so nothing more was written. The log lists what was there: put it back in the CMS. Edit ${collection} in the CMS alone, or import with verify: false if ${namesOf(fields)} may go.`,
  );
}

function namesOf(fields: readonly UncarriedField[]): string {
  return fields.map(({ key }) => key).join(', ');
}
