import { type GitHubStandIn, startGitHub } from '../github-stand-in/github-stand-in.ts';
import { git } from '../repository/support.ts';
import { agreed, editedInCms, editedInGit } from './scenes.ts';
import { play, type Scene, type Stage, type StagedRun } from './stage.ts';

/** A command that speaks to GitHub, and what it finds there. */
export interface GitHubScene {
  readonly name: string;
  readonly scene: Scene;
  /** Puts on GitHub what is there before the run that is looked at. */
  readonly prepare: (stage: GitHubStage) => Promise<unknown>;
  readonly run: (stage: GitHubStage) => Promise<StagedRun>;
  /** The rows of its matrix: what it asks of GitHub that no scene before it did in the same way. */
  readonly asks: readonly (string | Provoked)[];
}

/** An operation that is only asked for once another has gone wrong. */
interface Provoked {
  readonly operation: string;
  readonly provoke: (hub: GitHubStandIn) => void;
}

/** A row of a matrix: what a scene asks of GitHub. */
export interface GitHubAsk {
  readonly scene: GitHubScene;
  readonly operation: string;
  readonly provoke?: (hub: GitHubStandIn) => void;
}

/** The rows of all the matrices, one after the other. */
export function asksOf(scenes: readonly GitHubScene[]): readonly GitHubAsk[] {
  return scenes.flatMap((scene) =>
    scene.asks.map((ask) => ({ scene, ...(typeof ask === 'string' ? { operation: ask } : ask) })),
  );
}

export interface GitHubStage extends AsyncDisposable {
  readonly stage: Stage;
  readonly hub: GitHubStandIn;
}

/** Sets the scene up, beside a GitHub that knows its repository. */
export async function playOnGitHub({ scene, prepare }: GitHubScene): Promise<GitHubStage> {
  const stage = await play(scene);
  const hub = await startGitHub({
    repository: 'acme/site',
    bareRepository: stage.remote,
    collaborators: ['ada'],
  });
  const both = {
    stage,
    hub,
    async [Symbol.asyncDispose]() {
      await hub.close();
      await stage[Symbol.asyncDispose]();
    },
  };
  try {
    await prepare(both);
    return both;
  } catch (error) {
    await both[Symbol.asyncDispose]();
    throw error;
  }
}

type Inputs = Readonly<Record<string, string>>;

function exporting(more: Inputs = {}): GitHubScene['run'] {
  const inputs = { command: 'export', commit: 'pull-request', 'pull-request-labels': 'cms' };
  return ({ stage, hub }) =>
    stage.run({ ...inputs, 'pull-request-reviewers': 'ada', ...more }, { hub });
}

function planning(more: Inputs = {}): GitHubScene['run'] {
  return ({ stage, hub }) => {
    const [base, head] = ['main~1', 'main'].map((name) => git(stage.remote, 'rev-parse', name));
    const payload = { pull_request: { number: 1, base: { sha: base }, head: { sha: head } } };
    const event = { name: 'pull_request', payload };
    return stage.run({ command: 'plan', ...more }, { hub, event });
  };
}

function importing(more: Inputs = {}): GitHubScene['run'] {
  return ({ stage, hub }) => stage.run({ command: 'import', ...more }, { hub });
}

/** Does one after the other, each time on the same stage. */
function inTurn(...steps: readonly GitHubScene['prepare'][]): GitHubScene['prepare'] {
  return async (stage) => {
    for (const step of steps) await step(stage);
  };
}

/** A person opens a pull request with the edit that main holds, onto what main was before. */
async function openPull({ stage, hub }: GitHubStage): Promise<void> {
  git(stage.remote, 'branch', 'before', 'main~1');
  git(stage.remote, 'branch', 'edit', 'main');
  await asMaria('POST', `${hub.url}/repos/acme/site/pulls`, {
    ...{ title: 'Edit', head: 'edit', base: 'before' },
  });
}

/** The person merges it, and main becomes what it was merged into. */
async function mergePull({ stage, hub }: GitHubStage): Promise<void> {
  await asMaria('PUT', `${hub.url}/repos/acme/site/pulls/1/merge`, { merge_method: 'merge' });
  git(stage.remote, 'update-ref', 'refs/heads/main', 'refs/heads/before');
  Object.assign(hub.pulls[0] ?? {}, { baseBranch: 'main' });
}

async function asMaria(method: string, url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: 'token token-of-maria', accept: 'application/vnd.github+json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}

const ids = ['p1', 'p2', 'p3'] as const;

/** People in the CMS. */
const add = async ({ stage }: GitHubStage) =>
  void stage.emulator.site.insert('products', { _id: 'p5', title: 'Assam' });
const takeBack = async ({ stage }: GitHubStage) =>
  void stage.emulator.site.edit('products', 'p3', { price: 9 });
const removeAll = async ({ stage }: GitHubStage) => {
  for (const id of ids) stage.emulator.site.remove('products', id);
};

/** A person labels the first pull request as an export with too many removals does. */
async function labelDeletes({ hub }: GitHubStage): Promise<void> {
  const url = `${hub.url}/repos/acme/site/issues/1/labels`;
  await asMaria('POST', url, { labels: ['wix-cms: deletes'] });
}

/** All the scenes in which the action asks GitHub for something. */
export async function gitHubScenes(): Promise<readonly GitHubScene[]> {
  const inCms = editedInCms(await editedInGit('_id,title\np1,Green tea\n'));
  const inGit = await editedInGit();
  return [...exports(inCms, editedInCms(await agreed())), ...plans(inGit), ...imports(inGit)];
}

/** Exports of what people edited in the CMS, where git was edited too, and where it was not. */
function exports(inCms: Scene, inCmsAlone: Scene): readonly GitHubScene[] {
  return [
    {
      name: 'export: the first pull request',
      scene: inCms,
      prepare: async () => {},
      run: exporting({ 'pull-request-assignees': 'ada' }),
      asks: [
        ...['pulls/list', 'pulls/create', 'issues/add-labels', 'pulls/list-reviews'],
        ...['pulls/request-reviewers', 'issues/add-assignees'],
      ],
    },
    {
      name: 'export: the open pull request',
      scene: inCms,
      prepare: inTurn(exporting(), add),
      run: exporting(),
      asks: ['pulls/update'],
    },
    {
      name: 'export: a signed commit',
      scene: inCms,
      prepare: async () => {},
      run: exporting({ 'sign-commits': 'true' }),
      asks: [
        ...['git/create-ref', 'createCommitOnBranch', 'repository/id', 'updateRefs'],
        'git/delete-ref',
        {
          operation: 'git/get-ref',
          provoke: ({ faults }) => faults.loseAnswer('createCommitOnBranch'),
        },
      ],
    },
    {
      name: 'export: too many rows are gone',
      scene: inCms,
      prepare: inTurn(exporting(), removeAll),
      run: exporting(),
      asks: ['convertPullRequestToDraft'],
    },
    {
      name: 'export: too many rows were gone',
      scene: inCms,
      prepare: inTurn(exporting({ 'pull-request-draft': 'true' }), labelDeletes),
      run: exporting(),
      asks: ['viewer/login', 'markPullRequestReadyForReview', 'issues/remove-label'],
    },
    {
      name: 'export: nothing is left to merge',
      scene: inCmsAlone,
      prepare: inTurn(exporting(), takeBack),
      run: exporting(),
      asks: [
        ...['repository/pullRequest', 'issues/create-comment', 'pulls/update'],
        ...['repository/id', 'updateRefs'],
      ],
    },
  ];
}

function plans(inGit: Scene): readonly GitHubScene[] {
  return [
    {
      name: 'plan: the first comment',
      scene: inGit,
      prepare: openPull,
      run: planning(),
      asks: ['pulls/get', 'repository/pullRequest', 'issues/create-comment', 'issues/add-labels'],
    },
    {
      name: 'plan: the comment that is there',
      scene: inGit,
      prepare: inTurn(openPull, planning({ deletes: 'apply' })),
      run: planning(),
      asks: ['issues/update-comment', 'issues/remove-label'],
    },
  ];
}

function imports(inGit: Scene): readonly GitHubScene[] {
  const merged = inTurn(openPull, planning(), mergePull);
  return [
    {
      name: 'import: the merged pull request',
      scene: inGit,
      prepare: merged,
      run: importing(),
      asks: ['repository/pullRequests', 'issues/update-comment'],
    },
    {
      name: 'import: only what a plan has shown',
      scene: inGit,
      prepare: merged,
      run: importing({ 'require-plan': 'true' }),
      asks: ['repository/pullRequests'],
    },
  ];
}
