import { type GitHubStandIn, startGitHub } from '../github-stand-in/github-stand-in.ts';
import { git } from '../repository/support.ts';
import { editedInCms, editedInGit } from './scenes.ts';
import { play, type Scene, type Stage, type StagedRun } from './stage.ts';

/** A command that speaks to GitHub, and what it finds there. */
export interface GitHubScene {
  readonly name: string;
  readonly scene: Scene;
  /** Puts on GitHub what is there before the run that is looked at. */
  readonly prepare: (stage: GitHubStage) => Promise<void>;
  readonly run: (stage: GitHubStage) => Promise<StagedRun>;
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

const exporting = {
  command: 'export',
  commit: 'pull-request',
  'pull-request-labels': 'cms',
  'pull-request-reviewers': 'ada',
};

function exportAgain({ stage, hub }: GitHubStage): Promise<StagedRun> {
  return stage.run(exporting, { hub });
}

function planAgain({ stage, hub }: GitHubStage): Promise<StagedRun> {
  const [base, head] = ['main~1', 'main'].map((name) => git(stage.remote, 'rev-parse', name));
  const payload = { pull_request: { number: 1, base: { sha: base }, head: { sha: head } } };
  return stage.run({ command: 'plan' }, { hub, event: { name: 'pull_request', payload } });
}

/** A person opens a pull request with the edit that main holds, onto what main was before. */
async function openPull({ stage, hub }: GitHubStage): Promise<void> {
  git(stage.remote, 'branch', 'before', 'main~1');
  git(stage.remote, 'branch', 'edit', 'main');
  await fetch(`${hub.url}/repos/acme/site/pulls`, {
    method: 'POST',
    headers: { authorization: 'token token-of-maria', accept: 'application/vnd.github+json' },
    body: JSON.stringify({ title: 'Edit', head: 'edit', base: 'before' }),
  });
}

/** All the scenes in which the action asks GitHub for something. */
export async function gitHubScenes(): Promise<readonly GitHubScene[]> {
  const inCms = editedInCms(await editedInGit('_id,title\np1,Green tea\n'));
  const inGit = await editedInGit();
  const edit = (stage: GitHubStage, price: number) =>
    stage.stage.emulator.site.edit('products', 'p3', { price });
  return [
    {
      name: 'export: the first pull request',
      scene: inCms,
      prepare: async () => {},
      run: exportAgain,
    },
    {
      name: 'export: the open pull request',
      scene: inCms,
      prepare: async (stage) => {
        await exportAgain(stage);
        stage.stage.emulator.site.insert('products', { _id: 'p5', title: 'Assam' });
      },
      run: exportAgain,
    },
    { name: 'plan: the first comment', scene: inGit, prepare: openPull, run: planAgain },
    {
      name: 'plan: the comment that is there',
      scene: inGit,
      prepare: async (stage) => {
        await openPull(stage);
        await planAgain(stage);
        edit(stage, 12);
      },
      run: planAgain,
    },
  ];
}
