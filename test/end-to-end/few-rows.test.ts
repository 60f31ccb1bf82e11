import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { type Situation, within } from './situation.ts';

/** So many items that an import of few rows reads those alone. */
const count = 1_200;
const idOf = (i: number) => `p${String(i).padStart(4, '0')}`;
const path = 'content/collections/products.csv';

const large = {
  site: {
    collections: [
      {
        id: 'tags',
        displayName: 'Tags',
        fields: [{ key: 'name', displayName: 'Name', type: 'TEXT' }],
        items: [{ _id: 't1', name: 'new' }],
      },
      {
        id: 'products',
        displayName: 'Products',
        fields: [
          { key: 'title', displayName: 'Title', type: 'TEXT' },
          { key: 'stock', displayName: 'Stock', type: 'NUMBER' },
          {
            key: 'tagged',
            displayName: 'Tagged',
            type: 'MULTI_REFERENCE',
            referencedCollection: 'tags',
          },
        ],
        items: Array.from({ length: count }, (_, i) => ({
          _id: idOf(i),
          title: `Tea ${i}`,
          stock: i,
          // The rows that are read below refer to nothing, so that few rows show nothing of the column.
          ...(i === count - 1 ? { tagged: ['t1'] } : {}),
        })),
      },
    ],
  },
};

/** Exports, and merges one edit of the file. */
async function merged({ run, file, merge }: Situation, from: RegExp | string, to: string) {
  await run({ command: 'export' });
  const before = file(path) ?? '';
  merge({ [path]: before.replace(from, to) });
  return before;
}

/** The keys that each export job since was asked for; `all` where it was not restricted. */
function readsOf(emulator: Emulator, since: number): readonly unknown[] {
  return emulator.requests
    .slice(since)
    .map(({ body }) => JSON.stringify(body ?? ''))
    .filter((body) => body.includes('wixDataCollection') && body.includes('"destination":{"file"'))
    .map((body) => JSON.parse(body).source.wixDataCollection.filterQuery?.filter._id.$in ?? 'all');
}

test('an import of two edited cells of a large collection reads and keeps those rows, not the rest', async () => {
  await within(large, async (situation) => {
    const { run, emulator, file } = situation;
    await merged(situation, /Tea [67],/g, 'Sencha,');
    emulator.site.edit('products', idOf(7), { stock: 70 });
    const since = emulator.requests.length;
    const imported = await run({ command: 'import' });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(readsOf(emulator, since)).toEqual([
      [idOf(6), idOf(7), idOf(0)],
      [idOf(6), idOf(7), idOf(0)],
    ]);
    const { items } = emulator.site.collection('products');
    expect(items.get(idOf(7))).toMatchObject({ title: 'Sencha', stock: 70 });
    const backup = join(imported.outputs['backup-directory'] ?? '', path);
    expect(readFileSync(backup, 'utf8')).toMatch(/^.*\n.*Tea 0.*\n.*Tea 6.*\n.*Tea 7.*\n$/);
    expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
    await run({ command: 'export' });
    expect(file(path)).toContain(`${idOf(7)},Sencha,70,`);
    expect(file(path)).toContain(`${idOf(count - 1)},Tea ${count - 1},${count - 1},"[""t1""]"`);
    expect(file(path)?.trimEnd().split('\n')).toHaveLength(count + 1);
  });
});

test('what the CMS changed in other rows is neither reverted nor taken for agreed', async () => {
  await within(large, async (situation) => {
    const { run, emulator, file } = situation;
    await merged(situation, 'Tea 7,', 'Sencha,');
    emulator.site.edit('products', idOf(8), { title: 'Gunpowder' });
    emulator.site.remove('products', idOf(9));
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    expect(emulator.site.collection('products').items.get(idOf(8))?.title).toBe('Gunpowder');
    expect((await run({ command: 'export' })).outputs.status).toBe('success');
    expect(file(path)).toContain(`${idOf(8)},Gunpowder,`);
    expect(file(path)).not.toContain(idOf(9));
    expect(emulator.site.collection('products').items.has(idOf(9))).toBe(false);
  });
});

test('a row that both sides changed is held, a new one and a removed one arrive', async () => {
  await within(large, async (situation) => {
    const { run, emulator, file, merge } = situation;
    const before = await merged(situation, 'Tea 7,', 'Sencha,');
    merge({
      [path]: `${before
        .replace('Tea 7,', 'Sencha,')
        .replace(`${idOf(10)},Tea 10,10,\n`, '')}${idOf(count)},Oolong,1,\n`,
    });
    emulator.site.edit('products', idOf(7), { title: 'Gunpowder' });
    const imported = await run({ command: 'import', deletes: 'apply' });
    expect(imported.outputs).toMatchObject({
      status: 'partial',
      'rows-conflicting': '1',
      'rows-added': '1',
      'rows-removed': '1',
    });
    const { items } = emulator.site.collection('products');
    expect(items.get(idOf(7))?.title).toBe('Gunpowder');
    expect(items.get(idOf(count))?.title).toBe('Oolong');
    expect(items.has(idOf(10))).toBe(false);
    await run({ command: 'export' });
    expect(file(path)).toContain(`${idOf(7)},Sencha,`);
  });
});

test('rows that are all gone from the site, the one beside them too, have the whole collection read', async () => {
  await within(large, async (situation) => {
    const { run, emulator } = situation;
    await merged(situation, 'Tea 7,', 'Sencha,');
    emulator.site.remove('products', idOf(7));
    emulator.site.remove('products', idOf(0));
    const since = emulator.requests.length;
    const imported = await run({ command: 'import' });
    expect(imported.outputs).toMatchObject({ status: 'partial', 'rows-conflicting': '1' });
    expect(readsOf(emulator, since)).toEqual([[idOf(7), idOf(0)], 'all']);
  });
});

test.each<[string, Record<string, string>, string]>([
  ['makes the site match git', { reconcile: 'all' }, ''],
  ['empties the collection first', { 'write-policy': 'truncate-before', deletes: 'apply' }, ''],
])('an import that %s reads all rows', async (_name, inputs) => {
  await within(large, async (situation) => {
    const { run, emulator } = situation;
    await merged(situation, 'Tea 7,', 'Sencha,');
    const since = emulator.requests.length;
    expect((await run({ command: 'import', ...inputs })).outputs.status).toBe('success');
    expect(new Set(readsOf(emulator, since))).toEqual(new Set(['all']));
  });
});
