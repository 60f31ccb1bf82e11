import type { CollectionContent } from '../../config/config.ts';
import { doubledName } from '../../content/download.ts';
import type { Write } from '../../content/import-plan.ts';
import { type LiveCollection, multiReferences } from '../../content/schema.ts';
import { type Arrival, arrivalOf, type SentCell } from '../../content/values/arrival.ts';
import {
  atStake,
  cellText,
  cutTimes,
  isExported,
  type LostValue,
  lostValues,
  type StoredItem,
} from '../../content/values/stored-item.ts';
import { referencedIds } from '../../content/values/value.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { Items, type StoredItems } from '../../wix/items.ts';
import { isTruncating, type Plan, referencesIn } from '../compare/plan.ts';
import { giveBack, giveBackReferences, lag } from './give-back.ts';
import type { Outcome } from './outcome.ts';
import { type FileFormat, fileFormatOf, type SentRows, type Writing } from './write-content.ts';

/** Sends rows, unless somebody edits them meanwhile. @param read items that were read a moment ago. */
export type Send = (outcome: Outcome, writes: readonly Write[], read?: StoredItems) => Writing;

interface Target {
  readonly client: WixClient;
  readonly collection: LiveCollection;
  readonly content: CollectionContent;
}

/** How many items are read at once: with references, Wix refuses more, as one of its pages says. */
const perRead = 50;

/** How often items are read to find one that has something to lose. */
const reads = 4;

/** How many rows are tried if the site takes none of them: a rejected row shows nothing. */
const tries = 3;

/**
 * Sends rows, the first one of a collection alone, and reads its item before and after. What a site does
 * with an import is documented nowhere (wix-api.md 9 and 11): it may want field keys or display names as
 * headers, store numbers as text, or erase fields that the file leaves out. One row shows that while the
 * others are safe: if it fails, they are not sent.
 */
export async function* sendWithCanary(
  client: WixClient,
  send: Send,
  outcome: Outcome,
  writes: readonly Write[],
): Writing {
  const { collection, content } = outcome.plan.live;
  if (collection === undefined || content.kind === 'localization' || writes.length === 0) {
    return yield* send(outcome, writes);
  }
  const target = { client, collection, content };
  const before = await lookBefore(target, outcome, writes).catch(asFailure);
  if (before instanceof Failure) {
    const now = unseen(target, outcome, before);
    return now.failure === undefined ? yield* send(now, writes) : now;
  }
  const failure = refusedTruncation(target, outcome, before);
  if (failure !== undefined) return { ...outcome, failure };
  let now = outcome;
  let rest = writes;
  for (const [i, canary] of canariesOf(target, before, writes).entries()) {
    const { learned, remarks } = now;
    rest = rest.filter((write) => !canary.includes(write));
    let next: Verdict['next'];
    do {
      const sent = yield* send(now, canary, i === 0 ? before : undefined);
      ({ next, outcome: now } = await judge(target, before, sent, canary[0]));
    } while (next === 'again');
    if (next === 'rest') break;
    // What was tried with this row has not helped.
    now = { ...now, learned, remarks };
  }
  return now.failure === undefined ? yield* send(now, rest) : now;
}

/** What to send next: the row `again` in another format, `another` row, or the rest. */
interface Verdict {
  readonly next: 'again' | 'another' | 'rest';
  readonly outcome: Outcome;
}

/**
 * The items of some rows before anything is written. Rows whose export shows that they have something to
 * lose come first; if there are none, the first rows are searched.
 */
async function lookBefore(
  target: Target,
  { plan }: Outcome,
  writes: readonly Write[],
): Promise<StoredItems> {
  const { collection } = target;
  const replaced = writes.filter(({ now }) => now !== undefined);
  const filled = replaced.filter(({ now }) => referencesIn(plan.live, now).size > 0);
  const found = [filled, replaced, writes].find((some) => some.length > 0) ?? [];
  const isSearched = collection.fields.some(
    ({ type, encrypted }) => encrypted || type === 'MULTI_REFERENCE',
  );
  for (let from = 0; ; from += perRead) {
    const keys = found.slice(from, from + perRead).map(({ key }) => key);
    const items = await itemsOf(target, keys);
    const isFound = [...items.values()].some((item) => atStake(collection, item).length > 0);
    const isLast = from + perRead >= Math.min(found.length, perRead * reads);
    if (isFound || isLast || !isSearched) return items;
  }
}

function itemsOf({ client, collection }: Target, keys: readonly string[]): Promise<StoredItems> {
  return new Items(client, collection.id).stored(keys, multiReferences(collection));
}

/** If the key may not read items at all, the rows are sent unchecked, and a warning says so. */
function unseen({ content }: Target, outcome: Outcome, failure: Failure): Outcome {
  const isForGood = failure instanceof Refusal && [400, 403, 404, 428].includes(failure.status);
  if (!isForGood) return { ...outcome, failure };
  const warning = `${content.id}: its items could not be read, so the import cannot check that it erases nothing. ${failure.message}`;
  return { ...outcome, warnings: [...outcome.warnings, warning] };
}

/**
 * Emptying the collection first could erase what the file does not carry, in every item at once. A single
 * row cannot be tried, because the next job would empty the collection again.
 */
function refusedTruncation(
  { collection, content }: Target,
  { plan }: Outcome,
  items: StoredItems,
): Failure | undefined {
  for (const [key, item] of isTruncating(content) ? items : []) {
    const lost = atStake(collection, item).find(
      ({ field, kind }) => kind === 'encrypted' || !isExported(plan.live.live, key, field),
    );
    if (lost === undefined) continue;
    const words = `${collection.id}: truncate-before could erase ${lost.field} (${lost.kind}) of the item ${key} and maybe of others, because an import may not carry it. Use write-policy overwrite for it.`;
    return new Failure('config', words);
  }
  return undefined;
}

/** The rows to try one after the other, or all of them if the collection is emptied first. */
function canariesOf(
  { content, collection }: Target,
  items: StoredItems,
  writes: readonly Write[],
): readonly (readonly Write[])[] {
  if (isTruncating(content)) return [writes];
  const stake = ({ key }: Write) => {
    const item = items.get(key);
    return item === undefined ? -1 : atStake(collection, item).length;
  };
  const staked = writes.toSorted((left, right) => stake(right) - stake(left));
  return staked.slice(0, tries).map((write) => [write]);
}

/** Decides from the item of a row that was sent how to go on. */
async function judge(
  target: Target,
  before: StoredItems,
  sent: Outcome,
  write: Write | undefined,
): Promise<Verdict> {
  if (write === undefined || sent.failure !== undefined || target.client.signal.aborted) {
    return { next: 'rest', outcome: sent };
  }
  try {
    const shown = await whatItShows(target, write, sent, before.get(write.key));
    if (shown.kind === 'nothing') return { next: 'another', outcome: sent };
    if (shown.kind !== 'taken') return await otherwise(target, write, sent, shown);
    // Nobody compares an encrypted value with what the API returns.
    const isSecret = target.collection.fields.some(({ encrypted }) => encrypted);
    const known = { ...sent, isShown: shown.isExact && !isSecret };
    return { next: 'rest', outcome: await withoutLosses(target, write, before, shown.item, known) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const words = `${target.content.id}: the row "${write.key}" was written, but its item could not be read to compare, so nothing more was written. ${error.message} Compare the item in the CMS.`;
    const failure = new Failure(error.reason, words, { cause: error });
    return { next: 'rest', outcome: { ...sent, failure } };
  }
}

type Shown = Arrival | { readonly kind: 'rejected' };

/** Reads the item of a row that was sent; twice if it is not as it should be. */
async function whatItShows(
  target: Target,
  write: Write,
  { plan, sent }: Outcome,
  before: StoredItem | undefined,
): Promise<Shown> {
  const { client } = target;
  const file = sent.at(-1);
  if (!file?.rows.some(({ key }) => key === write.key)) return { kind: 'nothing' };
  if (file.rejected.length > 0) return { kind: 'rejected' };
  const cells = sentCells(target, write.key, file);
  for (const wait of [0, lag]) {
    await client.clock.sleep(wait, client.signal);
    const item = (await itemsOf(target, [write.key])).get(write.key);
    const shown = arrivalOf(cells, (field) => write.cells.has(field), item, before);
    if (shown.kind === 'taken') return shown;
    // A job that took only some rows says nothing about the others.
    if (file.end?.kind !== 'completed') return { kind: 'nothing' };
    const strays = isTruncating(target.content) ? [] : await straysOf(target, plan, file, cells);
    if (strays.length > 0) return { kind: 'elsewhere', strays };
    if (wait === lag) return shown;
  }
  return { kind: 'nothing' };
}

function sentCells(
  { collection }: Target,
  key: string,
  { columns, rows }: SentRows,
): readonly SentCell[] {
  const fields = new Map(collection.fields.map((field) => [field.key, field]));
  const cells = rows.find((row) => row.key === key)?.cells ?? [];
  return columns.flatMap((field, i) => {
    const { type = 'TEXT', encrypted = false } = fields.get(field) ?? {};
    return field === '_id' || encrypted ? [] : [{ field, type, text: cells[i] ?? '' }];
  });
}

/**
 * The items that appeared instead of the row's own: created since its job was submitted, and with no
 * other values than the row's, so that nobody else can have made them.
 */
async function straysOf(
  { client, collection }: Target,
  { writes }: Plan,
  { end }: SentRows,
  sent: readonly SentCell[],
): Promise<readonly string[]> {
  const texts = new Set(sent.map(({ text }) => text));
  const meant = new Set(writes.map(({ key }) => key));
  const system = new Set(['_id', '_createdDate', '_updatedDate', '_owner']);
  const began = Date.parse(end?.job.startedAt ?? '');
  const newest = await new Items(client, collection.id).newest(perRead);
  return [...newest].flatMap(([id, item]) => {
    const values = Object.entries(item).filter(([field]) => !system.has(field));
    const words = values.map(([, value]) => cellText(value));
    const isOurs = words.every((text) => texts.has(text) || meant.has(text));
    const isNew = Date.parse(cellText(item._createdDate)) >= began;
    return isOurs && isNew && !meant.has(id) ? [id] : [];
  });
}

/**
 * Another way to send a row that did not arrive as it should, if there is one: JSONL, which has field keys
 * and types, if the site rejects the row of a CSV file, perhaps because it did not understand the header of
 * a required field, or stores texts; else display names for field keys.
 */
async function otherwise(
  target: Target,
  { key }: Write,
  sent: Outcome,
  shown: Exclude<Shown, { readonly kind: 'taken' | 'nothing' }>,
): Promise<Verdict> {
  const { id } = target.collection;
  const isJsonl = fileFormatOf(sent).format === 'jsonl';
  switch (shown.kind) {
    case 'rejected': {
      if (isJsonl || isTruncating(target.content)) return { next: 'another', outcome: sent };
      const why = `the site rejects the row "${key}" in a CSV file, and takes it as JSONL`;
      return inJsonl(id, { ...sent, sent: sent.sent.slice(0, -1) }, why);
    }
    case 'types-lost': {
      const why = `the site stores ${shown.field} of the item ${key} as ${shown.as}`;
      if (!isJsonl) return inJsonl(id, sent, `${why} when it comes in a CSV file`);
      const words = `${id}: ${why}, though it was sent with its type, so nothing more was written. Edit ${id} in the CMS alone, or import with verify: false if the types may be lost.`;
      return stop(sent, words);
    }
    case 'elsewhere':
      return otherHeaders(target, key, sent, shown.strays);
  }
}

/** Removes the items that appeared because the site did not understand the headers, and tries others. */
async function otherHeaders(
  { client, collection, content }: Target,
  key: string,
  sent: Outcome,
  strays: readonly string[] = [],
): Promise<Verdict> {
  const { id } = collection;
  const { failed } = await new Items(client, id).remove(strays);
  const left = failed.map(({ source }) => source);
  /** @cause Wix took the id of the first row for another one, and made a new item. */
  const appeared =
    strays.length === 0
      ? ''
      : ` The item ${strays.join(', ')} appeared instead${left.length === 0 ? ' and was removed' : `, and ${left.join(', ')} could not be removed: remove it in the CMS`}.`;
  const { headers, format } = fileFormatOf(sent);
  const isAuto = content.importHeaders === 'auto';
  const names = headers === 'key' ? 'field keys' : 'display names';
  const words = `the site does not take ${names} as headers of an import: the row "${key}" did not arrive.${appeared}`;
  if (!isAuto || headers !== 'key' || format !== 'csv' || left.length > 0) {
    const way = isAuto ? 'upload-format: jsonl' : 'import-headers: auto';
    return stop(sent, `${id}: ${words} Nothing more was written. Set ${way} for ${id}.`);
  }
  if (doubledName(collection, sent.sent.at(-1)?.columns ?? []) !== undefined) {
    return inJsonl(id, sent, `${words} Display names would not tell its fields apart`);
  }
  const remark = `${id}: ${words} The import then tried display names. Set import-headers: display-name for ${id} to start with them.`;
  return again(sent, { headers: 'display-name' }, remark);
}

function inJsonl(id: string, outcome: Outcome, why: string): Verdict {
  const remark = `${id}: ${why}, so the rows were sent as JSONL. Set upload-format: jsonl for ${id} to start with it.`;
  return again(outcome, { format: 'jsonl' }, remark);
}

function again(outcome: Outcome, learned: Partial<FileFormat>, remark: string): Verdict {
  const now = { ...remarked(outcome, remark), learned: { ...outcome.learned, ...learned } };
  return { next: 'again', outcome: now };
}

function stop(outcome: Outcome, words: string): Verdict {
  return { next: 'rest', outcome: { ...outcome, failure: new Failure('verify-mismatch', words) } };
}

function remarked(outcome: Outcome, remark: string): Outcome {
  return { ...outcome, remarks: [...outcome.remarks, remark] };
}

/** Writes back what the first row erased in its item; a failure says why the others must not follow. */
async function withoutLosses(
  target: Target,
  { key, cells, place }: Write,
  before: StoredItems,
  after: StoredItem,
  sent: Outcome,
): Promise<Outcome> {
  const { client, collection, content } = target;
  const { id } = collection;
  const item = before.get(key);
  if (item === undefined) return sent;
  const cut = cutTimes(collection, (field) => cells.has(field), item, after);
  const cutWords = `${id}: the import cuts the milliseconds of ${cut.join(', ')}, as its export does, so there is nothing to do.`;
  const outcome = cut.length === 0 ? sent : remarked(sent, cutWords);
  const { plan } = outcome;
  // The API has shown no more than the first references of each field.
  const exported = referencesIn(plan.live, plan.live.live.table.row(key)?.cells);
  const isEdit = ({ field, kind, value }: LostValue) =>
    kind === 'undeclared' && cells.has(field) && typeof value === typeof after[field];
  const lost = lostValues(collection, item, after).filter((each) => !isEdit(each));
  const taken = lost.map((each) => {
    const text = exported.get(each.field);
    return text === undefined ? each : { ...each, held: referencedIds(text) };
  });
  if (taken.length === 0) return outcome;
  await giveBack(client, id, key, taken);
  const now = (await itemsOf(target, [key])).get(key) ?? {};
  const gone = lostValues(collection, item, now);
  const names = [...new Set(taken.map(({ field }) => field))].join(', ');
  if (gone.length === 0 && taken.every(({ field }) => exported.has(field))) {
    const words = `${id}: an import empties ${names} of the rows that it writes, so the references were written back, and there is nothing to do.`;
    if (isTruncating(content)) await giveBackReferences(client, plan, plan.writes);
    return { ...remarked(outcome, words), givesBack: true };
  }
  const losses = gone.map(({ field, held }) => ({ key, field, held, place }));
  const ending =
    gone.length === 0
      ? /** @clause of the failure below. */ 'It was written back.'
      : 'It could not be written back: the report lists the old values. Restore them in the CMS.';
  const stop = `${id}: the import took ${names} from the item ${key}, which it does not carry, so nothing more was written. ${ending} ${wayOut(taken, id)}`;
  return { ...outcome, losses, failure: new Failure('verify-mismatch', stop) };
}

function wayOut(taken: readonly LostValue[], id: string): string {
  const property = taken.find(({ kind }) => kind === 'undeclared');
  return property === undefined
    ? `Edit ${id} in the CMS alone, or import with verify: false if these values may be lost.`
    : `Add a field with the key ${property.field} to ${id} in the CMS, so that imports carry it, or edit ${id} in the CMS alone.`;
}
