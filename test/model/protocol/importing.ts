import { type ImportedRow, mergeIntoCms } from '../../../src/content/import-plan.ts';
import { sameRow } from '../../../src/content/merge.ts';
import type { Departure } from '../../../src/content/transit.ts';
import type { EndOf } from '../../../src/content/versions.ts';
import type { LedgerRow } from './ledger.ts';
import {
  allVersions,
  lifetime,
  type Read,
  readGit,
  readSite,
  recordAfter,
  sameCells,
  startingOver,
  swap,
  versionsIn,
} from './reading.ts';
import {
  cell,
  columns,
  isAway,
  type Job,
  keys,
  type ModelRecord,
  type ProtocolWorld,
  type Running,
  type Snapshot,
} from './world.ts';

const importPolicy = { onConflict: 'hold', reconcile: 'changes' } as const;

/** Imports main: src/commands/import.ts. */
export function importing(world: ProtocolWorld, name: string): Running['steps'] {
  return startingOver((attempt) => importOnce(world, `${name}.${attempt}`));
}

function* importOnce(
  world: ProtocolWorld,
  name: string,
): Generator<string, string | undefined, undefined> {
  const git = readGit(world);
  world.conflicts = [];
  if (isSettled(git)) return 'nothing to import';
  if (!isTouched(git)) {
    return swap(world, git, recordAfter(git)) ? 'nothing to import, recorded' : undefined;
  }
  const read = yield* readSite(world, git);
  const rows = [...mergeIntoCms(columns, allVersions(read), { ...importPolicy, ...world.setting })];
  world.conflicts = rowsWhere(rows, ({ conflicts = [] }) => conflicts.length > 0);
  if (rows.some(({ change }) => change !== undefined)) return yield* write(world, read, rows, name);
  return swap(world, read, recordAfter(read)) ? 'nothing to write' : undefined;
}

function rowsWhere<Row>(rows: readonly Row[], is: (row: Row) => boolean): readonly number[] {
  return rows.flatMap((row, i) => (is(row) ? [i] : []));
}

/** Nothing differs from what is recorded, and nothing is on its way. */
function isSettled({ record, head, tip }: Read): boolean {
  return (
    head.every(({ cells }, row) => sameCells(cells, record.agreed[row] ?? null)) &&
    record.sent.every((transits) => transits.length === 0) &&
    (record.seen === tip || record.offered.every((transits) => transits.length === 0))
  );
}

function isTouched(read: Read): boolean {
  if (read.past.length > 0 || read.record.sent.some((transits) => transits.length > 0)) return true;
  return keys.some((_, row) => {
    const { base, head } = versionsIn(read, row);
    return !sameRow(columns, base, head);
  });
}

/** Notes, submits, removes and records. */
function* write(
  world: ProtocolWorld,
  read: Read,
  rows: readonly ImportedRow[],
  name: string,
): Generator<string, string | undefined, undefined> {
  const departures = new Map<string, Departure>();
  for (const [row, { departure }] of rows.entries()) {
    if (departure) departures.set(keys[row] ?? '', departure);
  }
  const until = world.now + lifetime;
  const job = { name, until, end: undefined };
  const noted = recordAfter(read, { notes: departures, job });
  if (!swap(world, read, noted)) return undefined;
  yield 'has noted';
  if (world.now >= until) return 'stops, since its time is over';
  if (!isConfirmed(world, noted, name)) return 'stops for another import';
  const submitted = jobOf(world, read, rows, name);
  if (submitted.rows.length > 0) {
    world.inFlight.push(submitted);
    yield 'is submitting';
    world.arrive();
    yield 'has submitted';
    while (world.jobs.includes(submitted)) yield 'waits for its job';
    if (world.now >= until) return 'stops, since its time is over';
  }
  const wrote = submitted.rows.length + removeRows(world, read, rows) > 0;
  yield 'has written';
  const isGone = (row: number) => world.site[row]?.cells === null;
  const removed = wrote ? rowsWhere(rows, isRemoved).filter(isGone) : [];
  return outcome(world, read, noted, { name, removed, after: wrote ? undefined : read.live });
}

/** The job that writes what nobody has edited on the site since it was read. */
function jobOf(
  world: ProtocolWorld,
  { live = [], head }: Read,
  planned: readonly ImportedRow[],
  name: string,
): Job {
  const noted = planned.filter(({ write }) => write).length;
  const rows = planned.flatMap(({ write }, row) => {
    const [old, git] = [live[row], head[row]];
    if (!write || !old || !git || world.site[row] !== old) return [];
    return [{ row, becomes: laidOver(world, row, git, old, write.cells) }];
  });
  const over = world.site;
  if (world.setting.writePolicy === 'overwrite') {
    for (const { row, becomes } of rows) judge(world, row, becomes);
    return { name, over, empties: undefined, rows, noted };
  }
  const gone = planned.flatMap((row, i) => {
    const git = head[i];
    return isRemoved(row) && git ? [[i, git] as const] : [];
  });
  // Whoever empties the collection takes away what somebody has edited since it was read.
  const isEdited = keys.some((_, row) => world.site[row] !== live[row]);
  const sent = isEdited ? [] : rows;
  for (const { row, becomes } of sent) judge(world, row, becomes);
  for (const [row, removed] of isEdited ? [] : gone) judge(world, row, removed);
  return { name, over, empties: new Map(gone), rows: sent, noted };
}

/**
 * Checks what a job puts in the place of a row, when it is submitted: no run can know of it before its end,
 * and what runs see agreed in between says nothing about it.
 */
function judge(world: ProtocolWorld, row: number, becomes: LedgerRow): void {
  world.replace('an import', row, world.site[row] ?? becomes, becomes);
}

function isRemoved({ change }: ImportedRow): boolean {
  return change?.kind === 'removed';
}

/** Removes the items that are still as they were read; returns how many. */
function removeRows(
  world: ProtocolWorld,
  { live = [], head }: Read,
  planned: readonly ImportedRow[],
): number {
  const removed = rowsWhere(planned, isRemoved).filter((row) => world.site[row] === live[row]);
  for (const row of removed) {
    const [old, git] = [world.site[row], head[row]];
    if (!old || !git) continue;
    world.replace('an import', row, old, git);
    world.setSite(row, git);
  }
  return removed.length;
}

/** Git's cells over the item as it was read. */
function laidOver(
  world: ProtocolWorld,
  row: number,
  git: LedgerRow,
  live: LedgerRow,
  cells: ReadonlyMap<string, string>,
): LedgerRow {
  if (isAway(world, row, live)) return broughtBack(world, row, git, live, cells);
  const isThere = live.cells !== null;
  const ids = git.ids.map((id, at) => {
    const text = at === 0 ? undefined : cells.get(columns[at]?.key ?? '');
    if (text !== undefined && text !== git.cells?.[at]) world.wrong.push(`${text} is not in git`);
    return (at === 0 && !isThere) || text !== undefined ? id : (live.ids[at] ?? 0);
  });
  return world.rowOf(row, ids);
}

/** What an import took away, as it was to be, or with what git has changed since. */
function broughtBack(
  world: ProtocolWorld,
  row: number,
  git: LedgerRow,
  away: LedgerRow,
  cells: ReadonlyMap<string, string>,
): LedgerRow {
  const ids = git.ids.map((id, at) => {
    const old = away.ids[at] ?? 0;
    if (at === 0) return git.cells === null ? old : id;
    const text = cells.get(columns[at]?.key ?? '');
    if (text === world.ledger.text(cell(row, at), old)) return old;
    // Git's text, now or when that import began, though git may have removed the row since.
    const all = world.main.map((rows) => rows[row]?.ids[at] ?? id);
    const ours = all.findLast((each) => world.ledger.text(cell(row, at), each) === text);
    if (ours === undefined) world.wrong.push(`${text} is on neither side`);
    return ours ?? id;
  });
  return world.rowOf(row, ids);
}

/** Whether no other import has noted anything since. */
function isConfirmed(world: ProtocolWorld, noted: ModelRecord, own: string): boolean {
  const namesIn = (record: ModelRecord) => new Set(record.sent.flat().map(({ job }) => job?.name));
  const [known, now] = [namesIn(noted), namesIn(world.record)];
  return now.has(own) === known.has(own) && [...now].every((name) => known.has(name));
}

interface Written {
  readonly name: string;
  readonly removed: readonly number[];
  readonly after: Snapshot | undefined;
}

/** Records what became of the rows that were sent, unless another run has recorded something. */
function outcome(
  world: ProtocolWorld,
  read: Read,
  noted: ModelRecord,
  // Where nothing was asked of the site, it is not read again.
  { name, removed, after: unread }: Written,
): string {
  if (world.record !== noted) return 'written, but the record has moved';
  const accepted = world.ends.get(name)?.accepted ?? [];
  const live = unread ?? world.site;
  const endOf: EndOf = (job, key, fate) => {
    if (job !== name) return read.endOf(job, key, fate);
    const row = [...keys].indexOf(key);
    const isThere = live[row]?.cells !== null;
    return removed.includes(row) || (accepted.includes(row) && isThere) ? 'applied' : 'over';
  };
  const after = { ...read, record: noted, live, endOf };
  swap(world, after, recordAfter(after));
  return 'written';
}

/** A job takes its rows, but those that it rejects. */
export function endJob(world: ProtocolWorld, rejects: number): void {
  const job = world.jobs.shift();
  if (job === undefined) return;
  const taken = job.rows.filter(({ row }) => (rejects & (1 << row)) === 0);
  for (const { row, becomes } of taken) {
    if (world.site[row] !== job.over[row]) judge(world, row, becomes);
    world.setSite(row, stored(world, row, becomes));
  }
  if (job.empties) empty(world, job, job.empties, new Set(taken.map(({ row }) => row)));
  const isWhole = taken.length === job.rows.length && taken.length >= job.noted;
  // What it took of the rows cannot be told from what the CMS edited since, if the site trims it.
  if (!isWhole && world.setting.trims) world.isBeyond = true;
  world.ends.set(job.name, {
    name: isWhole ? 'applied' : 'over',
    accepted: taken.map(({ row }) => row),
  });
  world.say(
    () =>
      `job ${job.name} ends, ${taken.length} of ${job.rows.length} rows taken: ${job.rows.map(({ becomes }) => becomes.cells?.slice(1).join('|'))}`,
  );
}

/** The site's form of a row. */
function stored(world: ProtocolWorld, row: number, becomes: LedgerRow): LedgerRow {
  if (!world.setting.trims || becomes.cells === null) return becomes;
  const ids = becomes.ids.map((id, at) => {
    const text = world.ledger.text(cell(row, at), id);
    return text.endsWith(' ') ? world.ledger.typed(cell(row, at), text.trim(), id) : id;
  });
  return world.rowOf(row, ids);
}

/** What the job does not bring is gone: removed where git has no such row, else taken away. */
function empty(
  world: ProtocolWorld,
  { over }: Job,
  gone: ReadonlyMap<number, LedgerRow>,
  taken: ReadonlySet<number>,
): void {
  for (const [row, old] of world.site.entries()) {
    if (taken.has(row) || old.cells === null) continue;
    const removed = gone.get(row);
    if (removed && old !== over[row]) judge(world, row, removed);
    world.setSite(row, removed ?? { ...old, cells: null });
  }
}
