import { type ImportedRow, mergeIntoCms } from '../../../src/content/import-plan.ts';
import { mergeRow } from '../../../src/content/merge.ts';
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
  columns,
  type Job,
  keys,
  type ModelRecord,
  type ProtocolWorld,
  type Running,
} from './world.ts';

const importPolicy = {
  onConflict: 'hold',
  reconcile: 'changes',
  deletes: 'apply',
  writePolicy: 'overwrite',
  isPastLost: false,
} as const;

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
    return swap(world, git, recordAfter(world, git)) ? 'nothing to import, recorded' : undefined;
  }
  const read = yield* readSite(world, git);
  const rows = [...mergeIntoCms(columns, allVersions(read), importPolicy)];
  world.conflicts = rowsWhere(rows, ({ conflicts }) => conflicts.length > 0);
  if (rows.some(({ change }) => change !== undefined)) return yield* write(world, read, rows, name);
  return swap(world, read, recordAfter(world, read)) ? 'nothing to write' : undefined;
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
    return mergeRow(columns, base, head, base).kind !== 'agreed';
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
  const job = { name, until: world.now + lifetime, end: undefined };
  const noted = recordAfter(world, read, { notes: departures, job });
  if (!swap(world, read, noted)) return undefined;
  yield 'has noted';
  if (!isConfirmed(world, noted, name)) return 'stops for another import';
  const live = read.live ?? [];
  const writes = rows.flatMap(({ write: planned }, row) => {
    const [old, git] = [live[row], read.head[row]];
    if (!planned || !old || !git || world.site[row] !== old) return [];
    return [{ row, becomes: laidOver(world, row, git, old, planned.cells) }];
  });
  const isRemoved = ({ change }: ImportedRow) => change?.kind === 'removed';
  const noteRows = Math.max(rows.filter((row) => row.write).length, departures.size);
  const submitted: Job = { name, rows: writes, noted: noteRows };
  if (writes.length > 0) {
    world.jobs.push(submitted);
    yield 'has submitted';
    while (world.jobs.includes(submitted)) yield 'waits for its job';
  }
  const removed = rows.flatMap((row, i) =>
    isRemoved(row) && world.site[i] === live[i] ? [i] : [],
  );
  for (const row of removed) {
    const [old, git] = [world.site[row], read.head[row]];
    if (!old || !git) continue;
    world.replace('an import', row, old, git);
    world.setSite(row, git);
  }
  yield 'has written';
  return outcome(world, read, noted, name, removed);
}

/** Git's cells over the item as it was read. */
function laidOver(
  world: ProtocolWorld,
  row: number,
  git: LedgerRow,
  live: LedgerRow,
  cells: ReadonlyMap<string, string>,
): LedgerRow {
  const isThere = live.cells !== null;
  const ids = git.ids.map((id, at) => {
    const text = at === 0 ? undefined : cells.get(columns[at]?.key ?? '');
    if (text !== undefined && text !== git.cells?.[at]) world.wrong.push(`${text} is not in git`);
    return (at === 0 && !isThere) || text !== undefined ? id : (live.ids[at] ?? 0);
  });
  return world.rowOf(row, ids);
}

/** Whether no other import has noted anything since. */
function isConfirmed(world: ProtocolWorld, noted: ModelRecord, own: string): boolean {
  const namesIn = (record: ModelRecord) => new Set(record.sent.flat().map(({ job }) => job?.name));
  const [known, now] = [namesIn(noted), namesIn(world.record)];
  return now.has(own) === known.has(own) && [...now].every((name) => known.has(name));
}

/** Records what became of the rows that were sent, unless another run has recorded something. */
function outcome(
  world: ProtocolWorld,
  read: Read,
  noted: ModelRecord,
  name: string,
  removed: readonly number[],
): string {
  if (world.record !== noted) return 'written, but the record has moved';
  const accepted = world.ends.get(name)?.accepted ?? [];
  const live = world.site;
  const endOf: EndOf = (job, key) => {
    if (job !== name) return read.endOf(job, key);
    const row = [...keys].indexOf(key);
    const isThere = live[row]?.cells !== null;
    return removed.includes(row) || (accepted.includes(row) && isThere) ? 'applied' : 'over';
  };
  const { head, tip, past } = read;
  const after = { record: noted, head, tip, past, live, endOf };
  swap(world, after, recordAfter(world, after));
  return 'written';
}

/** A job takes its rows, but those that it rejects. */
export function endJob(world: ProtocolWorld, rejects: number): void {
  const job = world.jobs.shift();
  if (job === undefined) return;
  const taken = job.rows.filter(({ row }) => (rejects & (1 << row)) === 0);
  for (const { row, becomes } of taken) {
    world.replace('an import', row, world.site[row] ?? becomes, becomes);
    world.setSite(row, becomes);
  }
  const isWhole = taken.length === job.rows.length && taken.length >= job.noted;
  world.ends.set(job.name, {
    name: isWhole ? 'applied' : 'over',
    accepted: taken.map(({ row }) => row),
  });
  world.say(
    () =>
      `job ${job.name} ends, ${taken.length} of ${job.rows.length} rows taken: ${job.rows.map(({ becomes }) => becomes.cells?.slice(1).join('|'))}`,
  );
}
