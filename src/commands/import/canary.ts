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
import type { Side } from '../../content/versions.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { Items, type StoredItems } from '../../wix/items.ts';
import { isTruncating, type Plan, referencesIn } from '../compare/plan.ts';
import { giveBack, giveBackReferences, lag, lossInWords } from './give-back.ts';
import type { Outcome } from './outcome.ts';
import { fileFormatOf, type SentRows } from './write-content.ts';

/** A collection to be written, and how its rows are sent. */
export interface Target {
  readonly client: WixClient;
  readonly collection: LiveCollection;
  readonly content: CollectionContent;
  /** @param read items that were read a moment ago, so that they need not be looked at once more. */
  readonly send: (
    outcome: Outcome,
    writes: readonly Write[],
    read?: StoredItems,
  ) => Promise<Outcome>;
}

/** How many items are read at once: with references, Wix refuses more, as one of its pages says. */
const perRead = 50;

/** How often items are read to find one that has something to lose. */
const reads = 4;

/** How many rows are tried if the site takes none of them: a rejected row shows nothing. */
const tries = 3;

/**
 * Sends the first row of a collection alone, and reads its item before and after. What a site does with
 * an import is documented nowhere (wix-api.md 9 and 11): it may want field keys or display names as
 * headers, store numbers as text, or erase fields that the file leaves out. One row shows that while the
 * others are safe.
 *
 * @returns what came of it, with a failure if nothing more may be written, and the rows that are left.
 */
export async function sendCanary(
  target: Target,
  outcome: Outcome,
  writes: readonly Write[],
): Promise<{ readonly outcome: Outcome; readonly rest: readonly Write[] }> {
  const before = await lookBefore(target, outcome, writes);
  if (before instanceof Failure) return { outcome: unseen(target, outcome, before), rest: writes };
  let now = { ...outcome, failure: refusedTruncation(target, outcome, before) };
  let rest = writes;
  let next: Verdict['next'] = now.failure === undefined ? 'another' : 'rest';
  for (const [i, canary] of canariesOf(target, before, writes).entries()) {
    if (next === 'rest') break;
    const { learned, remarks } = now;
    rest = rest.filter((write) => !canary.includes(write));
    do {
      const sent = await target.send(now, canary, i === 0 ? before : undefined);
      ({ next, outcome: now } = await judge(target, before, sent, canary[0]));
    } while (next === 'again');
    // What was tried with this row has not helped.
    if (next === 'another') now = { ...now, learned, remarks };
  }
  return { outcome: now, rest };
}

/** What to send next: the row `again` in another format, `another` row, or the rest. */
interface Verdict {
  readonly next: 'again' | 'another' | 'rest';
  readonly outcome: Outcome;
}

/**
 * The items of some rows before anything is written, or why they cannot be read. Rows whose export shows
 * that they have something to lose come first; if there are none, a sample of the rows is searched.
 */
async function lookBefore(
  target: Target,
  { plan }: Outcome,
  writes: readonly Write[],
): Promise<StoredItems | Failure> {
  const { collection } = target;
  const keys = keysAtStake(collection, plan.live.live, writes);
  const isSearched = collection.fields.some(
    ({ type, encrypted }) => encrypted || type === 'MULTI_REFERENCE',
  );
  let items: StoredItems = new Map();
  try {
    for (let from = 0; from < keys.length; from += perRead) {
      items = await itemsOf(target, keys.slice(from, from + perRead));
      const isFound = [...items.values()].some((item) => atStake(collection, item).length > 0);
      if (isFound || !isSearched) break;
    }
    return items;
  } catch (error) {
    return asFailure(error);
  }
}

/** The keys of items that will be replaced: those that have something to lose, or else a sample of the rows. */
function keysAtStake(
  { fields }: LiveCollection,
  { positions }: Side,
  writes: readonly Write[],
): readonly string[] {
  const declared = new Map(fields.map(({ key, type }) => [key, type]));
  const places = [...positions].flatMap(([key, at]) =>
    key !== '_id' && (declared.get(key) ?? 'MULTI_REFERENCE') === 'MULTI_REFERENCE' ? [at] : [],
  );
  const replaced = writes.filter(({ now }) => now !== undefined);
  const filled = replaced.filter(({ now }) => places.some((at) => now?.[at]));
  const found = [filled, replaced, writes].find((some) => some.length > 0) ?? [];
  const step = Math.max(1, Math.ceil(found.length / (perRead * reads)));
  return found.filter((_, i) => i % step === 0).map(({ key }) => key);
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
    if (shown.kind === 'rejected') return rejected(target, write, sent);
    if (shown.kind === 'nothing') return { next: 'another', outcome: sent };
    if (shown.kind === 'taken') {
      return {
        next: 'rest',
        outcome: await withoutLosses(target, write, before, shown.item, sent),
      };
    }
    const outcome =
      shown.kind === 'types-lost'
        ? otherFormat(target, write, sent, shown)
        : await otherHeaders(target, write, sent, shown.strays);
    return { next: outcome.failure === undefined ? 'again' : 'rest', outcome };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const words = `${target.content.id}: the row "${write.key}" was written, but its item could not be read to compare, so nothing more was written. ${error.message} Compare the item in the CMS.`;
    const failure = new Failure(error.reason, words, { cause: error });
    return { next: 'rest', outcome: { ...sent, failure } };
  }
}

/** Reads the item of a row that was sent; twice if it is not as it should be. */
async function whatItShows(
  target: Target,
  write: Write,
  { plan, sent }: Outcome,
  before: StoredItem | undefined,
): Promise<Arrival | { readonly kind: 'rejected' }> {
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
 * Tries JSONL, which has field keys and types, for a row that the site rejects in a CSV file: perhaps it did
 * not understand the header of a required field.
 */
function rejected({ collection: { id }, content }: Target, { key }: Write, sent: Outcome): Verdict {
  if (fileFormatOf(sent).format === 'jsonl' || isTruncating(content)) {
    return { next: 'another', outcome: sent };
  }
  const words = `${id}: the site rejects the row "${key}" in a CSV file, and takes it as JSONL, so the rows were sent as JSONL. Set upload-format: jsonl for ${id} to start with it.`;
  const untried = { ...sent, sent: sent.sent.slice(0, -1) };
  return { next: 'again', outcome: inJsonl(untried, words) };
}

/** Removes the items that appeared because the site did not understand the headers, and tries others. */
async function otherHeaders(
  { client, collection, content }: Target,
  { key }: Write,
  outcome: Outcome,
  strays: readonly string[] = [],
): Promise<Outcome> {
  const { failed } = await new Items(client, collection.id).remove(strays);
  const left = failed.map(({ source }) => source);
  /** @cause Wix took the id of the first row for another one, and made a new item. */
  const appeared =
    strays.length === 0
      ? ''
      : ` The item ${strays.join(', ')} appeared instead${left.length === 0 ? ' and was removed' : `, and ${left.join(', ')} could not be removed: remove it in the CMS`}.`;
  const { headers, format } = fileFormatOf(outcome);
  const isAuto = content.importHeaders === 'auto';
  const names = headers === 'key' ? 'field keys' : 'display names';
  const words = `${collection.id}: the site does not take ${names} as headers of an import: the row "${key}" did not arrive.${appeared}`;
  if (isAuto && headers === 'key' && format === 'csv' && left.length === 0) {
    if (doubledName(collection, outcome.sent.at(-1)?.columns ?? []) !== undefined) {
      const next = `${words} Display names would not tell its fields apart, so the import then tried JSONL. Set upload-format: jsonl for ${collection.id} to start with it.`;
      return inJsonl(outcome, next);
    }
    const next = `${words} The import then tried display names. Set import-headers: display-name for ${collection.id} to start with them.`;
    return { ...remarked(outcome, next), learned: { ...outcome.learned, headers: 'display-name' } };
  }
  const way = isAuto ? `upload-format: jsonl` : 'import-headers: auto';
  const stop = `${words} Nothing more was written. Set ${way} for ${collection.id}.`;
  return { ...outcome, failure: new Failure('verify-mismatch', stop) };
}

/** Tries JSONL, which has types, if the site stores the values of a CSV file as text. */
function otherFormat(
  { collection: { id } }: Target,
  { key }: Write,
  outcome: Outcome,
  { field, as }: { readonly field: string; readonly as: string },
): Outcome {
  const words = `${id}: the site stores ${field} of the item ${key} as ${as}`;
  if (fileFormatOf(outcome).format === 'jsonl') {
    const stop = `${words}, though it was sent with its type, so nothing more was written. Edit ${id} in the CMS alone, or import with verify: false if the types may be lost.`;
    return { ...outcome, failure: new Failure('verify-mismatch', stop) };
  }
  const next = `${words} when it comes in a CSV file, so the rows were sent as JSONL. Set upload-format: jsonl for ${id} to start with it.`;
  return inJsonl(outcome, next);
}

function inJsonl(outcome: Outcome, remark: string): Outcome {
  return { ...remarked(outcome, remark), learned: { ...outcome.learned, format: 'jsonl' } };
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
  for (const loss of losses) client.log.info(lossInWords(id, key, loss));
  const ending =
    gone.length === 0
      ? /** @clause of the failure below. */ 'It was written back.'
      : 'It could not be written back: the log lists the old values. Restore them in the CMS.';
  const stop = `${id}: the import took ${names} from the item ${key}, which it does not carry, so nothing more was written. ${ending} ${wayOut(taken, id)}`;
  return { ...outcome, losses, failure: new Failure('verify-mismatch', stop) };
}

function wayOut(taken: readonly LostValue[], id: string): string {
  const property = taken.find(({ kind }) => kind === 'undeclared');
  return property === undefined
    ? `Edit ${id} in the CMS alone, or import with verify: false if these values may be lost.`
    : `Add a field with the key ${property.field} to ${id} in the CMS, so that imports carry it, or edit ${id} in the CMS alone.`;
}
