import type { Content } from '../../config/config.ts';
import type { Change } from '../../content/change.ts';
import { type EarlierChange, type Undone, undone } from '../../content/undo.ts';
import { type Side, sideOf } from '../../content/versions.ts';
import { Failure } from '../../errors.ts';
import type { Sync } from '../../record/sync.ts';
import { haveSameFiles, ifReadable, type Version } from '../../record/version.ts';
import { lastCommits } from '../../repository/history.ts';
import type { Commit } from '../../repository/objects.ts';
import type { HeadContent } from '../read/head-content.ts';
import { oneByOne, type Run } from '../run.ts';

/** How many changes of the files a run looks back at, and how many rows of each content. */
const mostChanges = 20;
const mostRows = 100_000;

interface Edited {
  readonly head: HeadContent;
  readonly edits: readonly Change[];
}

/** The newest files of a history. */
interface Newest {
  readonly files: Version | undefined;
  /** The side of each content that has them: what a pull request started from, or git's tip. */
  readonly side: 'recorded' | 'head';
}

/** What edits take back of earlier changes; nothing if the history is not available. */
export async function undoneBy(
  run: Run,
  sync: Pick<Sync, 'git' | 'at'>,
  contents: readonly Edited[],
  { files, side }: Newest,
): Promise<ReadonlyMap<HeadContent, Undone>> {
  const edited = contents.filter(({ edits }) => edits.length > 0);
  if (files?.commit === undefined || edited.length === 0) return new Map();
  try {
    const snapshots = await snapshotsBefore(run, sync, edited, files.commit);
    const undos = await oneByOne(run, edited, async ({ head, edits }) => {
      const history = await historyOf(head.content, files, head.sides[side], snapshots);
      const sizes = edits.map(({ kind, cells }) => (kind === 'changed' ? cells.length : 1));
      const size = sizes.reduce((sum, each) => sum + each, 0);
      return [head, undone(head.allColumns, head.sides, history, size)] as const;
    });
    return new Map(undos);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    run.log.info(`The run does not know which earlier changes this takes back: ${error.message}`);
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
  { git, at }: Pick<Sync, 'git' | 'at'>,
  edited: readonly Edited[],
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
        `The run does not know which changes before ${commit.id.slice(0, 7)} this takes back: the clone is shallow, and the remote gave no older commits.`,
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
  content: Content,
  newest: Version,
  side: Side | undefined,
  snapshots: readonly Snapshot[],
): Promise<readonly EarlierChange[]> {
  const history: EarlierChange[] = [];
  let after = side;
  let last = newest;
  let rows = 0;
  for (const { commit, before: version } of snapshots) {
    if (haveSameFiles(content, version, last)) continue;
    last = version;
    const table = await ifReadable(version.open(content, after?.table));
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
