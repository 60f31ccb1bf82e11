import { Failure } from '../errors.ts';
import type { RestoreInputs } from '../inputs.ts';
import type { Version } from '../record/version.ts';
import { reasonInWords } from '../report/headline.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import { type PastCommit, pastCommit } from '../repository/past.ts';
import { fetchCommit, remoteTips } from '../repository/remote.ts';
import type { Git } from '../repository/run-git.ts';
import type { WixClient } from '../wix/client.ts';
import { runPlan } from './plan.ts';
import { filesAt } from './read/config-at.ts';
import { branchOf, inGit, noBranch } from './read/read-sync.ts';
import { drill } from './restore/drill.ts';
import { remakeCollections } from './restore/lost-collections.ts';
import { type Proposal, type Proposed, propose } from './restore/propose.ts';
import { type RestoredContent, restoreContent } from './restore/restored-content.ts';
import { type GitRun, nameOf, oneByOne, type Run } from './run.ts';

/** How often a restore starts over because its branch has moved. */
const attempts = 5;

/** Proposes the configured files of the past in a pull request, whose import brings them to the site. */
export async function runRestore(
  anywhere: Run,
  inputs: RestoreInputs,
  client: WixClient | undefined,
): Promise<Result> {
  const run = inGit(anywhere);
  const { git } = run;
  if (inputs.drill) {
    return drill(run, inputs, await pastCommit(git, inputs.to, await checkedOut(git)));
  }
  const baseBranch = branchOf(run, inputs);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const refs = { base: `refs/heads/${baseBranch}`, branch: `refs/heads/${inputs.branch}` };
    const tips = await remoteTips(git, Object.values(refs));
    const tip = tips.get(refs.base);
    const now = tip === undefined ? undefined : await filesAt(run, inputs, tip);
    if (tip === undefined || now === undefined) throw noBranch(baseBranch);
    const then = await pastCommit(git, inputs.to, tip);
    const former = await filesAt(run, inputs, then.id);
    const contents = await restored(run, then, former, now);
    const proposal = { then, contents, baseBranch, tip, expected: tips.get(refs.branch) };
    const proposed = await propose(run, inputs, proposal);
    if (proposed !== 'lost-race') {
      const lost = client === undefined ? [] : await remakeCollections(inputs, client, contents);
      const plan = await planOf(run, inputs, client, proposal, proposed);
      const warnings = [...unknownContents(run, [former, now]), ...proposed.warnings, ...lost];
      return resultOf(proposal, { ...proposed, warnings }, plan);
    }
    run.log.info(`The branch ${inputs.branch} moved meanwhile; looking at its new commit.`);
  }
  throw new Failure(
    'api',
    `The branch ${inputs.branch} moved ${attempts} times meanwhile. Run the restore again when fewer pushes are under way.`,
  );
}

/** A wrong name restores nothing, and should not look like success. */
function unknownContents({ config }: Run, versions: readonly (Version | undefined)[]) {
  const unknown = config.contents.filter((content) =>
    versions.every((version) => (version?.files(content) ?? []).length === 0),
  );
  return unknown.map(
    (content) =>
      `${content.path} was not in git then, and is not now, so there is nothing of ${nameOf(content)} to restore. Check the name.`,
  );
}

async function checkedOut(git: Git): Promise<string> {
  const commit = await git.objects.commit('HEAD');
  if (commit !== undefined) return commit.id;
  throw new Failure('config', 'The checkout has no commit. Run actions/checkout before this step.');
}

async function restored(
  run: Run,
  { id, date }: PastCommit,
  then: Version | undefined,
  now: Version,
): Promise<readonly RestoredContent[]> {
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
 * Plans the pull request, since GitHub starts no workflow for one that a workflow's token has opened. It
 * stays open if the plan fails.
 */
async function planOf(
  run: GitRun,
  inputs: RestoreInputs,
  client: WixClient | undefined,
  { tip, baseBranch }: Proposal,
  { commit, pullRequest }: Proposed,
): Promise<Result | Failure | undefined> {
  if (commit === undefined || pullRequest === undefined) return undefined;
  const event = {
    name: 'pull_request',
    before: undefined,
    pullRequest: {
      number: pullRequest.number,
      base: { sha: tip, ref: baseBranch },
      head: { sha: commit },
    },
  };
  const there = { ...run, environment: { ...run.environment, event } };
  const asked = {
    base: undefined,
    reconcile: 'changes',
    source: 'branch',
    failOnDrift: false,
    comment: true,
  } as const;
  try {
    // GitHub makes the commits that it signs.
    await fetchCommit(run.git, commit);
    return await runPlan(there, { ...inputs, ...asked, command: 'plan' }, client, commit);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return error;
  }
}

function resultOf(
  { contents }: Proposal,
  proposed: Proposed,
  plan: Result | Failure | undefined,
): Result {
  const { commit, branch, pullRequest } = proposed;
  const hasNews = commit !== undefined;
  return {
    command: 'restore',
    status: hasNews ? 'success' : 'unchanged',
    files: hasNews ? contents.map(fileOf) : [],
    findings: [],
    warnings: [...proposed.warnings, ...(plan === undefined ? [] : planWarnings(plan))],
    commit,
    branch,
    pullRequest,
    fingerprint: plan instanceof Failure ? undefined : plan?.fingerprint,
  };
}

function fileOf({ content, name, changes }: RestoredContent): FileResult {
  return { ...untouched(name, content.path), changes };
}

function planWarnings(plan: Result | Failure): readonly string[] {
  if (plan instanceof Failure) return [`The pull request has no plan yet: ${plan.message}`];
  const { failureReason, warnings } = plan;
  if (failureReason === undefined) return warnings;
  const words = `The plan on the pull request is red: ${reasonInWords(plan)}. Read its comment before the merge.`;
  return [words, ...warnings];
}
