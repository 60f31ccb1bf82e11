import { expect, test } from '@jest/globals';
import { git } from '../repository/support.ts';
import { planned } from './proposal.ts';
import { exported, path, products, site, within } from './situation.ts';

const offline = { 'api-key': '', 'site-id': '' };

test('a plan says what the merge would change, offline and on a shallow checkout', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const before = situation.emulator.requests.length;
    const edited = exported
      .replace('Green tea', 'Sencha')
      .replace('p3,White tea,9,,\n', 'p4,Oolong,7,,\n');
    const plan = await planned(situation, { [path]: edited }, offline);
    expect(plan.exitCode).toBe(0);
    expect(plan.outputs).toMatchObject({
      status: 'success',
      changed: 'true',
      'rows-added': '1',
      'rows-changed': '1',
      'rows-removed': '1',
    });
    expect(plan.outputs.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.summary).toContain('Sencha');
    expect(plan.read(plan.outputs['report-html'] ?? '')).toContain('Sencha');
    expect(situation.emulator.requests.length).toBe(before);
  });
});

test('a plan that knows neither the key nor which of two recorded sites is meant says so', async () => {
  await within(site, async (situation) => {
    const { emulator, remote, run } = situation;
    await run({ command: 'export' });
    const record = `refs/wix-cms/${emulator.siteId}`;
    const other = '9e107d9d-372b-4826-81d8-3542a419d600';
    git(remote, 'update-ref', `refs/wix-cms/${other}`, record);
    const files = { [path]: exported.replace('Green tea', 'Sencha') };
    const unsure = await planned(situation, files, offline);
    expect(unsure.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(unsure.annotations).toEqual([
      expect.stringMatching(/^::warning.*2 sites are recorded.*compares with the target branch/),
    ]);
    const sure = await planned(situation, files, { 'api-key': '' });
    expect(sure.annotations).toEqual([]);
  });
});

test('a plan of a pull request that changes no content says so', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const plan = await planned(situation, { 'README.md': 'New words.\n' }, offline);
    expect(plan.outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
  });
});

test('a plan fails for invalid content, on its line', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const plan = await planned(
      situation,
      { [path]: exported.replace('tea,4', 'tea,ten') },
      offline,
    );
    expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
    expect(plan.annotations.join('\n')).toContain(`file=${path},line=2`);
  });
});

test('a plan with credentials shows drift, and fails where the import would leave a row alone', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    situation.emulator.site.edit('products', 'p3', { price: 10 });
    const drift = await planned(situation, { [path]: exported.replace('Green tea', 'Sencha') });
    expect(drift.outputs).toMatchObject({ status: 'success', 'rows-conflicting': '0' });
    expect(drift.summary).toContain('10');
    situation.emulator.site.edit('products', 'p1', { title: 'Gunpowder' });
    const conflict = await planned(situation, { [path]: exported.replace('Green tea', 'Sencha') });
    expect(conflict.outputs).toMatchObject({
      status: 'failed',
      'failure-reason': 'conflict',
      'rows-conflicting': '1',
    });
  });
});

test('a plan and the import of its merge have one fingerprint', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const files = { [path]: exported.replace('Green tea', 'Sencha') };
    const plan = await planned(situation, files, offline);
    situation.merge(files);
    const imported = await situation.run({ command: 'import' });
    expect(imported.outputs.fingerprint).toBe(plan.outputs.fingerprint);
  });
});

test('a plan of an export says what comes from the site, and is green', async () => {
  const odd = { ...products.items[0], _id: 'p9', title: '' };
  const withText = { site: { ...site.site, languages: ['en', 'fr'] } };
  await within(withText, async (situation) => {
    const inputs = { languages: 'en, fr' };
    await situation.run({ command: 'export', ...inputs });
    situation.emulator.site.edit('products', 'p1', { title: 'Sencha' });
    await fetch(`${situation.emulator.apiUrl}/emulator/items`, {
      method: 'POST',
      body: JSON.stringify({ collection: 'products', item: odd }),
    });
    await situation.run({ command: 'export', commit: 'pull-request', ...inputs });
    const files = [path, 'content/localizations/en.csv'];
    const edit = files.map((file) => [file, situation.file(file, 'wix-cms/export') ?? ''] as const);
    const plan = await planned(situation, Object.fromEntries(edit), {
      ...offline,
      ...inputs,
    });
    expect(plan.outputs).toMatchObject({ status: 'unchanged', 'rows-changed': '0' });
    expect(plan.summary).toContain('Already on the site');
    expect(plan.summary).toContain('Sencha');
    expect(plan.annotations).toEqual([]);
  });
});

test('a plan names a file that cannot be read, and goes on with the others', async () => {
  await within(site, async (situation) => {
    const two = { ...offline, collections: 'products, teas' };
    await situation.run({ command: 'export' });
    situation.merge({ 'content/collections/teas.csv': '_id,title\nt1,Assam\n' });
    const plan = await planned(
      situation,
      {
        [path]: exported.replace('p1,', '<<<<<<< HEAD\np1,'),
        'content/collections/teas.csv': '_id,title\nt1,Uva\n',
      },
      two,
    );
    expect(plan.outputs).toMatchObject({ 'failure-reason': 'validation', 'rows-changed': '1' });
    expect(plan.annotations.join('\n')).toMatch(/products\.csv,line=\d+.*markers of an unfinished/);
    expect(plan.summary).toContain('Uva');
  });
});

test('a plan is red where the import would pass the limits', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const plan = await planned(
      situation,
      { [path]: '_id,title,price,notes,tags\n' },
      { ...offline, deletes: 'apply' },
    );
    expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
    expect(plan.annotations.join('\n')).toContain('all 3 rows would be gone');
  });
});

test('without a pull request a plan is a drift check', async () => {
  await within(site, async ({ run, emulator }) => {
    await run({ command: 'export' });
    expect((await run({ command: 'plan' })).outputs).toMatchObject({
      status: 'unchanged',
      changed: 'false',
    });
    emulator.site.edit('products', 'p3', { price: 10 });
    const drift = await run({ command: 'plan' });
    expect(drift.exitCode).toBe(0);
    expect(drift.outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
    const failed = await run({ command: 'plan', 'fail-on-drift': 'true' });
    expect(failed.exitCode).toBe(1);
    expect(failed.annotations).toHaveLength(1);
    expect(failed.annotations[0]).toContain('Run an export to bring the edits to git.');
  });
});

test('a plan keeps one comment and one label on its pull request', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const { hub } = situation;
    const inputs = { ...offline, comment: 'true' };
    await planned(situation, { [path]: exported.replace('Green tea', 'Sencha') }, inputs);
    expect(hub.comments).toHaveLength(1);
    expect(hub.comments[0]?.body).toMatch(/^<!-- wix-cms-sync plan /);
    expect(hub.comments[0]?.body).toContain('Sencha');
    expect([...(hub.pulls[0]?.labels ?? [])]).toEqual(['wix-cms: changes']);
    const removed = exported.replace('p3,White tea,9,,\n', '');
    await planned(situation, { [path]: removed }, { ...inputs, deletes: 'apply' });
    expect(hub.comments).toHaveLength(1);
    expect([...(hub.pulls[0]?.labels ?? [])]).toEqual(['wix-cms: deletes']);
    await planned(situation, { 'README.md': 'New words.\n' }, inputs);
    expect(hub.comments).toHaveLength(1);
    expect(hub.comments[0]?.body).toContain('no longer');
    expect([...(hub.pulls[0]?.labels ?? [])]).toEqual(['wix-cms: no-changes']);
  });
});

test('a plan whose token may not comment says so in one line, and is in the summary', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const files = { [path]: exported.replace('Green tea', 'Sencha') };
    const plan = await planned(situation, files, { ...offline, comment: 'true', token: '' });
    expect(plan.outputs).toMatchObject({ status: 'success', changed: 'true' });
    expect(plan.annotations.join('\n')).toContain('The plan is only in the job summary');
    expect(plan.summary).toContain('Sencha');
  });
});

test('a run whose inputs are wrong is called by its command', async () => {
  await within(site, async ({ run }) => {
    for (const command of ['import', 'plan']) {
      const { outputs, read } = await run({ command, 'site-id': '' });
      expect(JSON.parse(read(outputs['report-json'] ?? ''))).toMatchObject({ command });
    }
  });
});
