import { agreedNow, offeredAfter, stillSent } from '../../../src/content/merge.ts';
import {
  type Carrier,
  type Departure,
  type Transit,
  transitsOf,
} from '../../../src/content/transit.ts';
import {
  type Cells,
  type EndOf,
  type Versions,
  withCorrected,
} from '../../../src/content/versions.ts';
import {
  cell,
  columns,
  keys,
  type ModelRecord,
  type Proposal,
  type ProtocolWorld,
  type Running,
  type Snapshot,
} from './world.ts';

/**
 * What both commands do, step by step: each `yield` is a moment in which other runs and people act, or
 * in which the run is cut off. What they decide is decided by the product's own functions.
 */
type Steps = Running['steps'];

/** How long a run may live. */
export const lifetime = 10;

/** What a run has read, and knows of the jobs in the record. */
export interface Read {
  readonly record: ModelRecord;
  readonly tip: number;
  readonly head: Snapshot;
  readonly past: readonly Snapshot[];
  /** The branch that exports propose from. */
  readonly proposal: Proposal | undefined;
  readonly live: Snapshot | undefined;
  /** When it asked for them; 0 if it did not. */
  readonly asked: number;
  readonly endOf: EndOf;
}

export function readGit(world: ProtocolWorld): Read {
  const { record } = world;
  const tip = world.main.length - 1;
  const isOffered = record.offered.some((transits) => transits.length > 0);
  const past = isOffered ? world.main.slice(record.seen + 1, tip) : [];
  const proposal = world.kept;
  const unread = { live: undefined, asked: 0, endOf: () => undefined };
  return { record, tip, head: world.tip, past, proposal, ...unread };
}

export function versionsIn(read: Read, row: number): Versions {
  const { record, head, past, proposal, live, endOf } = read;
  const key = keys[row] ?? '';
  const offered = record.offered[row] ?? [];
  const git = {
    head: head[row]?.cells ?? null,
    recorded: record.agreed[row] ?? null,
    past: offered.length === 0 ? [] : past.map((rows) => rows[row]?.cells ?? null),
    offered,
  };
  const proposed = [proposal?.made, proposal?.rows].map((rows) => rows?.[row]?.cells ?? null);
  const known = {
    ...git,
    past: offered.length === 0 ? [] : withCorrected(columns, git, proposed),
    live: live && (live[row]?.cells ?? null),
    sent: (record.sent[row] ?? []).map((transit) => withEnd(transit, key, endOf)),
  };
  const place = {
    headRow: undefined,
    liveRow: undefined,
    settled: undefined,
    hasOwnId: true,
    isUnclear: false,
  };
  return { key, ...known, base: agreedNow(columns, known), ...place };
}

export function allVersions(read: Read): readonly Versions[] {
  return keys.map((_, row) => versionsIn(read, row));
}

function withEnd(transit: Transit, key: string, endOf: EndOf): Transit {
  const { job } = transit;
  return job === undefined
    ? transit
    : { ...transit, job: { ...job, end: endOf(job.name, key, transit.fate) } };
}

/** What a run is to record beside what it has read. */
interface News {
  readonly offers?: ReadonlyMap<string, Departure>;
  readonly notes?: ReadonlyMap<string, Departure>;
  readonly job?: Carrier;
  readonly seen?: number;
}

/** The record after a run has read this; the same one where that is nothing new. */
export function recordAfter(read: Read, news: News = {}): ModelRecord {
  const offers = transitsOf(columns, news.offers ?? new Map());
  const notes = transitsOf(columns, news.notes ?? new Map(), news.job);
  const rows = keys.map((key, row) => {
    const versions = versionsIn(read, row);
    return {
      agreed: versions.base,
      offered: offeredAfter(columns, versions, offers.get(key) ?? []),
      sent: [...stillSent(columns, versions, read.asked), ...(notes.get(key) ?? [])],
    };
  });
  const { record } = read;
  const isNews = rows.some(
    ({ agreed, offered, sent }, row) =>
      !sameCells(agreed, record.agreed[row] ?? null) ||
      !sameTransits(offered, record.offered[row] ?? []) ||
      !sameTransits(sent, record.sent[row] ?? []),
  );
  if (!isNews) return record;
  return {
    seen: news.seen ?? read.tip,
    agreed: rows.map(({ agreed }) => agreed),
    offered: rows.map(({ offered }) => offered),
    sent: rows.map(({ sent }) => sent.map((each) => withEnd(each, '', () => undefined))),
  };
}

export function sameCells(left: Cells | null, right: Cells | null): boolean {
  if (left === null || right === null) return left === right;
  return left === right || left.every((text, i) => text === right[i]);
}

function sameTransits(left: readonly Transit[], right: readonly Transit[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ fate, cells, job }, i) => {
      const other = right[i];
      const isSame = other?.fate === fate && other.job?.name === job?.name;
      return isSame && cells.every((text, at) => text === other.cells[at]);
    })
  );
}

/** Moves the record, if nobody else has meanwhile. */
export function swap(world: ProtocolWorld, read: Read, next: ModelRecord): boolean {
  if (world.record !== read.record) return false;
  world.record = next;
  learn(world, read, next);
  return true;
}

/** Tells the oracle what was seen on both sides. */
function learn({ ledger }: ProtocolWorld, { head, live }: Read, { agreed }: ModelRecord): void {
  if (live === undefined) return;
  head.forEach((git, row) => {
    const site = live[row];
    const now = agreed[row] ?? null;
    if (site === undefined || (git.cells === null) !== (site.cells === null)) return;
    if ((now === null) !== (git.cells === null)) return;
    git.ids.forEach((id, at) => {
      const isAgreed =
        at === 0 || (git.cells?.[at] === site.cells?.[at] && now?.[at] === git.cells?.[at]);
      if (isAgreed) ledger.agreed(cell(row, at), id, site.ids[at] ?? 0);
    });
  });
}

/** Waits for running jobs, and asks what became of those in the record; reads the site then. */
export function* readSite(world: ProtocolWorld, read: Read): Generator<string, Read, undefined> {
  while (world.jobs.length > 0) yield 'waits for a job';
  const asked = world.now;
  const ends = new Map<string, 'applied' | 'over'>();
  for (const transits of read.record.sent) {
    for (const { job } of transits) {
      const end = job && world.ends.get(job.name);
      if (job && end) ends.set(job.name, end.name);
    }
  }
  yield 'has asked for the jobs';
  const live = world.site;
  yield 'has read the site';
  return { ...read, live, asked, endOf: (name) => ends.get(name) };
}

/** Starts a run over where another one was faster. */
export function* startingOver(
  attempt: (number: number) => Generator<string, string | undefined>,
): Steps {
  for (let number = 0; number < 3; number += 1) {
    const done = yield* attempt(number);
    if (done !== undefined) return done;
  }
  return 'too many races';
}
