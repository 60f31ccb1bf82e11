import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forwardRows, recordedRows } from '../content/export-plan.ts';
import { type Reach, versionsOf, within } from '../content/versions.ts';
import { writeTable } from '../csv/canonical.ts';
import { Failure } from '../errors.ts';
import { type RecordedBase, readBase, recordBase } from '../repository/base-ref.ts';
import type { Git } from '../repository/run-git.ts';
import type { RecordedVersions } from './base.ts';
import type { LiveContent } from './export-content.ts';
import { columnsOf, sidesOf, stagedFiles } from './export-content.ts';
import type { Run } from './run.ts';
import { splitLimits } from './run.ts';
import { openContent } from './sides.ts';

/** A content whose base is to be brought forward. */
export interface Forwarded extends Omit<LiveContent, 'live' | 'collection'> {
  /** The site as it was just read; `undefined` where git alone tells what is agreed. */
  readonly live: LiveContent['live'] | undefined;
  /** Whether the read reached rows that the configured filter leaves out. */
  readonly reach: Reach;
}

/** What became of the record. */
export interface Record {
  /** The new versions of the contents, in folders that mirror the repository. */
  readonly versions: Pick<RecordedVersions, 'base' | 'recorded'> | undefined;
  /** That the record could not be kept, which costs safety but not the run. */
  readonly warnings: readonly string[];
}

/** How often a run that lost the race for the base ref reads it again and merges. */
const attempts = 5;

/**
 * Brings base forward for these contents, and records the site as it was read.
 *
 * @param head the folder with the files as git holds them now.
 * @param known.read what the run read of the base ref: that is built upon, unless it moved meanwhile.
 * @param known.compared the commit that `head` is the content of; without it, the last one stays.
 */
export async function bringBaseForward(
  run: Run,
  git: Git,
  siteId: string,
  head: string,
  contents: readonly Forwarded[],
  { read, compared }: Pick<RecordedVersions, 'read' | 'compared'>,
): Promise<Record> {
  let versions: Record['versions'];
  try {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const folder = mkdtempSync(join(run.temp, 'base-'));
      const isRead = attempt === 1 && read !== undefined;
      const previous = isRead ? read.record : await readBase(git, siteId, join(folder, 'previous'));
      const files = stageAll(contents, head, previous, folder);
      if (files.size === 0) return { versions, warnings: [] };
      versions = { base: join(folder, 'base'), recorded: join(folder, 'live') };
      const expected = previous?.commit;
      const change = { expected, files, compared: compared ?? previous?.compared };
      const outcome = await recordBase(git, siteId, change);
      if (outcome !== 'lost-race') return { versions, warnings: [] };
      run.log.debug(`Another run moved the base of ${siteId}; reading it again.`);
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    const warning = `The base could not be recorded: ${error.message} Until it is, an edit that was made on both sides may be reported as a conflict.`;
    return { versions, warnings: [warning] };
  }
  const warning = `The base could not be recorded: other runs moved it ${attempts} times meanwhile. The next run does it.`;
  return { versions, warnings: [warning] };
}

function stageAll(
  contents: readonly Forwarded[],
  head: string,
  previous: RecordedBase | undefined,
  folder: string,
): ReadonlyMap<string, string | null> {
  const files = new Map<string, string | null>();
  for (const content of contents) {
    if (isKnown(content, previous)) stageForward(content, head, previous, folder, files);
  }
  return files;
}

/** Without a read or a record of the site, nothing is known to be agreed. */
function isKnown({ content, live }: Forwarded, previous: RecordedBase | undefined): boolean {
  if (live !== undefined) return true;
  return previous !== undefined && openContent(previous.live, content) !== undefined;
}

function stageForward(
  { content, live, schema, reach }: Forwarded,
  head: string,
  previous: RecordedBase | undefined,
  folder: string,
  files: Map<string, string | null>,
): void {
  const folders = { head, base: previous?.base, recorded: previous?.live };
  const sides = sidesOf(content, openContent(head, content), folders, live);
  const columns = columnsOf(content, sides, schema);
  const header = columns.map(({ key }) => key);
  const versions = () => versionsOf(columns, sides);
  const stage = (name: 'base' | 'live', former: string | undefined, rows: Rows) => {
    const target = join(folder, name, content.path);
    mkdirSync(dirname(target), { recursive: true });
    writeTable(target, header, rows, splitLimits);
    for (const [path, file] of stagedFiles(content.path, join(folder, name), former)) {
      files.set(`${name}/${path}`, file);
    }
  };
  stage('base', previous?.base, forwardRows(columns, versions()));
  if (live !== undefined)
    stage('live', previous?.live, recordedRows(columns, within(reach, versions())));
}

type Rows = Parameters<typeof writeTable>[2];
