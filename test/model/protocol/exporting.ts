import { type ExportedRow, mergeIntoGit } from '../../../src/content/export-plan.ts';
import type { Departure } from '../../../src/content/transit.ts';
import type { LedgerRow } from './ledger.ts';
import {
  allVersions,
  type Read,
  readGit,
  readSite,
  recordAfter,
  sameCells,
  startingOver,
  swap,
} from './reading.ts';
import {
  cell,
  columns,
  haveSameTexts,
  keys,
  type ProtocolWorld,
  type Running,
  type Snapshot,
} from './world.ts';

/** How an export brings its commits to git. */
export type Publishing = 'push' | 'pull-request' | 'signed push' | 'signed pull-request' | 'none';

/** Exports the site: src/commands/export.ts. */
export function exporting(world: ProtocolWorld, how: Publishing): Running['steps'] {
  return startingOver(() => exportOnce(world, how));
}

function* exportOnce(
  world: ProtocolWorld,
  how: Publishing,
): Generator<string, string | undefined, undefined> {
  const git = readGit(world);
  const { branch } = world;
  yield 'has read git';
  const read = yield* readSite(world, git);
  const { deletes } = world.setting;
  const policy = { deletes, onConflict: 'hold' } as const;
  const rows = [...mergeIntoGit(columns, allVersions(read), policy)];
  const merged = rows.map((row, i) => mergedRow(world, read, row, i));
  const task = {
    read,
    branch,
    merged,
    offers: offersOf(rows),
    isSigned: how.startsWith('signed'),
  };
  if (how === 'none') return leave(world, task) ? 'exported' : undefined;
  const isDone = how.endsWith('push') ? yield* push(world, task) : yield* propose(world, task);
  return isDone ? 'exported' : undefined;
}

/** Leaves the files to a later step, which may commit them at any time. */
function leave(world: ProtocolWorld, task: ExportTask): boolean {
  const { read, merged, offers } = task;
  if (!swap(world, read, recordAfter(read, { offers }))) return false;
  replaceAll(world, task);
  world.former.push({ rows: merged, made: merged, base: read.head, corrected: undefined });
  return true;
}

interface ExportTask {
  readonly read: Read;
  readonly branch: ProtocolWorld['branch'];
  readonly merged: Snapshot;
  readonly offers: ReadonlyMap<string, Departure>;
  readonly isSigned: boolean;
}

function offersOf(rows: readonly ExportedRow[]): ReadonlyMap<string, Departure> {
  const offers = new Map<string, Departure>();
  for (const [row, { offer }] of rows.entries()) {
    if (offer) offers.set(keys[row] ?? '', offer);
  }
  return offers;
}

function mergedRow(world: ProtocolWorld, read: Read, { row }: ExportedRow, at: number): LedgerRow {
  const [git, site] = [read.head[at], read.live?.[at]];
  if (git === undefined || site === undefined) throw new Error('no such row');
  if (row === undefined) return git.cells === null ? git : site;
  if (git.cells === null) return site;
  const ids = git.ids.map((id, i) =>
    i === 0 || row.cells[i] === git.cells?.[i] ? id : (site.ids[i] ?? 0),
  );
  const becomes = world.rowOf(at, ids);
  if (!sameCells(becomes.cells, row.cells)) world.wrong.push(`${row.cells} is on neither side`);
  return becomes;
}

function* push(world: ProtocolWorld, task: ExportTask): Generator<string, boolean, undefined> {
  const { read, merged, offers, isSigned } = task;
  const { head, past, tip } = read;
  const isChanged = !haveSameTexts(merged, head);
  const isOnTip = () => !isChanged || world.main.length - 1 === tip;
  if (isChanged && isSigned) {
    if (!swap(world, read, recordAfter(read, { offers }))) return false;
    yield 'has recorded its offers';
    if (!isOnTip()) return false;
  } else {
    const pushed = { ...read, past: [...past, head], head: merged };
    const seen = isChanged ? tip + 1 : tip;
    if (!isOnTip() || !swap(world, pushed, recordAfter(pushed, { seen }))) return false;
  }
  replaceAll(world, task);
  if (isChanged) world.main.push(merged);
  return true;
}

function* propose(world: ProtocolWorld, task: ExportTask): Generator<string, boolean, undefined> {
  const { read, branch, merged, offers, isSigned } = task;
  // What an export does on top of other people's commits is played on the full stack.
  if (branch?.corrected !== undefined) return true;
  const isThere = branch !== undefined && haveSameTexts(branch.rows, merged);
  const differs = !haveSameTexts(merged, read.head);
  const isMoved = differs && !isThere;
  const isElsewhere = () => world.kept !== read.proposal;
  if (isMoved && !isSigned && isElsewhere()) return false;
  if (!swap(world, read, recordAfter(read, { offers }))) return false;
  if (isMoved && isSigned) {
    yield 'has recorded its offers';
    if (isElsewhere()) return false;
  }
  if (isMoved) replaceAll(world, task);
  if (isMoved) world.propose({ rows: merged, made: merged, base: read.head, corrected: undefined });
  else if (!differs && world.branch === branch) world.propose(undefined);
  return true;
}

/** What is pushed or proposed takes the place of what the run has read. */
function replaceAll(world: ProtocolWorld, { merged, read: { head } }: ExportTask): void {
  for (const [i, row] of merged.entries()) {
    const old = head[i] ?? row;
    world.replace('an export', i, old, row);
    if (old.cells !== null || row.cells === null) continue;
    for (const [at, id] of row.ids.entries()) {
      world.ledger.decided(cell(i, at), id, old.ids[at] ?? 0);
    }
  }
}
