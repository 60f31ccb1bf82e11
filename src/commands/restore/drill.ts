import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectionSeed } from '../../../emulator/schema.ts';
import type { CollectionContent, Content } from '../../config/config.ts';
import type { Conflict } from '../../content/change.ts';
import { localizationLayout, textNamedBy } from '../../content/identity.ts';
import type { Table } from '../../csv/table.ts';
import { Failure } from '../../errors.ts';
import type { RestoreInputs } from '../../inputs.ts';
import { schemaIn } from '../../record/content-files.ts';
import { type Exports, exportsRef, leave, noExports, readExports } from '../../record/exports.ts';
import { recordFolder, recordRef } from '../../record/sync-record.ts';
import type { Version } from '../../record/version.ts';
import { type FileResult, failedResult, type Result, untouched } from '../../report/result.ts';
import { counted, joined } from '../../report/text.ts';
import { makeCommits } from '../../repository/commit-files.ts';
import { Objects } from '../../repository/objects.ts';
import type { PastCommit } from '../../repository/past.ts';
import { remoteTips } from '../../repository/remote.ts';
import { type Git, runGit } from '../../repository/run-git.ts';
import { createWixClient } from '../../wix/client.ts';
import { stagedFiles } from '../export/staged-files.ts';
import { runExport } from '../export.ts';
import { runImport } from '../import.ts';
import { filesAt } from '../read/config-at.ts';
import { withLastRuns } from '../read/last-runs.ts';
import { type GitRun, nameOf } from '../run.ts';
import { newField } from './lost-collections.ts';

/**
 * Proves that the files of a commit can be restored: imports them into an empty stand-in for Wix, exports
 * them again, and compares byte by byte. Needs no key, and reaches no site.
 */
export async function drill(
  run: GitRun,
  inputs: RestoreInputs,
  { id }: PastCommit,
): Promise<Result> {
  const { result, rows } = await play(run, inputs, id).catch(damage);
  const exports = await exportsOf(run.git, inputs);
  const now = run.clock.now();
  const isProof = result.failureReason === undefined && (await isOfAll(run, id));
  if (isProof && !(await leave(run.git, exports, { drill: now }))) {
    run.log.info(
      'The date of this drill is not kept, so exports cannot say how old it is. Give the job the permission contents: write, and in a repository of several sites, set the input site-id.',
    );
  }
  const drilled = withLastRuns(run, { exports }, result);
  return { ...drilled, badge: badgeOf(drilled, rows, now) };
}

interface Played {
  readonly result: Result;
  readonly rows: number;
}

/** What comes of files that cannot even be read. */
function damage(error: unknown): Played {
  if (!(error instanceof Failure) || error.reason !== 'validation') throw error;
  return { result: failedResult('restore', error), rows: 0 };
}

async function play(run: GitRun, inputs: RestoreInputs, id: string): Promise<Played> {
  const version = await filesAt(run, inputs, id);
  const placed = run.config.contents.map((content) => version?.placed(content) ?? content);
  const tables = new Map<Content, Table>();
  for (const content of placed) {
    const table = await version?.open(content);
    if (table !== undefined) tables.set(content, table);
  }
  if (version === undefined || tables.size === 0) throw nothingToPlay(id);
  const missing = placed.find((content) => !tables.has(content));
  // What came later is in no older commit.
  if (missing !== undefined && (await isCheckedOut(run, id))) throw notThere(missing);
  const contents = [...tables.keys()];
  const rows = [...tables.values()].reduce((sum, { size }) => sum + size, 0);
  const there = await checkout(run, inputs, contents, version.folder);
  // Only a drill needs the stand-in, so nothing else loads it.
  const { startEmulator } = await import('../../../emulator/emulator.ts');
  const emulator = await startEmulator({
    site: siteOf(version.folder, tables),
    // The stand-in keeps every value as it was sent, so that the files come back as they are.
    forms: [],
    multiReferences: 'ids',
  });
  try {
    const { apiUrl, apiKey, siteId } = emulator;
    const access = { apiUrl, apiKey, siteId, requestsPerMinute: 10_000 };
    const client = createWixClient({ ...run, ...access });
    const offline = { ...inputs, ...access, ...apart };
    const imported = await runImport(there, { ...offline, ...asIs, command: 'import' }, client);
    if (imported.failureReason !== undefined) {
      return { result: { ...imported, command: 'restore' }, rows };
    }
    // There is no record of another site, so the export compares with the files alone.
    const alone = { ...offline, siteId: 'none', command: 'export' } as const;
    const exported = await runExport(there, alone, client);
    const files = filesOfDrill(contents, version, there.workspace, exported);
    const failed = files.find(({ failure }) => failure !== undefined);
    const result: Result = {
      ...exported,
      command: 'restore',
      status: failed === undefined ? 'success' : 'failed',
      failureReason: failed?.failure?.reason,
      failureMessage: undefined,
      files,
    };
    return { result, rows };
  } finally {
    there.git.objects.close();
    await emulator.close();
  }
}

/** A run in a repository with these files alone, and with a remote for the records. */
async function checkout(
  run: GitRun,
  inputs: RestoreInputs,
  contents: readonly Content[],
  then: string,
): Promise<GitRun> {
  const { git } = run;
  const directory = mkdtempSync(join(run.temp, 'drill-'));
  const origin = mkdtempSync(join(run.temp, 'remote-'));
  cpSync(then, directory, { recursive: true });
  const settings = join(run.workspace, inputs.config.file);
  if (existsSync(settings)) cpSync(settings, join(directory, inputs.config.file));
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(directory, path)).isFile())
    .map((path) => [path.replaceAll('\\', '/'), { file: join(directory, path) }] as const);
  const plain = { ...git, directory, commonDirectory: join(directory, '.git'), origin };
  const init = ['init', '--quiet', '--initial-branch=main'];
  await runGit({ ...git, directory: origin }, [...init, '--bare']);
  await runGit(plain, init);
  await runGit(plain, ['remote', 'add', 'origin', origin]);
  const clone = { ...plain, objects: new Objects(plain) };
  const commit = { parents: [], onto: undefined, files: new Map(paths), message: 'The files\n' };
  const [made = ''] = await makeCommits(clone, [commit]);
  await runGit(clone, ['update-ref', 'refs/heads/main', made]);
  await runGit(clone, ['push', '--quiet', 'origin', 'main']);
  const event = { name: 'workflow_dispatch', before: undefined, pullRequest: undefined };
  return {
    ...run,
    config: { ...run.config, contents, managed: contents },
    environment: { ...run.environment, event, branch: 'main' },
    workspace: directory,
    git: clone,
  };
}

/** A drill has nothing to do with GitHub or other branches. */
const apart = {
  commit: 'none',
  token: undefined,
  baseBranch: undefined,
  onConflict: 'hold',
} as const;

const asIs = {
  base: undefined,
  reconcile: 'all',
  source: 'working-tree',
  toleratedRejections: 0,
  approve: undefined,
  requirePlan: false,
  verify: true,
} as const;

function nothingToPlay(id: string): Failure {
  const message = `The commit ${id.slice(0, 7)} has no configured file, so there is nothing to test. Run an export first.`;
  return new Failure('config', message);
}

function notThere({ path: file }: Content): Failure {
  const message = `${file} is missing, so nothing of it can be restored. Restore it from git; if it is new in the configuration, run an export.`;
  return new Failure('validation', message, { place: { file } });
}

/** An empty site with the collections that the schema files describe. */
function siteOf(then: string, tables: ReadonlyMap<Content, Table>) {
  const contents = [...tables.keys()];
  const collections = contents.filter((content) => content.kind === 'collection');
  const languages = contents.flatMap((each) =>
    each.kind === 'localization' ? each.languages : [],
  );
  return {
    collections: [
      ...collections.map((content) => collectionOf(then, content)),
      ...unmanagedItems(tables),
    ],
    languages: [...new Set(languages)],
  };
}

/** Items that a localization translates and no file has, because it covers all collections of the site. */
function unmanagedItems(tables: ReadonlyMap<Content, Table>): readonly CollectionSeed[] {
  const isInFile = (item: string) =>
    [...tables].some(([{ kind }, table]) => kind === 'collection' && table.has(item));
  const items = new Map<string, Record<string, string>>();
  const translatable = new Set<string>();
  for (const [content, table] of tables) {
    if (content.kind === 'collection') continue;
    const source = localizationLayout(table.columns, content.columns)?.source ?? -1;
    for (const { key, cells } of table.rows()) {
      const [item = '', field = ''] = textNamedBy(key) ?? [];
      if (item === '' || isInFile(item)) continue;
      items.set(item, { ...items.get(item), _id: item, [field]: cells[source] || '-' });
      translatable.add(field);
    }
  }
  const fields = [...translatable].map((key) => ({ key, type: 'TEXT' }));
  const seed = { id: 'in-no-file', translatable: [...translatable], fields };
  return items.size === 0 ? [] : [{ ...seed, items: [...items.values()] }];
}

function collectionOf(then: string, content: CollectionContent): CollectionSeed {
  const { id, schemaPath } = content;
  const schema = schemaIn(then, content);
  if (schema === undefined) {
    const message = `${schemaPath} is missing, and without it the collection ${id} cannot be created again. Run an export, which writes it.`;
    throw new Failure('validation', message, { place: { file: schemaPath } });
  }
  const { fields, omitted } = schema;
  const own = fields.map((field) => ({ ...newField(field), required: field.required }));
  const others = omitted.map(({ key, type, reason }) => ({
    key,
    type,
    encrypted: reason === 'an encrypted field',
  }));
  const names = [...own, ...others].filter(({ key }) => !key.startsWith('_'));
  const translatable = fields.filter((field) => field.translatable).map(({ key }) => key);
  return { id, fields: names, ...(translatable.length > 0 && { translatable }) };
}

/** The files, each with the first row that did not come back as it was. */
function filesOfDrill(
  contents: readonly Content[],
  then: Version,
  again: string,
  exported: Result,
): readonly FileResult[] {
  return contents.map((content) => {
    const { path } = content;
    const result = exported.files.find((file) => file.path === path);
    const failure =
      result?.failure ??
      conflictIn(content, result?.conflicts ?? []) ??
      differenceIn(content, then, again);
    return { ...untouched(nameOf(content), path), failure };
  });
}

/** People look at a badge long after the drill, so it names dates. */
function badgeOf(
  { failureReason, files, lastExport, lastDrill }: Result,
  rows: number,
  now: number,
): NonNullable<Result['badge']> {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  if (failureReason !== undefined) {
    const { name = 'the content' } = files.find(({ failure }) => failure !== undefined) ?? {};
    const before = lastDrill && `last restored ${day(lastDrill.at)}`;
    return { message: joined(' · ', [`${name} cannot be restored`, before]), color: 'red' };
  }
  const message = joined(' · ', [
    lastExport && `last backup ${day(lastExport.at)}`,
    counted(rows, 'row'),
    `restored ${day(now)}`,
  ]);
  return { message, color: lastExport?.isLate ? 'orange' : 'brightgreen' };
}

/** The list of the site that the inputs name, or of the only one that the remote knows. */
async function exportsOf(git: Git, { siteId }: RestoreInputs): Promise<Exports> {
  const pattern = exportsRef(siteId === undefined ? `${recordFolder}*` : recordRef(siteId));
  try {
    const tips = await remoteTips(git, [pattern]);
    const [ref = siteId && pattern, ...others] = tips.keys();
    return ref && others.length === 0 ? await readExports(git, ref, tips.get(ref)) : noExports;
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return noExports;
  }
}

/** Whether a drill of this commit shows that all the content of today comes back. */
async function isOfAll(run: GitRun, id: string): Promise<boolean> {
  const { config, environment } = run;
  if (environment.event.pullRequest !== undefined) return false;
  const isWhole = config.contents.length === config.managed.length;
  return isWhole && isCheckedOut(run, id);
}

async function isCheckedOut({ git }: GitRun, id: string): Promise<boolean> {
  return (await git.objects.commit('HEAD'))?.id === id;
}

/** The first cell that differs in the stand-in, except those that belong to the site. */
function conflictIn({ path }: Content, conflicts: readonly Conflict[]): FileResult['failure'] {
  const conflict = conflicts.find(({ column }) => column?.owner !== 'site');
  if (conflict === undefined) return undefined;
  const { key, column, git, cms, place } = conflict;
  const cell = column?.key ?? 'the row';
  const message = `${path}: ${cell} of "${key}" is "${git}", and came back as "${cms}". Correct it in git.`;
  return { reason: 'validation', message, place };
}

function differenceIn(content: Content, then: Version, again: string): FileResult['failure'] {
  const changed = [...stagedFiles(content, again, then)].filter(([path]) => path.endsWith('.csv'));
  for (const [path, file] of changed) {
    const before = join(then.folder, path);
    if (file === null || !existsSync(before)) {
      const message = `${path}: a part of the file is missing, or has another name than an export gives it. Restore it from git, or run an export.`;
      return { reason: 'validation', message, place: { file: path } };
    }
    const line = firstDifference(readFileSync(before), readFileSync(file));
    const message = `${path} line ${line}: the row came back with different bytes. Run an export, which writes the file in its usual form.`;
    return { reason: 'validation', message, place: { file: path, line } };
  }
  return undefined;
}

/** The line of the first difference between two files. */
function firstDifference(left: Buffer, right: Buffer): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return left.subarray(0, at).toString('latin1').split('\n').length;
}
