import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { tooManyRequests } from '../../emulator/faults.ts';
import { exportText } from '../emulator/driving.ts';
import { cloneOf, freshFolder, git } from '../repository/support.ts';
import { runAction } from './action.ts';
import { proposed, queued } from './proposal.ts';
import { exported, onPush, path, products, site, within } from './situation.ts';

test('a wrong key is named, and shown to nobody', async () => {
  await within(site, async ({ run }) => {
    const key = 'IST.not-the-key';
    const result = await run({ command: 'export', 'api-key': key });
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'auth' });
    expect(result.annotations.join('\n')).toContain('api-key');
    expect(result.log.replace(`::add-mask::${key}`, '')).not.toContain(key);
    const basic = Buffer.from('x-access-token:token').toString('base64');
    expect(result.log).toContain(`::add-mask::${basic}\n`);
    expect(result.summary).not.toContain(key);
  });
});

test('a wrong setting is named with its line before any request', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    merge({ '.github/wix-cms.yml': 'collections:\n  - id: products\n    exlude: [notes]\n' });
    const result = await run({ command: 'export', collections: '' });
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(result.annotations.join('\n')).toMatch(/file=\.github\/wix-cms\.yml,line=3.*exclude/);
    expect(emulator.requests).toEqual([]);
  });
});

test('a debug log, and no other, has the stack of a failure and of its cause', async () => {
  const environment = { GITHUB_EVENT_PATH: '/nowhere/event.json' };
  const run = (debug: string) =>
    runAction({
      workspace: freshFolder(),
      inputs: { command: 'plan' },
      environment: { ...environment, RUNNER_DEBUG: debug },
    });
  const { log } = await run('1');
  expect(log).toMatch(/^::debug::Failure: The event's payload .* cannot be read\./m);
  expect(log).toMatch(/^::debug::.*\[cause\]: Error: ENOENT/m);
  expect((await run('')).log).not.toContain('ENOENT');
});

test('an empty token is named before any request, where the run cannot do without', async () => {
  await within(site, async ({ run, emulator, hub }) => {
    const result = await run({ command: 'export', commit: 'pull-request', token: '' });
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(result.annotations).toHaveLength(1);
    expect(result.annotations[0]).toContain('The input token is empty, and export needs it for');
    expect(emulator.requests).toEqual([]);
    expect(hub.pulls).toEqual([]);
  });
});

test('a long log is read to its end, however late', async () => {
  await within(site, async ({ run, merge }) => {
    const ids = Array.from({ length: 4_000 }, (_, i) => `  - nowhere${i}\n`);
    merge({ '.github/wix-cms.yml': `collections:\n${ids.join('')}` });
    const inputs = { command: 'export', collections: '', commit: 'none' };
    const { log, annotations } = await run(inputs, { bundled: true, readsAfter: 4_000 });
    expect(log).toContain('nowhere3999: the site has no such collection');
    expect(annotations).toHaveLength(10);
    expect(annotations[9]).toContain('3,991 failures');
  });
});

test('an import of a tag is refused, with the event that started it', async () => {
  await within(site, async ({ run, remote }) => {
    await run({ command: 'export' });
    git(remote, 'tag', 'v1', 'main');
    const environment = { GITHUB_EVENT_NAME: 'release', GITHUB_REF: 'refs/tags/v1' };
    const { annotations } = await run({ command: 'import' }, { branch: 'v1', environment });
    expect(annotations).toEqual([expect.stringContaining('The run on release has no branch')]);
  });
});

test('an import of what is not merged yet is refused before anything is read', async () => {
  await within(site, async (situation) => {
    const { run, emulator } = situation;
    await run({ command: 'export' });
    const place = await proposed(situation, { [path]: exported.replace('Green tea', 'Sencha') });
    const asked = emulator.requests.length;
    for (const at of [place, queued(situation)]) {
      const { outputs, annotations } = await run({ command: 'import', 'api-key': '' }, at);
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(annotations).toEqual([expect.stringContaining('is not merged yet')]);
    }
    expect(emulator.requests).toHaveLength(asked);
  });
});

test('a checkout of another branch than the run is on is an error that names both', async () => {
  await within(site, async ({ run, emulator, remote }) => {
    git(remote, 'branch', 'next', 'main');
    for (const command of ['export', 'plan', 'import']) {
      const { outputs, annotations } = await run({ command }, { branch: 'next' });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(annotations.join()).toContain('on the branch next, but the workflow runs on main');
    }
    expect(emulator.requests).toEqual([]);
    const named = { command: 'export', 'base-branch': 'next' };
    expect((await run(named, { branch: 'next' })).outputs).toMatchObject({ branch: 'next' });
  });
});

test('a runner without git is told what to install', async () => {
  await within(site, async ({ run }) => {
    const result = await run({ command: 'export' }, { environment: { PATH: '/nowhere' } });
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(result.annotations.join('\n')).toContain('Install git on the runner');
  });
});

test('files of others in the folder of the content may be anything', async () => {
  await within(site, async ({ run, merge, remote, emulator }) => {
    merge({ 'content/archive/2024: old.csv': 'a,b\n' });
    const clone = cloneOf(remote);
    symlinkSync('../README.md', `${clone}/content/link.csv`);
    git(clone, 'add', '--all');
    git(clone, 'commit', '--quiet', '--message', 'Link');
    git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
    expect((await run({ command: 'export' })).outputs).toMatchObject({ status: 'success' });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'success' });
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
  });
});

test('a collection that the site does not have is named', async () => {
  await within(site, async ({ run, merge }) => {
    const result = await run({ command: 'export', collections: 'products, teas' });
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(result.annotations.join('\n')).toContain('teas: the site has no such collection');
    expect(result.annotations[0]).not.toContain('file=');
    const mistyped = await run({ command: 'export', collections: 'Products' });
    expect(mistyped.annotations[0]).toContain('Did you mean products? The site has: products.');
    merge({ '.github/wix-cms.yml': 'collections:\n  - products\n  - teas\n' });
    const configured = await run({ command: 'export', collections: '' });
    expect(configured.annotations[0]).toMatch(/file=\.github\/wix-cms\.yml,line=3/);
  });
});

test('Wix that is busy and drops connections is ridden out, and nothing is doubled', async () => {
  await within(site, async ({ run, file, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: `${exported.replace('Green tea', 'Sencha')},Oolong,7,,\n` });
    emulator.faults.add(tooManyRequests(1));
    emulator.faults.add({
      match: { method: 'POST', path: '/data-mover/v1/jobs' },
      kind: 'reset',
      when: 'after',
    });
    emulator.faults.add({ match: { host: 'download' }, kind: 'cut', announced: 'full' });
    const second = await run({ command: 'import' });
    expect(second.outputs).toMatchObject({
      status: 'success',
      'rows-changed': '1',
      'rows-added': '1',
    });
    const names = emulator.jobs().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(emulator.site.collection('products').items.size).toBe(4);
    expect(file(path)).toContain(',Oolong,7,,');
  });
});

test.each([
  ['in the middle of a row', 60],
  ['at the end of a row, which only the count of the job tells', 'row'],
] as const)(
  'a download that ends early without a sign, %s, is never committed',
  async (_name, cut) => {
    await within(site, async ({ run, file, emulator }) => {
      await run({ command: 'export' });
      emulator.site.edit('products', 'p1', { price: 4.5 });
      const bytes = cut === 'row' ? await lengthOfFirstRows(emulator) : cut;
      const match = { host: 'download', times: 'always' } as const;
      emulator.faults.add({ match, kind: 'cut', announced: 'short', bytes });
      const second = await run({ command: 'export' });
      expect(second.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'api' });
      expect(second.annotations.join('\n')).toContain('left as it was');
      expect(file(path)).toBe(exported);
    });
  },
);

/** How many bytes of an export its header and its first item take. */
async function lengthOfFirstRows(emulator: Emulator): Promise<number> {
  const text = await exportText(emulator, { wixDataCollection: { collectionId: 'products' } });
  return Buffer.byteLength(text.slice(0, text.indexOf('\n', text.indexOf('\n') + 1) + 1));
}

test.each([
  [
    'not CSV any more',
    (text: string) => text.replace('Green tea', '"Green" tea'),
    'line=2',
    'quote',
  ],
  [
    'without its ids',
    (text: string) => text.replace('_id,', 'id,'),
    'line=1',
    'the header "id" is not _id',
  ],
  [
    'that is kept in Git LFS',
    () => `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`,
    'line=1',
    'a Git LFS pointer',
  ],
  [
    'with a header that stands twice',
    (text: string) => text.replace('notes', 'price'),
    'line=1',
    '"price"',
  ],
  [
    'with a key that stands twice',
    (text: string) => text.replace('p2,', 'p1,'),
    'line=3',
    'lines 2, 3',
  ],
])(
  'a file %s is named by its line, and nothing is read or written',
  async (_name, damage, line, words) => {
    await within(site, async ({ run, merge, emulator }) => {
      await run({ command: 'export' });
      merge({ [path]: damage(exported) });
      const before = emulator.requests.length;
      const result = await run({ command: 'import' });
      expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      expect(result.annotations.join('\n')).toContain(`file=${path},${line}`);
      expect(result.annotations.join('\n')).toContain(words);
      expect(emulator.requests.length).toBe(before);
    });
  },
);

test('a file that was deleted in git deletes no item, and an export brings it back', async () => {
  await within(site, async ({ run, file, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: null });
    await run({ command: 'import', deletes: 'apply' });
    expect(emulator.site.collection('products').items.size).toBe(3);
    await run({ command: 'export', deletes: 'apply' });
    expect(file(path)).toBe(exported);
  });
});

test('without a base nobody can tell who changed what, and the run says how to go on', async () => {
  await within(site, async ({ run, merge, emulator, remote }) => {
    await run({ command: 'export' });
    git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const result = await run({ command: 'import' });
    expect(result.outputs['failure-reason']).toBe('conflict');
    expect(result.annotations.join('\n')).toContain('set the input reconcile to all');
    const restored = await run({ command: 'import', reconcile: 'all' });
    expect(restored.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
  });
});

test('outside a repository an export without a commit still backs up', async () => {
  await within(site, async ({ emulator }) => {
    const workspace = freshFolder();
    const result = await runAction({
      workspace,
      inputs: {
        command: 'export',
        commit: 'none',
        collections: 'products',
        'api-key': emulator.apiKey,
        'site-id': emulator.siteId,
        'api-url': emulator.apiUrl,
      },
    });
    expect(result.outputs.status).toBe('success');
    expect(readFileSync(`${workspace}/${path}`, 'utf8')).toBe(exported);
  });
});

test('a folder of the files that leads out of the repository is refused', async () => {
  await within(site, async ({ run, emulator, remote }) => {
    const outside = freshFolder();
    const clone = cloneOf(remote);
    symlinkSync(outside, `${clone}/content`);
    git(clone, 'add', '--all');
    git(clone, 'commit', '--quiet', '--message', 'Lead out');
    git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
    for (const command of ['export', 'import', 'plan']) {
      const result = await run({ command, commit: 'none' });
      expect(result.outputs.status).toBe('failed');
      expect(result.annotations.join('\n')).toContain('content is a symbolic link');
    }
    expect(readdirSync(outside)).toEqual([]);
    expect(emulator.site.collection('products').items.size).toBe(3);
  });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'a disk that is full in the middle of an import says what was written by then',
  async () => {
    const teas = { ...products, id: 'teas', displayName: 'Teas' };
    await within({ site: { collections: [products, teas] } }, async (situation) => {
      const { run, merge, emulator, remote } = situation;
      const asLines = '- { id: teas, upload-format: jsonl }';
      merge({ '.github/wix-cms.yml': `collections:\n  - products\n  ${asLines}\n` });
      const inputs = { collections: '' };
      await run({ command: 'export', ...inputs });
      const edited = exported.replace('White tea', 'Silver Needle');
      merge({ [path]: edited, 'content/collections/teas.csv': edited });
      const temp = freshFolder();
      // What is written to this device finds no space.
      onPush(
        remote,
        `for run in ${temp}/wix-cms-run-*; do ln -sf /dev/full $run/delta.jsonl; done`,
      );
      const full = await run(
        { command: 'import', ...inputs },
        { environment: { RUNNER_TEMP: temp } },
      );
      expect(full.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'api' });
      expect(full.outputs['rows-changed']).toBe('1');
      expect(full.annotations.join()).toMatch(
        /teas\.csv.*The disk of the runner is full \(ENOSPC\)/,
      );
      const titleIn = (id: string) => emulator.site.collection(id).items.get('p3')?.title;
      expect([titleIn('products'), titleIn('teas')]).toEqual(['Silver Needle', 'White tea']);
      onPush(remote, 'true');
      const again = await run({ command: 'import', ...inputs });
      expect(again.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(titleIn('teas')).toBe('Silver Needle');
    });
  },
);
