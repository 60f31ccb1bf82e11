import { readFileSync } from 'node:fs';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { cloneOf, git, makeRemote, pushElsewhere, show } from '../repository/support.ts';
import { type ActionOptions, type ActionRun, runAction } from './action.ts';

/** A site, a repository, and the action between them. */
export interface Situation {
  readonly emulator: Emulator;
  readonly remote: string;
  /** Runs the action in a fresh checkout of main, as actions/checkout makes it. */
  readonly run: (
    inputs: Readonly<Record<string, string>>,
    options?: Partial<ActionOptions> & { readonly depth?: number },
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
  try {
    await play(situationOf(emulator));
    expectNoLeaks(emulator);
  } finally {
    await emulator.close();
  }
}

function expectNoLeaks(emulator: Emulator): void {
  const leaks = emulator.leaks();
  if (leaks.length > 0)
    throw new Error(`Credentials reached a file host: ${JSON.stringify(leaks)}`);
}

function situationOf(emulator: Emulator): Situation {
  const remote = makeRemote();
  return {
    emulator,
    remote,
    async run(inputs, options = {}) {
      const workspace = cloneOf(remote, { depth: options.depth ?? 1 });
      const run = await runAction({
        workspace,
        ...options,
        inputs: {
          'api-key': emulator.apiKey,
          'site-id': emulator.siteId,
          'api-url': emulator.apiUrl,
          collections: 'products',
          commit: 'push',
          ...inputs,
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
