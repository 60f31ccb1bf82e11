import { expect, test } from '@jest/globals';
import { git, pushElsewhere } from '../repository/support.ts';
import { branch, propose as inputs } from './proposal.ts';
import { edit, exported, path, products, type Situation, site, within } from './situation.ts';

/** Somebody commits to the branch once the next export has read git: then it asks for running imports. */
function commitMeanwhile({ emulator, remote }: Situation): void {
  const until = async () => void pushElsewhere(remote, { 'notes.txt': 'By Maria.\n' }, branch);
  const match = { path: '/data-mover/v1/jobs/query', nth: 1 };
  emulator.faults.add({ kind: 'wait', until, match });
}

test('an export opens a pull request that says what changed, in the words of the content', async () => {
  await within(site, async ({ run, hub, file, remote }) => {
    const { outputs } = await run({ ...inputs, 'pull-request-labels': 'cms, content' });
    const [pull] = hub.pulls;
    expect(pull).toMatchObject({ title: 'Wix CMS content', draft: false, state: 'open' });
    expect(pull?.body).toContain('<code>products</code>: 3 added');
    expect([...(pull?.labels ?? [])].sort()).toEqual(['cms', 'content']);
    expect(outputs).toMatchObject({
      status: 'success',
      branch,
      'pull-request-number': String(pull?.number),
      'commit-sha': git(remote, 'rev-parse', branch),
    });
    expect(file(path, branch)).toBe(exported);
    expect(file(path)).toBeUndefined();
  });
});

test('the next export updates it: one pull request, one commit on top of main', async () => {
  await within(site, async ({ run, hub, file, remote, emulator }) => {
    await run(inputs);
    pushElsewhere(remote, { 'README.md': 'Moved on.\n' });
    emulator.site.edit('products', 'p3', { price: 10 });
    await run({ ...inputs, 'pull-request-labels': 'late' });
    expect(hub.pulls).toHaveLength(1);
    expect([...(hub.pulls[0]?.labels ?? [])]).toEqual(['late']);
    expect(file(path, branch)).toBe(exported.replace('White tea,9', 'White tea,10'));
    expect(git(remote, 'log', '--format=%s', `main..${branch}`)).toBe('Export Wix CMS content');
    expect(git(remote, 'merge-base', 'main', branch)).toBe(git(remote, 'rev-parse', 'main'));
  });
});

test('an export that brings nothing new leaves its branch where it is', async () => {
  await within(site, async ({ run, hub, remote }) => {
    await run(inputs);
    const tip = git(remote, 'rev-parse', branch);
    const second = await run(inputs);
    expect(second.outputs).toMatchObject({
      status: 'unchanged',
      changed: 'false',
      'rows-added': '0',
      'commit-sha': '',
      'pull-request-number': '1',
    });
    expect(git(remote, 'rev-parse', branch)).toBe(tip);
    expect(hub.pulls).toHaveLength(1);
  });
});

test('a pull request that no longer differs is closed', async () => {
  await within(site, async ({ run, hub, remote, emulator }) => {
    await run({ command: 'export' });
    emulator.site.edit('products', 'p3', { price: 10 });
    await run(inputs);
    emulator.site.edit('products', 'p3', { price: 9 });
    const third = await run(inputs);
    expect(hub.pulls[0]).toMatchObject({ state: 'closed' });
    expect(third.outputs).toMatchObject({ 'pull-request-number': '1' });
    expect(git(remote, 'branch', '--list', branch)).toBe('');
  });
});

test('a commit that somebody makes to the branch while an export runs is kept', async () => {
  await within(site, async (situation) => {
    const { run, file } = situation;
    await run({ command: 'export' });
    edit(situation, 'p3', { price: 10 });
    await run(inputs);
    edit(situation, 'p3', { price: 11 });
    commitMeanwhile(situation);
    await run(inputs);
    expect(file(path, branch)).toContain('p3,White tea,11,');
    expect(file('notes.txt', branch)).toBe('By Maria.\n');
  });
});

test('a pull request to which somebody commits while an export closes it stays open', async () => {
  await within(site, async (situation) => {
    const { run, hub, file } = situation;
    await run({ command: 'export' });
    edit(situation, 'p3', { price: 10 });
    await run(inputs);
    edit(situation, 'p3', { price: 9 });
    commitMeanwhile(situation);
    expect((await run(inputs)).outputs.status).toBe('unchanged');
    expect(hub.pulls.map(({ state }) => state)).toEqual(['open']);
    expect(file('notes.txt', branch)).toBe('By Maria.\n');
  });
});

test('a field that was renamed in the CMS is two columns that the pull request and the summary name', () =>
  within(site, async (situation) => {
    const { run, emulator, hub } = situation;
    await run({ command: 'export' });
    const { schema, items } = emulator.site.collection('products');
    const fields = schema.fields.map((field) =>
      field.key === 'notes' ? { ...field, key: 'remarks' } : field,
    );
    Object.assign(schema, { fields });
    for (const [id, { notes = '', ...item }] of items) items.set(id, { ...item, remarks: notes });
    const { summary, log } = await run(inputs);
    expect(log).toContain('Exported: only columns or the layout of the files changed');
    expect(hub.pulls[0]?.body).toMatch(
      /No longer on the site.*\n\n.*the column <code>notes<\/code>/,
    );
    expect(hub.pulls[0]?.body).toMatch(/New on the site.*\n\n.*the column <code>remarks<\/code>/);
    expect(summary).toMatch(/no longer has the column .*notes.*Earlier commits have the values/);
  }));

test('with nothing to commit there is no pull request', async () => {
  await within(site, async ({ run, hub }) => {
    await run({ command: 'export' });
    const second = await run(inputs);
    expect(second.outputs).toMatchObject({ status: 'unchanged', 'pull-request-number': '' });
    expect(hub.pulls).toHaveLength(0);
  });
});

test('a commit of somebody else on the branch is kept, and the export goes on top of it', async () => {
  await within(site, async ({ run, file, remote, emulator }) => {
    await run(inputs);
    const theirs = pushElsewhere(
      remote,
      { [path]: exported.replace('Green tea', 'Sencha') },
      branch,
    );
    emulator.site.edit('products', 'p3', { price: 10 });
    await run(inputs);
    expect(git(remote, 'rev-parse', `${branch}^`)).toBe(theirs);
    expect(file(path, branch)).toBe(
      exported.replace('Green tea', 'Sencha').replace('White tea,9', 'White tea,10'),
    );
  });
});

test('a file that somebody broke on the branch is an error, and other files go on top of it', async () => {
  const collections = [products, { ...products, id: 'teas' }];
  await within({ site: { collections } }, async ({ run, file, emulator, remote }) => {
    const all = { collections: 'products, teas' };
    await run({ command: 'export', ...all });
    emulator.site.edit('products', 'p1', { title: 'Lime' });
    await run({ ...inputs, ...all });
    const broken = file(path, branch)?.replace('Lime', 'Le"mon') ?? '';
    pushElsewhere(remote, { [path]: broken }, branch);
    for (const id of ['products', 'teas']) emulator.site.edit(id, 'p3', { title: 'Pale tea' });
    const { outputs, annotations } = await run({ ...inputs, ...all });
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
    expect(annotations.join()).toMatch(
      /On the branch wix-cms\/export, products: .* line 2, character 6: a quote in the middle/,
    );
    expect(file(path, branch)).toBe(broken);
    expect(file('content/collections/teas.csv', branch)).toContain('Pale tea');
  });
});

test('a row that somebody edited on the branch and the CMS has edited again is a conflict', () =>
  within(site, async ({ run, file, hub, emulator, remote }) => {
    await run({ command: 'export' });
    emulator.site.edit('products', 'p1', { title: 'Lime' });
    await run(inputs);
    pushElsewhere(remote, { [path]: file(path, branch)?.replace('Lime', 'Lemon') ?? '' }, branch);
    emulator.site.edit('products', 'p1', { title: 'Lime 2' });
    const { outputs, annotations } = await run(inputs);
    expect(outputs['rows-conflicting']).toBe('1');
    expect(annotations.join()).toMatch(/in git it is "Lemon", on the site "Lime 2"/);
    expect(hub.pulls[0]?.body).toContain("Changed on both sides; the files keep git's value:");
    expect(file(path, branch)).toContain('Lemon');
  }));

test('content that was merged from it is agreed: the next edit of a cell is not a conflict', async () => {
  await within(site, async ({ run, remote, merge, emulator, file }) => {
    await run(inputs);
    emulator.site.edit('products', 'p3', { price: 10 });
    merge({
      [path]: file(path, branch) ?? null,
      'content/collections/products.schema.json':
        file('content/collections/products.schema.json', branch) ?? null,
    });
    git(remote, 'branch', '-D', branch);
    const merged = await run({ command: 'import' });
    expect(merged.outputs.status).toBe('unchanged');
    merge({ [path]: exported.replace('White tea', 'Silver tips') });
    const edited = await run({ command: 'import' });
    expect(edited.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    const item = emulator.site.collection('products').items.get('p3');
    expect(item).toMatchObject({ title: 'Silver tips', price: 10 });
  });
});

test('an export that removes more rows than the limits allow is a labelled draft', async () => {
  await within(site, async ({ run, hub, file, emulator }) => {
    await run({ command: 'export' });
    for (const id of ['p1', 'p2', 'p3']) emulator.site.remove('products', id);
    const second = await run(inputs);
    expect(second.outputs.status).toBe('success');
    expect(hub.pulls[0]).toMatchObject({ draft: true });
    expect([...(hub.pulls[0]?.labels ?? [])]).toEqual(['wix-cms: deletes']);
    expect(hub.pulls[0]?.body).toContain('all 3 rows would be gone');
    expect(file(path, branch)).toBe('_id,title,price,notes,tags\n');
    for (const item of products.items) emulator.site.insert('products', { ...item });
    emulator.site.edit('products', 'p3', { price: 10 });
    await run(inputs);
    expect(hub.pulls[0]).toMatchObject({ draft: false });
    expect([...(hub.pulls[0]?.labels ?? [])]).toEqual([]);
  });
});

test('a signed commit is made by GitHub, and the branch moves once', async () => {
  await within(site, async ({ run, hub, file, remote, emulator }) => {
    await run({ ...inputs, 'sign-commits': 'true' });
    pushElsewhere(remote, { 'README.md': 'Moved on.\n' });
    emulator.site.edit('products', 'p3', { price: 10 });
    const before = hub.refLog().length;
    await run({ ...inputs, 'sign-commits': 'true' });
    const moves = hub
      .refLog()
      .slice(before)
      .filter(({ ref }) => ref === `refs/heads/${branch}`);
    expect(moves).toHaveLength(1);
    expect(git(remote, 'log', '-1', '--format=%ce', branch)).toBe('noreply@github.com');
    expect(file(path, branch)).toBe(exported.replace('White tea,9', 'White tea,10'));
    expect(git(remote, 'log', '--format=%s', `main..${branch}`)).toBe('Export Wix CMS content');
  });
});

test('ids of new rows are written back by a pull request', async () => {
  await within(site, async ({ run, hub, file, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: `${exported},Oolong,7,,\n` });
    const second = await run({ command: 'import', commit: 'pull-request' });
    const created = [...emulator.site.collection('products').items.values()].find(
      ({ title }) => title === 'Oolong',
    );
    expect(second.outputs).toMatchObject({ status: 'success', 'rows-added': '1', branch });
    expect(hub.pulls).toHaveLength(1);
    expect(file(path, branch)).toContain(`${created?._id},Oolong,7,,\n`);
  });
});
