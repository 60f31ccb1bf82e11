import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeCommits } from '../../src/repository/commit-files.ts';
import { commitsBetween, forkOf, mergedTree } from '../../src/repository/history.ts';
import { fetchCommit, fetchCommits, pushRefs, remoteTip } from '../../src/repository/remote.ts';
import { open } from './open.ts';
import {
  cloneOf,
  commitOnto,
  freshFolder,
  git,
  makeRemote,
  pushElsewhere,
  show,
  staged,
} from './support.ts';

describe('commits', () => {
  test('are made by the bot, on top of their parent, without touching the checkout', async () => {
    const clone = cloneOf(makeRemote({ 'content/a.csv': '_id\n', 'keep.txt': 'kept' }));
    writeFileSync(join(clone, 'keep.txt'), 'somebody is working on this');
    const index = readFileSync(join(clone, '.git/index'));
    const parent = git(clone, 'rev-parse', 'HEAD');
    const texts = { 'content/a.csv': null, 'content/b.csv': '_id\nx\n' };
    const made = await commitOnto(await open(clone), parent, texts, 'Export\n\nWix-Site: x\n');
    expect(git(clone, 'ls-tree', '-r', '--name-only', made)).toBe('content/b.csv\nkeep.txt');
    expect(git(clone, 'log', '-1', '--format=%an %ce %P', made)).toBe(
      `github-actions[bot] 41898282+github-actions[bot]@users.noreply.github.com ${parent}`,
    );
    expect(git(clone, 'status', '--porcelain')).toBe('M keep.txt');
    expect(readFileSync(join(clone, '.git/index')).equals(index)).toBe(true);
  });

  test('several are made at once, each file stored once, and no ref is left behind', async () => {
    const clone = cloneOf(makeRemote({ 'a.csv': '_id\n', 'deep/er/b.csv': 'y' }));
    const opened = await open(clone);
    const parent = git(clone, 'rev-parse', 'HEAD');
    const blob = git(clone, 'rev-parse', 'HEAD:a.csv');
    const files = staged({ 'odd "name"\\ é.csv': 'x\n' });
    const [branch = '', record = ''] = await makeCommits(opened, [
      { parents: [parent], onto: parent, files, message: 'Branch' },
      {
        parents: [],
        onto: undefined,
        files: new Map([...files, ['agreed/a.csv', { blob }]]),
        message: 'Record',
      },
    ]);
    const paths = (revision: string) =>
      git(clone, '-c', 'core.quotePath=false', 'ls-tree', '-r', '-z', '--name-only', revision)
        .split('\0')
        .filter(Boolean);
    expect(paths(branch)).toEqual(['a.csv', 'deep/er/b.csv', 'odd "name"\\ é.csv']);
    expect(paths(record)).toEqual(['agreed/a.csv', 'odd "name"\\ é.csv']);
    expect(git(clone, 'log', '--format=%s', record)).toBe('Record');
    expect(git(clone, 'for-each-ref', 'refs/wix-cms-new')).toBe('');
  });

  test.each([
    ['a folder where a file goes', 'content/a.csv/notes.txt'],
    ['a file where a folder goes', 'content'],
  ])('do not remove %s', async (_what, path) => {
    const clone = cloneOf(makeRemote({ [path]: 'somebody needs this' }));
    const parent = git(clone, 'rev-parse', 'HEAD');
    const made = commitOnto(await open(clone), parent, { 'content/a.csv': '_id\n' });
    await expect(made).rejects.toMatchObject({
      reason: 'validation',
      message: `${path} is in the way of a file that the run commits. Move it elsewhere in git.`,
    });
  });

  test('run no hook and no filter of the repository', async () => {
    const clone = cloneOf(makeRemote({ '.gitattributes': '*.csv filter=evil text eol=crlf\n' }));
    git(clone, 'config', 'filter.evil.clean', 'touch evil; cat');
    git(clone, 'config', 'core.fsmonitor', 'touch monitored');
    mkdirSync(join(clone, '.git/hooks'));
    for (const hook of ['pre-commit', 'pre-push', 'reference-transaction', 'post-commit']) {
      writeFileSync(join(clone, '.git/hooks', hook), '#!/bin/sh\ntouch hooked\n', { mode: 0o755 });
    }
    const parent = git(clone, '-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD');
    const made = await commitOnto(await open(clone), parent, { 'a.csv': '_id\r\nx\n' });
    await pushRefs(await open(clone), [{ commit: made, ref: 'refs/heads/x', expected: undefined }]);
    for (const trace of ['evil', 'monitored', 'hooked'])
      expect(existsSync(join(clone, trace))).toBe(false);
    expect(git(clone, 'cat-file', '-s', `${made}:a.csv`)).toBe('7');
  });
});

describe('refs are moved by compare-and-swap', () => {
  async function pushFrom(clone: string, expected: string | undefined, text: string) {
    const opened = await open(clone);
    const parent = git(clone, 'rev-parse', 'HEAD');
    const made = await commitOnto(opened, parent, { 'a.csv': text });
    return pushRefs(opened, [{ commit: made, ref: 'refs/heads/main', expected }]);
  }

  test('from where it was seen', async () => {
    const remote = makeRemote();
    const clone = cloneOf(remote, { depth: 1 });
    expect(await pushFrom(clone, git(clone, 'rev-parse', 'HEAD'), 'ours\n')).toBe('pushed');
    expect(show(remote, 'main', 'a.csv')).toBe('ours\n');
  });

  test('and not when somebody else was faster', async () => {
    const remote = makeRemote();
    const clone = cloneOf(remote);
    const seen = git(clone, 'rev-parse', 'HEAD');
    const theirs = pushElsewhere(remote, { 'b.csv': 'theirs\n' });
    expect(await pushFrom(clone, seen, 'ours\n')).toBe('lost-race');
    expect(await remoteTip(await open(clone), 'refs/heads/main')).toBe(theirs);
  });

  test('nor when it should not exist but does', async () => {
    const clone = cloneOf(makeRemote());
    expect(await pushFrom(clone, undefined, 'ours\n')).toBe('lost-race');
  });

  test.each([
    ['both of them, where both are where they were seen', undefined, 'pushed'],
    ['none of them, where one is not', 'f'.repeat(40), 'lost-race'],
  ])('%s', async (_what, expected, outcome) => {
    const remote = makeRemote();
    const clone = cloneOf(remote);
    const opened = await open(clone);
    const seen = git(clone, 'rev-parse', 'HEAD');
    const made = await commitOnto(opened, seen, { 'a.csv': 'ours\n' });
    const moves = [
      { ref: 'refs/heads/main', commit: made, expected: seen },
      { ref: 'refs/wix-cms/site', commit: made, expected },
    ];
    expect(await pushRefs(opened, moves)).toBe(outcome);
    expect(show(remote, 'main', 'a.csv')).toBe(outcome === 'pushed' ? 'ours\n' : undefined);
  });

  test('one by one where the remote knows no other way', async () => {
    const remote = makeRemote();
    git(remote, 'config', 'receive.advertiseAtomic', 'false');
    const opened = await open(cloneOf(remote));
    const commit = git(remote, 'rev-parse', 'main');
    const moves = ['a', 'b'].map((name) => ({
      ref: `refs/heads/${name}`,
      commit,
      expected: undefined,
    }));
    expect(await pushRefs(opened, moves)).toBe('not-atomic');
    expect(await remoteTip(opened, 'refs/heads/a')).toBeUndefined();
  });

  test.each([
    ['GH006: Protected branch update failed', 'commit: pull-request'],
    ['GH013: Commits must have verified signatures', 'sign-commits'],
  ])('a branch with the rule %s is a failure that names the way out', async (rule, remedy) => {
    const remote = makeRemote();
    const hook = `#!/bin/sh\necho "${rule}" >&2\nexit 1\n`;
    writeFileSync(join(remote, 'hooks/pre-receive'), hook, { mode: 0o755 });
    const clone = cloneOf(remote);
    await expect(pushFrom(clone, git(clone, 'rev-parse', 'HEAD'), 'ours\n')).rejects.toMatchObject({
      name: 'Failure',
      message: expect.stringContaining(remedy),
    });
  });
});

describe('fetching', () => {
  test('brings a commit that a shallow clone lacks, and nothing more', async () => {
    const remote = makeRemote();
    const before = pushElsewhere(remote, { 'content/a.csv': 'before\n' });
    pushElsewhere(remote, { 'content/a.csv': 'after\n' });
    const clone = cloneOf(remote, { depth: 1 });
    const opened = await open(clone);
    expect(await fetchCommit(opened, before)).toBe(before);
    const [file] = await opened.objects.entries(before, 'content');
    expect(await opened.objects.text(file?.id ?? '')).toBe('before\n');
    expect(git(clone, 'log', '--format=%s', before)).toBe('Edit');
  });

  test('takes a branch by its name', async () => {
    const remote = makeRemote();
    const tip = pushElsewhere(remote, { 'a.csv': 'x' });
    const clone = cloneOf(remote, { depth: 1 });
    const moved = pushElsewhere(remote, { 'a.csv': 'y' });
    expect(moved).not.toBe(tip);
    expect(await fetchCommit(await open(clone), 'main')).toBe(moved);
  });

  test('of a commit that nobody has, or of an option, brings nothing', async () => {
    const opened = await open(cloneOf(makeRemote(), { depth: 1 }));
    expect(await fetchCommit(opened, 'a'.repeat(40))).toBeUndefined();
    expect(await fetchCommit(opened, '--upload-pack=touch evil')).toBeUndefined();
  });

  test('of one commit that nobody has does not keep another one from coming', async () => {
    const remote = makeRemote();
    const clone = cloneOf(remote, { depth: 1 });
    const tip = pushElsewhere(remote, { 'a.csv': 'x' });
    const missing = 'a'.repeat(40);
    expect(await fetchCommits(await open(clone), [missing, tip])).toEqual([missing]);
  });
});

describe('the objects of a repository', () => {
  test('are saved as they are, of any size, empty ones too', async () => {
    const large = `_id\n${'x'.repeat(300_000)}\n`;
    const texts = { 'c/a.csv': '', 'c/b.csv': large, 'c/d/0.csv': 'a\r\nb' };
    const clone = cloneOf(makeRemote({ ...texts, '.gitattributes': 'c/b.csv text eol=crlf\n' }));
    const { objects } = await open(clone);
    const entries = await objects.entries(git(clone, 'rev-parse', 'HEAD'), 'c');
    expect(entries.map(({ path, kind }) => [path, kind])).toEqual([
      ['c/a.csv', 'file'],
      ['c/b.csv', 'file'],
      ['c/d/0.csv', 'file'],
    ]);
    const folder = freshFolder();
    for (const { path, id } of entries) {
      await objects.save(id, join(folder, path));
      expect(readFileSync(join(folder, path), 'utf8')).toBe(Reflect.get(texts, path));
    }
  });

  test('are those of the commit, whatever refs/replace has put in their place', async () => {
    const clone = cloneOf(makeRemote({ 'a.csv': 'as it was reviewed', 'b.csv': 'another' }));
    git(
      clone,
      'replace',
      git(clone, 'rev-parse', 'HEAD:a.csv'),
      git(clone, 'rev-parse', 'HEAD:b.csv'),
    );
    const { objects } = await open(clone);
    const [entry] = await objects.entries(git(clone, 'rev-parse', 'HEAD'), 'a.csv');
    const saved = join(freshFolder(), 'a.csv');
    await objects.save(entry?.id ?? '', saved);
    expect(readFileSync(saved, 'utf8')).toBe('as it was reviewed');
  });

  test('are found by paths that mean themselves', async () => {
    const clone = cloneOf(makeRemote({ 'content[s]/a.csv': 'x', 'contents/a.csv': 'y' }));
    const { objects } = await open(clone);
    const head = (await objects.commit('HEAD'))?.id ?? '';
    expect((await objects.entries(head, 'content[s]')).map(({ path }) => path)).toEqual([
      'content[s]/a.csv',
    ]);
    expect(await objects.entryAt(head, 'content[s]/a.csv')).toMatchObject({ kind: 'file' });
    expect(await objects.entryAt(head, 'content[s]/a.csv/b')).toBeUndefined();
    expect(await objects.entries(head, 'elsewhere')).toEqual([]);
    expect(await objects.commit('f'.repeat(40))).toBeUndefined();
  });
});

describe('the history of a branch', () => {
  test('lists what changed a path, a merged branch with all its commits, on a shallow clone too', async () => {
    const remote = makeRemote({ 'a.csv': '0' });
    const since = git(remote, 'rev-parse', 'main');
    git(remote, 'branch', 'side', 'main');
    const offered = pushElsewhere(remote, { 'a.csv': '1' }, 'side');
    pushElsewhere(remote, { 'b.csv': 'x' });
    const clone = cloneOf(remote);
    git(clone, 'merge', '--quiet', '--no-ff', '-m', 'Merge', 'origin/side');
    git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
    const tip = pushElsewhere(remote, { 'a.csv': '0' });
    const opened = await open(cloneOf(remote, { depth: 1 }));
    const commits = await commitsBetween(opened, [since, tip], ['a.csv']);
    expect(commits?.map(({ id }) => id)).toContain(offered);
    expect(commits?.map(({ id }) => id)).not.toContain(tip);
    expect(await commitsBetween(opened, [offered, since], ['a.csv'])).toBeUndefined();
    expect(await commitsBetween(opened, [tip, tip], ['a.csv'])).toEqual([]);
  });

  test('two branches are one tree, unless they conflict', async () => {
    const remote = makeRemote({ 'a.csv': '0\n', 'b.csv': '0\n' });
    git(remote, 'branch', 'side', 'main');
    const side = pushElsewhere(remote, { 'a.csv': '1\n' }, 'side');
    const main = pushElsewhere(remote, { 'b.csv': '1\n' });
    const opened = await open(cloneOf(remote));
    const tree = await mergedTree(opened, side, main);
    const texts = await Promise.all(
      ['a.csv', 'b.csv'].map(async (path) =>
        opened.objects.text((await opened.objects.entryAt(tree ?? '', path))?.id ?? ''),
      ),
    );
    expect(texts).toEqual(['1\n', '1\n']);
    const other = pushElsewhere(remote, { 'a.csv': '2\n' });
    const again = await open(cloneOf(remote));
    expect(await mergedTree(again, side, other)).toBeUndefined();
  });
});

test('commits of others are told from ours, on a shallow clone too', async () => {
  const remote = makeRemote();
  const clone = cloneOf(remote);
  const base = git(clone, 'rev-parse', 'HEAD');
  const opened = await open(clone);
  const message = 'Export\n\nproducts: 1 changed\n\nWix-Site: x\n';
  const ours = await commitOnto(opened, base, { 'a.csv': 'x' }, message);
  await pushRefs(opened, [{ commit: ours, ref: 'refs/heads/wix-cms/export', expected: undefined }]);
  const theirs = pushElsewhere(remote, { 'a.csv': 'y' }, 'wix-cms/export');
  const shallow = await open(cloneOf(remote, { depth: 1 }));
  await fetchCommit(shallow, theirs);
  const { commits, paths, isMerged } = await forkOf(shallow, theirs, base);
  expect({ paths, isMerged }).toEqual({ paths: ['a.csv'], isMerged: false });
  expect(commits.map(({ committer, trailers }) => [committer, trailers.get('Wix-Site')])).toEqual([
    ['ada@example.com', undefined],
    ['41898282+github-actions[bot]@users.noreply.github.com', 'x'],
  ]);
});

test('a branch whose files are those of an older commit is not merged, on a shallow clone too', async () => {
  const remote = makeRemote();
  for (const text of ['4', '5', '6']) pushElsewhere(remote, { 'a.csv': text });
  const base = git(remote, 'rev-parse', 'main');
  git(remote, 'branch', 'back', base);
  const tip = pushElsewhere(remote, { 'a.csv': '4' }, 'back');
  const shallow = await open(cloneOf(remote, { depth: 3 }));
  await fetchCommit(shallow, tip);
  const { paths, commits, isMerged } = await forkOf(shallow, tip, base);
  expect({ paths, isMerged }).toEqual({ paths: ['a.csv'], isMerged: false });
  expect(commits.map(({ id }) => id)).toEqual([tip]);
});

test('a branch at its target has nothing of its own, and asks nobody', async () => {
  const remote = makeRemote();
  pushElsewhere(remote, { 'a.csv': '4' });
  const clone = cloneOf(remote, { depth: 1 });
  git(clone, 'remote', 'set-url', 'origin', 'file:///nowhere');
  const head = git(clone, 'rev-parse', 'HEAD');
  const { base, commits, paths } = await forkOf(await open(clone), head, head);
  expect({ base, commits, paths }).toEqual({ base: head, commits: [], paths: [] });
});

test.each(['', ' -1 +0000', ' 99999999999999 +0000'])(
  'a commit with the odd date "%s" is read',
  async (date) => {
    const clone = cloneOf(makeRemote());
    const text = git(clone, 'cat-file', 'commit', 'HEAD');
    const odd = text.replace(/^(committer .*>) .*$/m, `$1${date}`);
    const file = join(freshFolder(), 'odd');
    writeFileSync(file, `${odd}\n`);
    const sha = git(clone, 'hash-object', '-t', 'commit', '--literally', '-w', file);
    const { objects } = await open(clone);
    expect(await objects.commit(sha)).toMatchObject({
      committer: 'ada@example.com',
      date: '1970-01-01T00:00:00.000Z',
    });
  },
);

test('a signed commit is read the same where git is to show signatures', async () => {
  const clone = cloneOf(makeRemote());
  const [header = '', message = ''] = git(clone, 'cat-file', 'commit', 'HEAD').split('\n\n');
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n -----END PGP SIGNATURE-----';
  const folder = freshFolder();
  writeFileSync(join(folder, 'signed'), `${header}\n${signature}\n\n${message}\n`);
  const sha = git(clone, 'hash-object', '-t', 'commit', '-w', join(folder, 'signed'));
  writeFileSync(join(folder, 'gpg'), '#!/bin/sh\necho "gpg: no signature" >&2\n', { mode: 0o755 });
  git(clone, 'config', 'gpg.program', join(folder, 'gpg'));
  git(clone, 'config', 'log.showSignature', 'true');
  expect(git(clone, 'log', '--max-count=1', '--format=%H', sha)).toContain('gpg: no signature');
  const { objects } = await open(clone);
  expect(await objects.commit(sha)).toMatchObject({ committer: 'ada@example.com' });
});
