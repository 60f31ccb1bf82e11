import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forwardRows, type Reader, recordedRows } from '../content/record.ts';
import { type Reach, versionsOf, within } from '../content/versions.ts';
import { writeTable } from '../csv/canonical.ts';
import { Failure } from '../errors.ts';
import { type RecordedBase, readBase, recordBase } from '../repository/base-ref.ts';
import type { Git } from '../repository/run-git.ts';
import type { RecordedVersions } from './base.ts';
import type { LiveContent, Versioned } from './export-content.ts';
import { columnsOf, sidesOf, stagedFiles } from './export-content.ts';
import { haveSameFiles } from './import-content.ts';
import { oneByOne, type Run, splitLimits } from './run.ts';
import { openContent, pathsIn, standsIn } from './sides.ts';

/** A content whose base is to be brought forward. */
export interface Forwarded extends Omit<LiveContent, 'live' | 'collection'> {
  /** The site as it was just read; `undefined` where git alone tells what is agreed. */
  readonly live: LiveContent['live'] | undefined;
  /** Whether the read reached rows that the configured filter leaves out. */
  readonly reach: Reach;
  /** Who has read it. */
  readonly reader: Reader;
  /** Whether nothing that was sent is on its way any more. */
  readonly hasSettled: boolean;
}

/** What became of the record. */
export interface Record {
  /** The new versions of the contents, in folders that mirror the repository. */
  readonly versions: Pick<RecordedVersions, 'base' | 'recorded'> | undefined;
  /** That the record could not be kept, which costs safety but not the run. */
  readonly warnings: readonly string[];
}

/** What a run knows of the record that it brings forward. */
export type Known = Pick<RecordedVersions, 'base' | 'isStandIn' | 'read' | 'compared'>;

/** How often a run that lost the race for the base ref reads it again and merges. */
export const attempts = 5;

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
  known: Known,
): Promise<Record> {
  let versions: Record['versions'];
  try {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const folder = mkdtempSync(join(run.temp, 'base-'));
      const isRead = attempt === 1 && known.read !== undefined;
      const previous = isRead
        ? known.read?.record
        : await readBase(git, siteId, join(folder, 'previous'));
      const forwarded = isRead
        ? contents
        : contents.map((each) => unlessMoved(each, previous, known));
      const files = await stageAll(run, forwarded, head, formerOf(previous, known), folder);
      if (files.size === 0) return { versions, warnings: [] };
      versions = { base: join(folder, 'base'), recorded: join(folder, 'live') };
      const change = { expected: previous?.commit, files, compared: comparedOf(previous, known) };
      const { kind } = await recordBase(git, siteId, change);
      if (kind !== 'lost-race') return { versions, warnings: [] };
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

/** The versions that base is brought forward from. */
type Former = Omit<Versioned, 'head'>;

/** The record, or what stands in for it: what the run has compared with has to outlive it. */
function formerOf(previous: RecordedBase | undefined, { base, isStandIn }: Known): Former {
  if (previous === undefined) return { base: isStandIn ? base : undefined, recorded: undefined };
  return { base: previous.base, recorded: previous.live, sent: previous.sent };
}

/**
 * What another run has read and recorded meanwhile stays: this run's own read may be older, and to
 * put it in its place would take that back.
 */
function unlessMoved(
  content: Forwarded,
  previous: RecordedBase | undefined,
  { read }: Known,
): Forwarded {
  const then = read?.record?.live;
  if (read === undefined || previous === undefined) return content;
  const isSame =
    then === undefined
      ? !standsIn(previous.live, content.content)
      : haveSameFiles(content.content, then, previous.live);
  return isSame ? content : { ...content, live: undefined };
}

/** The latest commit that base was compared with, as far as this run can tell. */
function comparedOf(previous: RecordedBase | undefined, { read, compared }: Known) {
  const isNews = read !== undefined && previous?.compared !== read.record?.compared;
  return isNews ? previous?.compared : (compared ?? previous?.compared);
}

async function stageAll(
  run: Run,
  contents: readonly Forwarded[],
  head: string,
  former: Former,
  folder: string,
): Promise<ReadonlyMap<string, string | null>> {
  const files = new Map<string, string | null>();
  await oneByOne(run, contents, (content) => {
    if (isKnown(content, former)) stageForward(content, head, former, folder, files);
  });
  return files;
}

/**
 * Without a read or a record of the site, nothing is known to be agreed. What was sent can only be
 * told with a read of it.
 */
function isKnown({ content, live }: Forwarded, { recorded, sent }: Former): boolean {
  if (live !== undefined) return true;
  return standsIn(recorded, content) && !standsIn(sent, content);
}

function stageForward(
  { content, live, schema, reach, reader, hasSettled }: Forwarded,
  head: string,
  former: Former,
  folder: string,
  files: Map<string, string | null>,
): void {
  const sides = sidesOf(content, openContent(head, content), { head, ...former }, live);
  const columns = columnsOf(content, sides, schema);
  const header = columns.map(({ key }) => key);
  const versions = () => versionsOf(columns, sides);
  const stage = (name: 'base' | 'live', before: string | undefined, rows: Rows) => {
    const target = join(folder, name, content.path);
    mkdirSync(dirname(target), { recursive: true });
    writeTable(target, header, rows, splitLimits);
    for (const [path, file] of stagedFiles(content.path, join(folder, name), before)) {
      files.set(`${name}/${path}`, file);
    }
  };
  stage('base', former.base, forwardRows(columns, versions()));
  if (live === undefined) return;
  stage('live', former.recorded, recordedRows(columns, within(reach, versions()), reader));
  if (!hasSettled || former.sent === undefined) return;
  for (const path of pathsIn(former.sent, content)) files.set(`sent/${path}`, null);
}

type Rows = Parameters<typeof writeTable>[2];
