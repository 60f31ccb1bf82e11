import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { exported, path, type Situation, site, within } from './situation.ts';
import { importEdits, importNew, imports } from './tea-edits.ts';

/** Teas with all kinds of values, one of which no field declares. */
function typed(settings: EmulatorOptions = {}): EmulatorOptions {
  const fields = [
    { key: 'title', displayName: 'Title', type: 'TEXT', required: true },
    { key: 'price', displayName: 'Price', type: 'NUMBER' },
    { key: 'opened', displayName: 'Opened', type: 'DATETIME' },
  ];
  const items = [1, 2, 3].map((i) => ({
    _id: `t${i}`,
    title: `Tea ${i}`,
    price: i,
    opened: { $date: '2026-07-03T14:04:31.250Z' },
    _manualSort_1: `0f${i}`,
  }));
  return { site: { collections: [{ id: 'products', fields, items }] }, ...settings };
}

function titlesOf({ emulator }: Situation): readonly unknown[] {
  return [...emulator.site.collection('products').items.values()].map(({ title }) => title);
}

const edited = ['Fine tea 1', 'Fine tea 2', 'Tea 3'];

test.each(['store', 'ignore'] as const)(
  'a site that takes display names alone is found out by one row, and is written with them (%s)',
  async (unknownColumns) => {
    const site = typed({ importHeaders: 'displayName', requiredEnforced: false, unknownColumns });
    await within(site, async (situation) => {
      const { items } = situation.emulator.site.collection('products');
      if (unknownColumns === 'ignore') for (const item of items.values()) delete item._manualSort_1;
      const { outputs, annotations, summary } = await importEdits(situation, 2);
      expect(annotations).toEqual([]);
      expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
      expect(summary).toMatch(
        /does not take field keys as headers .* appeared instead and was removed/,
      );
      expect(titlesOf(situation)).toEqual(edited);
    });
  },
);

test('a new row that did not arrive is said to be missing once', async () => {
  const site = typed({ importHeaders: 'displayName', requiredEnforced: false });
  await within(site, async (situation) => {
    situation.merge({
      '.github/wix-cms.yml': 'collections: [{ id: products, import-headers: key }]\n',
    });
    const { annotations } = await importNew(situation);
    expect(annotations).toHaveLength(2);
    expect(annotations[1]).toContain('the site does not have the row');
  });
});

test('a header that is configured and not understood stops after one row, which is taken back', async () => {
  const site = typed({ importHeaders: 'displayName', requiredEnforced: false });
  await within(site, async (situation) => {
    situation.merge({
      '.github/wix-cms.yml': 'collections:\n  - id: products\n    import-headers: key\n',
    });
    const { outputs, annotations } = await importEdits(situation, 2);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'verify-mismatch' });
    expect(annotations[0]).toMatch(/appeared instead and was removed.*Set import-headers: auto/);
    expect(titlesOf(situation)).toEqual(['Tea 1', 'Tea 2', 'Tea 3']);
    expect(imports(situation)).toBe(1);
  });
});

test('a site that stores the values of a CSV file as text gets the rows as JSONL', async () => {
  await within(typed({ csvTypes: 'text' }), async (situation) => {
    const { outputs, annotations, summary } = await importEdits(situation, 2);
    expect(annotations).toEqual([]);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(summary).toContain('so the rows were sent as JSONL');
    const items = [...situation.emulator.site.collection('products').items.values()];
    expect(items.map(({ title, price }) => [title, price])).toEqual([
      ['Fine tea 1', 1],
      ['Fine tea 2', 2],
      ['Tea 3', 3],
    ]);
  });
});

test('a row that the site rejects in a CSV file, whose headers it does not see, is taken as JSONL', async () => {
  const site = typed({ importHeaders: 'displayName', unknownColumns: 'ignore' });
  await within(site, async (situation) => {
    const { items } = situation.emulator.site.collection('products');
    for (const item of items.values()) delete item._manualSort_1;
    const { outputs, annotations, summary } = await importEdits(situation, 2);
    expect(annotations).toEqual([]);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2', 'rows-rejected': '0' });
    expect(summary).toContain('so the rows were sent as JSONL');
    expect(titlesOf(situation)).toEqual(edited);
  });
});

test('a row that the site rejects in either format is one rejection, and the others arrive', async () => {
  await within(typed(), async (situation) => {
    const refusal = { code: 'WDE0080', description: 'No such tea.' };
    situation.emulator.faults.rejectRow({ id: 't1', ...refusal });
    const { outputs, summary } = await importEdits(situation, 3);
    expect(outputs).toMatchObject({ status: 'partial', 'rows-changed': '2', 'rows-rejected': '1' });
    expect(summary).not.toContain('JSONL');
    expect(titlesOf(situation)).toEqual(['Tea 1', 'Fine tea 2', 'Fine tea 3']);
  });
});

test('milliseconds that an import cuts are told of', async () => {
  await within(typed(), async (situation) => {
    const { outputs, summary } = await importEdits(situation, 1);
    expect(outputs.status).toBe('success');
    expect(summary).toContain('the import cuts the milliseconds of opened');
  });
});

test('a property without a field that no export has is given back, and nothing more is written', async () => {
  await within(typed({ undeclaredProperties: 'absent' }), async (situation) => {
    const { outputs, annotations } = await importEdits(situation, 2);
    expect(outputs).toMatchObject({ 'failure-reason': 'verify-mismatch', 'rows-changed': '1' });
    expect(annotations[0]).toMatch(/took _manualSort_1 from the item t1.*Add a field with the key/);
    const { items } = situation.emulator.site.collection('products');
    expect([...items.values()].map((item) => item._manualSort_1)).toEqual(['0f1', '0f2', '0f3']);
  });
});

test('an edit of a property without a field arrives, and is no loss', async () => {
  await within(typed(), async ({ run, merge, file, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: (file(path) ?? '').replace('0f1', '0f9') });
    const { outputs, annotations } = await run({ command: 'import' });
    expect(annotations).toEqual([]);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('products').items.get('t1')?._manualSort_1).toBe('0f9');
  });
});

test('a job that ran out of time before its first row says nothing about headers', () =>
  within({ ...site, requiredEnforced: false }, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: `${exported}p4,Oolong,7,,\n` });
    const partly = { end: 'PARTIALLY_SUCCESSFUL', cause: 'Out of time', rows: 0 } as const;
    emulator.faults.addToJob({ match: { kind: 'import' }, ...partly });
    expect((await run({ command: 'import' })).summary).not.toContain('headers');
    expect(emulator.jobs().filter(({ name }) => name?.includes(' import '))).toHaveLength(1);
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
  }));
