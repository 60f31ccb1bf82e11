import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import type { Settings } from '../../emulator/settings.ts';
import type { FileResult } from '../../src/report/result.ts';
import { cellOf, createLedger, type Permit, type Rows } from './ledger.ts';
import { copyOf, discard, makeRepository, type Repository } from './repository.ts';
import { type Ending, type GatedClock, gatedClock, runCommand } from './running.ts';
import {
  collection,
  csvPath,
  itemsOf,
  type Line,
  linesOf,
  naming,
  paths,
  textOf,
} from './tables.ts';

/** What holds for a whole sequence. */
export interface Setting {
  readonly keeps: 'exclude' | 'fields';
  readonly upload: 'csv' | 'jsonl';
  readonly deletes: 'keep' | 'apply';
  readonly wix: Partial<Settings>;
}

/** A run of the action, and what disturbs it. */
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

export const siteId = '11111111-2222-3333-4444-555555555555';
const baseRef = `refs/wix-cms/${siteId}`;

const quick = { jobSteps: { uninitialized: 0, initializing: 0, inProgress: 0 } };
const seeds = ['i1', 'i2', 'i3', 'i4'].map((id, i) => ({
  ...{ _id: id, title: `title ${id}`, price: i + 1, notes: `notes ${id}` },
  ...{ secret: `secret ${id}`, related: [`r${i}`] },
}));

function startSite(clock: GatedClock, wix: Partial<Settings>): Promise<Emulator> {
  const site = { id: siteId, collections: [{ ...collection, items: seeds }] };
  return startEmulator({ ...quick, ...wix, site, clock });
}

/** A repository whose content was exported once, to be copied for each sequence. */
export async function makeTemplate(): Promise<Repository> {
  const time = gatedClock();
  const repository = makeRepository({ 'README.md': 'A site.\n' }, paths);
  const emulator = await startSite(time, {});
  const setting: Setting = { keeps: 'exclude', upload: 'csv', deletes: 'keep', wix: {} };
  const inputs = { command: 'export', commit: 'push' };
  repository.checkOut(repository.tip());
  await runCommand(emulator, time, repository, { inputs, config: configOf(setting) });
  await emulator.close();
  return repository;
}

function configOf({ keeps, upload, deletes }: Setting): string {
  const selection = keeps === 'exclude' ? 'exclude: [secret]' : 'fields: [title, price, notes]';
  return `collections:
  - id: items
    ${selection}
    upload-format: ${upload}
    deletes: ${deletes}
limits:
  max-deletes: 100
  max-changes: 100
  allow-empty: true
`;
}

/** What one of the steps found wrong. */
export class Violation extends Error {}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A site, a repository, and the ledger between them. */
export async function openWorld(template: Repository, setting: Setting) {
  const time = gatedClock();
  const emulator = await startSite(time, setting.wix);
  const repository = copyOf(template, paths);
  const names = naming();
  const ledger = createLedger();
  const commits = [repository.tip()];
  let nextValue = 100;
  let draft: readonly Line[] | undefined;

  const committed = (commit: string) => linesOf(repository.filesAt(commit)[csvPath] ?? '');
  const lines = () => draft ?? committed(repository.tip());
  const gitRows = () => names.gitRows(lines());
  const siteRows = () => names.siteRows(itemsOf(emulator.site));
  const agree = (git: Rows, isWhole: boolean) => ledger.agree(git, siteRows(), isWhole);
  agree(gitRows(), true);

  /** Merges what was edited in git since the last run. */
  function merge(): string {
    if (draft !== undefined) repository.merge({ [csvPath]: textOf(draft) });
    draft = undefined;
    const tip = repository.tip();
    if (commits.at(-1) !== tip) commits.push(tip);
    return tip;
  }

  function editGit(after: readonly Line[]): void {
    ledger.people('git', gitRows(), names.gitRows(after));
    draft = after;
    agree(gitRows(), false);
  }

  function editSite(edit: () => void): void {
    const before = siteRows();
    edit();
    ledger.people('site', before, siteRows());
    agree(gitRows(), false);
  }

  async function run(running: Running): Promise<Ending> {
    merge();
    const commit = commits[Math.max(0, commits.length - 1 - running.behind)] ?? '';
    repository.checkOut(commit);
    const head = committed(commit);
    const seen = [...head, ...lines()];
    const before = { site: siteRows(), git: gitRows() };
    const raced: Rows[] = [];
    let moments = 0;
    const onMoment = (cancel: () => void) => {
      moments += 1;
      if (moments === running.cancelAt) cancel();
      if (moments === running.mergeAt) raced.push(...race(seen));
    };
    const ending = await runCommand(emulator, time, repository, {
      inputs: {
        ...{ command: running.command, commit: running.commit },
        'on-conflict': running.onConflict,
      },
      config: configOf(setting),
      onMoment,
    });
    const isCancelled = running.cancelAt !== undefined && moments >= running.cancelAt;
    judge({
      lines: seen,
      running,
      ending,
      head,
      before,
      raced,
      isCancelled,
      isTip: commit === commits.at(-1),
    });
    merge();
    return ending;
  }

  /** Somebody merges a change while a run is at work: main before it, and after it. */
  function race(seen: readonly Line[]): Rows[] {
    names.adopt(lines(), seen);
    const was = gitRows();
    const [first, ...rest] = lines();
    if (first === undefined || first.id === '') return [];
    const title = `raced ${nextValue++}`;
    editGit([{ ...first, cells: { ...first.cells, title } }, ...rest]);
    merge();
    return [was, gitRows()];
  }

  function judge(what: {
    readonly running: Running;
    readonly ending: Ending;
    readonly head: readonly Line[];
    /** All the lines that the run can have seen. */
    readonly lines: readonly Line[];
    readonly before: { readonly site: Rows; readonly git: Rows };
    readonly raced: readonly Rows[];
    readonly isCancelled: boolean;
    readonly isTip: boolean;
  }): void {
    const { running, ending, before, raced, isTip } = what;
    const { command, onConflict, commit } = running;
    const items = [...itemsOf(emulator.site)].map(([id, { cells }]) => ({ id, cells }));
    names.adopt([...items, ...lines()], what.lines);
    const head = names.gitRows(what.head);
    const after = { site: siteRows(), git: gitRows() };
    const file = 'result' in ending ? ending.result.files[0] : undefined;
    const failed = !('result' in ending) || ending.result.status === 'failed';
    const isReported = (key: string, field?: string) => failed || reports(file, key, field);
    const permit: Permit = { onConflict, deletes: setting.deletes, isReported };
    const sources = command === 'import' ? [head] : [];
    const [raceBefore = after.git, raceAfter = after.git] = raced;
    const sites = [before.site, after.site];
    const wrong = [
      ...ledger.judge('site', before.site, after.site, sources, permit),
      ...ledger.judge('git', before.git, raceBefore, sites, permit),
      ...ledger.judge('git', raceAfter, after.git, sites, permit),
    ];
    if (wrong.length > 0) throw new Violation(wrong.join('; '));
    const warnings = 'result' in ending ? ending.result.warnings : [];
    const isRecorded = !warnings.some((each) => each.includes('base could not be recorded'));
    const isWhole = !failed && !what.isCancelled && isRecorded;
    if (isWhole && isTip && raced.length === 0) {
      const missing =
        command === 'import'
          ? missingOnSite(file, after, before, permit)
          : commit === 'push'
            ? missingInGit(after, isReported)
            : [];
      if (missing.length > 0) throw new Violation(`${command} left out ${missing.join(', ')}`);
    }
    agree(head, isWhole && command === 'import');
    agree(after.git, isWhole && (isTip || command === 'export'));
  }

  /** What an import that went well did not bring to the site, and did not speak of. */
  function missingOnSite(
    file: FileResult | undefined,
    after: Sides,
    before: Sides,
    { onConflict }: Permit,
  ): readonly string[] {
    const spoken = (key: string) =>
      [...(file?.rejections ?? []), ...(file?.mismatches ?? [])].some(
        (each) => each.key !== undefined && names.of(each.key) === key,
      );
    const silent =
      onConflict === 'fail' ? ledger.cellsWhere(before.git, before.site, 'conflict') : [];
    const late = ledger.cellsWhere(after.git, after.site, 'git-ahead');
    return [
      ...[...silent, ...late]
        .filter(({ key }) => !spoken(key))
        .map(({ key, field }) => `${key}.${field}`),
      ...ledger.unshared('git', after.git, after.site).filter((key) => !spoken(key)),
    ];
  }

  function missingInGit(after: Sides, isReported: Permit['isReported']): readonly string[] {
    const late = ledger.cellsWhere(after.git, after.site, 'site-ahead');
    const conflicts = ledger.cellsWhere(after.git, after.site, 'conflict');
    const unsaid = conflicts.filter(({ key, field }) => !isReported(key, field));
    return [
      ...[...late.filter(({ isExact }) => isExact), ...unsaid].map(
        ({ key, field }) => `${key}.${field}`,
      ),
      ...ledger.unshared('site', after.site, after.git),
    ];
  }

  function reports(file: FileResult | undefined, row: string, field?: string): boolean {
    const { changes = [], drift = [], conflicts = [] } = file ?? {};
    const speaksOf = (key: string, columns: readonly (string | undefined)[]) =>
      names.of(key) === row && (field === undefined || columns.includes(field));
    return (
      [...changes, ...drift].some(({ key, cells }) =>
        speaksOf(
          key,
          cells.map(({ column }) => column.key),
        ),
      ) || conflicts.some(({ key, column }) => speaksOf(key, [column?.key, field]))
    );
  }

  return {
    emulator,
    repository,
    ledger,
    lines,
    gitRows,
    siteRows,
    /** The items by their ids. */
    items: () => itemsOf(emulator.site),
    /** Whether a cell's text was made from another one. */
    descends: (id: string, field: string, from: string, to: string) =>
      ledger.leadsTo(cellOf(names.of(id), field), from, to),
    editGit,
    editSite,
    run,
    fresh: () => nextValue++,
    loseRecord() {
      repository.deleteRef(baseRef);
      ledger.forget();
    },
    /** What an export writes where there is no file yet and nothing is known. */
    async exportAfresh(): Promise<string> {
      const workspace = join(repository.remote, '../fresh');
      mkdirSync(workspace);
      const inputs = { command: 'export', commit: 'none' };
      const config = configOf(setting);
      await runCommand(emulator, time, { ...repository, workspace }, { inputs, config });
      return readFileSync(join(workspace, csvPath), 'utf8');
    },
    async close() {
      await emulator.close();
      discard(repository);
    },
  };
}

interface Sides {
  readonly git: Rows;
  readonly site: Rows;
}
