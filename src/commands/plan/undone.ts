import { type EarlierChange, type Undone, undone } from '../../content/undo.ts';
import { sideOf } from '../../content/versions.ts';
import { Failure } from '../../errors.ts';
import { openIfReadable } from '../../record/past.ts';
import { haveSameFiles, type Version } from '../../record/version.ts';
import { lastCommits } from '../../repository/history.ts';
import type { Commit } from '../../repository/objects.ts';
import type { HeadContent } from '../read/head-content.ts';
import { oneByOne, type Run } from '../run.ts';
import type { FilePlan } from './file-plan.ts';
import type { PlanSync } from './plan-sync.ts';

/** How many changes of the files a plan looks back at, and how many rows of each content. */
const mostChanges = 20;
const mostRows = 100_000;

/**
 * What a pull request takes back of earlier changes; nothing if the history is not to be had.
 *
 * @param base the files that the pull request started from.
 */
export async function undoneBy(
  run: Run,
  sync: PlanSync,
  planned: readonly FilePlan[],
  base: Version | undefined,
): Promise<ReadonlyMap<HeadContent, Undone>> {
  const edited = planned.filter(({ edits }) => edits.length > 0);
  if (base?.commit === undefined || edited.length === 0) return new Map();
  try {
    const snapshots = await snapshotsBefore(run, sync, edited, base.commit);
    const undos = await oneByOne(run, edited, async ({ head, edits }) => {
      const history = await historyOf(head, base, snapshots);
      const sizes = edits.map(({ kind, cells }) => (kind === 'changed' ? cells.length : 1));
      const size = sizes.reduce((sum, each) => sum + each, 0);
      return [head, undone(head.allColumns, head.sides, history, size)] as const;
    });
    return new Map(undos);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    run.log.info(`The plan does not say which earlier changes this takes back: ${error.message}`);
    return new Map();
  }
}

/** The files as they were before a commit. */
interface Snapshot {
  readonly commit: Commit;
  readonly before: Version;
}

async function snapshotsBefore(
  { log }: Run,
  { git, at }: PlanSync,
  edited: readonly FilePlan[],
  start: string,
): Promise<readonly Snapshot[]> {
  const paths = edited.flatMap(({ head: { content } }) => [
    content.path,
    content.path.replace(/\.csv$/, ''),
  ]);
  const snapshots: Snapshot[] = [];
  for (const commit of await lastCommits(git, start, paths, mostChanges)) {
    const [parent] = commit.parents;
    if (parent === undefined) break;
    if ((await git.objects.commit(parent)) === undefined) {
      log.info(
        `The plan does not say which changes before ${commit.id.slice(0, 7)} this takes back: the clone is shallow, and the remote gave no older commits.`,
      );
      break;
    }
    const before = await at(parent);
    if (before !== undefined) snapshots.push({ commit, before });
  }
  return snapshots;
}

/** The changes of one content, newest first, until one cannot be read or has brought the content. */
async function historyOf(
  { content, sides }: HeadContent,
  base: Version,
  snapshots: readonly Snapshot[],
): Promise<readonly EarlierChange[]> {
  const history: EarlierChange[] = [];
  let after = sides.recorded;
  let last = base;
  let rows = 0;
  for (const { commit, before: version } of snapshots) {
    if (haveSameFiles(content, version, last)) continue;
    last = version;
    const table = await openIfReadable(version, content, after?.table);
    rows += table?.size ?? 0;
    if (table === undefined || rows > mostRows) break;
    const before = sideOf(table);
    history.push({ name: nameOf(commit), before, after });
    after = before;
  }
  return history;
}

/** `#42` for a merged pull request, else the commit's short id. */
function nameOf({ id, message }: Commit): string {
  const [subject = ''] = message.split('\n');
  const [, merged, squashed] = /^Merge pull request (#\d+) |\((#\d+)\)$/.exec(subject) ?? [];
  return merged ?? squashed ?? id.slice(0, 7);
}
