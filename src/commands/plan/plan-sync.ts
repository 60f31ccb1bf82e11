import { Failure } from '../../errors.ts';
import type { PlanInputs } from '../../inputs.ts';
import { exportsRef } from '../../record/exports.ts';
import type { Sync } from '../../record/sync.ts';
import { noRecord, recordFolder, recordRef } from '../../record/sync-record.ts';
import { workingTree } from '../../record/version.ts';
import { remoteTips } from '../../repository/remote.ts';
import { filesAt } from '../read/config-at.ts';
import { inGit, type Known, namedBase, nothingKnown, recordAt } from '../read/read-sync.ts';
import { refuseOtherFiles } from '../read/refuse-other-files.ts';
import type { GitRun, Run } from '../run.ts';

export interface PlanSync extends Sync {
  /** Whether the pull request goes into the record's branch; if not, the site does not matter. */
  readonly isForSite: boolean;
}

/** Finds the commit to plan, and the record, which needs no key. */
export async function readPlanSync(
  anywhere: Run,
  inputs: PlanInputs,
  planned: string,
): Promise<PlanSync> {
  const run = inGit(anywhere);
  const { git } = run;
  const at = (commit: string) => filesAt(run, inputs, commit);
  const checkedOut = await git.objects.commit(planned);
  const commit = checkedOut && (await at(checkedOut.id));
  if (checkedOut === undefined || commit === undefined) {
    const message =
      'The repository has no commit yet, so there is nothing to plan. Commit the files first.';
    throw new Failure('config', message);
  }
  const known = await recordOf(run, inputs);
  const { record, warnings } = known;
  const target = run.environment.event.pullRequest?.base.ref;
  const isForSite = record.branch === undefined || target === undefined || record.branch === target;
  if (isForSite) await refuseOtherFiles(git.objects, checkedOut.id, run.config, record);
  const elsewhere = `This pull request goes into ${target}, and the record of the site belongs to ${record.branch}: the plan shows what changes in the files, not what changes on the site. To see that, choose ${record.branch} as its base.`;
  return {
    git,
    siteId: inputs.siteId ?? '',
    config: run.config,
    temp: run.temp,
    branch: target ?? run.environment.branch ?? '',
    tip: checkedOut.id,
    head: inputs.source === 'working-tree' ? workingTree(run.workspace) : commit,
    at,
    asked: 0,
    isForSite,
    ...(isForSite ? known : { ...nothingKnown, warnings: [...warnings, elsewhere] }),
  };
}

async function recordOf(run: GitRun, inputs: PlanInputs): Promise<Known> {
  const named = await namedBase(run, inputs);
  if (named !== undefined) return { ...nothingKnown, record: { ...noRecord, agreed: named } };
  try {
    const { siteId } = inputs;
    const refs = siteId === undefined ? `${recordFolder}*` : recordRef(siteId);
    const tips = await remoteTips(run.git, [refs, exportsRef(refs)]);
    const [ref, ...others] = [...tips.keys()].filter((each) => !each.endsWith(exportsRef('')));
    if (others.length > 0) {
      return { ...nothingKnown, warnings: [severalSites(others.length + 1)] };
    }
    const known = await recordAt(run, inputs, tips, ref);
    return inputs.site === undefined ? { ...known, warnings: [] } : known;
  } catch (error) {
    if (inputs.site !== undefined || !(error instanceof Failure) || error.reason !== 'api') {
      throw error;
    }
    const warning = `What git and the site agree on cannot be read, so the plan may show edits that the site has already: ${error.message}`;
    return { ...nothingKnown, warnings: [warning] };
  }
}

function severalSites(count: number): string {
  return (
    `${count} sites are recorded, and the input site-id is empty, so the plan compares with the ` +
    'target branch alone, and may show edits that the site has already. Write the id of the site into the workflow.'
  );
}
