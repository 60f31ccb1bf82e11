import { expect, test } from '@jest/globals';
import { git, pushElsewhere } from '../repository/support.ts';
import { exported, onPush, path, site, within } from './situation.ts';

test('a push that loses a race is merged into what won it', async () => {
  await within(site, async ({ run, file, remote, emulator }) => {
    await run({ command: 'export' });
    const theirs = pushElsewhere(remote, { [path]: exported.replace('Green tea', 'Sencha') });
    git(remote, 'update-ref', 'refs/heads/main', `${theirs}^`);
    onPush(remote, `test -e raced || { touch raced; git update-ref refs/heads/main ${theirs}; }`);
    emulator.site.edit('products', 'p3', { price: 10 });
    const second = await run({ command: 'export' });
    expect(second.outputs.status).toBe('success');
    expect(git(remote, 'rev-parse', 'main^')).toBe(theirs);
    expect(file(path)).toBe(
      exported.replace('Green tea', 'Sencha').replace('White tea,9', 'White tea,10'),
    );
  });
});

test('a branch that never stands still ends in a failure, with nothing lost', async () => {
  await within(site, async ({ run, remote, file }) => {
    onPush(
      remote,
      [
        'read old new ref; test "$ref" = refs/heads/main || exit 0',
        'tree=$(git rev-parse main^{tree})',
        'next=$(git -c user.name=x -c user.email=x@example.com commit-tree -p main -m Again "$tree")',
        'git update-ref refs/heads/main "$next"',
      ].join('\n'),
    );
    const result = await run({ command: 'export' });
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'api' });
    expect(result.annotations.join('\n')).toContain('moved 5 times');
    expect(file(path)).toBeUndefined();
  });
});

test('a protected branch is a failure that names the way out', async () => {
  await within(site, async ({ run, remote }) => {
    onPush(remote, 'echo "GH006: Protected branch update failed" >&2; exit 1');
    const result = await run({ command: 'export' });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.join('\n')).toContain('use commit: pull-request');
  });
});

test('a token that may not write the record of base costs a warning, not the run', async () => {
  await within(site, async ({ run, remote, file }) => {
    onPush(remote, 'while read old new ref; do case "$ref" in refs/wix-cms/*) exit 1;; esac; done');
    const result = await run({ command: 'export' });
    expect(result.outputs.status).toBe('success');
    expect(file(path)).toBe(exported);
    expect(result.annotations.join('\n')).toContain('could not be recorded');
  });
});
