import { expect, test } from '@jest/globals';
import { planned } from './proposal.ts';
import { exported, path, products, site, within } from './situation.ts';

const offline = { 'api-key': '', 'site-id': '' };

test('a collection of 60,000 items is split, and comes back by several jobs', async () => {
  const items = Array.from({ length: 60_000 }, (_, i) => ({ _id: `i${i}`, title: `Tea ${i}` }));
  const fields = [{ key: 'title', displayName: 'Title', type: 'TEXT' }];
  const large = { site: { collections: [{ ...products, fields, items }] } };
  await within(large, async ({ run, merge, emulator, file }) => {
    const first = await run({ command: 'export' });
    expect(first.outputs).toMatchObject({ status: 'success', 'rows-added': '60000' });
    expect(file(path)).toBeUndefined();
    const part = path.replace('.csv', '/0.csv');
    expect(file(part)).toContain('_id,title\n');
    const parts = [...'0123456789abcdef'].map((name) => path.replace('.csv', `/${name}.csv`));
    const all = parts.map((name) => [name, (file(name) ?? '').replaceAll(',Tea', ',Fine tea')]);
    merge(Object.fromEntries(all));
    const stopped = await run({ command: 'import' });
    const approve = stopped.outputs.fingerprint ?? '';
    const second = await run({ command: 'import', approve });
    expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '60000' });
    const uploads = emulator.requests.filter(({ host }) => host === 'upload');
    expect(uploads.length).toBe(3);
    expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
  });
}, 240_000);

test('of ten thousand bad cells the first are annotated, a thousand are listed, and all are counted', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    const rows = Array.from({ length: 50_000 }, (_, i) => `n${i},Tea,${i % 5 === 0 ? 'x' : i},,`);
    const added = `${rows.join('\n')}\n`;
    const plan = await planned(situation, { [path]: exported + added }, offline);
    expect(plan.outputs).toMatchObject({ 'failure-reason': 'validation', 'rows-added': '50000' });
    expect(plan.annotations).toHaveLength(10);
    expect(plan.annotations[0]).toContain('found 10000 cells or rows. Only the first 1000');
    expect(plan.annotations[1]).toContain(`file=${path},line=6`);
    expect(plan.annotations[9]).toContain('992 errors');
    expect(Buffer.byteLength(plan.summary)).toBeLessThan(1024 * 1024);
    expect(plan.summary).toContain('found 10000 cells or rows');
  });
});

test('a first export holds in memory no more of its rows than it lists', async () => {
  const keys = Array.from({ length: 20 }, (_, i) => `text${i}`);
  const fields = keys.map((key) => ({ key, displayName: key, type: 'TEXT' }));
  const items = Array.from({ length: 40_000 }, (_, i) => ({
    _id: `i${i}`,
    ...Object.fromEntries(keys.map((key) => [key, `${key} of ${i}, `.repeat(6)])),
  }));
  const large = { site: { collections: [{ ...products, translatable: [], fields, items }] } };
  await within(large, async ({ run }) => {
    // The cells alone are 80 MB.
    const environment = { NODE_OPTIONS: '--max-old-space-size=64' };
    const first = await run({ command: 'export' }, { bundled: true, environment });
    expect(first.outputs).toMatchObject({ status: 'success', 'rows-added': '40000' });
  });
}, 240_000);
