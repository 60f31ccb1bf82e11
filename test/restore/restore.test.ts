import { expect, test } from '@jest/globals';
import { shell } from '../docs/commands.ts';
import { cloneOf, git, pushElsewhere } from '../repository/support.ts';
import { fakeClock } from '../wix/support.ts';
import {
  contentOf,
  deleteField,
  inputs,
  merged,
  pullRequestOf,
  remove,
  rowsIn,
  withBackup,
} from './shop.ts';

const teas = 'content/collections/teas.csv';
const brands = 'content/collections/brands.csv';
const texts = 'content/localizations/en.csv';

test('a restore opens one pull request, whose import brings the site back', async () => {
  await withBackup(async (situation) => {
    const { run, emulator, hub, remote, file } = situation;
    const before = contentOf(situation);
    const good = file(teas);
    emulator.site.edit('teas', 't1', { price: 400, title: 'Spoiled' });
    remove(situation, 'teas', 't3');
    emulator.site.insert('teas', { _id: 't4', title: 'Oolong' });
    emulator.site.translate('t2', 'title', 'fr', 'Mauvais');
    await run({ command: 'export', ...inputs });
    const main = git(remote, 'rev-parse', 'main');

    const restored = await run({ command: 'restore', to: 'good', ...inputs, deletes: 'apply' });
    expect(restored.outputs).toMatchObject({
      status: 'success',
      changed: 'true',
      branch: 'wix-cms/restore',
      'commit-sha': git(remote, 'rev-parse', 'wix-cms/restore'),
      'pull-request-number': '1',
      'rows-added': '3',
      'rows-removed': '2',
    });
    expect(hub.comments[0]?.body).toContain('<del>400</del>');
    expect(git(remote, 'rev-parse', 'main')).toBe(main);
    expect(git(remote, 'rev-parse', 'wix-cms/restore^')).toBe(main);
    expect(file(teas, 'wix-cms/restore')).toBe(good);
    expect(hub.pulls[0]?.title).toMatch(/^Restore the content to 20\d\d-\d\d-\d\d \d\d:\d\d UTC$/);
    expect(hub.pulls[0]?.body).toContain(
      [
        'What comes back:',
        '',
        '- <code>teas</code>: 1 item removed since; 2 values in 1 item',
        '- <code>localization en, fr, de</code>: 2 texts removed since; 1 value in 1 text',
        '',
        'What came later and is lost:',
        '',
        '- <code>teas</code>: the later edits in 1 item; 1 item added since, which the import deletes (deletes: apply)',
        '- <code>localization en, fr, de</code>: the later edits in 1 text',
      ].join('\n'),
    );

    const again = await run({ command: 'restore', to: 'good', ...inputs, deletes: 'apply' });
    expect(again.outputs['commit-sha']).toBe(restored.outputs['commit-sha']);
    expect(hub.pulls).toHaveLength(1);
    const pull = await pullRequestOf(situation, 'wix-cms/restore', undefined);
    const plan = await run({ command: 'plan', ...inputs, deletes: 'apply' }, pull);
    expect(plan.outputs).toMatchObject({ status: 'success' });
    const push = await merged(situation, 'squash');
    const imported = await run({ command: 'import', ...inputs, deletes: 'apply' }, push);
    expect(imported.outputs).toMatchObject({ status: 'success' });
    expect(contentOf(situation)).toEqual(before);
    const nothing = await run({ command: 'restore', to: 'good', ...inputs });
    expect(nothing.outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
    expect(nothing.log).toContain('the files are the same as then');
  });
});

test('a restore of one collection brings its translations back, and leaves those of others', async () => {
  await withBackup(async ({ run, emulator, file, ...rest }) => {
    const { remote } = rest;
    const [goodTeas, goodBrands] = [file(teas), file(brands)];
    pushElsewhere(remote, {
      '.github/wix-cms.yml':
        'collections: [brands, teas]\nlocalizations: [{ languages: [en, fr, de] }]\n',
    });
    emulator.site.edit('brands', 'b1', { name: 'Renamed' });
    emulator.site.translate('b1', 'name', 'fr', 'Renommé');
    emulator.site.edit('teas', 't1', { price: 400 });
    emulator.site.translate('t1', 'title', 'fr', 'Mauvais');
    await run({ command: 'export', collections: '' });
    await run({ command: 'restore', to: 'good', collections: 'teas' });
    expect(file(teas, 'wix-cms/restore')).toBe(goodTeas);
    expect(file(brands, 'wix-cms/restore')).not.toBe(goodBrands);
    expect(file(texts, 'wix-cms/restore')).toContain('Thé vert');
    expect(file(texts, 'wix-cms/restore')).toContain('Renommé');
    expect(rest.hub.pulls[0]?.title).toMatch(/^Restore teas to /);
  });
});

test('files that were deleted since come back, parts of them included', async () => {
  await withBackup(async ({ run, remote, file }) => {
    const [header = '', first = '', second = ''] = rowsIn(file(teas));
    const split = {
      'content/collections/teas/0001.csv': header + first,
      'content/collections/teas/0002.csv': header + second,
    };
    const schema = file('content/collections/teas.schema.json');
    pushElsewhere(remote, { [teas]: null, ...split });
    const then = git(remote, 'rev-parse', 'main');
    pushElsewhere(remote, {
      'content/collections/teas': null,
      'content/collections/teas.schema.json': null,
      [teas]: header,
    });
    await run({ command: 'restore', to: then, ...inputs });
    expect(file(teas, 'wix-cms/restore')).toBeUndefined();
    for (const [path, text] of Object.entries(split)) {
      expect(file(path, 'wix-cms/restore')).toBe(text);
    }
    expect(file('content/collections/teas.schema.json', 'wix-cms/restore')).toBe(schema);
  });
});

test.each([
  ['nonsense', 'names "nonsense", which is not a commit, tag or branch'],
  ['--upload-pack=x', 'which is not a commit, tag or branch'],
  ['2020-01-01', 'has no commit before 2020-01-01 23:59 UTC: its first is of 20'],
  ['2999-01-01', 'is "2999-01-01", which is in the future. Write'],
  ['2999-01-01 08:00', 'is "2999-01-01 08:00", which is in the future. Write'],
  ['2020-13-01', 'is "2020-13-01", which is not a calendar day'],
  ['', 'The input to is empty'],
])('to: %j ends in one line', async (to, words) => {
  await withBackup(async ({ run, hub }) => {
    const { outputs, annotations } = await run({ command: 'restore', to, ...inputs });
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(annotations).toEqual([expect.stringContaining(words)]);
    expect(hub.pulls).toEqual([]);
  });
});

test('a commit without any of the files is named', async () => {
  await withBackup(async ({ run, remote }) => {
    const first = git(remote, 'rev-list', '--max-parents=0', 'main');
    const { annotations } = await run({ command: 'restore', to: first, ...inputs });
    expect(annotations).toEqual([expect.stringContaining('has none of the configured files')]);
  });
});

test('a date, a short id and a tag name the commit that a branch had, however shallow the clone', async () => {
  await withBackup(async ({ run, remote, file }) => {
    const dated = (date: string, title: string) => {
      const script = `sed -i 's/,[A-Z][a-z ]*,4,/,${title},4,/' ${teas} && git commit -qam ${title} && git push -q origin HEAD:main && git rev-parse HEAD`;
      return shell(script, cloneOf(remote), {}, { GIT_COMMITTER_DATE: date }).trim();
    };
    dated('2035-03-01T10:00:00Z', 'Monday');
    const tuesday = dated('2035-03-02T10:00:00Z', 'Tuesday');
    dated('2035-03-03T10:00:00Z', 'Wednesday');
    for (const [to, title] of [
      ['2035-03-01', 'Monday'],
      ['2035-03-02T09:59:00Z', 'Monday'],
      ['2035-03-02 10:01', 'Tuesday'],
      [tuesday.slice(0, 9), 'Tuesday'],
      ['good', 'Green tea'],
    ]) {
      const clock = { ...fakeClock(), now: () => Date.parse('2035-03-03T12:00:00Z') };
      const { annotations } = await run({ command: 'restore', to: to ?? '', ...inputs }, { clock });
      expect(annotations).toEqual([]);
      expect(file(teas, 'wix-cms/restore')).toContain(title);
    }
  });
});

test('a file that was moved since comes back to where it is now', async () => {
  await withBackup(async (situation) => {
    const { run, merge, file, emulator, remote } = situation;
    const before = contentOf(situation);
    const good = file(teas);
    // Until now, there was no configuration file.
    const config = 'collections: [brands, { id: teas, file: shop/tea.csv }]';
    const moves = [
      [brands, 'data/collections/brands.csv'],
      [teas, 'data/shop/tea.csv'],
      ['content/collections/teas.schema.json', 'data/shop/tea.schema.json'],
      [texts, 'data/localizations/en.csv'],
    ];
    merge({
      '.github/wix-cms.yml': `directory: data\n${config}\nlocalizations: [{ languages: [en, fr, de] }]\n`,
      ...Object.fromEntries(moves.map(([from = '', to = '']) => [to, file(from) ?? ''])),
      content: null,
    });
    emulator.site.edit('teas', 't1', { price: 400 });
    remove(situation, 'teas', 't3');
    await run({ command: 'export', ...inputs });
    await run({ command: 'restore', to: 'good', ...inputs });
    expect(file('data/shop/tea.csv', 'wix-cms/restore')).toBe(good);
    expect(git(remote, 'ls-tree', 'wix-cms/restore', 'content')).toBe('');
    const push = await merged(situation, 'squash');
    expect((await run({ command: 'import', ...inputs }, push)).outputs.status).toBe('success');
    expect(contentOf(situation)).toEqual(before);
  });
});

test('a branch that somebody else has committed to is left alone', async () => {
  await withBackup(async ({ run, remote, emulator, file }) => {
    emulator.site.edit('teas', 't1', { price: 400 });
    await run({ command: 'export', ...inputs });
    await run({ command: 'restore', to: 'good', ...inputs });
    pushElsewhere(remote, { [teas]: (file(teas) ?? '').replace('400', '5') }, 'wix-cms/restore');
    const tip = git(remote, 'rev-parse', 'wix-cms/restore');
    const { annotations } = await run({ command: 'restore', to: 'good', ...inputs });
    expect(annotations).toEqual([expect.stringContaining("has somebody else's commits")]);
    expect(git(remote, 'rev-parse', 'wix-cms/restore')).toBe(tip);
  });
});

test('a field that the collection has lost is named before the merge', async () => {
  await withBackup(async (situation) => {
    const { run, hub } = situation;
    deleteField(situation, 'teas', 'notes');
    await run({ command: 'export', ...inputs });
    const { annotations } = await run({ command: 'restore', to: 'good', ...inputs });
    expect(annotations).toEqual([expect.stringContaining('teas has no field')]);
    expect(hub.pulls[0]?.body).toContain('What cannot come back:');
  });
});

test.each([
  ['git still has', false],
  ['left git as well', true],
])(
  'a collection that was deleted is made again behind an input of its own, and its items, which %s, come back',
  async (_, haveLeft) => {
    await withBackup(async (situation) => {
      const { run, emulator, remote, file } = situation;
      const before = contentOf(situation);
      for (const id of ['t1', 't2', 't3']) remove(situation, 'teas', id);
      emulator.site.collections.delete('teas');
      if (haveLeft) pushElsewhere(remote, { [teas]: `${(file(teas) ?? '').split('\n')[0]}\n` });
      const restore = { command: 'restore', to: 'good', ...inputs };
      const told = await run(restore);
      expect(told.annotations.join('\n')).toContain('The site has no collection teas any more');
      expect(emulator.site.collections.has('teas')).toBe(false);
      const made = await run({ ...restore, 'create-collections': 'true' });
      expect(made.annotations.join('\n')).toMatch(
        /The collection teas was created again.*run an import with the input reconcile set to all/,
      );
      Object.assign(emulator.site.collection('teas').schema, {
        plugins: [
          {
            type: 'MULTILINGUAL',
            multilingualOptions: { translatableFieldKeys: ['title', 'story'] },
          },
        ],
      });
      if (haveLeft) await merged(situation, 'squash');
      const imported = await run({ command: 'import', ...inputs, reconcile: 'all' });
      expect(imported.outputs.status).toBe('success');
      expect(contentOf(situation)).toEqual(before);
    });
  },
);

test('a collection that git never had is named: nothing of it comes back', async () => {
  await withBackup(async ({ run, emulator }) => {
    emulator.site.edit('teas', 't1', { price: 400 });
    await run({ command: 'export', ...inputs });
    const asked = { command: 'restore', to: 'good', ...inputs, collections: 'tees' };
    const { annotations } = await run(asked);
    expect(annotations).toEqual([
      expect.stringMatching(/tees\.csv was not in git then, and is not now.*Check the name\.$/),
    ]);
  });
});

test.each([
  ['is broken', (text: string) => text.replace('t1,', 't1",')],
  ['has lost its keys', (text: string) => text.replace('_id,', 'id,')],
])('a restore brings back a file that %s in git now, and its plan is green', (_, spoil) =>
  withBackup(async ({ run, merge, file }) => {
    const good = file(teas) ?? '';
    merge({ [teas]: spoil(good) });
    const restored = await run({ command: 'restore', to: 'good', ...inputs });
    expect(restored.outputs.status).toBe('success');
    expect(file(teas, 'wix-cms/restore')).toBe(good);
    expect(restored.annotations.join()).not.toContain('is red');
  }),
);

test('a restore brings back no column that the configuration excludes now', () =>
  withBackup(async ({ run, merge, file, emulator }) => {
    const config = '.github/wix-cms.yml';
    merge({ [config]: 'collections: [brands, { id: teas, exclude: [notes] }]\n' });
    const all = { collections: '' };
    emulator.site.edit('teas', 't1', { price: 400 });
    await run({ command: 'export', ...all });
    const restored = await run({ command: 'restore', to: 'good', ...all });
    expect(restored.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    const branch = 'wix-cms/restore';
    expect(file(teas, branch)).toContain('t1,Green tea,4,');
    expect(file(teas, branch)?.split('\n')[0]).toBe(file(teas)?.split('\n')[0]);
    expect(file(teas, branch)).not.toContain('order more');
  }));

test.each([
  ['all collections', 'brands, teas'],
  ['one collection', 'teas'],
])('a restore of %s brings back no language that left the configuration since', (_, collections) =>
  withBackup(async ({ run, merge, file, emulator, hub }) => {
    const config = 'collections: [brands, teas]\nlocalizations: [{ languages: [en, fr] }]\n';
    merge({ '.github/wix-cms.yml': config });
    emulator.site.translate('t1', 'title', 'fr', 'Mauvais');
    await run({ command: 'export', collections: '' });
    const restored = await run({ command: 'restore', to: 'good', collections });
    expect(restored.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(file(texts, 'wix-cms/restore')).toContain('Thé vert');
    expect(file(texts, 'wix-cms/restore')).not.toContain('Target language (DE)');
    expect(hub.pulls[0]?.body).toContain('localization en, fr</code>: 1 value in 1 text');
  }),
);

test('a restore whose commit GitHub signs has its plan, too', () =>
  withBackup(async ({ run, emulator, hub }) => {
    emulator.site.edit('teas', 't1', { price: 400 });
    await run({ command: 'export', ...inputs });
    const signed = { ...inputs, 'sign-commits': 'true' };
    const { annotations } = await run({ command: 'restore', to: 'good', ...signed });
    expect(annotations).toEqual([]);
    expect(hub.comments[0]?.body).toContain('<del>400</del>');
  }));
