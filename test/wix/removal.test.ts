import { expect, test } from '@jest/globals';
import type { WixClient } from '../../src/wix/client.ts';
import { type FailedRemoval, removeItems } from '../../src/wix/items.ts';
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
        { id: 'b', code: 'WDE0027', description: 'not yours' },
        { id: 'c', code: '', description: 'Wix did not say whether it was removed' },
      ],
    });
  });
});

test('an answer without results says nothing of any item', async () => {
  await against(shop, async ({ emulator, client }) => {
    answerRemovals(emulator, undefined);
    const { removed, failed } = await removal(client, ['a', 'b']);
    expect({ removed, failed: failed.map(({ id }) => id) }).toEqual({
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

test('items are removed in chunks, and one that is gone already counts', async () => {
  const items = Array.from({ length: 501 }, (_, i) => ({ _id: `x${i}` }));
  const site = { site: { collections: [{ id: 'teas', fields: [], items }] } };
  await against(site, async ({ emulator, client }) => {
    expect(await removal(client, [])).toEqual({ removed: [], failed: [] });
    expect(emulator.requests).toEqual([]);
    const ids = [...items.map(({ _id }) => _id), 'never-was'];
    expect(await removal(client, ids)).toEqual({ removed: ids, failed: [] });
    expect(emulator.requests).toHaveLength(2);
    expect(emulator.site.collection('teas').items.size).toBe(0);
  });
});

function answerRemovals(emulator: Situation['emulator'], results: readonly object[] | undefined) {
  const body = JSON.stringify({ results });
  emulator.faults.add({ kind: 'answer', status: 200, body, match: { path: '*/remove' } });
}

/** What became of all these items of the teas. */
async function removal(client: WixClient, ids: readonly string[]) {
  const removed: string[] = [];
  const failed: FailedRemoval[] = [];
  for await (const some of removeItems(client, 'teas', ids)) {
    removed.push(...some.removed);
    failed.push(...some.failed);
  }
  return { removed, failed };
}
