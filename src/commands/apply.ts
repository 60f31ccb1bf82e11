import type { Content } from '../config/config.ts';
import { referenceOrder } from '../content/order.ts';
import { Failure } from '../errors.ts';
import type { WixClient } from '../wix/client.ts';
import { type FailedRemoval, removeItems } from '../wix/items.ts';
import { followJobs, runningJobs } from '../wix/jobs.ts';
import { failureOf } from './failures.ts';
import type { ContentPlan } from './import-content.ts';
import { nameOf, type Run } from './run.ts';
import { isPartial, type SentFile, writeContent } from './write-content.ts';

/** A plan, and how far it was carried out. */
export interface AppliedContent {
  readonly plan: ContentPlan;
  /** The files that the site took, which may have been rejected in part. */
  readonly sent: readonly SentFile[];
  /** The keys of the items that were removed. */
  readonly removed: readonly string[];
  /** Why the plan was not carried out to its end; `undefined` if it was. */
  readonly failure: Failure | undefined;
}

/**
 * Waits for the import jobs that an earlier run of this action left running, so that what they
 * write is read, and not submitted again.
 */
export async function followEarlierImports(
  run: Run,
  client: WixClient,
  deadline: number,
): Promise<void> {
  const jobs = await runningJobs(client, 'import');
  if (jobs.length === 0) return;
  run.log.info(`Waiting for ${jobs.length} import jobs of an earlier run.`);
  for await (const { job } of followJobs(client, jobs, { deadline, onProgress: run.onProgress })) {
    run.log.debug(`The earlier job ${job.id} ended ${job.status}.`);
  }
}

/**
 * Carries the plans out: collections in the order of their references, then localizations, then
 * the removals. The first failure ends the writing; removals need all the rows to have arrived.
 */
export async function writeAll(
  run: Run,
  client: WixClient,
  plans: readonly ContentPlan[],
  deadline: number,
): Promise<readonly AppliedContent[]> {
  const applied: AppliedContent[] = [];
  let failed: Failure | undefined;
  for (const plan of inOrder(plans)) {
    const skipped = { plan, sent: [], removed: [], failure: failed && notReached(plan, failed) };
    const outcome = failed === undefined ? await write(run, client, plan, deadline) : skipped;
    applied.push(outcome);
    failed ??= outcome.failure;
  }
  const rejected = applied.some(({ sent }) => sent.some(isPartial));
  if (failed !== undefined || rejected) return applied;
  return removeAll(client, applied);
}

function notReached({ head: { content } }: ContentPlan, { reason }: Failure): Failure {
  return new Failure(reason, `${nameOf(content)}: not written, since an earlier file failed.`);
}

function inOrder(plans: readonly ContentPlan[]): readonly ContentPlan[] {
  const collections = plans.filter(({ head: { content } }) => content.kind === 'collection');
  const byId = new Map(collections.map((plan) => [idOf(plan.head.content), plan]));
  const references = new Map(
    collections.map(({ head: { content }, live }) => [
      idOf(content),
      (live.collection?.fields ?? []).flatMap(({ referencedCollection: id }) => id ?? []),
    ]),
  );
  const ordered = referenceOrder([...byId.keys()], references).flatMap((id) => byId.get(id) ?? []);
  return [...ordered, ...plans.filter((plan) => !collections.includes(plan))];
}

function idOf(content: Content): string {
  return content.kind === 'collection' ? content.id : '';
}

async function write(
  run: Run,
  client: WixClient,
  plan: ContentPlan,
  deadline: number,
): Promise<AppliedContent> {
  const sent: SentFile[] = [];
  try {
    for await (const file of writeContent(run, client, plan, deadline)) sent.push(file);
    return { plan, sent, removed: [], failure: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { plan, sent, removed: [], failure: error };
  }
}

async function removeAll(
  client: WixClient,
  applied: readonly AppliedContent[],
): Promise<readonly AppliedContent[]> {
  const done: AppliedContent[] = [];
  for (const each of applied) {
    const { content } = each.plan.head;
    const changes = each.plan.changes.filter(({ kind }) => kind === 'removed');
    if (content.kind === 'localization' || changes.length === 0) {
      done.push(each);
      continue;
    }
    try {
      const keys = changes.map(({ key }) => key);
      const failed = await removeItems(client, content.id, keys);
      const kept = new Set(failed.map(({ id }) => id));
      const removed = keys.filter((key) => !kept.has(key));
      done.push({ ...each, removed, failure: removalFailure(content.id, failed) });
    } catch (error) {
      done.push({ ...each, failure: failureOf(error, nameOf(content)) });
    }
  }
  return done;
}

function removalFailure(collection: string, failed: readonly FailedRemoval[]): Failure | undefined {
  const [first] = failed;
  if (first === undefined) return undefined;
  const more = failed.length > 1 ? ` and ${failed.length - 1} more` : '';
  return new Failure(
    'partial',
    `${collection}: the item ${first.id}${more} could not be removed (${first.code} ${first.description}). The next run tries again.`,
  );
}
