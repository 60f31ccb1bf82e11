import type { PastExport } from '../content/last-export.ts';
import { Failure } from '../errors.ts';
import { makeCommits } from '../repository/commit-files.ts';
import { fetchCommits, pushRefs } from '../repository/remote.ts';
import type { Git } from '../repository/run-git.ts';

export interface Exports {
  /** The commit whose message lists them, if there is one. */
  readonly commit: string | undefined;
  /** Newest first. */
  readonly list: readonly PastExport[];
}

export const noExports: Exports = { commit: undefined, list: [] };

const most = 10;

/**
 * The ref that lists when a site was exported. It is not the record: an export without changes leaves its
 * time too, and a moved record would make an import start over.
 * @param record the ref of the record, or a pattern of such refs.
 */
export function exportsRef(record: string): string {
  return `${record}.exports`;
}

/** @param others commits that are fetched along, which saves a request. */
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

/** Adds an export to the list. If it cannot, as with a token that may only read, nobody needs to know. */
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
    // A cancellation does not undo what the run has brought to git.
    if (!(error instanceof Failure)) throw error;
  }
}
