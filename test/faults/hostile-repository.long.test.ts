import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.ts';
import { Failure } from '../../src/errors.ts';
import type { Result } from '../../src/report/result.ts';
import { noInputs } from '../config/no-inputs.ts';
import { cloneOf, freshFolder, git } from '../repository/support.ts';
import { edited, exported, path, prepared } from './scenes.ts';
import { play, type Scene } from './stage.ts';

const commands = ['plan', 'export', 'import'] as const;

/** What a run says of what went wrong, wherever it says it. */
function messagesOf({ failureMessage, files, findings }: Result): readonly string[] {
  const ofFiles = files.flatMap(({ failure }) => failure?.message ?? []);
  const all = [failureMessage ?? [], ofFiles, findings.map(({ message }) => message)];
  return all.flat();
}
const config = '.github/wix-cms.yml';

function put(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Puts a link in the place of what stands there. */
function link(root: string, file: string, target: string): void {
  rmSync(join(root, file), { recursive: true, force: true });
  mkdirSync(dirname(join(root, file)), { recursive: true });
  symlinkSync(target, join(root, file));
}

function commitAll(clone: string): void {
  git(clone, 'add', '--all', '--force');
  git(clone, 'commit', '--quiet', '--message', 'Prepare a trap');
}

describe('a path that leaves the repository is refused before anything is read', () => {
  const names = [
    ...[
      '../../etc/passwd.csv',
      '/etc/passwd.csv',
      '~/../x/../../y.csv',
      'a/../../b.csv',
      './a.csv',
    ],
    ...['-rf.csv', '--output=x.csv', 'a/-rf/b.csv', 'a//b.csv', 'a\\..\\b.csv', 'C:/x.csv'],
    ...[
      '.git/hooks/x.csv',
      'content/../.git/config.csv',
      '.GIT/x.csv',
      '.git /x.csv',
      'git~1/x.csv',
    ],
    ...['.g\u200cit/x.csv', '.git::$INDEX_ALLOCATION/x.csv', 'CON.csv', 'nul/x.csv', 'com1.csv'],
    ...[
      'a\nb.csv',
      'a\u0000.csv',
      'a\u001b[2J.csv',
      'a\u007f.csv',
      'a./x.csv',
      'a /x.csv',
      'a*.csv',
    ],
  ];

  test.each(names)('as a file: %j', (file) => {
    const text = JSON.stringify({ collections: [{ id: 'a', file }] });
    const source = { file: config, text };
    expectRefusal(() => readConfig(source, noInputs));
  });

  test.each(names)('as a folder: %j', (file) => {
    const directory = file.replace(/\.csv$/, '');
    expectRefusal(() => readConfig(undefined, { ...noInputs, collections: ['a'], directory }));
  });

  function expectRefusal(action: () => unknown): void {
    expect(action).toThrow(Failure);
    expect(action).toThrow(/^[^\n]*(?:is not a path inside the repository|for a device)/);
  }
});

describe.each([
  ['a file of content', path, 'passwd'],
  ['the folder of the files', 'content', '.'],
  ['the folder of a collection', 'content/collections', '.'],
  ['the folder of its parts', 'content/collections/products', '.'],
  ['a schema', 'content/collections/products.schema.json', 'passwd'],
  ['the configuration', config, 'passwd'],
  ['the folder of the configuration', '.github', '.'],
] as const)('where %s is a link out of the repository', (_what, file, target) => {
  test.each(commands)(
    '%s refuses it in one line, and neither reads nor writes there',
    async (command) => {
      const outside = freshFolder();
      put(outside, 'passwd', 'root: secret-of-the-runner\n');
      put(outside, 'wix-cms.yml', 'secret-of-the-runner: 1\n');
      const before = readdirSync(outside);
      const scene = await prepared((clone) => {
        put(clone, path, edited);
        link(clone, file, join(outside, target));
        commitAll(clone);
      });
      await using stage = await play(scene);
      const items = JSON.stringify(stage.state());
      const { result } = await stage.run({ command, commit: 'none' });
      expect(result.status).toBe('failed');
      expect(['config', 'validation']).toContain(result.failureReason);
      const messages = messagesOf(result);
      expect(messages.filter((message) => message.includes('symbolic link'))).toHaveLength(1);
      expect(JSON.stringify(result)).not.toContain('secret-of-the-runner');
      expect(readdirSync(outside)).toEqual(before);
      expect(JSON.stringify(stage.state())).toBe(items);
    },
  );
});

describe.each([
  ['a file of content', path],
  ['a schema', 'content/collections/products.schema.json'],
] as const)('where a folder stands in the place of %s', (_what, file) => {
  async function withFolder(place: (clone: string) => void): Promise<Scene> {
    return prepared((clone) => {
      put(clone, path, edited);
      rmSync(join(clone, file));
      place(clone);
      commitAll(clone);
    });
  }

  test.each(commands)('%s says so in one line, and writes nothing', async (command) => {
    const scene = await withFolder((clone) => put(clone, `${file}/notes.txt`, 'mine'));
    await expectRefused(scene, command);
  });

  test('an export says so also where git does not know of it', async () => {
    const scene = await withFolder(() => {});
    put(scene.checkout, `${file}/notes.txt`, 'mine');
    await expectRefused(scene, 'export');
  });

  async function expectRefused(scene: Scene, command: string): Promise<void> {
    await using stage = await play(scene);
    const before = stage.state();
    const { result } = await stage.run({ command });
    expect(result).toMatchObject({ status: 'failed', failureReason: 'validation' });
    const messages = messagesOf(result).filter((message) => message.includes('is not a file'));
    expect(messages).toEqual([expect.stringContaining(file)]);
    expect(stage.state()).toBe(before);
  }
});

describe('what attributes, hooks and modules of the repository ask git to run', () => {
  const marks = freshFolder();
  const mark = (name: string) => `touch ${join(marks, name)}`;
  const hooks = ['pre-commit', 'post-checkout', 'pre-push', 'reference-transaction'];

  /** The drivers that a machine has, as for Git LFS; the repository says for which files. */
  const drivers = {
    'filter.evil.clean': `${mark('clean')}; cat`,
    'filter.evil.smudge': `${mark('smudge')}; cat`,
    'diff.evil.command': `${mark('command')} #`,
    'diff.lfs.textconv': `${mark('textconv')}; cat`,
    'merge.evil.driver': mark('driver'),
    'core.fsmonitor': `${mark('fsmonitor')}; exit 1`,
    // Relative to the repository.
    'core.hooksPath': 'hooks',
    'protocol.ext.allow': 'always',
    'submodule.recurse': 'true',
    'fetch.recurseSubmodules': 'true',
  };

  function homeWithDrivers(): string {
    const home = freshFolder();
    for (const [name, value] of Object.entries(drivers)) {
      configure(home, name, value);
    }
    return home;
  }

  function configure(home: string, name: string, value: string): void {
    git(home, 'config', '--file', join(home, '.gitconfig'), name, value);
  }

  function setTraps(clone: string): void {
    put(clone, path, edited);
    put(clone, '.gitattributes', '* filter=evil diff=evil merge=evil text eol=crlf ident\n');
    put(clone, 'content/.gitattributes', '*.csv filter=lfs diff=lfs merge=lfs -text\n');
    put(clone, '.gitmodules', `[submodule "x"]\n  path = x\n  url = ext::${mark('module')}\n`);
    put(clone, 'hooks/.gitattributes', '* eol=lf\n');
    for (const hook of hooks) {
      put(clone, `hooks/${hook}`, `#!/bin/sh\n${mark(hook)}\n`);
      chmodSync(join(clone, `hooks/${hook}`), 0o755);
    }
    commitAll(clone);
    const head = git(clone, 'rev-parse', 'HEAD');
    git(clone, 'update-index', '--add', '--cacheinfo', `160000,${head},x`);
    git(clone, 'commit', '--quiet', '--message', 'Add a module');
  }

  /** Works in a clone as a person does. */
  function workIn(clone: string, home: string): void {
    const env = { PATH: process.env.PATH, HOME: home };
    const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    const plainly = (...args: readonly string[]) =>
      spawnSync('git', [...person, ...args], { cwd: clone, env, timeout: 10_000 });
    for (const branch of ['mine', 'theirs']) {
      plainly('checkout', '-b', branch, 'origin/main');
      put(clone, path, `${edited}p5,${branch},1,,\n`);
      put(clone, 'README.md', `${branch}\n`);
      plainly('add', '--all');
      plainly('commit', '--message', branch);
    }
    plainly('diff', 'HEAD~1');
    plainly('merge', 'mine');
    plainly('push', '--dry-run', 'origin', 'HEAD:refs/heads/theirs');
    plainly('submodule', 'update', '--init');
    // From now on git cannot go on, since this one ends before it has answered.
    configure(home, 'filter.lfs.process', mark('process'));
    put(clone, path, exported);
    plainly('add', '--all');
  }

  test('is run by plain git, and by no command', async () => {
    const home = homeWithDrivers();
    const scene = await prepared(setTraps);
    workIn(cloneOf(scene.remote), home);
    const left = ['clean', 'smudge', 'process', 'command', 'textconv', 'driver', 'fsmonitor'];
    expect(readdirSync(marks).sort()).toEqual([...left, ...hooks, 'module'].sort());
    for (const command of commands) {
      for (const name of readdirSync(marks)) rmSync(join(marks, name));
      await using stage = await play(scene);
      const deletes = command === 'import' ? 'apply' : '';
      const { result } = await stage.run({ command, deletes }, { home });
      expect([command, result.failureReason, readdirSync(marks)]).toEqual([command, undefined, []]);
    }
  });
});

test.each(commands)(
  '%s names a file that stands beside its own parts, by its path',
  async (command) => {
    const scene = await prepared((clone) => {
      put(clone, path, edited);
      put(clone, 'content/collections/products/a.csv', edited);
      commitAll(clone);
    });
    await using stage = await play(scene);
    const { result } = await stage.run({ command });
    expect(result).toMatchObject({ status: 'failed', failureReason: 'validation' });
    const [message] = messagesOf(result);
    expect(message?.replace(/^products: /, '')).toBe(
      `${path} is beside its own parts in content/collections/products. Delete the one that is out of date.`,
    );
  },
);

test('a pointer of Git LFS in the place of a file is named, and nothing is written', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n';
  const scene = await prepared((clone) => {
    put(clone, path, pointer);
    commitAll(clone);
  });
  for (const command of ['plan', 'import']) {
    await using stage = await play(scene);
    const before = stage.state();
    const { result } = await stage.run({ command });
    expect(result).toMatchObject({ status: 'failed', failureReason: 'validation' });
    expect(stage.state()).toBe(before);
    expect(stage.emulator.requests).toEqual([]);
  }
});

test('a configuration that is larger than any can be is refused before it is read', async () => {
  const scene = await prepared((clone) => {
    put(clone, config, `collections: [products]\n${'# much ado\n'.repeat(100_000)}`);
    commitAll(clone);
  });
  await using stage = await play(scene);
  const { result } = await stage.run({ command: 'plan', collections: '' });
  expect(result).toMatchObject({ failureReason: 'config', failurePlace: { file: config } });
  expect(result.failureMessage).toContain('of more than 200000 is not read');
});

test('a pull request cannot send the key elsewhere: the configuration has no endpoint', async () => {
  const scene = await prepared((clone) => {
    put(clone, config, 'collections: [products]\napi-url: https://example.com\n');
    commitAll(clone);
  });
  await using stage = await play(scene);
  const { result } = await stage.run({ command: 'plan', collections: '' });
  expect(result).toMatchObject({
    failureReason: 'config',
    failurePlace: { file: config, line: 2 },
  });
  expect(result.failureMessage).toContain('there is no setting "api-url"');
  expect(stage.emulator.requests).toEqual([]);
});
