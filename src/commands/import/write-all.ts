import type { Passes } from '../../content/order.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import type { Plan } from '../compare/plan.ts';
import { type ReadOptions, readContents } from '../read/read-contents.ts';
import { nameOf, type Run } from '../run.ts';
import { sendCanary, type Target } from './canary.ts';
import type { Noted } from './note.ts';
import { isPartlyTaken, type Outcome, untouched } from './outcome.ts';
import { newKeys } from './passes.ts';
import { removeRows } from './remove-rows.ts';
import { type FileFormat, writeContent } from './write-content.ts';
import { writeReferences } from './write-references.ts';
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
  passes: ReadonlyMap<Plan, Passes>,
  options: {
    readonly noted: Noted;
    readonly read: ReadOptions;
    readonly verify: boolean;
  },
): Promise<readonly Outcome[]> {
  const { noted, read, verify } = options;
  const send: Target['send'] = (...of) => writeContent(run, client, noted, ...of);
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
    const { outcome, rest } = await sendCanary(target, { ...each, learned }, first);
    learned = outcome.learned;
    return outcome.failure === undefined ? send(outcome, rest) : outcome;
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
  outcome: Outcome,
  read: ReadOptions,
): Promise<Outcome> {
  const { plan } = outcome;
  const { content } = plan.head;
  if (newKeys(plan).size === 0) return outcome;
  try {
    const { opened, failed } = await readContents(run, client, [content], read);
    const [live] = opened;
    if (live === undefined) return { ...outcome, failure: failed.get(content) };
    const { table } = live.live;
    const isThere = ({ key }: { readonly key: string }) => table.has(key);
    const writes = plan.writes.filter(isThere);
    const now = writes.map((write) => ({ ...write, now: table.row(write.key)?.cells }));
    const changes = plan.changes.filter(isThere);
    return { ...outcome, plan: { ...plan, live, writes: now, changes } };
  } catch (error) {
    return { ...outcome, failure: asFailure(error) };
  }
}

/** Does one content after the other, until one fails. */
async function inTurn(
  contents: readonly Outcome[],
  action: (content: Outcome) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const done: Outcome[] = [];
  let failed = contents.find(({ failure }) => failure !== undefined)?.failure;
  for (const each of contents) {
    const outcome = failed === undefined ? await action(each) : notReached(each, failed);
    done.push(outcome);
    failed ??= outcome.failure;
  }
  return done;
}

function notReached(content: Outcome, { reason }: Failure): Outcome {
  if (content.failure !== undefined || content.sent.length > 0) return content;
  const name = nameOf(content.plan.head.content);
  /**
   * @cause A run stops writing at its first failure, and this file would have come after it.
   * @remedy Correct the first failure; the next run continues.
   */
  const message = `${name}: not written, because an earlier file failed.`;
  return { ...content, failure: new Failure(reason, message) };
}
