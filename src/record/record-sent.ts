import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stagedFiles } from '../commands/export/export-content.ts';
import { type ContentPlan, isTruncating } from '../commands/import/import-content.ts';
import { pathsIn } from '../commands/read/sides.ts';
import { type Run, splitLimits } from '../commands/run.ts';
import type { Content } from '../config/config.ts';
import { removedKeys } from '../content/change.ts';
import type { FileRow } from '../content/export-plan.ts';
import { fateColumn, fates } from '../content/versions.ts';
import { inByteOrder } from '../csv/order.ts';
import { writeTable } from '../csv/writer.ts';
import { Failure } from '../errors.ts';
import { type RecordedBase, readBase, recordBase } from '../repository/base-ref.ts';
import { headCommit } from '../repository/history.ts';
import type { Git } from '../repository/run-git.ts';
import type { RecordedVersions } from './base.ts';
import { attempts } from './record-base.ts';

/**
 * Notes in the record what an import is about to write, before it does: if the run ends before it has
 * seen what arrived, the next one can tell git's cells on the site from edits of the CMS.
 *
 * @returns the versions with the record as it is then.
 * @throws Failure where there is a record and it can not be written: without the note, an edit that
 *   takes this one back in git could be lost.
 */
export async function recordSent(
  run: Run,
  git: Git,
  siteId: string,
  plans: readonly ContentPlan[],
  versions: RecordedVersions,
): Promise<RecordedVersions> {
  const writing = plans.filter(
    ({ sent, changes }) => sent.length > 0 || removedKeys(changes).length > 0,
  );
  if (writing.length === 0) return versions;
  const read = versions.read ?? { record: await readRecord(run, git, siteId) };
  try {
    return await noted(run, git, siteId, writing, { ...versions, read });
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    if (read.record === undefined) return versions;
    /**
     * @cause An import notes what it is about to write, so that a run that is cut off cannot make
     * it look like edits of the CMS.
     * @remedy Give the job `contents: write`, or run again: the words at the end say which.
     */
    const message = `What this import is about to write could not be noted in the record, so nothing was written. ${error.message}`;
    throw new Failure(error.reason, message, { cause: error });
  }
}

function readRecord(run: Run, git: Git, siteId: string): Promise<RecordedBase | undefined> {
  return readBase(git, siteId, mkdtempSync(join(run.temp, 'record-')));
}

async function noted(
  run: Run,
  git: Git,
  siteId: string,
  plans: readonly ContentPlan[],
  versions: RecordedVersions & Required<Pick<RecordedVersions, 'read'>>,
): Promise<RecordedVersions> {
  const folder = mkdtempSync(join(run.temp, 'sent-'));
  const sent = new Map(plans.flatMap((plan) => [...stageSent(plan, folder)]));
  // A later run on an older commit must not take back what this one sends.
  const compared = await headCommit(git);
  let record = versions.read?.record;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) {
      record = await readRecord(run, git, siteId);
      refuseOutdated(record, versions.read?.record, compared);
    }
    const standIn = record === undefined && versions.isStandIn ? versions.base : undefined;
    const files = new Map([...plans.flatMap(({ head }) => kept(head.content, standIn)), ...sent]);
    const change = { expected: record?.commit, files, compared };
    const outcome = await recordBase(git, siteId, change);
    if (outcome.kind === 'lost-race') continue;
    const commit = outcome.kind === 'recorded' ? outcome.commit : record?.commit;
    if (commit === undefined) return versions;
    const { base = join(folder, 'base'), live = join(folder, 'live') } = record ?? {
      base: standIn,
    };
    const now = { commit, base, live, sent: join(folder, 'sent'), compared };
    return { ...versions, read: { record: now } };
  }
  /**
   * @cause Runs on the same site worked at once, over and over.
   * @remedy Give them one `concurrency` group, and run again.
   */
  throw new Failure('api', `Other runs moved the record ${attempts} times meanwhile. Run again.`);
}

/** What another run has written of another commit since this one made its plans, they may take back. */
function refuseOutdated(
  now: RecordedBase | undefined,
  then: RecordedBase | undefined,
  head: string | undefined,
): void {
  if (now?.compared === then?.compared || now?.compared === head) return;
  throw new Failure(
    'api',
    /**
     * @cause A run of another commit ended while this import was reading the site. Nothing was
     * written.
     * @remedy Run the import by hand on the branch. Give all workflows of a site one `concurrency`
     * group.
     */
    'Another run has imported or exported another commit meanwhile. Run the import on the branch as it is now.',
  );
}

/** What an import does to base, row by row: those that it writes, and those that it removes. */
function rowsOf({ head, sent, changes }: ContentPlan): readonly FileRow[] {
  const fate = isTruncating(head.content) ? fates.refill : '';
  const written = sent.map(({ key, cells }) => ({ key, cells: [...cells, fate] }));
  const removed = removedKeys(changes).map((key) => ({
    key,
    cells: [...head.columns.map((column) => (column.key === '_id' ? key : '')), fates.removal],
  }));
  return inByteOrder([...written, ...removed]).map(({ row }) => row);
}

/** What an import does to base of one content, as files. */
function stageSent(plan: ContentPlan, folder: string) {
  const { path } = plan.head.content;
  const target = join(folder, 'sent', path);
  mkdirSync(dirname(target), { recursive: true });
  const header = [...plan.head.columns.map(({ key }) => key), fateColumn];
  writeTable(target, header, rowsOf(plan), splitLimits);
  const staged = stagedFiles(path, join(folder, 'sent'), undefined);
  return [...staged].map(([name, file]) => [`sent/${name}`, file] as const);
}

/** What stands in for base becomes base, since it is what the import has compared with. */
function kept(content: Content, standIn: string | undefined) {
  if (standIn === undefined) return [];
  return pathsIn(standIn, content).map((path) => [`base/${path}`, join(standIn, path)] as const);
}
