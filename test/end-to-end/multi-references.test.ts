import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { silentRefusal } from '../../emulator/faults.ts';
import { herbs, herbsOf, title } from './erased.ts';
import { planned } from './proposal.ts';
import { path, type Situation, within } from './situation.ts';

/** Teas that refer to herbs, in a field that exports carry as a list of ids, as real ones do. */
function teas(settings: EmulatorOptions = {}, field: object = {}): EmulatorOptions {
  const items = [
    { _id: 't1', title: 'Tea 1', herbs: ['h1', 'h2'] },
    { _id: 't2', title: 'Tea 2', herbs: ['h2'] },
    { _id: 't3', title: 'Tea 3' },
  ];
  const collections = [
    { id: 'products', fields: [title, { ...herbs, ...field }], items },
    { id: 'herbs', fields: [title], items: ['h1', 'h2', 'h3'].map((_id) => ({ _id, title: _id })) },
  ];
  return { site: { collections }, multiReferences: 'ids', ...settings };
}

const exported = [
  '_id,title,herbs',
  't1,Tea 1,"[""h1"",""h2""]"',
  't2,Tea 2,"[""h2""]"',
  't3,Tea 3,',
  '',
].join('\n');

function imports({ emulator }: Situation): number {
  return emulator.jobs().filter(({ name }) => name?.includes(' import ')).length;
}

test('multi-references are in git as the export has them, with the collection that they refer to', async () => {
  await within(teas(), async ({ run, file }) => {
    await run({ command: 'export' });
    expect(file(path)).toBe(exported);
    const schema = JSON.parse(file(path.replace('.csv', '.schema.json')) ?? '');
    expect(schema.fields).toContainEqual(
      expect.objectContaining({ key: 'herbs', type: 'MULTI_REFERENCE', references: 'herbs' }),
    );
    expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
  });
});

test('references that git changed alone are written without a job, and agree from then on', async () => {
  await within(teas(), async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    const edited = exported
      .replace('"[""h1"",""h2""]"', '"[""h3"",""h1""]"')
      .replace('"[""h2""]"', '')
      .replace('Tea 3,', 'Tea 3,"[""h2""]"');
    merge({ [path]: edited });
    const { outputs, annotations } = await run({ command: 'import' });
    expect(annotations).toEqual([]);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '3' });
    expect(herbsOf(situation)).toEqual([['h3', 'h1'], [], ['h2']]);
    expect(imports(situation)).toBe(0);
    expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
    expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
  });
});

test.each(['kept', 'erased'] as const)(
  'a row and its references are both written, where an import leaves references %s',
  async (importedMultiReferences) => {
    await within(teas({ importedMultiReferences }), async (situation) => {
      const { run, merge } = situation;
      await run({ command: 'export' });
      merge({ [path]: exported.replace('Tea 1,"[""h1"",""h2""]"', 'Fine tea,"[""h3""]"') });
      const { outputs, annotations } = await run({ command: 'import' });
      expect(annotations).toEqual([]);
      expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(herbsOf(situation)).toEqual([['h3'], ['h2'], []]);
    });
  },
);

test('a new row gets its references, to rows that are new as well', async () => {
  await within(teas(), async (situation) => {
    const { run, merge, emulator } = situation;
    const both = { collections: 'products, herbs' };
    await run({ command: 'export', ...both });
    merge({
      [path]: `${exported}t4,Tea 4,"[""h4""]"\n`,
      'content/collections/herbs.csv': '_id,title\nh1,h1\nh2,h2\nh3,h3\nh4,h4\n',
    });
    const { outputs } = await run({ command: 'import', ...both });
    expect(outputs).toMatchObject({ status: 'success', 'rows-added': '2' });
    expect(emulator.site.collection('products').items.get('t4')?.herbs).toEqual(['h4']);
  });
});

test('references that only the CMS changed stay, and come to git', async () => {
  await within(teas(), async (situation) => {
    const { run, merge, file, emulator } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 't2', { herbs: ['h1'] });
    merge({ [path]: exported.replace('Tea 1', 'Fine tea') });
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    expect(herbsOf(situation)).toEqual([['h1', 'h2'], ['h1'], []]);
    await run({ command: 'export' });
    expect(file(path)).toContain('t2,Tea 2,"[""h1""]"');
  });
});

test('a reference to a row that is not there is an error, and nothing is written', async () => {
  await within(teas(), async (situation) => {
    const { run, merge } = situation;
    const both = { collections: 'products, herbs' };
    await run({ command: 'export', ...both });
    merge({ [path]: exported.replace('[""h2""]', '[""nettle""]') });
    const { outputs, annotations } = await run({ command: 'import', ...both });
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
    expect(annotations.join()).toContain('refers to "nettle"');
    expect(herbsOf(situation)).toEqual([['h1', 'h2'], ['h2'], []]);
  });
});

test('a cell that is no list of ids is one error', () =>
  within(teas(), async (situation) => {
    const both = { collections: 'products, herbs' };
    await situation.run({ command: 'export', ...both });
    const edited = exported.replace('"[""h2""]"', '"[{""_id"":""h2""}]"');
    const { annotations } = await planned(situation, { [path]: edited }, both);
    expect(annotations).toEqual([expect.stringContaining('the field holds a list of texts')]);
  }));

test('references that Wix refuses are a rejected row', async () => {
  await within(teas(), async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('[""h2""]', '[""h3""]') });
    const match = { path: '/wix-data/v2/items/replace-references' };
    emulator.faults.add({ kind: 'answer', status: 400, match });
    const { outputs, annotations } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'partial', 'rows-rejected': '1', 'rows-changed': '0' });
    expect(annotations.join()).toMatch(/line=3.*t2/);
    const again = await run({ command: 'import' });
    expect(again.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(herbsOf(situation)).toEqual([['h1', 'h2'], ['h3'], []]);
  });
});

test('references that are not written after their row are written by the next import', async () => {
  await within(teas(), async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Tea 1,"[""h1"",""h2""]"', 'Fine tea,"[""h3""]"') });
    emulator.faults.add({ ...silentRefusal(401), match: { path: '*/replace-references' } });
    expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('auth');
    expect((await run({ command: 'import' })).outputs).toMatchObject({ 'rows-changed': '1' });
    expect(herbsOf(situation)).toEqual([['h3'], ['h2'], []]);
  });
});

test.each(['empty', 'absent'] as const)(
  'where exports leave them %s, files have no references',
  async (multiReferences) => {
    await within(teas({ multiReferences }), async ({ run, file }) => {
      await run({ command: 'export' });
      expect(file(path)).toBe('_id,title\nt1,Tea 1\nt2,Tea 2\nt3,Tea 3\n');
      expect(file(path.replace('.csv', '.schema.json'))).toContain(
        'exports of the site do not carry',
      );
    });
  },
);

test('a column of references stays when the site has none just now', async () => {
  await within(teas(), async ({ run, file, emulator }) => {
    await run({ command: 'export' });
    for (const id of ['t1', 't2']) emulator.site.edit('products', id, { herbs: [] });
    await run({ command: 'export' });
    expect(file(path)).toMatch(/^_id,title,herbs\n/);
  });
});

test.each([
  ['read', exported.replaceAll('h2', 'h3'), [['h1', 'h2'], ['h2'], []]],
  ['omit', '_id,title\nt1,Fine tea\nt2,Tea 2\nt3,Tea 3\n', [['h1', 'h2'], ['h2'], []]],
])('with multi-references: %s nothing of them is written', async (setting, edited, herbs) => {
  await within(teas(), async (situation) => {
    const { run, merge } = situation;
    const entry = `{ id: products, multi-references: ${setting} }`;
    merge({ '.github/wix-cms.yml': `collections: [${entry}]\n` });
    await run({ command: 'export', collections: '' });
    merge({ [path]: edited.replace('Tea 3', 'Tea three') });
    const { outputs } = await run({ command: 'import', collections: '' });
    expect(outputs.status).toBe('success');
    expect(herbsOf(situation)).toEqual(herbs);
  });
});

test('a plan shows references by the titles of their items', async () => {
  await within(teas(), async (situation) => {
    const { run, emulator } = situation;
    const both = { collections: 'products, herbs' };
    emulator.site.edit('herbs', 'h1', { title: 'Peppermint' });
    emulator.site.edit('herbs', 'h2', { title: 'Sage' });
    await run({ command: 'export', ...both });
    const edited = exported.replace('"[""h1"",""h2""]"', '"[""h2"",""h3"",""h4""]"');
    const herbs = '_id,title\nh1,Peppermint\nh2,Sage\nh3,Lemon balm\nh4,Verbena\n';
    const files = { [path]: edited, 'content/collections/herbs.csv': herbs };
    const { summary, outputs, read } = await planned(situation, files, both);
    expect(summary.replaceAll(/<\/?(?:ins|del)>/g, '')).toContain(
      '<code>− Peppermint and 1 other</code></td><td><code>+ Lemon balm, + Verbena and 1 other</code>',
    );
    expect(read(outputs['report-html'] ?? '')).toContain('Verbena');
    const report = JSON.parse(read(outputs['report-json'] ?? ''));
    expect(JSON.stringify(report)).toContain('h4');
  });
});

test.each([
  ['the other side of a pair', { readOnly: true }, 'auto', /herbs was edited, but Wix fills it/],
  ['multi-references: read', {}, 'read', /herbs was edited, but the configuration has .*: read/],
])(
  'an edit of %s is said by the plan and by the import, and is no change',
  async (_, field, setting, words) => {
    await within(teas({}, field), async (situation) => {
      const { run, merge, hub } = situation;
      const config = `collections: [{ id: products, multi-references: ${setting} }]\n`;
      merge({ '.github/wix-cms.yml': config });
      const inputs = { collections: '' };
      await run({ command: 'export', ...inputs });
      const edited = { [path]: exported.replace('[""h2""]', '[""h3""]') };
      const plan = await planned(situation, edited, { ...inputs, 'api-key': '' });
      expect(plan.outputs).toMatchObject({ status: 'unchanged', 'rows-changed': '0' });
      expect(plan.annotations.join()).toMatch(words);
      merge(edited);
      const imported = await run({ command: 'import', ...inputs });
      expect(imported.outputs.status).toBe('unchanged');
      expect(imported.annotations.join()).toMatch(words);
      expect(herbsOf(situation)).toEqual([['h1', 'h2'], ['h2'], []]);
      const next = await planned(
        situation,
        { [path]: edited[path]?.replace('Tea 3', 'Tea three') ?? '' },
        inputs,
      );
      expect(next.outputs['rows-changed']).toBe('1');
      expect(next.summary).not.toContain('earlier merges');
      expect(hub.problems).toEqual([]);
    });
  },
);

test('an edit of multi-references that the configuration omits now names that setting', () =>
  within(teas(), async (situation) => {
    const { run, merge } = situation;
    const config = (setting: string) => ({
      '.github/wix-cms.yml': `collections: [{ id: products, multi-references: ${setting} }]\n`,
    });
    merge(config('auto'));
    await run({ command: 'export', collections: '' });
    merge({ ...config('omit'), [path]: exported.replace('[""h2""]', '[""h3""]') });
    const { annotations } = await run({ command: 'import', collections: '' });
    expect(annotations.join()).toContain('the configuration has multi-references: omit, so');
  }));

test('rows that come and go have one fingerprint in a plan and its import, whatever no import writes', async () => {
  await within(teas(), async ({ run, merge }) => {
    const settings = 'multi-references: read, deletes: apply';
    merge({ '.github/wix-cms.yml': `collections: [{ id: products, ${settings} }]\n` });
    const inputs = { collections: '', 'max-deletes': '100%' };
    await run({ command: 'export', ...inputs });
    const [header, , ...rows] = exported.split('\n');
    merge({ [path]: [header, 'p0,Tea zero,"[""h1""]"', ...rows].join('\n') });
    const plan = await run({ command: 'plan', ...inputs });
    const imported = await run({ command: 'import', ...inputs });
    expect(imported.outputs).toMatchObject({ 'rows-added': '1', 'rows-removed': '1' });
    expect(imported.outputs.fingerprint).toBe(plan.outputs.fingerprint);
  });
});
