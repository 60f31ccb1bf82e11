import type { Conflict } from '../../content/change.ts';
import type { Write } from '../../content/import-plan.ts';
import type { Passes } from '../../content/order.ts';
import type { Rejection } from '../../content/rejections.ts';
import type { Mismatch } from '../../content/values/mismatch.ts';
import type { Loss } from '../../content/values/stored-item.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import type { StoredItem } from '../../wix/items.ts';
import type { ContentPlan } from '../compare/content-plan.ts';
import { type LiveContent, type ReadOptions, readContents } from '../read/read-contents.ts';
import { nameOf, type Run } from '../run.ts';
import { sendCanary } from './canary.ts';
import type { Noted } from './note.ts';
import { newKeys } from './passes.ts';
import { removeRows } from './remove-rows.ts';
import { type FileFormat, type SentRows, writeContent } from './write-content.ts';
import { writeReferences } from './write-references.ts';

/** A plan, how far it was carried out, and what the site made of it. */
export interface AppliedContent {
  readonly plan: ContentPlan;
  /** Headers or a format that the site takes instead of the configured ones, as far as it has shown. */
  readonly learned: Partial<FileFormat>;
  /** Whether multi-references are written again, because the site empties them with every row. */
  readonly givesBack: boolean;
  /** The files that the site took, in whole or in part, then the multi-references. */
  readonly sent: readonly SentRows[];
  /** The keys of the items that were removed. */
  readonly removed: readonly string[];
  /** Whether the site was asked to write anything: a failed job may have written rows. */
  readonly asked: boolean;
  /** Whether one of its jobs may still be running. */
  readonly mayStillWrite: boolean;
  /** Rows that were left alone on both sides, because somebody edited them in the CMS meanwhile. */
  readonly held: readonly Conflict[];
  /** The site as it was read back; `undefined` if it was not. */
  readonly after: LiveContent | undefined;
  readonly rejections: readonly Rejection[];
  readonly mismatches: readonly Mismatch[];
  /** Values of its items that the import erased, because its file does not carry them. */
  readonly losses: readonly Loss[];
  /** What the import learned about the site, a line each. */
  readonly remarks: readonly string[];
  /** What a person should act on, though nothing failed. */
  readonly warnings: readonly string[];
  /** Why the plan was not carried out to its end; `undefined` if it was. */
  readonly failure: Failure | undefined;
}

/** A plan of which nothing was written yet. */
export function untouched(plan: ContentPlan): AppliedContent {
  return {
    plan,
    learned: {},
    givesBack: false,
    sent: [],
    removed: [],
    asked: false,
    mayStillWrite: false,
    held: [],
    after: undefined,
    rejections: [],
    mismatches: [],
    losses: [],
    remarks: [],
    warnings: [],
    failure: undefined,
  };
}

/** Whether the site took only some of the rows. */
export function isPartlyTaken({ sent }: AppliedContent): boolean {
  return sent.some(
    ({ end, rejected }) => end?.kind === 'partially-successful' || rejected.length > 0,
  );
}

/**
 * Carries the plans out: collections in the order of their references; localizations, which need their
 * items (wix-api.md 2.6); references to rows that were not there at first; removals, if all rows arrived.
 * The first failure ends the writing.
 *
 * @param options.read how the site was read, for what has to be read again.
 * @param options.verify whether to check what the site does with the first row of a collection.
 */
export async function writeAll(
  run: Run,
  client: WixClient,
  passes: ReadonlyMap<ContentPlan, Passes>,
  options: {
    readonly noted: Noted;
    readonly read: ReadOptions;
    readonly verify: boolean;
  },
): Promise<readonly AppliedContent[]> {
  const { noted, read, verify } = options;
  const send = (...of: [AppliedContent, readonly Write[], ReadonlyMap<string, StoredItem>?]) =>
    writeContent(run, client, noted, ...of);
  // What one collection has shown about the site goes for the next ones.
  let learned: Partial<FileFormat> = {};
  const begun = await inTurn([...passes.keys()].map(untouched), async (each) => {
    const { content, collection } = each.plan.live;
    if (content.kind === 'localization') {
      const ready = await withItems(run, client, each, read);
      return send(ready, ready.plan.writes);
    }
    const first = passes.get(each.plan)?.first ?? [];
    if (collection === undefined || !verify || first.length === 0) {
      return send(each, first);
    }
    const target = { client, collection, content, send };
    const { applied, rest } = await sendCanary(target, { ...each, learned }, first);
    learned = applied.learned;
    return applied.failure === undefined ? send(applied, rest) : applied;
  });
  const written = await inTurn(begun, (each) => send(each, passes.get(each.plan)?.second ?? []));
  const referred = await inTurn(written, (each) => writeReferences(client, each));
  const complete = referred.every((each) => each.failure === undefined && !isPartlyTaken(each));
  return complete ? inTurn(referred, (each) => removeRows(client, each)) : referred;
}

/**
 * Reads a localization again if translations wait for items that were just written: now the site has
 * rows for them, with their source texts. A translation whose item is still missing stays in git. If the
 * rows cannot be read, all of them are sent: most of their items are there, and Wix rejects the others.
 */
async function withItems(
  run: Run,
  client: WixClient,
  applied: AppliedContent,
  read: ReadOptions,
): Promise<AppliedContent> {
  const { plan } = applied;
  const { content } = plan.head;
  if (newKeys(plan).size === 0) return applied;
  try {
    const { opened, failed } = await readContents(run, client, [content], read);
    const [live] = opened;
    if (live === undefined) return { ...applied, failure: failed.get(content) };
    const { table } = live.live;
    const isThere = ({ key }: { readonly key: string }) => table.has(key);
    const writes = plan.writes.filter(isThere);
    const now = writes.map((write) => ({ ...write, now: table.row(write.key)?.cells }));
    const changes = plan.changes.filter(isThere);
    return { ...applied, plan: { ...plan, live, writes: now, changes } };
  } catch (error) {
    return { ...applied, failure: asFailure(error) };
  }
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

function notReached(content: AppliedContent, { reason }: Failure): AppliedContent {
  if (content.failure !== undefined || content.sent.length > 0) return content;
  const name = nameOf(content.plan.head.content);
  /**
   * @cause A run stops writing at its first failure, and this file would have come after it.
   * @remedy Correct the first failure; the next run continues.
   */
  const message = `${name}: not written, because an earlier file failed.`;
  return { ...content, failure: new Failure(reason, message) };
}
