import type { PastExport } from '../content/last-export.ts';
import { Failure } from '../errors.ts';
import { makeCommits } from '../repository/commit-files.ts';
import { fetchCommits, pushRefs } from '../repository/remote.ts';
import type { Git } from '../repository/run-git.ts';

/** The exports of a site, as the remote knows them. */
export interface Exports {
  /** The commit whose message lists them; `undefined` where there is none yet. */
  readonly commit: string | undefined;
  /** Newest first. */
  readonly list: readonly PastExport[];
}

export const noExports: Exports = { commit: undefined, list: [] };

const most = 10;

/**
 * The ref that lists when a site was exported. It stands beside the record: an export that changes nothing
 * leaves its time all the same, and a record that moved for that alone would make an import start over.
 *
 * @param record the ref of the record, or a pattern of such refs.
 */
export function exportsRef(record: string): string {
  return `${record}.exports`;
}

/**
 * @param tip the commit of the ref; `undefined` where there is none.
 * @param others what is fetched along, which saves a request.
 */
export async function readExports(
  git: Git,
  tip: string | undefined,
  ...others: readonly (string | undefined)[]
): Promise<Exports> {
  if (tip === undefined) return noExports;
  const lacking = await fetchCommits(git, [tip, ...others.filter((each) => each !== undefined)]);
  if (lacking.includes(tip)) return noExports;
  const { message = '' } = (await git.objects.commit(tip)) ?? {};
  const lines = message.matchAll(/^(\d{4}-\d\d-\d\dT\S+Z)( scheduled)?$/gm);
  const list = Array.from(lines, ([, time = '', isScheduled]) => ({
    at: Date.parse(time),
    isScheduled: isScheduled !== undefined,
  }));
  return { commit: tip, list };
}

/**
 * Adds an export to the list. Where that cannot be, as with a token that may only read, or where another
 * export has just done so, nobody needs to know.
 *
 * @param record the ref of the record.
 */
export async function leaveExport(
  git: Git,
  record: string,
  { commit: expected, list }: Exports,
  made: PastExport,
): Promise<void> {
  const lines = [made, ...list]
    .slice(0, most)
    .map(
      ({ at, isScheduled }) => `${new Date(at).toISOString()}${isScheduled ? ' scheduled' : ''}`,
    );
  const message = `Say when the site was exported\n\n${lines.join('\n')}\n`;
  try {
    const empty = { parents: [], onto: undefined, files: new Map(), message };
    const [commit = ''] = await makeCommits(git, [empty]);
    await pushRefs(git, [{ ref: exportsRef(record), commit, expected }]);
  } catch (error) {
    // What the run has brought to git counts, even if it is cancelled now.
    if (!(error instanceof Failure)) throw error;
  }
}
