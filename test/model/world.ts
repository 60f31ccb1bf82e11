import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../src/report/result.ts';
import { createLedger, type Ledger, type Rows, type SideName, type Sides } from './ledger.ts';
import { type Speech, speechOf } from './report.ts';
import { copyOf, discard, type Repository } from './repository.ts';
import { gatedClock, runCommand } from './running.ts';
import { configOf, type Setting, startSite } from './site.ts';
import { csvPath, itemsOf, type Line, linesOf, naming, paths, textOf } from './tables.ts';
import { type Movement, missingInGit, missingOnSite, type Permit, wrongMoves } from './verdict.ts';

/** A run of the action, and what happens meanwhile. */
export interface Running {
  readonly command: 'import' | 'export';
  readonly onConflict: Permit['onConflict'];
  readonly commit: 'push' | 'none';
  /** How many commits before the tip of main the run was made for. */
  readonly behind: number;
  /** Cancels the run at its so-manieth request, wait or process. */
  readonly cancelAt?: number;
  /** Somebody merges a change into main at this moment. */
  readonly mergeAt?: number;
}

/** What a run of the action did wrong. */
export class Violation extends Error {}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A run that ended, with all that is needed to judge it. */
interface Played {
  readonly running: Running;
  readonly result: Result;
  readonly isCancelled: boolean;
  /** Whether it was made for the tip of main, and main did not move meanwhile. */
  readonly isUndisturbed: boolean;
  /** The lines that it was made for, and all those that it can have seen. */
  readonly head: readonly Line[];
  readonly seen: readonly Line[];
  readonly before: Sides;
  /** Main before and after what was merged meanwhile. */
  readonly merged: { readonly before: Rows; readonly after: Rows } | undefined;
}

/** A site, a repository, and the ledger between them. */
export async function openWorld(template: Repository, setting: Setting) {
  const scene = await openScene(template, setting);
  const { emulator, time, repository, config, main, names, ledger, items, sides } = scene;
  ledger.agree(sides(), true);
  return {
    emulator,
    repository,
    lines: main.lines,
    items,
    sides,
    editGit: scene.editGit,
    editSite: (change: () => void) => scene.edit('site', change),
    run: (running: Running) => run(scene, running),
    /** A number that no text held yet. */
    fresh: scene.fresh,
    /** Whether a cell's text was made from another one. */
    leadsTo: (id: string, field: string, from: string, to: string) =>
      ledger.leadsTo(names.of(id), field, from, to),
    /** The base ref is deleted by hand. */
    /** What an export writes where there is no file yet and nothing is known. */
    async exportAfresh(): Promise<string> {
      const workspace = join(repository.remote, '../fresh');
      mkdirSync(workspace);
      const inputs = { command: 'export', commit: 'none' };
      await runCommand(emulator, time, workspace, { inputs, config });
      return readFileSync(join(workspace, csvPath), 'utf8');
    },
    async close() {
      await emulator.close();
      discard(repository);
    },
  };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

/** Where people and runs act: both sides, and what is known of them. */
async function openScene(template: Repository, setting: Setting) {
  const time = gatedClock();
  const emulator = await startSite(time, setting.wix);
  const repository = copyOf(template, paths);
  const main = openMain(repository);
  const names = naming();
  const ledger = createLedger();
  let nextNumber = 100;

  const items = () => itemsOf(emulator.site);
  const sides = (): Sides => ({
    git: names.gitRows(main.lines()),
    site: names.siteRows(items()),
  });

  /** Somebody edits one side. */
  function edit(side: SideName, change: () => void): void {
    const before = sides();
    change();
    const after = sides();
    ledger.people(side, before[side], after[side]);
    ledger.agree(after, false);
  }

  return {
    ...{ time, emulator, repository, main, names, ledger, items, sides, edit },
    deletes: setting.deletes,
    config: configOf(setting),
    editGit: (after: readonly Line[]) => edit('git', () => main.draft(after)),
    fresh: () => nextNumber++,
  };
}

/** Main: its commits, and what was edited since the last run, to be merged at once. */
function openMain(repository: Repository) {
  const commits = [repository.tip()];
  let draft: readonly Line[] | undefined;
  const linesAt = (commit: string) => linesOf(repository.filesAt(commit)[csvPath] ?? '');
  return {
    linesAt,
    lines: () => draft ?? linesAt(repository.tip()),
    draft(lines: readonly Line[]): void {
      draft = lines;
    },
    merge(): void {
      if (draft !== undefined) repository.merge({ [csvPath]: textOf(draft) });
      draft = undefined;
      if (commits.at(-1) !== repository.tip()) commits.push(repository.tip());
    },
    /** The commit that is so many before the tip; the first, where there are fewer. */
    commitBehind: (count: number) => commits[Math.max(0, commits.length - 1 - count)] ?? '',
  };
}

async function run(scene: Scene, running: Running): Promise<Result> {
  const { emulator, time, repository, config, main, sides } = scene;
  main.merge();
  const commit = main.commitBehind(running.behind);
  repository.checkOut(commit);
  const head = main.linesAt(commit);
  const seen = [...head, ...main.lines()];
  const before = sides();
  let moments = 0;
  let merged: Played['merged'];
  const { command, commit: mode, onConflict, cancelAt, mergeAt } = running;
  const result = await runCommand(emulator, time, repository.workspace, {
    inputs: { command, commit: mode, 'on-conflict': onConflict },
    config,
    onMoment(cancel) {
      moments += 1;
      if (moments === cancelAt) cancel();
      if (moments === mergeAt) merged = mergeMeanwhile(scene, seen);
    },
  });
  const isCancelled = cancelAt !== undefined && cancelAt <= moments;
  const isUndisturbed = running.behind === 0 && merged === undefined;
  judge(scene, { running, result, isCancelled, isUndisturbed, head, seen, before, merged });
  main.merge();
  return result;
}

/** Somebody edits a title on main while a run is at work. */
function mergeMeanwhile(scene: Scene, seen: readonly Line[]): Played['merged'] {
  const { main, names, sides, editGit, fresh } = scene;
  names.adopt(main.lines(), seen);
  const before = sides().git;
  const [first, ...rest] = main.lines();
  if (first === undefined || first.id === '') return undefined;
  const title = `meanwhile ${fresh()}`;
  editGit([{ ...first, cells: { ...first.cells, title } }, ...rest]);
  main.merge();
  return { before, after: sides().git };
}

/** Whether a run moved what it may, and left nothing out; then the ledger takes note of it. */
function judge(scene: Scene, played: Played): void {
  const { main, names, ledger, items, sides, deletes } = scene;
  const { running, result, isCancelled, isUndisturbed, before } = played;
  const withIds = [...items()].map(([id, { cells }]) => ({ id, cells }));
  names.adopt([...withIds, ...main.lines()], played.seen);
  const { command, onConflict } = running;
  // Imports read the tip of main, before or after what was merged meanwhile, whatever is checked out.
  const head = command === 'import' ? before.git : names.gitRows(played.head);
  const heads = [head, ...(played.merged === undefined ? [] : [played.merged.after])];
  const after = sides();
  const speech = speechOf(result, names.of);
  const permit = { onConflict, deletes, isReported: speech.isReported };
  const moves = movesOf(played, after, command === 'import' ? heads : []);
  refute(moves.flatMap((move) => wrongMoves(ledger, move, permit)));
  const isWhole = speech.isWhole && !isCancelled;
  if (isWhole && isUndisturbed) {
    const missing = missingAfter(ledger, running, before, after, speech);
    refute(missing.map((name) => `${name} was left out`));
  }
  const usesCheckout = command === 'import' || running.commit === 'none';
  ledger.agree({ git: head, site: after.site }, isWhole && usesCheckout);
  ledger.agree(after, isWhole && (isUndisturbed || !usesCheckout));
}

/** What moved while a run was at work, but for what was merged meanwhile. */
function movesOf(
  { before, merged }: Played,
  after: Sides,
  heads: readonly Rows[],
): readonly Movement[] {
  const sites = [before.site, after.site];
  const [git, later] = [merged?.before ?? after.git, merged?.after ?? after.git];
  return [
    { side: 'site', before: before.site, after: after.site, others: heads },
    { side: 'git', before: before.git, after: git, others: sites },
    { side: 'git', before: later, after: after.git, others: sites },
  ];
}

/** What a run that went well should have brought to the other side, and did not. */
function missingAfter(
  ledger: Ledger,
  { command, commit, onConflict }: Running,
  before: Sides,
  after: Sides,
  { isReported, isRejected }: Speech,
): readonly string[] {
  if (command === 'import') return missingOnSite(ledger, before, after, onConflict, isRejected);
  return commit === 'push' ? missingInGit(ledger, after, isReported) : [];
}

function refute(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Violation(wrong.join('; '));
}
