import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LiveContent, Versioned } from '../commands/export/export-content.ts';
import { columnsOf, sidesOf, stagedFiles } from '../commands/export/export-content.ts';
import { haveSameFiles } from '../commands/import/import-content.ts';
import { openContent, pathsIn, standsIn } from '../commands/read/sides.ts';
import { oneByOne, type Run, splitLimits } from '../commands/run.ts';
import type { Content } from '../config/config.ts';
import { forwardRows, type Offers, recordedRows } from '../content/record.ts';
import { type Reach, versionsOf, within } from '../content/versions.ts';
import type { Table } from '../csv/table.ts';
import { writeTable } from '../csv/writer.ts';
import { Failure } from '../errors.ts';
import { type RecordedBase, readBase, recordBase } from '../repository/base-ref.ts';
import type { Git } from '../repository/run-git.ts';
import type { RecordedVersions } from './base.ts';

/** A content whose base is to be brought forward. */
export interface Forwarded extends Omit<LiveContent, 'live' | 'collection'> {
  /** The site as it was just read; `undefined` where git alone tells what is agreed. */
  readonly live: LiveContent['live'] | undefined;
  /** Whether the read reached rows that the configured filter leaves out. */
  readonly reach: Reach;
  /** What earlier offers are to the record. */
  readonly offers: Offers;
  /** The file as the run has opened it, maybe an older version: what is the same is not read again. */
  readonly like: Table | undefined;
  /** Whether nothing that was sent is on its way any more. */
  readonly hasSettled: boolean;
}

/** What became of the record. */
export interface Record {
  /** The new versions of the contents, in folders that mirror the repository. */
  readonly versions: Pick<RecordedVersions, 'base' | 'recorded'> | undefined;
  /** The record with these versions; `undefined` where it could not be kept. */
  readonly now: RecordedBase | undefined;
  /** The contents that another run has recorded meanwhile: this run's read of them is no news. */
  readonly outdated: readonly Content[];
  /** Why the record could not be kept, which costs safety. */
  readonly failure: Failure | undefined;
}

/** There was nothing to record, or nowhere to. */
export const nothingRecorded: Record = {
  versions: undefined,
  now: undefined,
  outdated: [],
  failure: undefined,
};

/** What is said where the record could not be kept, though the run goes on. */
export function unrecorded({ failure }: Record): readonly string[] {
  return failure === undefined
    ? []
    : [
        /**
         * @cause The token may not write `refs/wix-cms/`, or git failed.
         * @remedy Mostly, give the job `contents: write`; the words in the middle say what is
         * wrong.
         */
        `The base could not be recorded: ${failure.message} Until it is, an edit that was made on both sides may be reported as a conflict.`,
      ];
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
  siteId: string,
  head: string,
  contents: readonly Forwarded[],
  known: Known,
): Promise<Record> {
  const { git } = run;
  if (git === undefined) return nothingRecorded;
  return run.log.step('Recording what git and the site hold', () =>
    recordOrSayWhy(run, git, siteId, head, contents, known),
  );
}

async function recordOrSayWhy(
  run: Run,
  git: Git,
  siteId: string,
  head: string,
  contents: readonly Forwarded[],
  known: Known,
): Promise<Record> {
  let versions: Record['versions'];
  const lost = (failure: Failure) => ({ versions, now: undefined, outdated: [], failure });
  try {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const isFirst = attempt === 1 && known.read !== undefined;
      const previous = isFirst
        ? known.read?.record
        : await readBase(git, siteId, mkdtempSync(join(run.temp, 'record-')));
      const staged = await stage(run, head, contents, previous, known);
      versions = staged.versions && { base: staged.versions.base, recorded: staged.versions.live };
      const recorded = await push(git, siteId, staged, previous, known);
      if (recorded !== 'lost-race') {
        return { versions, ...recorded, outdated: staged.outdated, failure: undefined };
      }
      run.log.debug(`Another run moved the base of ${siteId}; reading it again.`);
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return lost(error);
  }
  const message = `Other runs moved it ${attempts} times meanwhile. The next run does it.`;
  return lost(new Failure('api', message));
}

/** What is to be recorded. */
interface Staged {
  readonly files: ReadonlyMap<string, string | null>;
  /** Where the new versions are; `undefined` where nothing is to be recorded. */
  readonly versions: Pick<RecordedBase, 'base' | 'live' | 'sent'> | undefined;
  readonly outdated: readonly Content[];
}

async function stage(
  run: Run,
  head: string,
  contents: readonly Forwarded[],
  previous: RecordedBase | undefined,
  known: Known,
): Promise<Staged> {
  const folder = mkdtempSync(join(run.temp, 'base-'));
  const moved = contents.filter((content) => hasMoved(content, previous, known));
  const forwarded = contents.map((each) =>
    moved.includes(each) ? { ...each, live: undefined } : each,
  );
  const files = await stageAll(run, forwarded, head, formerOf(previous, known), folder);
  const [base, live, sent] = [join(folder, 'base'), join(folder, 'live'), join(folder, 'sent')];
  return {
    files,
    versions: files.size === 0 ? undefined : { base, live, sent },
    outdated: moved.filter(({ live }) => live !== undefined).map(({ content }) => content),
  };
}

async function push(
  git: Git,
  siteId: string,
  { files, versions }: Staged,
  previous: RecordedBase | undefined,
  known: Known,
): Promise<Pick<Record, 'now'> | 'lost-race'> {
  if (versions === undefined) return { now: previous };
  const compared = comparedOf(previous, known);
  const change = { expected: previous?.commit, files, compared };
  const outcome = await recordBase(git, siteId, change);
  if (outcome.kind === 'lost-race') return 'lost-race';
  const commit = outcome.kind === 'recorded' ? outcome.commit : previous?.commit;
  if (commit === undefined) return { now: undefined };
  return { now: { ...versions, commit, compared } };
}

/** The versions that base is brought forward from. */
type Former = Omit<Versioned, 'head'>;

/** The record, or what stands in for it: what the run has compared with has to outlive it. */
function formerOf(previous: RecordedBase | undefined, { base, isStandIn }: Known): Former {
  if (previous === undefined) return { base: isStandIn ? base : undefined, recorded: undefined };
  return { base: previous.base, recorded: previous.live, sent: previous.sent };
}

/**
 * Whether another run has read and recorded a content meanwhile, or noted what it is about to write:
 * this run's own read may be older, and to put it in its place would take that back.
 *
 * @param previous the record as it is now.
 * @param known.read the record as this run has read it.
 */
function hasMoved(
  { content }: Forwarded,
  previous: RecordedBase | undefined,
  { read }: Known,
): boolean {
  if (read === undefined || previous === undefined) return false;
  return (['live', 'sent'] as const).some((version) => {
    const then = read.record?.[version];
    return then === undefined
      ? standsIn(previous[version], content)
      : !haveSameFiles(content, then, previous[version]);
  });
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
  { content, live, schema, reach, offers, like, hasSettled }: Forwarded,
  head: string,
  former: Former,
  folder: string,
  files: Map<string, string | null>,
): void {
  const sides = sidesOf(content, openContent(head, content, like), { head, ...former }, live);
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
  stage('live', former.recorded, recordedRows(columns, within(reach, versions()), offers));
  if (!hasSettled || former.sent === undefined) return;
  for (const path of pathsIn(former.sent, content)) files.set(`sent/${path}`, null);
}

type Rows = Parameters<typeof writeTable>[2];
