import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLedger, type Rows, type SideName, type Sides } from './ledger.ts';
import { speechOf } from './report.ts';
import { copyOf, discard, type Repository } from './repository.ts';
import { type Ending, gatedClock, openCheckout, runCommand } from './running.ts';
import { configOf, type Setting, siteId, startSite } from './site.ts';
import { csvPath, itemsOf, type Line, linesOf, naming, paths, textOf } from './tables.ts';
import { missingInGit, missingOnSite, type Permit, wrongMoves } from './verdict.ts';

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
  readonly ending: Ending;
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
  const time = gatedClock();
  const emulator = await startSite(time, setting.wix);
  const repository = copyOf(template, paths);
  const checkout = await openCheckout(repository.workspace);
  const names = naming();
  const ledger = createLedger();
  const commits = [repository.tip()];
  const config = configOf(setting);
  let nextNumber = 100;
  /** What was edited in git since the last run, to be merged at once. */
  let draft: readonly Line[] | undefined;

  const linesAt = (commit: string) => linesOf(repository.filesAt(commit)[csvPath] ?? '');
  const lines = () => draft ?? linesAt(repository.tip());
  const items = () => itemsOf(emulator.site);
  const sides = (): Sides => ({
    git: names.gitRows(lines()),
    site: names.siteRows(items()),
  });

  function merge(): void {
    if (draft !== undefined) repository.merge({ [csvPath]: textOf(draft) });
    draft = undefined;
    if (commits.at(-1) !== repository.tip()) commits.push(repository.tip());
  }

  /** Somebody edits one side. */
  function edit(side: SideName, change: () => void): void {
    const before = sides();
    change();
    const after = sides();
    ledger.people(side, before[side], after[side]);
    ledger.agree(after, false);
  }

  function editGit(after: readonly Line[]): void {
    edit('git', () => {
      draft = after;
    });
  }

  async function run(running: Running): Promise<Ending> {
    merge();
    const commit = commits[Math.max(0, commits.length - 1 - running.behind)] ?? '';
    repository.checkOut(commit);
    const head = linesAt(commit);
    const seen = [...head, ...lines()];
    const before = sides();
    let moments = 0;
    let merged: Played['merged'];
    const { command, commit: mode, onConflict, cancelAt, mergeAt } = running;
    const ending = await runCommand(emulator, time, checkout, {
      inputs: { command, commit: mode, 'on-conflict': onConflict },
      config,
      onMoment(cancel) {
        moments += 1;
        if (moments === cancelAt) cancel();
        if (moments === mergeAt) merged = mergeMeanwhile(seen);
      },
    });
    const isCancelled = cancelAt !== undefined && cancelAt <= moments;
    const isUndisturbed = running.behind === 0 && merged === undefined;
    judge({ running, ending, isCancelled, isUndisturbed, head, seen, before, merged });
    merge();
    return ending;
  }

  function mergeMeanwhile(seen: readonly Line[]): Played['merged'] {
    names.adopt(lines(), seen);
    const before = sides().git;
    const [first, ...rest] = lines();
    if (first === undefined || first.id === '') return undefined;
    const title = `meanwhile ${nextNumber++}`;
    editGit([{ ...first, cells: { ...first.cells, title } }, ...rest]);
    merge();
    return { before, after: sides().git };
  }

  function judge(played: Played): void {
    const { running, ending, isCancelled, isUndisturbed, before, merged } = played;
    const withIds = [...items()].map(([id, { cells }]) => ({ id, cells }));
    names.adopt([...withIds, ...lines()], played.seen);
    const head = names.gitRows(played.head);
    const after = sides();
    const { command, onConflict } = running;
    const speech = speechOf(ending, names.of);
    const permit = { onConflict, deletes: setting.deletes, isReported: speech.isReported };
    const heads = command === 'import' ? [head] : [];
    const usesCheckout = command === 'import' || running.commit === 'none';
    const sites = [before.site, after.site];
    const [git, later] = [merged?.before ?? after.git, merged?.after ?? after.git];
    const moves = [
      { side: 'site', before: before.site, after: after.site, others: heads },
      { side: 'git', before: before.git, after: git, others: sites },
      { side: 'git', before: later, after: after.git, others: sites },
    ] as const;
    refute(moves.flatMap((move) => wrongMoves(ledger, move, permit)));
    const isWhole = speech.isWhole && !isCancelled;
    if (isWhole && isUndisturbed) {
      refute(missing(played, after, speech).map((name) => `${name} was left out`));
    }
    ledger.agree({ git: head, site: after.site }, isWhole && usesCheckout);
    ledger.agree(after, isWhole && (isUndisturbed || !usesCheckout));
  }

  function missing(
    { running, before }: Played,
    after: Sides,
    { isReported, isRejected }: ReturnType<typeof speechOf>,
  ): readonly string[] {
    const { command, commit, onConflict } = running;
    if (command === 'import') return missingOnSite(ledger, before, after, onConflict, isRejected);
    return commit === 'push' ? missingInGit(ledger, after, isReported) : [];
  }

  const opened = sides();
  ledger.agree(opened, true);
  return {
    emulator,
    repository,
    lines,
    items,
    sides,
    editGit,
    editSite: (change: () => void) => edit('site', change),
    run,
    /** A number that no text held yet. */
    fresh: () => nextNumber++,
    /** Whether a cell's text was made from another one. */
    leadsTo: (id: string, field: string, from: string, to: string) =>
      ledger.leadsTo(names.of(id), field, from, to),
    /** The base ref is deleted by hand. */
    loseRecord() {
      repository.deleteRef(`refs/wix-cms/${siteId}`);
      ledger.forget();
    },
    /** What an export writes where there is no file yet and nothing is known. */
    async exportAfresh(): Promise<string> {
      const workspace = join(repository.remote, '../fresh');
      mkdirSync(workspace);
      const inputs = { command: 'export', commit: 'none' };
      await runCommand(emulator, time, { workspace, git: undefined }, { inputs, config });
      return readFileSync(join(workspace, csvPath), 'utf8');
    },
    async close() {
      await emulator.close();
      discard(repository);
    },
  };
}

function refute(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Violation(wrong.join('; '));
}
