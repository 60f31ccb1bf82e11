import type { Content } from '../../config/config.ts';
import type { EndOf, Side } from '../../content/versions.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { Learned } from '../../record/content-record.ts';
import { learnedFrom, pushRecord } from '../../record/record-commit.ts';
import { sidesOf } from '../../record/sides.ts';
import type { Sync } from '../../record/sync.ts';
import { readRecord, recordRef, type SyncRecord } from '../../record/sync-record.ts';
import { remoteTip } from '../../repository/remote.ts';
import { oneByOne, type Run } from '../run.ts';
import { haveSameAgreed, type Noted } from './note.ts';
import type { Outcome } from './outcome.ts';

/** How often the record is written again if another run has moved it, but not in these contents. */
const attempts = 5;

/**
 * Records what became of the rows that an import wrote. A row that its job accepted is agreed at what was
 * sent, whatever the site made of it. If another run has recorded something about these contents
 * meanwhile, the note stays for the next run, unless nothing was sent.
 *
 * @returns `undefined` if it was recorded, or the run was cancelled; a warning if another run has recorded
 * the same contents; or why it could not be recorded.
 */
export async function recordOutcome(
  run: Run,
  { sync, jobs }: Noted,
  verified: readonly Outcome[],
): Promise<Failure | string | undefined> {
  if (sync.record.commit === undefined || run.signal.aborted) return undefined;
  try {
    let { record } = sync;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const isMoved = await hasMoved(sync.record, record, verified);
      if (isMoved && verified.some(({ asked }) => asked)) return movedMeanwhile;
      const now = { ...sync, record };
      const learned = await oneByOne(run, verified, (each) => learnedOf(now, jobs, each, isMoved));
      const pushed = await pushRecord(now, learned);
      if (pushed !== 'lost-race') return undefined;
      run.log.debug('Another run moved the record; reading it again.');
      const tip = await remoteTip(sync.git, recordRef(sync.siteId));
      record = await readRecord(sync.git, tip, sync.config.managed, sync.temp);
    }
    return movedMeanwhile;
  } catch (error) {
    if (run.signal.aborted) return undefined;
    const { reason, message } = asFailure(error);
    const words = `The import wrote to the site, but could not record the outcome: ${message} The next import will compare.`;
    return new Failure(reason, words, { cause: error });
  }
}

/**
 * @cause Two runs on the same site worked at once. The record still notes what this one wrote.
 * @remedy Nothing; the next run compares. Give all workflows of a site one `concurrency` group.
 */
const movedMeanwhile =
  'Another run recorded the same files in the meantime, so the next import compares what this one wrote.';

/** Whether another run has recorded something about these contents since. */
async function hasMoved(
  before: SyncRecord,
  now: SyncRecord,
  verified: readonly Outcome[],
): Promise<boolean> {
  if (before === now) return false;
  for (const { plan } of verified) {
    const { content } = plan.head;
    if (!haveSameAgreed(content, before, now)) return true;
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
  outcome: Outcome,
  isMoved: boolean,
): Promise<Learned> {
  const { plan, asked, after } = outcome;
  const { content, table } = plan.head;
  const { live, schema } = after ?? plan.live;
  // A read from before another run, or from before the rows were sent, does not show the site as it is now.
  const isOld = isMoved || (asked && after === undefined);
  const ends = endsOf(jobs.get(content), outcome);
  const endOf: EndOf = (job, key, fate) => ends(job, key, fate) ?? sync.endOf?.(job, key, fate);
  const sides = { ...(await sidesOf(sync, content, table, isOld ? undefined : live)), endOf };
  return learnedFrom(sync.head, content, sides, schema);
}

/**
 * What became of each row in this run's own jobs. If the read-back failed, the next import finds out. For a
 * row that was rejected, held, or not sent whole, the job is `over`: only the site shows what it has.
 */
function endsOf(name: string | undefined, outcome: Outcome): EndOf {
  const { after, asked, mayStillWrite, failure } = outcome;
  const isUnread = failure !== undefined && after === undefined;
  const applied = new Set([...outcome.removed, ...(isUnread ? [] : appliedKeys(outcome))]);
  return (job, key, fate) => {
    if (job !== name) return undefined;
    // References that the job emptied are back by now.
    if (!asked || (fate === 'risked' && failure === undefined)) return 'unsent';
    if (applied.has(key)) return 'applied';
    return mayStillWrite || isUnread ? undefined : 'over';
  };
}

/**
 * The rows that a job accepted with all their cells; some references are sent later. Not those that the
 * read-back shows to be missing, or as before, unless the job counted them: then the site kept its value.
 */
function appliedKeys(outcome: Outcome): readonly string[] {
  const { plan, sent, after, rejections, mismatches } = outcome;
  const rejected = new Set(rejections.map(({ key }) => key));
  if (rejected.has(undefined)) return [];
  const differing = new Set(mismatches.map(({ key }) => key));
  const textOf = (side: Side | undefined, key: string, field: string) =>
    side?.table.row(key)?.cells[side.positions.get(field) ?? -1];
  return sent.flatMap(({ columns, rows, end, rejected: { length } }) => {
    if (end?.kind !== 'completed') return [];
    const isCounted = end.job.successful + length >= rows.length;
    const positions = new Map(columns.map((column, i) => [column, i]));
    const isApplied = ({ key, cells }: (typeof rows)[number]) => {
      const meant = [...(plan.departures.get(key)?.cells ?? [])];
      const isWhole = meant.every(([field, text]) => {
        const position = positions.get(field);
        return position === undefined || cells[position] === text;
      });
      const isSame = ([field]: readonly [string, string | undefined]) =>
        textOf(plan.live.live, key, field) === textOf(after?.live, key, field);
      const isIgnored = differing.has(key) && !isCounted && meant.every(isSame);
      const isThere = after === undefined || after.live.table.has(key);
      return isWhole && isThere && !isIgnored && !rejected.has(key);
    };
    return rows.filter(isApplied).map(({ key }) => key);
  });
}
