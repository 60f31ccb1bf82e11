import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGitHub } from '../github-stand-in/github-stand-in.ts';
import { type Running, run } from './judged-run.ts';
import { createLedger, type Row, type Rows, type SideName, type Sides } from './ledger.ts';
import {
  closeProposal,
  correctProposal,
  discardProposal,
  type Merging,
  mergeProposal,
  updateProposal,
} from './proposal.ts';
import { copyOf, discard, type Repository } from './repository.ts';
import { gatedClock, repositoryName, runCommand } from './running.ts';
import { configOf, recordRef, type Setting, startSite } from './site.ts';
import {
  collection,
  csvPath,
  type FieldName,
  itemsOf,
  type Line,
  linesOf,
  naming,
  paths,
  textOf,
} from './tables.ts';

export type World = Awaited<ReturnType<typeof openWorld>>;

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
    setting,
    loseRecord: () => loseRecord(scene),
    decide: () => decide(scene),
    run: (running: Running, meanwhile?: () => Promise<unknown>) => run(scene, running, meanwhile),
    proposal: {
      merge: (merging: Merging) => mergeProposal(scene, merging),
      update: (winner: Merging['winner']) => updateProposal(scene, winner),
      correct: (row: number, edit: readonly [FieldName, string]) =>
        correctProposal(scene, row, edit),
      close: (keeps: boolean) => closeProposal(scene, keeps),
      discard: () => discardProposal(scene),
    },
    /** Rows that an import took off the site, and that nobody has removed, but for those that are back. */
    missing: () =>
      [...scene.away.keys()].filter(
        (key) => !(ledger.removal('git', key) || sides().site.has(key)),
      ),
    /** A number that no text held yet. */
    fresh: scene.fresh,
    /** Whether a cell's text was made from another one. */
    /** The row of an id on each side that has it. */
    rowsOf: (id: string) => {
      const { git, site } = sides();
      return [git, site].flatMap((rows) => rows.get(names.of(id)) ?? []);
    },
    leadsTo: (id: string, field: string, from: string, to: string) =>
      ledger.leadsTo(names.of(id), field, from, to),
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
      await scene.hub?.close();
      const problems = scene.hub?.problems ?? [];
      if (problems.length > 0) throw new Error(problems.join('\n'));
      discard(repository);
    },
  };
}

/** Somebody deletes the ref of the record; not if it alone has what an import took off the site. */
function loseRecord({ away, repository, main, names, ledger, sides }: Scene): string {
  if (away.size > 0 || !repository.ref(recordRef)) return '';
  repository.deleteRef(recordRef);
  const nameless = main.lines().filter(({ id }) => id === '');
  const { git, site } = sides();
  const named = new Set([...git.keys(), ...site.keys()]);
  for (const line of nameless) named.delete(names.nameOf(line));
  ledger.lose(named);
  return 'the record is lost';
}

/** People decide about the rows that one side lacks since the record was lost: they remove them. */
function decide({ sides, ledger, main, names, items, emulator, edit, editGit }: Scene): void {
  const { git, site } = sides();
  const isOpen = (key: string) => ledger.isQuestion(key) && !(git.has(key) && site.has(key));
  const left = main.lines().filter((line) => !isOpen(names.nameOf(line)));
  if (left.length < main.lines().length) editGit(left);
  const gone = [...items().keys()].filter((id) => isOpen(names.of(id)));
  if (gone.length > 0) {
    edit('site', () => gone.forEach((id) => void emulator.site.remove(collection.id, id)));
  }
}

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** Where people and runs act: both sides, and what is known of them. */
async function openScene(template: Repository, setting: Setting) {
  const time = gatedClock();
  const emulator = await startSite(time, setting);
  const repository = copyOf(template, paths);
  const hub =
    setting.publishing === 'push'
      ? undefined
      : await startGitHub({ repository: repositoryName, bareRepository: repository.remote });
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
    ...{ time, emulator, repository, hub, main, names, ledger, items, sides, edit },
    deletes: setting.deletes,
    /** What the site held when the export read it that made the pull request's last commit. */
    offered: undefined as Rows | undefined,
    /** Rows that an import which empties the collection took with it and did not bring back. */
    away: new Map<string, Row>(),
    /** The run during whose wait another one is at work. */
    outer: undefined as { readonly head: Rows; readonly running: Running } | undefined,
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
