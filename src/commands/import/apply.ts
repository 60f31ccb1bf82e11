import type { Content } from '../../config/config.ts';
import type { Write } from '../../content/import-plan.ts';
import { referenceOrder } from '../../content/order.ts';
import { inTwoPasses, type Passes } from '../../content/references.ts';
import type { Loss } from '../../content/values/stored-item.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { type LiveContent, type ReadOptions, readContents } from '../read/read-contents.ts';
import { nameOf, type Run } from '../run.ts';
import { sendCanary } from './canary.ts';
import { giveBackReferences } from './give-back.ts';
import { type ContentPlan, isTruncating } from './import-content.ts';
import { changedMeanwhile } from './look-again.ts';
import type { Noted } from './note.ts';
import { removeRows } from './remove-rows.ts';
import {
  isPartial,
  type Manner,
  mannerOf,
  type SentFile,
  type SentRow,
  type SentRows,
  writeContent,
} from './write-content.ts';
import { rowsOfFile, writeReferences } from './write-references.ts';

/** A row that was not written. */
export type HeldRow = Pick<SentRow, 'key' | 'place'>;

/** A plan, and how far it was carried out. */
export interface AppliedContent {
  readonly plan: ContentPlan;
  /** How its rows are sent, by what the site has shown so far. */
  readonly manner: Manner;
  /** The files that the site took, which may have been rejected in part. */
  readonly sent: readonly SentFile[];
  /** The multi-references that were written. */
  readonly references: readonly SentRows[];
  /** The keys of the items that were removed. */
  readonly removed: readonly string[];
  /** Whether the site was asked to write anything: a job that failed may have taken rows. */
  readonly asked: boolean;
  /** Whether a job of it may still be at work. */
  readonly mayStillWrite: boolean;
  /** The rows that were left alone, since somebody edited them in the CMS meanwhile. */
  readonly held: readonly HeldRow[];
  /** What its items held that no import carries, and that is gone. */
  readonly losses: readonly Loss[];
  /** What was learned of the site on the way, a line each. */
  readonly remarks: readonly string[];
  /** What a person should act on though nothing failed. */
  readonly warnings: readonly string[];
  /** Why the plan was not carried out to its end; `undefined` if it was. */
  readonly failure: Failure | undefined;
}

/**
 * Carries the plans out: collections in the order of their references, then localizations, whose
 * items have to be there (wix-api.md 2.6), then the references to rows that were not there at first,
 * then the removals. The first failure ends the writing; removals need all the rows to have arrived.
 *
 * @param options.read how the site was read, for what has to be read again.
 * @param options.canaries whether the first row of a collection goes alone.
 */
export async function writeAll(
  run: Run,
  client: WixClient,
  plans: readonly ContentPlan[],
  options: {
    readonly noted: Noted;
    readonly read: ReadOptions;
    readonly canaries: 'sent' | 'omitted';
  },
): Promise<readonly AppliedContent[]> {
  const { noted, read, canaries } = options;
  const ordered = inOrder(plans);
  const passes = passesOf(ordered);
  const writes = (plan: ContentPlan) => {
    const { first, second } = passes.get(plan) ?? { first: plan.writes, second: [] };
    return { first: rowsOfFile(plan, first), second: rowsOfFile(plan, second) };
  };
  let learned: Partial<Manner> = {};
  const begun = await inTurn(ordered.map(untouched), async (planned) => {
    const each = await withItems(run, client, planned, read);
    const { first } = writes(each.plan);
    const { collection, content } = each.plan.live;
    const needsNone = canaries === 'omitted' || first.length === 0;
    if (content.kind === 'localization' || collection === undefined || needsNone) {
      return send(run, client, noted, each, first);
    }
    const aim = {
      run,
      client,
      collection,
      content,
      send: send.bind(undefined, run, client, noted),
    };
    const { applied, rest } = await sendCanary(aim, inManner(each, learned), first);
    learned = { ...learned, ...changedManner(each.manner, applied.manner) };
    return applied.failure === undefined ? send(run, client, noted, applied, rest) : applied;
  });
  const written = await inTurn(begun, (each) =>
    send(run, client, noted, each, writes(each.plan).second),
  );
  const referred = await inTurn(written, (each) => writeReferences(client, each));
  const complete = referred.every((each) => each.failure === undefined && !isPartlyTaken(each));
  return complete ? inTurn(referred, (each) => removeRows(client, each)) : referred;
}

/** Whether the site took some of the rows only. */
export function isPartlyTaken({ sent, references }: AppliedContent): boolean {
  return sent.some(isPartial) || references.some(({ rejected }) => rejected.length > 0);
}

/**
 * Brings a localization's plan to the site as its collections have just been written. A translation
 * that waits for its item has a row there now, with the source text that goes with it; one whose item
 * is still not there stays in git.
 */
async function withItems(
  run: Run,
  client: WixClient,
  applied: AppliedContent,
  read: ReadOptions,
): Promise<AppliedContent> {
  const { plan } = applied;
  const { content } = plan.head;
  const isWaiting = content.kind === 'localization' && newKeys(plan).size > 0;
  if (!isWaiting) return applied;
  const live = await readAgain(run, client, content, read);
  if (live instanceof Failure) return { ...applied, failure: live };
  const rowOf = (key: string) => live.live.table.row(key);
  const isThere = ({ key }: { readonly key: string }) => rowOf(key) !== undefined;
  const writes = plan.writes.filter(isThere);
  const now = writes.map((write) => ({ ...write, now: rowOf(write.key)?.cells }));
  const changes = plan.changes.filter(isThere);
  return { ...applied, plan: { ...plan, live, writes: now, changes } };
}

async function readAgain(
  run: Run,
  client: WixClient,
  content: Content,
  read: ReadOptions,
): Promise<LiveContent | Failure> {
  try {
    const { opened, failed } = await readContents(run, client, [content], read);
    const [live] = [...opened, ...failed.values()];
    if (live !== undefined) return live;
  } catch (error) {
    return asFailure(error);
  }
  throw new Error(`${content.path} was read without an answer`);
}

/** A plan that was not begun. */
export function untouched(plan: ContentPlan): AppliedContent {
  const manner = mannerOf(plan.head.content);
  const nothing = { sent: [], references: [], removed: [], held: [], losses: [] };
  const untold = { remarks: [], warnings: [], failure: undefined };
  return { plan, manner, ...nothing, ...untold, asked: false, mayStillWrite: false };
}

/** What one collection has shown of the site holds for the next ones. */
function inManner(applied: AppliedContent, learned: Partial<Manner>): AppliedContent {
  return { ...applied, manner: { ...applied.manner, ...learned } };
}

/** In what the rows of a collection were sent otherwise than it is configured. */
function changedManner(configured: Manner, { headers, format }: Manner): Partial<Manner> {
  return {
    ...(headers === configured.headers ? {} : { headers }),
    ...(format === configured.format ? {} : { format }),
  };
}

/** Does one content after the other, until one fails. */
async function inTurn(
  contents: readonly AppliedContent[],
  action: (content: AppliedContent) => Promise<AppliedContent>,
): Promise<readonly AppliedContent[]> {
  const done: AppliedContent[] = [];
  let failed = contents.find(({ failure }) => failure !== undefined)?.failure;
  for (const each of contents) {
    const outcome = failed === undefined ? await action(each) : notReached(each, failed);
    done.push(outcome);
    failed ??= outcome.failure;
  }
  return done;
}

/** Two passes for references to rows that are yet to be created, where rows can be written twice. */
function passesOf(ordered: readonly ContentPlan[]): ReadonlyMap<ContentPlan, Passes> {
  const missing = new Map(ordered.map((plan) => [idOf(plan.head.content), newKeys(plan)]));
  const passes = new Map<ContentPlan, Passes>();
  for (const plan of ordered) {
    const { content } = plan.head;
    if (content.kind === 'localization' || content.writePolicy !== 'overwrite') continue;
    const isMissing = (collection: string, key: string) =>
      missing.get(collection)?.has(key) === true;
    passes.set(plan, inTwoPasses(plan.writes, referencesOf(plan), isMissing));
    missing.delete(content.id);
  }
  return passes;
}

function newKeys({ writes }: ContentPlan): ReadonlySet<string> {
  return new Set(writes.flatMap(({ key, now }) => (now === undefined ? [key] : [])));
}

function referencesOf({ live }: ContentPlan): ReadonlyMap<string, string> {
  const fields = live.collection?.fields ?? [];
  return new Map(
    fields.flatMap(({ key, referencedCollection: id }) => (id === undefined ? [] : [[key, id]])),
  );
}

function notReached(content: AppliedContent, { reason }: Failure): AppliedContent {
  if (content.failure !== undefined || content.sent.length > 0) return content;
  const name = nameOf(content.plan.head.content);
  /**
   * @cause A run stops writing at its first failure, and this file would have come after it.
   * @remedy Correct the first failure; the next run goes on.
   */
  const message = `${name}: not written, since an earlier file failed.`;
  return { ...content, failure: new Failure(reason, message) };
}

function inOrder(plans: readonly ContentPlan[]): readonly ContentPlan[] {
  const collections = plans.filter(({ head: { content } }) => content.kind === 'collection');
  const byId = new Map(collections.map((plan) => [idOf(plan.head.content), plan]));
  const references = new Map(
    collections.map((plan) => [idOf(plan.head.content), [...referencesOf(plan).values()]]),
  );
  const ordered = referenceOrder([...byId.keys()], references).flatMap((id) => byId.get(id) ?? []);
  return [...ordered, ...plans.filter((plan) => !collections.includes(plan))];
}

function idOf(content: Content): string {
  return content.kind === 'collection' ? content.id : '';
}

/**
 * Sends rows of one content, and takes in what becomes of them as it is known. What somebody has edited
 * in the CMS since it was read is left alone; what this run has sent itself looks edited, too.
 */
async function send(
  run: Run,
  client: WixClient,
  noted: Noted,
  applied: AppliedContent,
  writes: readonly Write[],
): Promise<AppliedContent> {
  if (writes.length === 0) return applied;
  const own = new Set(applied.sent.flatMap(({ rows }) => rows.map(({ key }) => key)));
  const others = writes.filter(({ key }) => !own.has(key));
  const edited = await changedMeanwhile(run, client, applied.plan, others);
  const places = new Map(writes.map(({ key, place }) => [key, place]));
  const held = [...edited].map((key) => ({ key, place: places.get(key) }));
  const looked = { ...applied, held: [...applied.held, ...held] };
  if (edited.size > 0 && isTruncating(applied.plan.head.content)) return notEmptied(looked);
  const ready = writes.filter(({ key }) => !edited.has(key));
  return ready.length === 0 ? looked : sendReady(run, client, noted, looked, ready);
}

/** Who empties a collection takes everything in it away, what somebody has just edited included. */
function notEmptied(applied: AppliedContent): AppliedContent {
  const name = nameOf(applied.plan.head.content);
  const warning = `${name}: somebody edited it in the CMS while the import ran, so it was not emptied, and nothing was written. Run the import again.`;
  return { ...applied, warnings: [...applied.warnings, warning] };
}

async function sendReady(
  run: Run,
  client: WixClient,
  { jobs, confirm }: Noted,
  applied: AppliedContent,
  writes: readonly Write[],
): Promise<AppliedContent> {
  const { plan, manner } = applied;
  const sent = [...applied.sent];
  let running = 0;
  let { asked } = applied;
  const onAsked = () => {
    running += 1;
    asked = true;
  };
  const job = jobs.get(plan.head.content) ?? '';
  const writing = { plan, writes, manner, job, confirm, onAsked };
  try {
    for await (const file of writeContent(run, client, writing)) {
      running -= 1;
      sent.push(file);
      if (manner.references === 'given-back') await giveBackReferences(client, plan, writes);
    }
    return { ...applied, sent, asked };
  } catch (error) {
    const failure = asFailure(error);
    const mayStillWrite = running > 0 && failure.reason !== 'job-failed';
    return { ...applied, sent, asked, mayStillWrite, failure };
  }
}
