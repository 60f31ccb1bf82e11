import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { followJobs } from '../../wix/jobs.ts';
import type { Job } from '../../wix/wire.ts';
import { type ReadOptions, readContents } from '../read/read-contents.ts';
import { nameOf, type Run } from '../run.ts';
import { type Send, sendWithCanary } from './canary.ts';
import type { Noted } from './note.ts';
import { isPartlyTaken, type Outcome, untouched } from './outcome.ts';
import { newKeys, type Turn } from './passes.ts';
import { removeRows } from './remove-rows.ts';
import { type Writing, writeContent } from './write-content.ts';
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
  waves: readonly (readonly Turn[])[],
  options: {
    readonly noted: Noted;
    readonly read: ReadOptions;
    readonly verify: boolean;
  },
): Promise<readonly Outcome[]> {
  const { noted, read, verify } = options;
  const send: Send = (...of) => writeContent(run, client, noted, ...of);
  const turns = waves.flat();
  let outcomes: readonly Outcome[] = turns.map(({ plan }) => untouched(plan));
  const step = async (write: Work) => {
    outcomes = await sideBySide(run, client, outcomes, write);
  };
  // What the site does with the first collection goes for the others, so the first one goes alone.
  const [[first, ...others] = [], ...later] = waves;
  for (const wave of [first === undefined ? [] : [first], others, ...later]) {
    const learned = outcomes.findLast((each) => each.learned !== undefined)?.learned;
    await step(async function* (each) {
      const turn = wave.find(({ plan }) => plan === each.plan);
      if (turn === undefined) return each;
      const ready = await withItems(run, client, { ...each, learned }, read);
      const rows = ready.plan === each.plan ? turn.first : ready.plan.writes;
      return yield* verify ? sendWithCanary(client, send, ready, rows) : send(ready, rows);
    });
  }
  await step((each) => send(each, turns.find(({ plan }) => plan === each.plan)?.second ?? []));
  await step((each) => writeReferences(client, each));
  const isComplete = outcomes.every((each) => each.failure === undefined && !isPartlyTaken(each));
  if (isComplete) await step((each) => removeRows(client, each));
  return outcomes;
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
  if (content.kind === 'collection' || newKeys(plan).size === 0) return outcome;
  const site = await readContents(run, client, [content], read).catch(asFailure);
  if (site instanceof Failure) return { ...outcome, failure: site };
  const [live] = site.opened;
  if (live === undefined) return { ...outcome, failure: site.failed.get(content) };
  const { table } = live.live;
  const isThere = ({ key }: { readonly key: string }) => table.has(key);
  const writes = plan.writes.filter(isThere);
  const now = writes.map((write) => ({ ...write, now: table.row(write.key)?.cells }));
  const changes = plan.changes.filter(isThere);
  return { ...outcome, plan: { ...plan, live, writes: now, changes } };
}

type Work = (content: Outcome) => Writing | Promise<Outcome>;

type Step = (writing: Writing) => ReturnType<Writing['next']>;

/** Lets work that waits for a job take its next step. */
type Resume = (step: Step) => Promise<void>;

/**
 * Works on contents one at a time, until one fails. While the job of one runs, the next is worked on, and
 * all their jobs are followed together. If Wix refuses a job while others run, it gets it again after them:
 * perhaps it takes one import at a time (wix-api.md 9.16).
 */
async function sideBySide(
  run: Run,
  client: WixClient,
  contents: readonly Outcome[],
  work: Work,
): Promise<readonly Outcome[]> {
  const outcomes = [...contents];
  const waiting = new Map<Job, Resume>();
  const goOn = async (at: number, writing: Writing, step: Step): Promise<void> => {
    const { done, value } = await step(writing);
    if (done) outcomes[at] = value;
    else waiting.set(value, (next) => goOn(at, writing, next));
  };
  const begin = async (at: number, content: Outcome) => {
    const begun = work(content);
    if (Symbol.asyncIterator in begun) await goOn(at, begun, (writing) => writing.next());
    else outcomes[at] = await begun;
  };
  for (const [at, content] of contents.entries()) {
    const failed = outcomes.find(({ failure }) => failure !== undefined)?.failure;
    if (failed !== undefined) {
      outcomes[at] = notReached(content, failed);
      continue;
    }
    const isBeside = waiting.size > 0;
    await begin(at, content);
    if (!isBeside || !(outcomes[at]?.failure instanceof Refusal)) continue;
    while (waiting.size > 0) await followAll(run, client, waiting);
    outcomes[at] = content;
    await begin(at, content);
  }
  while (waiting.size > 0) await followAll(run, client, waiting);
  return outcomes;
}

/** Lets each work go on when its job ends, or else when nobody can tell any more whether it does. */
async function followAll(run: Run, client: WixClient, waiting: Map<Job, Resume>): Promise<void> {
  const jobs = [...waiting.keys()];
  const left = new Map([...waiting].map(([{ id }, resume]) => [id, resume]));
  waiting.clear();
  try {
    for await (const end of followJobs(client, jobs, run.onProgress)) {
      const resume = left.get(end.job.id);
      left.delete(end.job.id);
      await resume?.((writing) => writing.next(end));
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const cut = [...left.values(), ...waiting.values()];
    waiting.clear();
    await Promise.all(cut.map((resume) => resume((writing) => writing.throw(error))));
  }
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
