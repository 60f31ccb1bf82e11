import { expect, test } from '@jest/globals';
import type { WixClient } from '../../src/wix/client.ts';
import { Items } from '../../src/wix/items.ts';
import { against, type Situation, shop } from './support.ts';

test('an item counts as removed only if the answer says so of it', async () => {
  await against(shop, async ({ emulator, client }) => {
    answerRemovals(emulator, [
      { itemMetadata: { id: 'a', success: true } },
      { itemMetadata: { originalIndex: 1, error: { code: 'WDE0027', description: 'not\nyours' } } },
      { itemMetadata: { id: 'stranger', error: { code: 'WDE0027' } } },
      {},
    ]);
    expect(await removal(client, ['a', 'b', 'c'])).toEqual({
      removed: ['a'],
      failed: [
        { source: 'b', code: 'WDE0027', description: 'not yours' },
        { source: 'c', code: '', description: 'Wix did not say what became of it' },
      ],
    });
  });
});

test('an answer without results says nothing of any item', async () => {
  await against(shop, async ({ emulator, client }) => {
    answerRemovals(emulator, undefined);
    const { removed, failed } = await removal(client, ['a', 'b']);
    expect({ removed, failed: failed.map(({ source }) => source) }).toEqual({
      removed: [],
      failed: ['a', 'b'],
    });
  });
});

test('a removal whose answer is lost is asked for again, and is done', async () => {
  await against(shop, async ({ emulator, client }) => {
    emulator.faults.add({ kind: 'reset', when: 'after', match: { path: '*/remove' } });
    expect(await removal(client, ['a'])).toEqual({ removed: ['a'], failed: [] });
    expect([...emulator.site.collection('teas').items.keys()]).toEqual(['b']);
  });
});

test('items are removed at once, and one that is gone already counts', async () => {
  const items = Array.from({ length: 501 }, (_, i) => ({ _id: `x${i}` }));
  const site = { site: { collections: [{ id: 'teas', fields: [], items }] } };
  await against(site, async ({ emulator, client }) => {
    expect(await removal(client, [])).toEqual({ removed: [], failed: [] });
    expect(emulator.requests).toEqual([]);
    const ids = [...items.map(({ _id }) => _id), 'never-was'];
    expect(await removal(client, ids)).toEqual({ removed: ids, failed: [] });
    expect(emulator.requests).toHaveLength(1);
    expect(emulator.site.collection('teas').items.size).toBe(0);
  });
});

function answerRemovals(emulator: Situation['emulator'], results: readonly object[] | undefined) {
  const body = JSON.stringify({ results });
  emulator.faults.add({ kind: 'answer', status: 200, body, match: { path: '*/remove' } });
}

/** What became of all these items of the teas. */
async function removal(client: WixClient, ids: readonly string[]) {
  const { done: removed, failed } = await new Items(client, 'teas').remove(ids);
  return { removed, failed };
}

const related = { multiReference: { referencedCollectionId: 'makers' } };
const cellar = {
  site: {
    collections: [
      {
        id: 'teas',
        fields: [
          { key: 'title', type: 'TEXT' },
          { key: 'makers', type: 'MULTI_REFERENCE', typeMetadata: related },
        ],
        items: [{ _id: 'a', title: 'Assam', makers: ['m1'] }],
      },
      { id: 'makers', fields: [], items: [{ _id: 'm1' }, { _id: 'm2' }] },
    ],
  },
};

test('items are read as they are now, with the references that are asked for', async () => {
  await against(cellar, async ({ client }) => {
    const plain = await new Items(client, 'teas').stored(['a', 'not-there']);
    expect([...plain.keys()]).toEqual(['a']);
    expect(plain.get('a')).not.toHaveProperty('makers');
    const shown = await new Items(client, 'teas').stored(['a'], ['makers']);
    expect(shown.get('a')).toMatchObject({ title: 'Assam', makers: [{ _id: 'm1' }] });
  });
});

test('references are replaced in one field of one item', async () => {
  await against(cellar, async ({ emulator, client }) => {
    emulator.faults.add({ kind: 'answer', status: 200, body: '{}' });
    const change = { item: 'a', field: 'makers', referenced: ['m2'] };
    await new Items(client, 'teas').replaceReferences(change);
    expect(emulator.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/wix-data/v2/items/replace-references',
      body: {
        dataCollectionId: 'teas',
        referringItemId: 'a',
        referringItemFieldName: 'makers',
        newReferencedItemIds: ['m2'],
      },
    });
  });
});
