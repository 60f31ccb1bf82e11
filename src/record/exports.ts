import type { PastExport } from '../content/last-export.ts';
import { Failure } from '../errors.ts';
import { makeCommits } from '../repository/commit-files.ts';
import { fetchCommits, pushRefs, remoteTip } from '../repository/remote.ts';
import type { Git } from '../repository/run-git.ts';

export interface Exports {
  /** `undefined` if nobody can tell which site this is, or reach its list. */
  readonly ref: string | undefined;
  /** The commit whose message lists them, if there is one. */
  readonly commit: string | undefined;
  /** Newest first. */
  readonly list: readonly PastExport[];
  /** When a drill last passed, in milliseconds since the epoch. */
  readonly drill: number | undefined;
}

export const noExports: Exports = {
  ref: undefined,
  commit: undefined,
  list: [],
  drill: undefined,
};

const most = 10;

/**
 * The ref that lists when a site was exported, and when a drill last passed. It is not the record: an export
 * without changes leaves its time too, and a moved record would make an import start over.
 *
 * @param record the ref of the record, or a pattern of such refs.
 */
export function exportsRef(record: string): string {
  return `${record}.exports`;
}

/** @param others commits that are fetched along, which saves a request. */
export async function readExports(
  git: Git,
  ref: string,
  tip: string | undefined,
  ...others: readonly (string | undefined)[]
): Promise<Exports> {
  if (tip === undefined) return { ...noExports, ref };
  const lacking = await fetchCommits(git, [tip, ...others.filter((each) => each !== undefined)]);
  if (lacking.includes(tip)) return { ...noExports, ref };
  const { message = '' } = (await git.objects.commit(tip)) ?? {};
  const lines = message.matchAll(/^(\d{4}-\d\d-\d\dT\S+Z)( scheduled)?$/gm);
  const list = Array.from(lines, ([, time = '', isScheduled]) => ({
    at: Date.parse(time),
    isScheduled: isScheduled !== undefined,
  }));
  const [, drilled] = /^(\S+) drill$/m.exec(message) ?? [];
  return { ref, commit: tip, list, drill: drilled === undefined ? undefined : Date.parse(drilled) };
}

/**
 * Adds an export to the list, or the time of a drill that has passed.
 *
 * @returns whether it could: with a token that may only read, it cannot.
 */
export async function leave(
  git: Git,
  seen: Exports,
  news: { readonly made?: PastExport; readonly drill?: number },
): Promise<boolean> {
  const { ref } = seen;
  if (ref === undefined) return false;
  const { made, drill } = news;
  const add = (all: Exports): Exports => ({
    ...all,
    list: [...(made ? [made] : []), ...all.list].slice(0, most),
    drill: drill ?? all.drill,
  });
  try {
    if (await push(git, ref, add(seen))) return true;
    // Another run was faster.
    return await push(git, ref, add(await readExports(git, ref, await remoteTip(git, ref))));
  } catch (error) {
    // A cancellation does not undo what the run has brought to git.
    if (!(error instanceof Failure)) throw error;
    return false;
  }
}

/** Returns whether the ref still was where it was seen. */
async function push(git: Git, ref: string, { commit: expected, list, drill }: Exports) {
  const line = (at: number, what: string) => `${new Date(at).toISOString()}${what}\n`;
  const lines = [
    ...list.map(({ at, isScheduled }) => line(at, isScheduled ? ' scheduled' : '')),
    ...(drill === undefined ? [] : [line(drill, ' drill')]),
  ];
  const message = `Say when the site was exported\n\n${lines.join('')}`;
  const empty = { parents: [], onto: undefined, files: new Map(), message };
  const [commit = ''] = await makeCommits(git, [empty]);
  return (await pushRefs(git, [{ ref, commit, expected }])) === 'pushed';
}
