import { Failure } from '../../errors.ts';
import type { PlanInputs } from '../../inputs.ts';
import { type Exports, exportsRef, noExports, readExports } from '../../record/exports.ts';
import type { Sync } from '../../record/sync.ts';
import {
  noRecord,
  readRecord,
  recordFolder,
  recordRef,
  type SyncRecord,
} from '../../record/sync-record.ts';
import { workingTree } from '../../record/version.ts';
import { remoteTips } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import { filesAt } from '../read/config-at.ts';
import { gitOf, namedBase, orStandIn } from '../read/read-sync.ts';
import { refuseOtherFiles } from '../read/refuse-other-files.ts';
import type { Run } from '../run.ts';

export interface PlanSync extends Sync {
  /** Whether the pull request goes into the record's branch; if not, the site does not matter. */
  readonly isForSite: boolean;
}

/** Finds the commit to plan, and the record, which needs no key. */
export async function readPlanSync(
  run: Run,
  inputs: PlanInputs,
  planned: string,
): Promise<PlanSync> {
  const git = gitOf(run);
  const at = (commit: string) => filesAt(run, git, inputs, commit);
  const checkedOut = await git.objects.commit(planned);
  const commit = checkedOut && (await at(checkedOut.id));
  if (checkedOut === undefined || commit === undefined) {
    const message =
      'The repository has no commit yet, so there is nothing to plan. Commit the files first.';
    throw new Failure('config', message);
  }
  const { record, exports = noExports, warnings } = await recordOf(run, git, inputs);
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
    ...(isForSite
      ? { record, exports, warnings }
      : { record: noRecord, exports: noExports, warnings: [...warnings, elsewhere] }),
  };
}

interface FoundRecord {
  readonly record: SyncRecord;
  readonly exports?: Exports;
  readonly warnings: readonly string[];
}

async function recordOf(run: Run, git: Git, inputs: PlanInputs): Promise<FoundRecord> {
  const named = await namedBase(run, git, inputs);
  if (named !== undefined) return { record: { ...noRecord, agreed: named }, warnings: [] };
  try {
    const { siteId } = inputs;
    const refs = siteId === undefined ? `${recordFolder}*` : recordRef(siteId);
    const tips = await remoteTips(git, [refs, exportsRef(refs)]);
    const [ref, ...others] = [...tips.keys()].filter((each) => !each.endsWith(exportsRef('')));
    if (others.length > 0) return { record: noRecord, warnings: [severalSites(others.length + 1)] };
    const tip = ref && tips.get(ref);
    const exports = await readExports(git, ref && tips.get(exportsRef(ref)), tip);
    const found = await readRecord(git, tip, run.config.managed, run.temp);
    const known = { ...(await orStandIn(run, git, inputs, found, run.config)), exports };
    return inputs.site === undefined ? { ...known, warnings: [] } : known;
  } catch (error) {
    if (inputs.site !== undefined || !(error instanceof Failure) || error.reason !== 'api') {
      throw error;
    }
    const warning = `What git and the site agree on cannot be read, so the plan may show edits that the site has already: ${error.message}`;
    return { record: noRecord, warnings: [warning] };
  }
}

function severalSites(count: number): string {
  return (
    `${count} sites are recorded, and the input site-id is empty, so the plan compares with the ` +
    'target branch alone, and may show edits that the site has already. Write the id of the site into the workflow.'
  );
}
