import { Failure } from '../errors.ts';
import type { RestoreInputs } from '../inputs.ts';
import { filesAt } from '../record/base.ts';
import { reasonInWords } from '../report/headline.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import { headCommit } from '../repository/history.ts';
import { type PastCommit, pastCommit } from '../repository/past.ts';
import { remoteTip } from '../repository/remote.ts';
import type { Git } from '../repository/run-git.ts';
import type { WixClient } from '../wix/client.ts';
import { baseBranchOf, filesAtTip, movedTooOften, pushAttempts } from './export/publication.ts';
import { runPlan } from './plan.ts';
import { drill } from './restore/drill.ts';
import { type Proposal, type Proposed, propose } from './restore/propose.ts';
import { type RestoredContent, restoreContent } from './restore/restored-content.ts';
import { oneByOne, type Run } from './run.ts';

/**
 * Proposes, in a pull request, that the configured files are again what they were: product.md,
 * "restore". Nothing but git is written to; the import of the pull request brings it to the site.
 */
export async function runRestore(
  run: Run,
  inputs: RestoreInputs,
  client: WixClient | undefined,
): Promise<Result> {
  const git = repositoryOf(run);
  if (inputs.drill)
    return drill(run, inputs, await pastCommit(git, inputs.to, await checkedOut(git)));
  const baseBranch = baseBranchOf(run, inputs);
  for (let attempt = 1; attempt <= pushAttempts; attempt += 1) {
    const now = await filesAtTip(run, await remoteTip(git, `refs/heads/${baseBranch}`), baseBranch);
    const then = await pastCommit(git, inputs.to, now.tip);
    const contents = await restored(run, then, now.folder);
    const proposal = { then, contents, baseBranch, tip: now.tip };
    const proposed = await propose(run, git, inputs, proposal);
    if (proposed !== 'lost-race') {
      return resultOf(proposal, proposed, await planOf(run, inputs, client, proposal, proposed));
    }
    run.log.info(`The branch ${inputs.branch} moved meanwhile; looking at its new commit.`);
  }
  throw movedTooOften(inputs.branch);
}

async function checkedOut(git: Git): Promise<string> {
  const commit = await headCommit(git);
  if (commit !== undefined) return commit;
  throw new Failure('config', 'The checkout has no commit. Run actions/checkout before this step.');
}

function repositoryOf({ git }: Run): Git {
  if (git !== undefined) return git;
  throw new Failure(
    'config',
    'The workspace is not a git repository. Run actions/checkout before this step.',
  );
}

/** What brings the files of the past back, content by content. */
async function restored(
  run: Run,
  { id, date }: PastCommit,
  now: string,
): Promise<readonly RestoredContent[]> {
  const then = await filesAt(run, id);
  const { contents } = run.config;
  const found = await run.log.step('Comparing the files of then and now', async () =>
    then === undefined
      ? []
      : oneByOne(run, contents, (content) => restoreContent(run, content, { then, now })),
  );
  const restorable = found.flatMap((each) => each ?? []);
  if (restorable.length > 0) return restorable;
  const [first] = contents;
  throw new Failure(
    'config',
    `The commit ${id.slice(0, 7)} of ${date.slice(0, 10)} has none of the configured files, such as ${first?.path}. Write a later date into the input to.`,
  );
}

/**
 * Plans the pull request: GitHub starts no workflow for one that a workflow's own token has opened, and
 * nobody should merge a restore unseen.
 */
async function planOf(
  run: Run,
  inputs: RestoreInputs,
  client: WixClient | undefined,
  { tip: baseSha }: Proposal,
  { commit: headSha, pullRequest }: Proposed,
): Promise<Result | undefined> {
  if (headSha === undefined || pullRequest === undefined) return undefined;
  const workspace = await filesAt(run, headSha);
  if (workspace === undefined) return undefined;
  const event = {
    name: 'pull_request',
    before: undefined,
    pullRequest: { number: pullRequest.number, baseSha, headSha },
  };
  const there = { ...run, workspace, environment: { ...run.environment, event } };
  const asked = {
    base: undefined,
    reconcile: 'changes',
    failOnDrift: false,
    comment: true,
  } as const;
  return runPlan(there, { ...inputs, ...asked, command: 'plan' }, client);
}

function resultOf({ contents }: Proposal, proposed: Proposed, plan: Result | undefined): Result {
  const { commit, branch, pullRequest } = proposed;
  const hasNews = commit !== undefined;
  return {
    command: 'restore',
    status: hasNews ? 'success' : 'unchanged',
    failureReason: undefined,
    files: hasNews ? contents.map(fileOf) : [],
    findings: [],
    warnings: [...proposed.warnings, ...(plan === undefined ? [] : planWarnings(plan))],
    commit,
    branch,
    pullRequest,
    fingerprint: plan?.fingerprint,
    backupDirectory: undefined,
  };
}

function fileOf({ content, returning: { name, changes } }: RestoredContent): FileResult {
  return { ...untouched(name, content.path), changes };
}

function planWarnings(plan: Result): readonly string[] {
  const { failureReason, warnings } = plan;
  if (failureReason === undefined) return warnings;
  /** @remedy Read the comment of the plan: it is about the files as they were. */
  const words = `The plan on the pull request is red: ${reasonInWords(plan)}. It says what to do before the merge.`;
  return [words, ...warnings];
}
