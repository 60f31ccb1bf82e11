import { describe, expect, test } from '@jest/globals';
import {
  edit,
  exported,
  importCutOff,
  path,
  type Situation,
  site,
  titleOf,
  within,
} from './situation.ts';

const config = '.github/wix-cms.yml';
const apply = { command: 'import', deletes: 'apply' };
const withoutWhite = exported.replace('p3,White tea,9,,\n', '');

const ids = ({ emulator }: Situation) =>
  [...emulator.site.collection('products').items.keys()].sort();

describe('with deletes: apply, an item goes', () => {
  test('when git removed its row', () =>
    within(site, async (situation) => {
      await situation.run({ command: 'export' });
      situation.merge({ [path]: withoutWhite });
      const { outputs } = await situation.run(apply);
      expect(outputs).toMatchObject({ status: 'success', 'rows-removed': '1' });
      expect(ids(situation)).toEqual(['p1', 'p2']);
    }));

  test('and one that is gone already is no failure', () =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: withoutWhite });
      const gone = { code: 'WDE0073', description: 'Item does not exist.' };
      emulator.faults.rejectRow({ collection: 'products', id: 'p3', ...gone });
      const { outputs } = await run(apply);
      expect(outputs).toMatchObject({ 'rows-rejected': '0' });
    }));

  test('after everything else, and not at all where a row was rejected', () =>
    within(site, async (situation) => {
      const { run, merge, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: withoutWhite.replace('Green tea', 'Sencha') });
      const tooLarge = { code: 'WDE0009', description: 'The item is too large.' };
      const undo = emulator.faults.rejectRow({ collection: 'products', id: 'p1', ...tooLarge });
      expect((await run(apply)).outputs).toMatchObject({
        status: 'partial',
        'rows-rejected': '1',
        'rows-removed': '0',
      });
      expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
      undo();
      const second = await run(apply);
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-removed': '1' });
      const last = emulator.requests.filter(({ method, path: asked }) => {
        return method === 'POST' && /jobs$|items\/remove$/.test(asked);
      });
      expect(last.map(({ path: asked }) => asked).slice(-3)).toContain(
        '/wix-data/v2/bulk/items/remove',
      );
      expect(ids(situation)).toEqual(['p1', 'p2']);
    }));
});

test('items that went before the removal was refused are counted, and the next run goes on', () => {
  const items = Array.from({ length: 520 }, (_, i) => ({
    _id: `p${1_000 + i}`,
    title: `Tea ${i}`,
  }));
  const fields = [{ key: 'title', type: 'TEXT' }];
  return within(
    { site: { collections: [{ id: 'products', fields, items }] } },
    async (situation) => {
      const { run, merge, file, emulator } = situation;
      merge({ [config]: 'collections: [products]\nlimits: { max-deletes: 520 }\n' });
      await run({ command: 'export', collections: '' });
      const [header, , ...rows] = (file(path) ?? '').split('\n');
      merge({ [path]: [header, rows[0], ''].join('\n') });
      const second = { path: '/wix-data/v2/bulk/items/remove', nth: 2 } as const;
      emulator.faults.add({ kind: 'answer', status: 403, match: second });
      const refused = await run({ ...apply, collections: '' });
      expect(refused.outputs).toMatchObject({ 'failure-reason': 'auth', 'rows-removed': '100' });
      expect(ids(situation)).toHaveLength(420);
      const again = await run({ ...apply, collections: '' });
      expect(again.outputs).toMatchObject({ status: 'success', 'rows-removed': '419' });
    },
  );
});

describe('with deletes: apply, no item goes', () => {
  test('that the CMS changed meanwhile: that is a conflict', () =>
    within(site, async (situation) => {
      await situation.run({ command: 'export' });
      situation.merge({ [path]: withoutWhite });
      situation.emulator.site.edit('products', 'p3', { price: 10 });
      const { outputs } = await situation.run(apply);
      expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'conflict' });
      expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
    }));

  test.each([
    ['the file is gone', { [path]: null }],
    ['the file has another name', { [path]: null, 'content/collections/teas.csv': exported }],
  ])('because %s', (_name, files) =>
    within(site, async (situation) => {
      await situation.run({ command: 'export' });
      situation.merge(files);
      expect((await situation.run(apply)).outputs['rows-removed']).toBe('0');
      expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
    }),
  );

  test.each([
    ['a filter that leaves it out', 'filter: { price: { $lt: 6 } }'],
    ['a list of fields', 'fields: [title]'],
  ])('because of %s', (_name, setting) =>
    within(site, async (situation) => {
      const { run, merge } = situation;
      await run({ command: 'export' });
      merge({ [config]: `collections:\n  - id: products\n    deletes: apply\n    ${setting}\n` });
      const narrow = { collections: '' };
      await run({ command: 'export', ...narrow });
      const { outputs } = await run({ command: 'import', ...narrow });
      expect(outputs).toMatchObject({ 'rows-removed': '0', 'failure-reason': '' });
      expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
    }),
  );

  test('because a read of the site came out short', () =>
    within(site, async (situation) => {
      const { run, emulator, file } = situation;
      await run({ command: 'export' });
      emulator.faults.addToJob({ match: { kind: 'export' }, end: 'COMPLETED', rows: 1 });
      await run({ command: 'export', deletes: 'apply' });
      expect((await run(apply)).outputs['rows-removed']).toBe('0');
      expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
      expect(file(path)).toBeDefined();
    }));

  test('because git lost all its rows, unless that is allowed', () =>
    within(site, async (situation) => {
      const { run, merge } = situation;
      await run({ command: 'export' });
      merge({ [path]: '_id,title,price,notes,tags\n' });
      const stopped = await run(apply);
      expect(stopped.outputs).toMatchObject({ 'failure-reason': 'limit' });
      expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
      const all =
        'collections: [{ id: products, deletes: apply }]\nlimits: { allow-empty: true }\n';
      merge({ [config]: all });
      const second = await run({ command: 'import', collections: '' });
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-removed': '3' });
      expect(ids(situation)).toEqual([]);
    }));
});

test('with deletes: keep the items that left git are counted', () =>
  within(site, async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    merge({ [path]: withoutWhite.replace('Green tea', 'Sencha') });
    const { summary } = await run({ command: 'import' });
    expect(summary).toContain('1 row left git earlier, and its item is still on the site.');
    expect(ids(situation)).toEqual(['p1', 'p2', 'p3']);
  }));

test('what an import wrote is known, though it was cut off before it removed other rows', () =>
  within(site, async (situation) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    merge({ [path]: withoutWhite.replace('Green tea', 'Sencha') });
    await importCutOff(situation, { deletes: 'apply' });
    expect(titleOf(situation, 'p1')).toBe('Sencha');
    edit(situation, 'p1', { title: 'Gunpowder' });
    merge({ [path]: withoutWhite });
    const { outputs } = await run(apply);
    expect(outputs).toMatchObject({ 'failure-reason': 'conflict', 'rows-conflicting': '1' });
  }));
