import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import type { Json } from '../../emulator/json.ts';
import { type GitHubStandIn, startGitHub } from '../github-stand-in/github-stand-in.ts';
import { cloneOf, git, makeRemote, pushElsewhere, show } from '../repository/support.ts';
import { type ActionOptions, type ActionRun, runAction } from './action.ts';

/** A site, a repository, and the action between them. */
export interface Situation {
  readonly emulator: Emulator;
  readonly hub: GitHubStandIn;
  readonly remote: string;
  /** Runs the action in a fresh checkout of main, as actions/checkout makes it. */
  readonly run: (
    inputs: Readonly<Record<string, string>>,
    options?: Partial<ActionOptions> & { readonly depth?: number; readonly branch?: string },
  ) => Promise<ActionRun & { readonly workspace: string; readonly read: (path: string) => string }>;
  /** Edits main, as a merged pull request would; answers the push event for the run that follows. */
  readonly merge: (files: Readonly<Record<string, string | null>>) => object;
  /** A file on main, or another branch; `undefined` where there is none. */
  readonly file: (path: string, branch?: string) => string | undefined;
}

export const products = {
  id: 'products',
  displayName: 'Products',
  translatable: ['title'],
  fields: [
    { key: 'title', displayName: 'Title', type: 'TEXT', required: true },
    { key: 'price', displayName: 'Price', type: 'NUMBER' },
    { key: 'notes', displayName: 'Internal notes', type: 'TEXT' },
    { key: 'tags', displayName: 'Tags', type: 'ARRAY_STRING' },
    { key: 'link-products', displayName: 'Products (Item)', type: 'PAGE_LINK' },
    { key: 'related', displayName: 'Related', type: 'MULTI_REFERENCE' },
  ],
  items: [
    { _id: 'p1', title: 'Green tea', price: 4, notes: 'order more', tags: ['tea', 'green'] },
    { _id: 'p2', title: 'Black tea, "strong"', price: 5.5, notes: 'line one\nline two' },
    { _id: 'p3', title: 'White tea', price: 9 },
  ],
} as const;

/** Plays a situation, and closes what it opened. */
export async function within(
  options: EmulatorOptions,
  play: (situation: Situation) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(options);
  const remote = makeRemote();
  const hub = await startGitHub({ repository: 'acme/site', bareRepository: remote });
  try {
    await play(situationOf(emulator, hub, remote));
    expectNoLeaks(emulator);
    if (hub.problems.length > 0) throw new Error(hub.problems.join('\n'));
  } finally {
    await hub.close();
    await emulator.close();
  }
}

function expectNoLeaks(emulator: Emulator): void {
  const leaks = emulator.leaks();
  if (leaks.length > 0)
    throw new Error(`Credentials reached a file host: ${JSON.stringify(leaks)}`);
}

function situationOf(emulator: Emulator, hub: GitHubStandIn, remote: string): Situation {
  return {
    emulator,
    hub,
    remote,
    async run(inputs, options = {}) {
      const workspace = cloneOf(remote, {
        depth: options.depth ?? 1,
        branch: options.branch ?? 'main',
      });
      const run = await runAction({
        workspace,
        ...options,
        inputs: {
          'api-key': emulator.apiKey,
          'site-id': emulator.siteId,
          'api-url': emulator.apiUrl,
          collections: 'products',
          commit: 'push',
          token: 'token',
          ...inputs,
        },
        environment: {
          GITHUB_API_URL: hub.url,
          GITHUB_GRAPHQL_URL: hub.graphqlUrl,
          ...options.environment,
        },
      });
      return { ...run, workspace, read: (path) => readFileSync(path, 'utf8') };
    },
    merge(files) {
      const before = git(remote, 'rev-parse', 'main');
      pushElsewhere(remote, files);
      return { before };
    },
    file: (path, branch = 'main') => show(remote, branch, path),
  };
}

/** Makes the remote run a script when something is pushed to it, before it is taken. */
export function onPush(remote: string, script: string): void {
  // What a push brings lies in quarantine until it is taken; the script is not part of it.
  const free = 'unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES';
  writeFileSync(join(remote, 'hooks/pre-receive'), `#!/bin/sh\n${free}\n${script}\n`, {
    mode: 0o755,
  });
}

/**
 * Imports while the remote takes the note of what is to be written, and no record after it.
 *
 * @returns the run, when the remote takes everything again.
 */
export async function importUnrecorded(
  { run, remote }: Situation,
  inputs: Readonly<Record<string, string>> = {},
): ReturnType<Situation['run']> {
  const unlessFirst = 'test -e noted || { touch noted; exit 0; }; exit 1';
  onPush(
    remote,
    `while read old new ref; do case $ref in refs/wix-cms/*) ${unlessFirst};; esac; done`,
  );
  const result = await run({ command: 'import', ...inputs });
  onPush(remote, 'true');
  return result;
}

/** Imports, and is cancelled as soon as the job has done its work. */
export async function importCutOff(
  { run, emulator }: Situation,
  inputs: Readonly<Record<string, string>> = {},
): ReturnType<Situation['run']> {
  const isDone = () =>
    emulator
      .jobs()
      .some(({ name, status }) => name?.includes(' import ') && status === 'COMPLETED');
  let timer: NodeJS.Timeout | undefined;
  const onStart: ActionOptions['onStart'] = (kill) => {
    timer = setInterval(() => {
      if (!isDone()) return;
      clearInterval(timer);
      kill('SIGTERM');
    }, 1);
  };
  const result = await run({ command: 'import', ...inputs }, { onStart });
  clearInterval(timer);
  expect(result.outputs['failure-reason']).toBe('cancelled');
  return result;
}

/** Edits a product in the CMS. */
export function edit(
  { emulator }: Situation,
  id: string,
  fields: Readonly<Record<string, Json>>,
): void {
  emulator.site.edit('products', id, fields);
}

/** Both sides come together, and hold this title. */
export async function expectTitle(situation: Situation, id: string, title: string): Promise<void> {
  const { run, file } = situation;
  expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('');
  expect((await run({ command: 'export' })).outputs['failure-reason']).toBe('');
  expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
  expect(titleOf(situation, id)).toBe(title);
  expect(file(path)).toContain(`${id},${title},`);
}

/** The title of a product, as the site holds it. */
export function titleOf({ emulator }: Situation, id: string): unknown {
  return emulator.site.collection('products').items.get(id)?.title;
}

export const path = 'content/collections/products.csv';

/** A site with the products, and what an export makes of them. */
export const site = { site: { collections: [products] } };
export const exported = [
  '_id,title,price,notes,tags',
  'p1,Green tea,4,order more,"[""tea"",""green""]"',
  'p2,"Black tea, ""strong""",5.5,"line one\nline two",',
  'p3,White tea,9,,',
  '',
].join('\n');
