import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectGitHub, type GitHub } from '../../src/github/client.ts';
import type { PullRequestContent } from '../../src/github/pull-request.ts';
import {
  type GitHubStandIn,
  type GitHubStandInOptions,
  startGitHub,
} from '../github-stand-in/github-stand-in.ts';

/** A GitHub of its own for one test: a repository whose `main` holds `content/a.csv`. */
export interface Situation {
  readonly hub: GitHubStandIn;
  readonly github: GitHub;
  readonly main: string;
  /** The warnings so far. */
  readonly warnings: readonly string[];
  /** The lines of the log that are no warnings. */
  readonly said: readonly string[];
  /** How long was waited, in milliseconds, without waiting. */
  readonly waits: readonly number[];
  /** The same repository with the token of somebody else. */
  as(login: string): Promise<GitHub>;
  /** Runs git in the bare repository, as a push from elsewhere would end there. */
  git(...args: readonly string[]): string;
  /** Commits one file onto a commit and moves a branch there. */
  push(branch: string, onto: string, file?: string, text?: string): string;
  tip(branch: string): string;
  /** A local file with this text. */
  file(text: string | Buffer): string;
}

/** Builds a situation, plays it, and checks that nothing was asked that GitHub does not know. */
export async function on(
  options: Partial<GitHubStandInOptions>,
  play: (situation: Situation) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-github-'));
  const { bare, git, push } = bareRepositoryIn(folder);
  const main = push('main', '', 'content/a.csv', '_id,title\n1,One\n');
  const hub = await startGitHub({ repository: 'acme/site', bareRepository: bare, ...options });
  const warnings: string[] = [];
  const said: string[] = [];
  const waits: number[] = [];
  let files = 0;
  const as = (token: string) =>
    connectGitHub({
      token,
      repository: 'acme/site',
      permissions: '"contents: write" and "pull-requests: write"',
      apiUrl: hub.url,
      log: {
        info: (line) => said.push(line),
        debug: () => {},
        warning: (line) => warnings.push(line),
      },
      clock: {
        now: () => 1_700_000_000_000,
        sleep: async (milliseconds) => void waits.push(milliseconds),
      },
      random: () => 0.5,
    });
  try {
    await play({
      hub,
      github: await as('token'),
      main,
      warnings,
      said,
      waits,
      as: (login) => as(`token-of-${login}`),
      git,
      push,
      tip: (branch) => git('rev-parse', `refs/heads/${branch}`),
      file: (text) => {
        files += 1;
        const path = join(folder, `file-${files}`);
        writeFileSync(path, text);
        return path;
      },
    });
    if (hub.problems.length > 0) throw new Error(hub.problems.join('\n'));
  } finally {
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function bareRepositoryIn(folder: string) {
  const bare = join(folder, 'site.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', bare]);
  const run = (args: readonly string[], input = '') =>
    execFileSync('git', args, { cwd: bare, encoding: 'utf8', input }).trim();
  const git = (...args: readonly string[]) => run(args);
  const push = (branch: string, onto: string, file = 'content/a.csv', text = 'x') => {
    const ref = `refs/heads/${branch}`;
    const message = `Write ${file}`;
    const lines = [
      `commit ${ref}`,
      'committer Somebody <somebody@example.com> 1700000000 +0000',
      `data ${message.length}\n${message}`,
      ...(onto === '' ? [] : [`from ${onto}`]),
      `M 100644 inline ${file}`,
      `data ${text.length}\n${text}`,
    ];
    run(['fast-import', '--quiet', '--force'], `${lines.join('\n')}\n`);
    return git('rev-parse', ref);
  };
  return { bare, git, push };
}

/** What a pull request is to say, with changes. */
export function content(changes: Partial<PullRequestContent> = {}): PullRequestContent {
  return {
    title: 'Wix CMS content',
    body: '*products*: 1 changed',
    labels: [],
    reviewers: [],
    assignees: [],
    draft: false,
    ...changes,
  };
}
