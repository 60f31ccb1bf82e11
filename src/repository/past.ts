import { Failure } from '../errors.ts';
import { localCommit, lookBack } from './history.ts';
import { fetchCommit } from './remote.ts';
import { type Git, runGit } from './run-git.ts';

export interface PastCommit {
  readonly id: string;
  /** When the branch got it (ISO 8601, UTC). */
  readonly date: string;
}

/**
 * Finds the commit that a person names by its id, a tag, a branch or a date: the last commit that the
 * branch had then. A date without a time is the whole day, in UTC.
 */
export async function pastCommit(git: Git, to: string, tip: string): Promise<PastCommit> {
  const time = timeIn(to, git.clock.now());
  const id = time === undefined ? await namedCommit(git, to, tip) : await commitAt(git, time, tip);
  return { id, date: (await git.objects.commit(id))?.date ?? '' };
}

const moment =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?: ?UTC|(Z| ?[+-]\d{2}:?\d{2}))?)?$/;

function timeIn(to: string, now: number): Date | undefined {
  const [, day, time, zone = 'Z'] = moment.exec(to) ?? [];
  if (day === undefined) return undefined;
  const at = (clock: string) => new Date(`${day}T${clock}${zone.trim()}`);
  const date = at(time ?? '23:59:59');
  if (Number.isNaN(date.getTime())) {
    const message = `The input to is "${to}", which is not a calendar day. Correct it.`;
    throw new Failure('config', message);
  }
  // A day counts from its start: today has not ended yet.
  if (at(time ?? '00:00').getTime() <= now) return date;
  const message = `The input to is "${to}", which is in the future. Write an earlier date.`;
  throw new Failure('config', message);
}

async function commitAt(git: Git, time: Date, tip: string): Promise<string> {
  const before = `--before=${time.toISOString()}`;
  const found = await lookBack(git, [tip], async () => {
    const commit = await runGit(git, ['rev-list', '--first-parent', '--max-count=1', before, tip]);
    return commit === '' ? undefined : commit;
  });
  if (found !== undefined) return found;
  const [first = ''] = (await runGit(git, ['log', '--first-parent', '--format=%cI', tip]))
    .split('\n')
    .reverse();
  const message = `The branch has no commit before ${time.toISOString().slice(0, 16).replace('T', ' ')} UTC: its first is of ${first.slice(0, 10)}. Write a later date into the input to.`;
  throw new Failure('config', message);
}

async function namedCommit(git: Git, to: string, tip: string): Promise<string> {
  // Anything else could be a refspec or an option.
  if (/^[\w][\w./~^-]*$/.test(to)) {
    const isLocal = /[~^]/.test(to);
    const known = to === 'HEAD' ? tip : isLocal ? undefined : await fetchCommit(git, to);
    const found = known ?? (await lookBack(git, [tip], () => localCommit(git, to)));
    if (found !== undefined) return found;
  }
  const message = `The input to names "${to}", which is not a commit, tag or branch of the repository. Write one of these, or a date such as 2026-11-20.`;
  throw new Failure('config', message);
}
