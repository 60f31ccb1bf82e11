import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.ts';
import { Failure } from '../../src/errors.ts';
import type { Result } from '../../src/report/result.ts';
import { noInputs } from '../config/no-inputs.ts';
import { freshFolder, git } from '../repository/support.ts';
import { edited, path, prepared } from './scenes.ts';
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
    expect(action).toThrow(/^[^\n]*is not a path inside the repository/);
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

test('a repository can not make a command run anything', async () => {
  const marks = freshFolder();
  const mark = join(marks, 'ran');
  const scene = await prepared((clone) => {
    const run = `sh -c 'touch ${mark}'`;
    put(clone, path, edited);
    put(clone, '.gitattributes', '* filter=evil diff=evil merge=evil text eol=crlf ident\n');
    put(clone, 'content/.gitattributes', '*.csv filter=lfs diff=lfs merge=lfs -text\n');
    const drivers = ['filter "evil"', 'diff "evil"'].map(
      (name) =>
        `[${name}]\n  smudge = ${run}\n  clean = ${run}\n  textconv = ${run}\n  command = ${run}\n`,
    );
    const core = `[core]\n  pager = ${run}\n  fsmonitor = ${run}\n  sshCommand = ${run}\n  hooksPath = hooks\n`;
    put(clone, '.gitconfig', `${core}${drivers.join('')}[include]\n  path = evil.gitconfig\n`);
    put(clone, 'evil.gitconfig', core);
    put(
      clone,
      '.gitmodules',
      `[submodule "x"]\n  path = x\n  url = ext::${run}\n  update = !${run}\n`,
    );
    for (const hook of ['pre-commit', 'post-checkout', 'pre-push', 'reference-transaction']) {
      put(clone, `hooks/${hook}`, `#!/bin/sh\ntouch ${mark}\n`);
      put(clone, `.githooks/${hook}`, `#!/bin/sh\ntouch ${mark}\n`);
    }
    commitAll(clone);
  });
  for (const command of commands) {
    await using stage = await play(scene);
    const { result } = await stage.run({ command, deletes: command === 'import' ? 'apply' : '' });
    expect(result.failureReason).toBeUndefined();
    expect(existsSync(mark)).toBe(false);
  }
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
      `${path} stands beside its own parts in content/collections/products. Delete the one that is out of date.`,
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
  expect(result.failureMessage).toContain('of more than 1000000 is not read');
});

test('a pull request can not send the key elsewhere: the configuration has no endpoint', async () => {
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
