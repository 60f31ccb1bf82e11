import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isOneFile } from '../../src/io/one-file.ts';
import { baseRefName, readBase, recordBase } from '../../src/repository/base-ref.ts';
import { commitFiles } from '../../src/repository/commit-files.ts';
import { commitsSince, readCommit } from '../../src/repository/history.ts';
import { fetchCommit, pushCommit, remoteTip } from '../../src/repository/remote.ts';
import { extractFiles, sameFiles } from '../../src/repository/snapshot.ts';
import {
  cloneOf,
  commit,
  filesIn,
  freshFolder,
  git,
  makeRemote,
  open,
  pushElsewhere,
  show,
  staged,
} from './support.ts';

const site = '11111111-2222-3333-4444-555555555555';

describe('commits', () => {
  test('are made by the bot, on top of their parent, without touching the checkout', async () => {
    const clone = cloneOf(makeRemote({ 'content/a.csv': '_id\n', 'keep.txt': 'kept' }));
    writeFileSync(join(clone, 'keep.txt'), 'somebody is working on this');
    const index = readFileSync(join(clone, '.git/index'));
    const parent = git(clone, 'rev-parse', 'HEAD');
    const made = await commitFiles(await open(clone), {
      parent,
      files: staged({ 'content/a.csv': null, 'content/b.csv': '_id\nx\n' }),
      message: 'Export\n\nWix-Site: x\n',
    });
    expect(git(clone, 'ls-tree', '-r', '--name-only', made ?? '')).toBe('content/b.csv\nkeep.txt');
    expect(git(clone, 'log', '-1', '--format=%an %ce %P', made ?? '')).toBe(
      `github-actions[bot] 41898282+github-actions[bot]@users.noreply.github.com ${parent}`,
    );
    expect(git(clone, 'status', '--porcelain')).toBe('M keep.txt');
    expect(readFileSync(join(clone, '.git/index')).equals(index)).toBe(true);
  });

  test('that would change nothing are not made', async () => {
    const clone = cloneOf(makeRemote({ 'a.csv': '_id\n' }));
    const parent = git(clone, 'rev-parse', 'HEAD');
    const files = staged({ 'a.csv': '_id\n' });
    expect(await commitFiles(await open(clone), { parent, files, message: 'x' })).toBeUndefined();
  });

  test.each([
    ['a folder where a file goes', 'content/a.csv/notes.txt'],
    ['a file where a folder goes', 'content'],
  ])('do not remove %s', async (_what, path) => {
    const clone = cloneOf(makeRemote({ [path]: 'somebody needs this' }));
    const parent = git(clone, 'rev-parse', 'HEAD');
    const files = staged({ 'content/a.csv': '_id\n' });
    await expect(
      commitFiles(await open(clone), { parent, files, message: 'x' }),
    ).rejects.toMatchObject({
      reason: 'validation',
      message: `${path} is in the way of a file that is to be committed. Move it elsewhere in git.`,
    });
  });

  test('run no hook and no filter of the repository', async () => {
    const clone = cloneOf(makeRemote({ '.gitattributes': '*.csv filter=evil text eol=crlf\n' }));
    git(clone, 'config', 'filter.evil.clean', 'touch evil; cat');
    git(clone, 'config', 'core.fsmonitor', 'touch monitored');
    for (const hook of ['pre-commit', 'pre-push', 'reference-transaction', 'post-commit']) {
      writeFileSync(join(clone, '.git/hooks', hook), '#!/bin/sh\ntouch hooked\n', { mode: 0o755 });
    }
    const parent = git(clone, '-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD');
    const made = await commitFiles(await open(clone), {
      parent,
      files: staged({ 'a.csv': '_id\r\nx\n' }),
      message: 'x',
    });
    await pushCommit(await open(clone), {
      commit: made ?? '',
      ref: 'refs/heads/x',
      expected: undefined,
    });
    for (const trace of ['evil', 'monitored', 'hooked'])
      expect(existsSync(join(clone, trace))).toBe(false);
    expect(git(clone, 'cat-file', '-s', `${made}:a.csv`)).toBe('7');
  });
});

describe('a ref is moved by compare-and-swap', () => {
  async function pushFrom(clone: string, expected: string | undefined, text: string) {
    const opened = await open(clone);
    const parent = git(clone, 'rev-parse', 'HEAD');
    const made = await commitFiles(opened, {
      parent,
      files: staged({ 'a.csv': text }),
      message: 'x',
    });
    return pushCommit(opened, { commit: made ?? '', ref: 'refs/heads/main', expected });
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
    const folder = freshFolder();
    await extractFiles(opened, before, ['content'], folder);
    expect(filesIn(folder)).toEqual({ 'content/a.csv': 'before\n' });
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

  test('extracts files of any size, empty ones too, byte for byte', async () => {
    const large = `_id\n${'x'.repeat(300_000)}\n`;
    const files = {
      'c/a.csv': '',
      'c/b.csv': large,
      'c/d/0.csv': 'a\r\nb',
      'c/e.schema.json': '{}',
      'c/f.txt': 'no',
    };
    const clone = cloneOf(makeRemote(files));
    const folder = freshFolder();
    await extractFiles(await open(clone), git(clone, 'rev-parse', 'HEAD'), ['c'], folder);
    const { 'c/f.txt': _, ...expected } = files;
    expect(filesIn(folder)).toEqual(expected);
  });

  test('extracts a file that stands in several places once, and stores it once', async () => {
    const remote = makeRemote({ 'c/a.csv': 'x', 'c/b.csv': 'y', 'c/d/a.csv': 'x' });
    const opened = await open(cloneOf(remote));
    const folder = freshFolder();
    await extractFiles(opened, git(remote, 'rev-parse', 'HEAD'), ['c'], folder);
    expect(filesIn(folder)).toEqual({ 'c/a.csv': 'x', 'c/b.csv': 'y', 'c/d/a.csv': 'x' });
    expect(isOneFile(join(folder, 'c/a.csv'), join(folder, 'c/d/a.csv'))).toBe(true);
    expect(isOneFile(join(folder, 'c/a.csv'), join(folder, 'c/b.csv'))).toBe(false);
    const names = ['c/b.csv', 'c/a.csv', 'c/d/a.csv'].map((path) => join(folder, path));
    const files = new Map(names.map((name, i) => [`base/${i}.csv`, name]));
    await recordBase(opened, site, { expected: undefined, files, compared: undefined });
    const recorded = [0, 1, 2].map((i) => show(remote, baseRefName(site), `base/${i}.csv`));
    expect(recorded).toEqual(['y', 'x', 'x']);
  });
});

test('a folder with the characters of a pattern in its name means itself', async () => {
  const clone = cloneOf(makeRemote({ 'content[s]/a.csv': 'x', 'contents/a.csv': 'x' }));
  const before = git(clone, 'rev-parse', 'HEAD');
  const after = commit(clone, { 'contents/a.csv': 'y' }, 'Edit');
  const opened = await open(clone);
  expect(await sameFiles(opened, before, after, 'content[s]')).toBe(true);
  expect(await sameFiles(opened, before, after, 'contents')).toBe(false);
  const folder = freshFolder();
  await extractFiles(opened, after, ['content[s]'], folder);
  expect(filesIn(folder)).toEqual({ 'content[s]/a.csv': 'x' });
});

test('commits of others are told from ours, on a shallow clone too', async () => {
  const remote = makeRemote();
  const clone = cloneOf(remote);
  const base = git(clone, 'rev-parse', 'HEAD');
  const opened = await open(clone);
  const ours = await commitFiles(opened, {
    parent: base,
    files: staged({ 'a.csv': 'x' }),
    message: 'Export\n\nproducts: 1 changed\n\nWix-Site: x\n',
  });
  await pushCommit(opened, {
    commit: ours ?? '',
    ref: 'refs/heads/wix-cms/export',
    expected: undefined,
  });
  const theirs = pushElsewhere(remote, { 'a.csv': 'y' }, 'wix-cms/export');
  const shallow = await open(cloneOf(remote, { depth: 1 }));
  await fetchCommit(shallow, theirs);
  const commits = await commitsSince(shallow, theirs, base);
  expect(commits.map(({ committer, trailers }) => [committer, trailers.get('Wix-Site')])).toEqual([
    ['ada@example.com', undefined],
    ['41898282+github-actions[bot]@users.noreply.github.com', 'x'],
  ]);
});

describe('the base of a site', () => {
  test('is not there at first, then is what was recorded', async () => {
    const remote = makeRemote();
    const opened = await open(cloneOf(remote, { depth: 1 }));
    expect(await readBase(opened, site, freshFolder())).toBeUndefined();
    const first = staged({ 'base/content/a.csv': '_id\n', 'live/content/a.csv': '_id\nx\n' });
    expect(
      await recordBase(opened, site, { expected: undefined, files: first, compared: undefined }),
    ).toMatchObject({ kind: 'recorded' });
    const elsewhere = await open(cloneOf(remote, { depth: 1 }));
    const folder = freshFolder();
    const recorded = await readBase(elsewhere, site, folder);
    expect(filesIn(folder)).toEqual({
      'base/content/a.csv': '_id\n',
      'live/content/a.csv': '_id\nx\n',
    });
    const files = staged({ 'base/content/a.csv': '_id\nx\n' });
    const change = { expected: recorded?.commit, files, compared: undefined };
    expect(await recordBase(elsewhere, site, change)).toMatchObject({ kind: 'recorded' });
    expect(show(remote, baseRefName(site), 'live/content/a.csv')).toBe('_id\nx\n');
    expect(git(remote, 'rev-list', '--count', baseRefName(site))).toBe('1');
  });

  test('is written by one of two at once', async () => {
    const opened = await open(cloneOf(makeRemote()));
    const record = (text: string) =>
      recordBase(opened, site, {
        expected: undefined,
        files: staged({ 'base/a.csv': text }),
        compared: undefined,
      });
    const outcomes = await Promise.all([record('one\n'), record('two\n')]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['lost-race', 'recorded']);
  });

  test('that stays as it is moves nothing', async () => {
    const remote = makeRemote();
    const opened = await open(cloneOf(remote));
    const files = staged({ 'base/a.csv': 'x\n' });
    await recordBase(opened, site, { expected: undefined, files, compared: undefined });
    const tip = await remoteTip(opened, baseRefName(site));
    const change = { expected: tip, files, compared: 'a'.repeat(40) };
    expect(await recordBase(opened, site, change)).toEqual({ kind: 'unchanged' });
  });

  test('goes by a site id alone', () => {
    expect(() => baseRefName('../heads/main')).toThrow('site-id');
  });
});

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
  expect(await readCommit(await open(clone), sha)).toMatchObject({ committer: 'ada@example.com' });
});
