import { randomUUID } from 'node:crypto';
import type { Content } from '../config/config.ts';
import type { CollectionSchema } from '../content/schema.ts';
import { noTransits } from '../content/transit.ts';
import type { Sides } from '../content/versions.ts';
import { Failure } from '../errors.ts';
import { makeCommits, type NewCommit, type NewFile } from '../repository/commit-files.ts';
import { pushRefs } from '../repository/remote.ts';
import { recordColumns } from './columns.ts';
import { type Learned, recordContent, stagedRecords } from './content-record.ts';
import { sidesOf } from './sides.ts';
import type { Sync } from './sync.ts';
import { fileLines, recorded, recordRef, trailers } from './sync-record.ts';
import { partPath, partsOf, type Version } from './version.ts';

/**
 * The commit that records what a run has learned; `undefined` for nothing new. It says up to which commit
 * the branch was seen, so it also looks at contents with an open offer that the run did not touch.
 *
 * @param seen the run's own commit, if it goes to the branch; otherwise the tip that the run has read.
 */
export async function recordCommit(
  sync: Sync,
  touched: readonly Learned[],
  seen = sync.tip,
): Promise<NewCommit | undefined> {
  const { record, branch } = sync;
  const current = record.isCurrent ? record : undefined;
  const files = new Map<string, NewFile>();
  const learned = [...touched, ...(await waitingElsewhere(sync, touched))];
  for (const content of sync.config.managed) {
    const isTouched = learned.some((each) => each.content === content);
    const isCarried = current === undefined || (sync.named !== undefined && isTouched);
    if (isCarried) for (const [path, file] of await carried(sync, content)) files.set(path, file);
  }
  for (const each of learned) {
    const options = { temp: sync.temp, now: sync.asked };
    const former = [...partsOf(current?.agreed, each.content).keys()];
    for (const [path, file] of recordContent(each, former, options)) files.set(path, file);
  }
  const isNews = files.size > 0 || (current !== undefined && current.branch !== branch);
  if (!isNews) return undefined;
  const lines = [
    ...fileLines(record.files, sync.config.managed),
    '',
    // Two equal records within a second would be one commit, and git does not push what it knows from a
    // shallow fetch.
    `Record: ${randomUUID()}`,
    `${trailers.branch}: ${branch}`,
    `${trailers.seen}: ${seen}`,
  ];
  return {
    parents: [],
    onto: current?.commit,
    files,
    message: `Record what git and the site ${sync.siteId} agree on\n\n${lines.join('\n')}\n`,
  };
}

/** The contents with an open offer that git may have taken, and that the run has not touched. */
async function waitingElsewhere(
  sync: Sync,
  touched: readonly Learned[],
): Promise<readonly Learned[]> {
  const learned: Learned[] = [];
  for (const content of sync.config.managed) {
    if (touched.some((each) => each.content === content)) continue;
    if (sync.record.seen === sync.tip || (await sync.record.offered(content)).length === 0)
      continue;
    const table = await sync.head.open(content);
    if (table === undefined) continue;
    const sides = await sidesOf(sync, content, table, undefined);
    learned.push(await gitAlone(sync, content, sides));
  }
  return learned;
}

/** What git alone shows of a content: which offers it has taken. */
export async function gitAlone(sync: Sync, content: Content, sides: Sides): Promise<Learned> {
  const schema = await sync.head.schema(content);
  return learnedFrom(sync.head, content, sides, schema);
}

/** What comparing its sides shows of a content, before anything is offered or sent; `git` has `sides.head`. */
export function learnedFrom(
  git: Version,
  content: Content,
  sides: Sides,
  schema: CollectionSchema | undefined,
): Learned {
  return {
    content,
    columns: recordColumns(content, sides, schema),
    sides,
    head: partsOf(git, content),
    offers: noTransits,
    notes: noTransits,
  };
}

/** What is known of a content, in the form of a record. */
async function carried(
  sync: Sync,
  content: Content,
): Promise<readonly (readonly [path: string, file: NewFile])[]> {
  const { record, named, temp } = sync;
  const place = recorded('agreed', content);
  const files: [path: string, file: NewFile][] = [];
  for (const [part, source] of partsOf(named ?? record.agreed, content)) {
    files.push([partPath(place, part), source]);
  }
  if (named !== undefined) return files;
  for (const part of ['offered', 'sent'] as const) {
    const records = await record[part](content);
    if (records.length === 0) continue;
    files.push([recorded(part, content).path, stagedRecords(temp, part, records)]);
  }
  return files;
}

/** Records what a run has learned, if nobody else has moved the record; returns the commit, if there is news. */
export async function pushRecord(
  sync: Sync,
  learned: readonly Learned[],
): Promise<string | 'lost-race' | undefined> {
  const commit = await recordCommit(sync, learned);
  if (commit === undefined) return undefined;
  const [made = ''] = await makeCommits(sync.git, [commit]);
  const ref = recordRef(sync.siteId);
  const outcome = await pushRefs(sync.git, [{ ref, commit: made, expected: sync.record.commit }]);
  return outcome === 'pushed' ? made : 'lost-race';
}

/** The same, with a warning where it fails. */
export async function recordOrWarn(
  sync: Sync,
  learned: readonly Learned[],
): Promise<readonly string[] | 'lost-race'> {
  try {
    const recorded = await pushRecord(sync, learned);
    return recorded === 'lost-race' ? recorded : [];
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return [
      `What git and the site agree on could not be recorded: ${error.message} Until it is, an edit that was made on both sides may be reported as a conflict.`,
    ];
  }
}
