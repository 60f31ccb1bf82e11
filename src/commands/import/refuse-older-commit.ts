import { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import type { RecordedVersions } from '../../record/base.ts';
import { headCommit, headParents, mergeBase } from '../../repository/history.ts';
import { fetchCommit, remoteTip } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import { sameFiles } from '../../repository/snapshot.ts';
import type { Run } from '../run.ts';

/**
 * Refuses to import a commit that an imported or exported one comes after. A workflow run that is
 * run again checks out the commit it was made for, and to the comparison with base, what was
 * merged, imported and exported since would look like edits that take it all back.
 */
export async function refuseOlderCommit(
  run: Run,
  { base, reconcile }: Pick<ImportInputs, 'base' | 'reconcile'>,
  versions: RecordedVersions,
): Promise<void> {
  const { git } = run;
  if (git === undefined || reconcile === 'all' || base !== undefined) return;
  const compared = versions.compared ?? (await tipWithoutBase(run, git, versions));
  const head = await headCommit(git);
  if (compared === undefined) return;
  // Mostly the last import was of the commit before, and then nothing needs to be fetched.
  if (head === undefined || (await headParents(git)).includes(compared)) return;
  if (!(await isOlder(git, head, compared))) return;
  if (await sameFiles(git, head, compared, run.config.directory)) return;
  const later = versions.compared === undefined ? 'is on the branch' : 'was imported or exported';
  throw new Failure(
    'conflict',
    `This run is on the commit ${head.slice(0, 7)}, but ${compared.slice(0, 7)}, which comes after it, ${later} already, so nothing was written. ` +
      'Run the import on the branch as it is now instead. To bring the older content back, revert in git, or set the input reconcile to all.',
  );
}

/**
 * Where nothing is known of the past, the branch tells at least what came later. What stands in for
 * base tells nothing of it to a run that is run again.
 */
async function tipWithoutBase(
  run: Run,
  git: Git,
  { base }: RecordedVersions,
): Promise<string | undefined> {
  const { branch, runAttempt } = run.environment;
  const isKnown = base !== undefined && runAttempt === 1;
  if (isKnown || branch === undefined) return undefined;
  return remoteTip(git, `refs/heads/${branch}`);
}

/** Whether one commit comes before the other; not, where the other one is nowhere to be found. */
export async function isOlder(git: Git, commit: string, than: string): Promise<boolean> {
  if (commit === than || (await fetchCommit(git, than)) === undefined) return false;
  return (await mergeBase(git, commit, than)) === commit;
}
