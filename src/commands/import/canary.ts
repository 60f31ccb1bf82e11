import type { Content } from '../../config/config.ts';
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
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { countItems, newestItems, removeItems, storedItems } from '../../wix/items.ts';
import { nameOf, type Run } from '../run.ts';
import type { AppliedContent } from './apply.ts';
import { giveBack, giveBackReferences, lossInWords } from './give-back.ts';
import { isTruncating } from './import-content.ts';
import type { Manner, SentFile } from './write-content.ts';

/** What the first row has shown, and the rows that are left. */
export interface Tried {
  readonly applied: AppliedContent;
  readonly rest: readonly Write[];
}

/** A collection to be written, and how its rows are sent. */
export interface Aim {
  readonly run: Run;
  readonly client: WixClient;
  readonly collection: LiveCollection;
  readonly content: Content & { readonly kind: 'collection' };
  readonly send: (applied: AppliedContent, writes: readonly Write[]) => Promise<AppliedContent>;
}

/** How many items are read at once: with references, Wix refuses more as one of its pages says. */
const perRead = 50;

/** How often items are read in search of one that has something to lose. */
const reads = 4;

/** So many rows are tried where the site changes none: what it rejects shows nothing. */
const tries = 3;

/** A look that shows nothing may have come too early (wix-api.md 6.5). */
const lag = 2_000;

/**
 * Sends the first row of a collection alone, and reads its item before and after. What a site makes of
 * an import differs, and is documented nowhere (wix-api.md 9 and 11): it may take headers for keys or
 * for display names, store numbers as text, and erase what the file leaves out. One row shows it, and
 * the others are not at stake. A failure in what is returned says why nothing more may be written.
 */
export async function sendCanary(
  aim: Aim,
  applied: AppliedContent,
  writes: readonly Write[],
): Promise<Tried> {
  const tried = { applied, rest: writes };
  const before = await lookBefore(aim, applied, writes);
  if (before instanceof Failure) return unseen(tried, before);
  const refused = isTruncating(aim.content) ? refusedTruncation(aim, applied, before) : undefined;
  if (refused !== undefined) return failed(tried, refused);
  return tryRows(aim, before, tried, canariesOf(aim, before, writes));
}

/** The rows to try in turn; an import that empties the collection brings all at once. */
function canariesOf(
  { content, collection }: Aim,
  { items }: Look,
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

/** Sends one row after the other until one of them shows what the site makes of it. */
async function tryRows(
  aim: Aim,
  before: Look,
  start: Tried,
  canaries: readonly (readonly Write[])[],
): Promise<Tried> {
  let tried = { ...start, isSettled: false };
  for (const canary of canaries) {
    const rest = tried.rest.filter((write) => !canary.includes(write));
    tried = await tryRow(aim, before, { ...tried, rest }, canary);
    if (tried.isSettled) break;
  }
  return tried;
}

async function tryRow(
  aim: Aim,
  before: Look,
  tried: Tried,
  canary: readonly Write[],
): Promise<Tried & { readonly isSettled: boolean }> {
  const [write] = canary;
  const applied = await aim.send(tried.applied, canary);
  const sent = { ...tried, applied };
  if (write === undefined || applied.failure !== undefined || aim.run.signal.aborted) {
    return { ...sent, isSettled: true };
  }
  try {
    const shown = await whatItShows(aim, write, before, applied);
    switch (shown.kind) {
      case 'nothing':
        return { ...sent, isSettled: false };
      case 'taken':
        return { ...(await settle(aim, write, before, shown.item, sent)), isSettled: true };
      case 'elsewhere':
        return again(aim, before, canary, await otherHeaders(aim, write, sent, []));
      case 'strays':
        return again(aim, before, canary, await otherHeaders(aim, write, sent, shown.ids));
      case 'types-lost':
        return again(aim, before, canary, otherFormat(aim, write, sent, shown));
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const words = `${aim.content.id}: the row "${write.key}" was written, but its item could not be read to compare, so nothing more was written. ${error.message} Compare the item in the CMS.`;
    return { ...failed(sent, new Failure(error.reason, words, { cause: error })), isSettled: true };
  }
}

/** Sends the row once more, in another manner, unless there is none left. */
async function again(aim: Aim, before: Look, canary: readonly Write[], tried: Tried) {
  return tried.applied.failure === undefined
    ? tryRow(aim, before, tried, canary)
    : { ...tried, isSettled: true };
}

function failed(tried: Tried, failure: Failure): Tried {
  return { ...tried, applied: { ...tried.applied, failure } };
}

/** Goes on in another manner, and says why. */
function inManner(tried: Tried, manner: Partial<Manner>, remark: string): Tried {
  const { applied } = tried;
  const remarks = [...applied.remarks, remark];
  return { ...tried, applied: { ...applied, manner: { ...applied.manner, ...manner }, remarks } };
}

/** What is known of a collection before anything is written. */
interface Look {
  readonly items: ReadonlyMap<string, StoredItem>;
  readonly count: number;
}

async function itemsOf(
  { client, collection }: Aim,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StoredItem>> {
  if (keys.length === 0) return new Map();
  return storedItems(client, collection.id, keys, multiReferences(collection));
}

/**
 * The items of some rows before anything is written, or why they cannot be read. Rows that the export
 * shows to have much to lose come first; where it shows none, items are read here and there until one
 * is found.
 */
async function lookBefore(
  aim: Aim,
  { plan }: AppliedContent,
  writes: readonly Write[],
): Promise<Look | Failure> {
  const keys = keysAtStake(aim, plan, writes);
  const isSearched = aim.collection.fields.some(
    ({ type, encrypted }) => encrypted || type === 'MULTI_REFERENCE',
  );
  try {
    let items = await itemsOf(aim, keys.slice(0, perRead));
    for (let from = perRead; isSearched && from < keys.length; from += perRead) {
      if ([...items.values()].some((item) => atStake(aim.collection, item).length > 0)) break;
      items = await itemsOf(aim, keys.slice(from, from + perRead));
    }
    return { items, count: await countItems(aim.client, aim.collection.id) };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** The keys of items that rows are written over, those with the most to lose first, as the export shows it. */
function keysAtStake(
  { collection }: Aim,
  { live: { live } }: AppliedContent['plan'],
  writes: readonly Write[],
): readonly string[] {
  const declared = new Map(collection.fields.map(({ key, type }) => [key, type]));
  const positions = [...live.positions].flatMap(([key, at]) =>
    key !== '_id' && (declared.get(key) ?? 'MULTI_REFERENCE') === 'MULTI_REFERENCE' ? [at] : [],
  );
  const rows = writes.flatMap(({ key, now }) => (now === undefined ? [] : [{ key, now }]));
  const filled = rows.filter(({ now }) => positions.some((at) => now[at]));
  const found = filled.length > 0 ? filled : rows;
  const step = Math.max(1, Math.ceil(found.length / (perRead * reads)));
  return found.filter((_, i) => i % step === 0).map(({ key }) => key);
}

/** Where Wix lets nobody look, all rows are sent, and a warning says so. */
function unseen(tried: Tried, failure: Failure): Tried {
  const isForGood = failure instanceof Refusal && [400, 403, 404, 428].includes(failure.status);
  if (!isForGood) return failed(tried, failure);
  const { applied } = tried;
  const name = nameOf(applied.plan.head.content);
  const warning = `${name}: its items could not be read, so the import cannot check that it erases nothing. ${failure.message}`;
  return { ...tried, applied: { ...applied, warnings: [...applied.warnings, warning] } };
}

/**
 * To empty a collection first puts at stake what the file may not carry, of every item at once: a row
 * cannot be tried alone, since the next job would empty the collection again.
 */
function refusedTruncation(
  { collection }: Aim,
  { plan }: AppliedContent,
  { items }: Look,
): Failure | undefined {
  for (const [key, item] of items) {
    const lost = atStake(collection, item).find(
      ({ field, kind }) => kind === 'encrypted' || !isExported(plan.live.live, key, field),
    );
    if (lost === undefined) continue;
    const words = `${collection.id}: truncate-before could erase ${lost.field} (${lost.kind}) of the item ${key} and maybe of others, because an import may not carry it. Use write-policy overwrite for it.`;
    return new Failure('config', words);
  }
  return undefined;
}

/** What a row that was sent has shown of the site, and what it became instead of its item. */
type Shown = Arrival | { readonly kind: 'strays'; readonly ids: readonly string[] };

/** Looks at the item of a row that was sent, not held, and once more where it is not as it should be. */
async function whatItShows(
  aim: Aim,
  write: Write,
  before: Look,
  { plan, sent }: AppliedContent,
): Promise<Shown> {
  const file = sent.at(-1);
  const wasSent = file?.rows.some(({ key }) => key === write.key) && file.rejected.length === 0;
  if (file === undefined || !wasSent) return { kind: 'nothing' };
  const cells = sentCells(aim, write.key, file);
  for (const wait of [0, lag]) {
    await aim.run.clock.sleep(wait, aim.run.signal);
    const item = (await itemsOf(aim, [write.key])).get(write.key);
    const shown = arrivalOf(cells, (field) => write.cells.has(field), item);
    if (shown.kind === 'taken') return shown;
    const ids = isTruncating(aim.content) ? [] : await straysOf(aim, plan, before, file, cells);
    if (ids.length > 0) return { kind: 'strays', ids };
    if (wait === lag) return shown;
  }
  return { kind: 'nothing' };
}

function sentCells(
  { collection }: Aim,
  key: string,
  { columns, rows }: SentFile,
): readonly SentCell[] {
  const fields = new Map(collection.fields.map((field) => [field.key, field]));
  const cells = rows.find((row) => row.key === key)?.cells ?? [];
  return columns.flatMap((field, i) => {
    const { type = 'TEXT', encrypted = false } = fields.get(field) ?? {};
    return field === '_id' || encrypted ? [] : [{ field, type, text: cells[i] ?? '' }];
  });
}

/**
 * The items that a row became instead of the one that was meant: those that appeared since its job was
 * submitted, and that nobody can have made otherwise, since they hold nothing but what the row holds.
 */
async function straysOf(
  { client, collection }: Aim,
  { writes }: AppliedContent['plan'],
  { count }: Look,
  { end }: SentFile,
  sent: readonly SentCell[],
): Promise<readonly string[]> {
  if ((await countItems(client, collection.id)) <= count) return [];
  const texts = new Set(sent.map(({ text }) => text));
  const meant = new Set(writes.map(({ key }) => key));
  const system = new Set(['_id', '_createdDate', '_updatedDate', '_owner']);
  const began = Date.parse(end.job.startedAt ?? '');
  const newest = await newestItems(client, collection.id, perRead);
  return [...newest].flatMap(([id, item]) => {
    const values = Object.entries(item).filter(([field]) => !system.has(field));
    const words = values.map(([, value]) => cellText(value));
    const isOurs = words.every((text) => texts.has(text) || meant.has(text));
    const isNew = Date.parse(cellText(item._createdDate)) >= began;
    return isOurs && isNew && !meant.has(id) ? [id] : [];
  });
}

/** Takes away what a row became under headers that the site does not understand, and goes on to others. */
async function otherHeaders(
  { client, collection, content }: Aim,
  { key }: Write,
  tried: Tried,
  strays: readonly string[],
): Promise<Tried> {
  const left: string[] = [];
  for await (const { failed } of removeItems(client, collection.id, strays)) {
    left.push(...failed.map(({ id }) => id));
  }
  /** @cause Wix took the id of the first row for another one, and made a new item. */
  const appeared =
    strays.length === 0
      ? ''
      : ` The item ${strays.join(', ')} appeared instead${left.length === 0 ? ' and was removed' : `, and ${left.join(', ')} could not be removed: remove it in the CMS`}.`;
  const { manner } = tried.applied;
  const isLast =
    content.importHeaders !== 'auto' || manner.headers === 'display-name' || left.length > 0;
  const names = manner.headers === 'key' ? 'field keys' : 'display names';
  const words = `${collection.id}: the site does not take ${names} as headers of an import: the row "${key}" did not arrive.${appeared}`;
  if (!isLast && manner.format === 'csv') {
    const next = `${words} Display names were tried next. Set import-headers: display-name for ${collection.id} to begin with them.`;
    return inManner(tried, { headers: 'display-name' }, next);
  }
  const way = content.importHeaders === 'auto' ? `upload-format: jsonl` : 'import-headers: auto';
  const stop = `${words} Nothing more was written. Set ${way} for ${collection.id}.`;
  return failed(tried, new Failure('verify-mismatch', stop));
}

/** Goes on to JSONL, which has types of its own, where the site stores the values of a CSV file as text. */
function otherFormat(
  { collection: { id } }: Aim,
  { key }: Write,
  tried: Tried,
  { field, as }: { readonly field: string; readonly as: string },
): Tried {
  const words = `${id}: the site stores ${field} of the item ${key} as ${as}`;
  if (tried.applied.manner.format === 'jsonl') {
    const stop = `${words}, though it was sent with its type, so nothing more was written. Edit ${id} in the CMS alone, or import with verify: false if types may go.`;
    return failed(tried, new Failure('verify-mismatch', stop));
  }
  const next = `${words} when it comes in a CSV file, so the rows were sent as JSONL. Set upload-format: jsonl for ${id} to begin with it.`;
  return inManner(tried, { format: 'jsonl' }, next);
}

/** Gives back what the site took with the first row, and says whether the others may follow. */
async function settle(
  aim: Aim,
  write: Write,
  before: Look,
  after: StoredItem,
  tried: Tried,
): Promise<Tried> {
  const { collection } = aim;
  const item = before.items.get(write.key);
  if (item === undefined) return tried;
  const cut = cutTimes(collection, (field) => write.cells.has(field), item, after);
  const cutWords = `${collection.id}: the import cuts the milliseconds of ${cut.join(', ')}, as its export does, so there is nothing to do.`;
  const kept = cut.length === 0 ? tried : inManner(tried, {}, cutWords);
  const taken = lostValues(collection, item, after);
  if (taken.length === 0) return kept;
  await giveBack(aim.client, collection.id, write.key, taken);
  const now = (await itemsOf(aim, [write.key])).get(write.key) ?? {};
  const gone = lostValues(collection, item, now);
  const names = [...new Set(taken.map(({ field }) => field))].join(', ');
  const { plan } = tried.applied;
  const isKnown = taken.every(
    ({ field, kind }) => kind === 'multi-reference' && isExported(plan.live.live, write.key, field),
  );
  if (gone.length === 0 && isKnown) {
    const words = `${collection.id}: an import empties ${names} of the rows that it writes, so the references were written back, and there is nothing to do.`;
    if (isTruncating(aim.content)) await giveBackReferences(aim.client, plan, plan.writes);
    return inManner(kept, { references: 'given-back' }, words);
  }
  const { key, place } = write;
  const losses = gone.map(({ field, held }) => ({ key, field, held, place }));
  for (const loss of losses) aim.run.log.info(lossInWords(collection.id, write.key, loss));
  const outcome =
    gone.length === 0
      ? /** @clause of the failure below. */ 'It was written back.'
      : 'It could not be written back: the log lists the old values. Restore them in the CMS.';
  const stop = `${collection.id}: the import took ${names} from the item ${write.key}, which it does not carry, so nothing more was written. ${outcome} ${wayOut(taken, collection.id)}`;
  return failed(
    { ...kept, applied: { ...kept.applied, losses: [...kept.applied.losses, ...losses] } },
    new Failure('verify-mismatch', stop),
  );
}

function wayOut(taken: readonly LostValue[], id: string): string {
  const property = taken.find(({ kind }) => kind === 'undeclared');
  return property === undefined
    ? `Edit ${id} in the CMS alone, or import with verify: false if these values may go.`
    : `Add a field with the key ${property.field} to ${id} in the CMS, so that imports carry it, or edit ${id} in the CMS alone.`;
}
