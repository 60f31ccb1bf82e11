import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { exported, path, type Situation, site, within } from '../end-to-end/situation.ts';
import { cloneOf, commit, git, pushElsewhere } from '../repository/support.ts';
import { scriptOn, shell } from './commands.ts';

// What docs/backups-and-restore.md says, played with real git.

/** The products on the site, by their ids. */
function titles({ emulator }: Situation): Readonly<Record<string, unknown>> {
  const { items } = emulator.site.collection('products');
  return Object.fromEntries([...items].map(([id, { title }]) => [id, title]));
}

const before = { p1: 'Green tea', p2: 'Black tea, "strong"', p3: 'White tea' };
const schemaPath = 'content/collections/products.schema.json';
const withoutP3 = exported.replace('p3,White tea,9,,\n', '');

/** Does something in a clone of main, and pushes what was committed. */
function work(remote: string, act: (clone: string) => void): void {
  const clone = cloneOf(remote);
  act(clone);
  git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
}

/** Merges a branch of the remote into main, and answers with the merge commit. */
function mergeCommit(remote: string, branch: string): string {
  work(remote, (clone) => git(clone, 'merge', '--no-ff', '--message', 'Merge', `origin/${branch}`));
  return git(remote, 'rev-parse', 'main');
}

const undo = scriptOn('docs/backups-and-restore.md', 'git switch --create undo');
const undoMerge = scriptOn('docs/backups-and-restore.md', 'git revert --mainline 1 <commit>');

test.each([
  ['commit', undo],
  ['merge', undo.replace('git revert <commit>', undoMerge)],
])(
  'a reverted %s takes its edits back, and removed items come back under their ids',
  async (kind, script) => {
    await within(site, async (situation) => {
      const { remote, run } = situation;
      await run({ command: 'export' });
      const edited = withoutP3.replace('Green tea', 'Spoiled');
      git(remote, 'branch', 'edit', 'main');
      const sha = pushElsewhere(remote, { [path]: edited }, 'edit');
      if (kind === 'commit') git(remote, 'branch', '--force', 'main', 'edit');
      const reverted = kind === 'commit' ? sha : mergeCommit(remote, 'edit');
      await run({ command: 'import', deletes: 'apply' });
      expect(titles(situation)).toEqual({ p1: 'Spoiled', p2: before.p2 });
      shell(script, cloneOf(remote), { commit: reverted });
      mergeCommit(remote, 'undo');
      await run({ command: 'import' });
      expect(titles(situation)).toEqual(before);
    });
  },
);

test('files of an older commit bring the site back; what was added stays, or goes with deletes: apply', async () => {
  await within(site, async (situation) => {
    const { remote, run, emulator, file } = situation;
    await run({ command: 'export' });
    const old = git(remote, 'rev-parse', 'main');
    emulator.site.edit('products', 'p1', { title: 'Spoiled' });
    emulator.site.insert('products', { _id: 'p4', title: 'Spam' });
    await run({ command: 'export' });
    pushElsewhere(remote, { [schemaPath]: null });
    const script = scriptOn('docs/backups-and-restore.md', 'git switch --create restore');
    shell(script, cloneOf(remote), { commit: old });
    mergeCommit(remote, 'restore');
    expect(file(schemaPath)).toBeDefined();
    await run({ command: 'import' });
    expect(titles(situation)).toEqual({ ...before, p4: 'Spam' });
    await run({ command: 'import', deletes: 'apply' });
    expect(titles(situation)).toEqual(before);
  });
});

test('the backup of an import, copied over the files, brings the moment before it back', async () => {
  await within(site, async (situation) => {
    const { remote, run, merge } = situation;
    await run({ command: 'export' });
    const event = merge({ [path]: exported.replace('Green tea', 'Spoiled') });
    const { outputs } = await run({ command: 'import' }, { event });
    const backup = readFileSync(join(outputs['backup-directory'] ?? '', path), 'utf8');
    work(remote, (clone) => {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), backup);
      commit(clone, {}, 'Restore the moment before the import');
    });
    const restored = await run({ command: 'import' });
    expect(restored.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(titles(situation)).toEqual(before);
  });
});
