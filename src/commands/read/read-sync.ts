import type { Config } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import type { CommitInputs, ExportInputs, ImportInputs, Inputs, PlanInputs } from '../../inputs.ts';
import { exportsRef, noExports, readExports } from '../../record/exports.ts';
import type { Sync } from '../../record/sync.ts';
import { noRecord, readRecord, recordRef, type SyncRecord } from '../../record/sync-record.ts';
import { type Version, workingTree } from '../../record/version.ts';
import { mergeBase } from '../../repository/history.ts';
import { Objects } from '../../repository/objects.ts';
import { fetchCommit, remoteTip, remoteTips } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import type { GitRun, Run } from '../run.ts';
import { configAt, filesAt } from './config-at.ts';
import { refuseOtherFiles } from './refuse-other-files.ts';

/** A run with its repository. Throws if there is none, because nobody can tell then what is new. */
export function inGit(run: Run): GitRun {
  const { git, workspace } = run;
  if (git !== undefined) return { ...run, git };
  throw new Failure(
    'config',
    `There is no git repository in ${workspace}. Run actions/checkout before this step.`,
  );
}

/**
 * Finds the record, and git's files: those of the tip of the record's branch, or the working tree's.
 *
 * @throws Failure if the record belongs to another branch: it says nothing about this one.
 */
export async function readSync(
  anywhere: Run,
  inputs: ExportInputs | ImportInputs,
  source: 'branch' | 'working-tree',
): Promise<Sync> {
  const { siteId } = inputs;
  const isBackup = inputs.command === 'export' && inputs.commit === 'none';
  if (anywhere.git === undefined && isBackup) return outside(anywhere, siteId);
  const run = inGit(anywhere);
  const { git } = run;
  const branch = branchOf(run, inputs);
  const record = recordRef(siteId);
  const refs = {
    record,
    exports: exportsRef(record),
    branch: `refs/heads/${branch}`,
    proposal: `refs/heads/${inputs.branch}`,
  };
  const tips = await remoteTips(git, Object.values(refs));
  const tip = tips.get(refs.branch);
  if (tip === undefined) throw noBranch(branch);
  const proposal = tips.get(refs.proposal);
  const isProposing = inputs.command === 'export' && inputs.commit === 'pull-request';
  const known = await recordAt(run, inputs, tips, record, isProposing ? proposal : undefined);
  await refuseOtherBranch(git, known.record, branch, tip, inputs.baseBranch !== undefined);
  const head = await filesAt(run, inputs, tip);
  if (head === undefined) throw noBranch(branch);
  const config = source === 'branch' ? await configOf(run, inputs, tip) : run.config;
  await refuseOtherFiles(git.objects, tip, config, known.record);
  const files = source === 'branch' ? head : workingTree(run.workspace);
  return {
    git,
    siteId,
    config,
    temp: run.temp,
    branch,
    tip,
    proposal,
    head: files,
    at: (commit) => filesAt(run, inputs, commit),
    ...known,
    asked: 0,
    named: inputs.command === 'import' ? await namedBase(run, inputs) : undefined,
  };
}

/** An export that only writes files needs no repository; without one, nothing is agreed. */
function outside({ workspace, clock, signal, ...run }: Run, siteId: string): Sync {
  const plain = { directory: workspace, environment: {}, clock, signal };
  const nowhere = { commonDirectory: '', branch: undefined, origin: undefined };
  return {
    git: { ...plain, ...nowhere, objects: new Objects(plain) },
    siteId,
    config: run.config,
    temp: run.temp,
    branch: '',
    tip: '',
    head: workingTree(workspace),
    at: async () => undefined,
    ...nothingKnown,
    asked: 0,
  };
}

/** The branch that the run works for. */
export function branchOf(
  { environment: { branch: present, event } }: Run,
  inputs: Pick<CommitInputs, 'baseBranch'>,
): string {
  const branch = inputs.baseBranch ?? present;
  if (branch !== undefined) return branch;
  throw new Failure(
    'config',
    `The run on ${event.name} has no branch, as on a tag, so it does not know which one it works for. Use on: push with the branch that holds the content, or name the branch in the input base-branch.`,
  );
}

export function noBranch(branch: string): Failure {
  return new Failure(
    'config',
    `The remote has no branch "${branch}". Name an existing branch in the input base-branch, or push it first.`,
  );
}

/** A record belongs to one branch, unless that was renamed or the workflow moves the record on purpose. */
async function refuseOtherBranch(
  git: Git,
  record: SyncRecord,
  branch: string,
  tip: string,
  isOnPurpose: boolean,
): Promise<void> {
  if (record.branch === undefined || record.branch === branch || isOnPurpose) return;
  const isGone = (await remoteTip(git, `refs/heads/${record.branch}`)) === undefined;
  const { seen } = record;
  if (isGone && seen !== undefined && (await mergeBase(git, seen, tip)) === seen) return;
  throw new Failure(
    'config',
    `This run is on the branch ${branch}, and the record of the site belongs to ${record.branch}, so nothing was read or written. Run it on ${record.branch}, or set the input base-branch to ${branch} once to move the record.`,
  );
}

/** The configuration of the tip, whatever an older run has checked out. */
async function configOf(run: GitRun, inputs: Inputs, tip: string): Promise<Config> {
  if ((await run.git.objects.commit('HEAD'))?.id === tip) return run.config;
  return (await configAt(run.git, inputs, tip)) ?? run.config;
}

/** The version that the input `base` names, which takes the place of the record. */
export async function namedBase(
  run: GitRun,
  inputs: ImportInputs | PlanInputs,
): Promise<Version | undefined> {
  if (inputs.base === undefined) return undefined;
  const commit = await fetchCommit(run.git, inputs.base);
  const version = commit && (await filesAt(run, inputs, commit));
  if (version) return version;
  throw new Failure(
    'config',
    `The input base names "${inputs.base}", which the repository does not have. Name a branch, a tag or a full commit id.`,
  );
}

/** What a site's refs hold. */
export type Known = Pick<Sync, 'record' | 'exports' | 'warnings'>;

export const nothingKnown: Known = { record: noRecord, exports: noExports, warnings: [] };

/**
 * Reads the record of a site and the list of its exports. If there is no record, the commit before the push
 * takes its place.
 *
 * @param others commits that are fetched along.
 */
export async function recordAt(
  run: GitRun,
  inputs: Inputs,
  tips: ReadonlyMap<string, string>,
  ref = '',
  ...others: readonly (string | undefined)[]
): Promise<Known> {
  const { git, config, environment } = run;
  const [tip, list] = [tips.get(ref), exportsRef(ref)];
  const exports = await readExports(git, list, tips.get(list), tip, ...others);
  const record = await readRecord(git, tip, config.managed, run.temp);
  if (record.commit !== undefined) return { record, exports, warnings: [] };
  const { before, pullRequest } = environment.event;
  const commit = before ?? pullRequest?.base.sha;
  const agreed = commit && (await filesAt(run, inputs, commit));
  const holdsContent = agreed && config.managed.some((content) => agreed.files(content).length > 0);
  if (!agreed || !holdsContent) return { record: noRecord, exports, warnings: [] };
  const warning =
    `There is no record yet of what git and the site agree on, so this run compares with the commit ${commit?.slice(0, 7)} and misses ` +
    'edits that were merged before it and never imported. An export creates the record; it needs the permission contents: write.';
  return { record: { ...noRecord, agreed }, exports, warnings: [warning] };
}
