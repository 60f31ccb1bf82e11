import type { Content } from '../../config/config.ts';
import type { EndOf, Side, Sides } from '../../content/versions.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { Learned } from '../../record/content-record.ts';
import {
  gitAlone,
  learnedFrom,
  pushRecord,
  recordCommit,
  recordOrWarn,
} from '../../record/record-commit.ts';
import { sidesOf } from '../../record/sides.ts';
import type { Sync } from '../../record/sync.ts';
import { readRecord, recordRef, type SyncRecord } from '../../record/sync-record.ts';
import { haveSameFiles } from '../../record/version.ts';
import { remoteTip } from '../../repository/remote.ts';
import type { Run } from '../run.ts';
import { type ContentPlan, type HeadContent, reachOf } from './import-content.ts';
import type { Noted } from './note.ts';
import type { VerifiedContent } from './verify.ts';

/** How often the record is written again that another run has moved in other contents. */
const attempts = 5;

/**
 * Records what an import has read of the site where it writes nothing.
 *
 * @returns why that could not be, in words for a warning; `lost-race` where another run was faster.
 */
export async function recordRead(
  sync: Sync,
  plans: readonly Pick<ContentPlan, 'head' | 'sides' | 'live'>[],
): Promise<readonly string[] | 'lost-race'> {
  const learned = plans.map(({ head: { content }, sides, live: { schema } }) =>
    learnedFrom(sync.head, content, { sides, schema, reach: reachOf(content) }),
  );
  return recordOrWarn(sync, learned);
}

/** Records what git alone tells: which offers it has taken. */
export async function recordGit(
  sync: Sync,
  heads: readonly HeadContent[],
): Promise<readonly string[] | 'lost-race'> {
  const learned: Learned[] = [];
  for (const { content, sides } of heads) learned.push(await gitAlone(sync, content, sides));
  return recordOrWarn(sync, learned);
}

/**
 * Records what became of the rows that an import wrote: those that their jobs accepted are agreed at
 * what was sent, whatever the site made of it. Where another run has recorded something of these contents
 * meanwhile, the note stays, and the next run learns from it; but that nothing was sent is known all the same.
 *
 * @returns why that could not be, `moved` where other runs recorded something of the same contents;
 * `undefined` where it was.
 */
export async function recordOutcome(
  run: Run,
  { sync, jobs, isKept }: Noted,
  verified: readonly VerifiedContent[],
): Promise<Failure | 'moved' | undefined> {
  if (!isKept) return undefined;
  try {
    let { record } = sync;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const isMoved = await hasMoved(sync.record, record, verified);
      if (isMoved && verified.some(({ asked }) => asked)) return 'moved';
      const now = { ...sync, record };
      const learned: Learned[] = [];
      for (const each of verified) learned.push(await learnedOf(now, jobs, each, isMoved));
      if ((await pushRecord(now, await recordCommit(now, learned))) !== 'lost-race')
        return undefined;
      run.log.debug('Another run moved the record; reading it again.');
      const tip = await remoteTip(sync.git, recordRef(sync.siteId));
      record = await readRecord(sync.git, tip, sync.config.managed, sync.temp);
    }
    return 'moved';
  } catch (error) {
    const { reason, message } = asFailure(error);
    if (reason === 'cancelled') throw error;
    const words = `The import wrote to the site, but could not record the outcome: ${message} The next import will compare.`;
    return new Failure(reason, words, { cause: error });
  }
}

/** Whether another run has recorded something of these contents since. */
async function hasMoved(
  before: SyncRecord,
  now: SyncRecord,
  verified: readonly VerifiedContent[],
): Promise<boolean> {
  if (before === now) return false;
  for (const { plan } of verified) {
    const { content } = plan.head;
    const [then, later] = [before.agreed, now.agreed];
    if (then === undefined || later === undefined) return true;
    if (!haveSameFiles(content, then, later)) return true;
    for (const part of ['offered', 'sent'] as const) {
      const [had, has] = [await before[part](content), await now[part](content)];
      if (JSON.stringify(had) !== JSON.stringify(has)) return true;
    }
  }
  return false;
}

async function learnedOf(
  sync: Sync,
  jobs: ReadonlyMap<Content, string>,
  verified: VerifiedContent,
  isMoved: boolean,
): Promise<Learned> {
  const { content, table } = verified.plan.head;
  const { after, asked, wasReadBack } = verified;
  // What was read before another run came says nothing of what is recorded now.
  const live = isMoved || (asked && !wasReadBack) ? undefined : after.live;
  const ends = endsOf(jobs.get(content), verified);
  const endOf: EndOf = (job, key) => ends(job, key) ?? sync.endOf(job, key);
  const sides: Sides = { ...(await sidesOf(sync, content, table, live)), endOf };
  return learnedFrom(sync.head, content, {
    sides,
    schema: after.schema,
    reach: reachOf(content),
  });
}

/**
 * What this run knows of its own jobs. A row that its job accepted as it was meant is applied, unless the
 * site was read back and does not have it, or has it as it was before; what could not be read back is
 * left to the next import. Of one that was rejected, held, or never sent whole, only the site shows
 * what it holds.
 */
function endsOf(name: string | undefined, verified: VerifiedContent): EndOf {
  const { removed, rejections, after, wasReadBack, mayStillWrite, failure } = verified;
  const rejected = new Set(rejections.map(({ key }) => key));
  const accepted = acceptedKeys(verified);
  const ignored = ignoredKeys(verified);
  const isUnread = failure !== undefined && !wasReadBack;
  return (job, key) => {
    if (job !== name) return undefined;
    const isThere = !wasReadBack || (after.live.table.has(key) && !ignored.has(key));
    const isAccepted = accepted.has(key) && !rejected.has(key) && !rejected.has(undefined);
    if (removed.includes(key) || (isAccepted && isThere && !isUnread)) return 'applied';
    return mayStillWrite || isUnread ? undefined : 'over';
  };
}

/** The rows that are as they were, though other values were sent, whatever their job says. */
function ignoredKeys({ plan, after, mismatches }: VerifiedContent): ReadonlySet<string> {
  const textOf = ({ table, positions }: Side, key: string, field: string) =>
    table.row(key)?.cells[positions.get(field) ?? -1];
  const isSame = ({ key }: { readonly key: string }) =>
    [...(plan.departures.get(key)?.cells.keys() ?? [])].every(
      (field) => textOf(plan.live.live, key, field) === textOf(after.live, key, field),
    );
  return new Set(mismatches.filter(isSame).map(({ key }) => key));
}

/** The rows that a job took with all the cells that they were to get: references may come later. */
function acceptedKeys({ plan, sent }: VerifiedContent): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { columns, rows, end } of sent) {
    if (end.kind !== 'completed') continue;
    const positions = new Map(columns.map((column, i) => [column, i]));
    for (const { key, cells } of rows) {
      const meant = [...(plan.departures.get(key)?.cells ?? [])];
      const isWhole = meant.every(([column, text]) => {
        const position = positions.get(column);
        return position === undefined || cells[position] === text;
      });
      if (isWhole) keys.add(key);
    }
  }
  return keys;
}
