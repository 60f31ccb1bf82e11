import { dirname } from 'node:path';
import type { Content } from '../config/config.ts';
import { typedColumns } from '../content/columns.ts';
import { transitColumns, transitsFrom } from '../content/transit.ts';
import { type Cells, readerOf, type Side, sideOf } from '../content/versions.ts';
import type { Table } from '../csv/table.ts';
import { Failure } from '../errors.ts';
import { commitsBetween, mergeBase } from '../repository/history.ts';
import { freshFolder, type Sync } from './sync.ts';
import { idsOf, type Version, versionAt } from './version.ts';

/**
 * How the branch held a content since the record last looked, oldest first, without the tip. Example: an
 * export's pull request is merged, and reverted before any run looks. The tip holds the old value, and
 * only the commit in between shows that git had taken the new one.
 *
 * Without the history, as after a force push, the tip alone counts.
 */
export async function pastOf(sync: Sync, content: Content): Promise<readonly Side[]> {
  const { tip, record } = sync;
  return record.seen === undefined ? [] : sidesBetween(sync, content, [record.seen, tip]);
}

interface GitAndOffers {
  /** The branch's past, and its tip. */
  readonly git: readonly Side[];
  readonly agreed: Side;
  readonly offered: readonly Cells[];
}

/**
 * How the branch that exports propose from held a content, in its own commits. GitHub keeps it after a merge,
 * and it shows what was corrected there. Read only if git has a value that was neither agreed nor offered.
 */
export async function proposalOf(
  sync: Sync,
  content: Content,
  versions: GitAndOffers,
): Promise<readonly Side[]> {
  const { git, tip, proposal } = sync;
  if (proposal === undefined || !isOtherThanOffered(versions)) return [];
  const base = (await sync.at(proposal)) && (await mergeBase(git, proposal, tip));
  if (base === undefined) return [];
  const table = await openIfReadable(await versionNear(sync, content, proposal), content);
  const before = await sidesBetween(sync, content, [base, proposal]);
  return table === undefined ? [] : [...before, sideOf(table)];
}

/** The content in the commits between two, oldest first, without those that leave it as it was. */
async function sidesBetween(
  sync: Sync,
  content: Content,
  range: readonly [since: string, tip: string],
): Promise<readonly Side[]> {
  const { path } = sync.head.placed(content);
  const commits = await commitsBetween(sync.git, range, [path, path.replace(/\.csv$/, '')]);
  const sides: Side[] = [];
  let last = '';
  for (const { id } of commits ?? []) {
    const version = await versionNear(sync, content, id);
    const ids = idsOf(version, content);
    if (ids === last) continue;
    last = ids;
    const table = await openIfReadable(version, content);
    if (table !== undefined) sides.push(sideOf(table));
  }
  return sides;
}

/** A commit's files, near the path of a content. */
function versionNear(sync: Sync, content: Content, commit: string): Promise<Version> {
  const { git, head } = sync;
  return versionAt(git, commit, {
    below: dirname(head.placed(content).path),
    folder: freshFolder(sync, 'past'),
    placed: head.placed,
  });
}

/** Whether git has, or had, another value for a cell than was agreed and offered. */
function isOtherThanOffered({ git, agreed, offered }: GitAndOffers): boolean {
  const columns = typedColumns(transitColumns(offered[0] ?? []));
  const read = (side: Side) => {
    const cellsOf = readerOf(columns, side);
    return (key: string) => cellsOf(side.table.row(key));
  };
  const [readAgreed, readGit] = [read(agreed), git.map(read)];
  return [...transitsFrom(offered, columns)].some(([key, offers]) => {
    const recorded = readAgreed(key);
    return readGit.some((readRow) =>
      readRow(key)?.some((text, i) => {
        const isOther = offers.some(({ cells }) => ![undefined, text].includes(cells[i]));
        return isOther && recorded !== null && text !== recorded[i];
      }),
    );
  });
}

/** Opens a content of a version that nobody can mend any more. */
export async function openIfReadable(version: Version, content: Content, like?: Table) {
  try {
    return await version.open(content, like);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
