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
 * What became of each row in this run's own jobs. A row that its job accepted is `applied`, unless the
 * read-back shows that the site does not have it, or has it as before. If the read-back failed, the next
 * import finds out. For a row that was rejected, held, or not sent whole, the job is `over`: only the
 * site shows what it has.
 */
function endsOf(name: string | undefined, outcome: Outcome): EndOf {
  const { after, asked, mayStillWrite, failure } = outcome;
  const removed = new Set(outcome.removed);
  const accepted = acceptedKeys(outcome);
  const ignored = ignoredKeys(outcome);
  const isUnread = failure !== undefined && after === undefined;
  return (job, key, fate) => {
    if (job !== name) return undefined;
    // References that the job emptied are back by now.
    if (!asked || (fate === 'risked' && failure === undefined)) return 'unsent';
    const isThere = after === undefined || (after.live.table.has(key) && !ignored.has(key));
    if (removed.has(key) || (accepted.has(key) && isThere && !isUnread)) return 'applied';
    return mayStillWrite || isUnread ? undefined : 'over';
  };
}

/** The rows that a job neither rejected, changed nor counted. Of a row that it counted, the site kept its value. */
function ignoredKeys({ plan, sent, after, mismatches }: Outcome): ReadonlySet<string> {
  const counted = sent.filter(
    ({ end, rows, rejected }) => end && end.job.successful + rejected.length >= rows.length,
  );
  const taken = new Set(counted.flatMap(({ rows }) => rows.map(({ key }) => key)));
  const textOf = (side: Side | undefined, key: string, field: string) =>
    side?.table.row(key)?.cells[side.positions.get(field) ?? -1];
  const isSame = ({ key }: { readonly key: string }) =>
    [...(plan.departures.get(key)?.cells.keys() ?? [])].every(
      (field) => textOf(plan.live.live, key, field) === textOf(after?.live, key, field),
    );
  return new Set(
    mismatches.flatMap((each) => (isSame(each) && !taken.has(each.key) ? each.key : [])),
  );
}

/** The rows that a job accepted with all their cells; some references are sent later. */
function acceptedKeys({ plan, sent, rejections }: Outcome): ReadonlySet<string> {
  const keys = new Set<string>();
  const rejected = new Set(rejections.map(({ key }) => key));
  if (rejected.has(undefined)) return keys;
  for (const { columns, rows, end } of sent) {
    if (end?.kind !== 'completed') continue;
    const positions = new Map(columns.map((column, i) => [column, i]));
    for (const { key, cells } of rows) {
      const meant = [...(plan.departures.get(key)?.cells ?? [])];
      const isWhole = meant.every(([column, text]) => {
        const position = positions.get(column);
        return position === undefined || cells[position] === text;
      });
      if (isWhole && !rejected.has(key)) keys.add(key);
    }
  }
  return keys;
}
