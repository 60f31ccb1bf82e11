import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { path, type Situation, within } from './situation.ts';

/** Teas that refer to the teas beside them, in a field that no import carries. */
function teas(count: number, settings: EmulatorOptions = {}): EmulatorOptions {
  const idAt = (i: number) => `t${String((i + count) % count).padStart(4, '0')}`;
  const related = {
    key: 'related',
    type: 'MULTI_REFERENCE',
    typeMetadata: { multiReference: { referencedCollectionId: 'products' } },
  };
  const items = Array.from({ length: count }, (_, i) => {
    return { _id: idAt(i), title: `Tea ${i}`, related: [idAt(i - 1), idAt(i + 1)] };
  });
  const collection = { id: 'products', fields: [{ key: 'title', type: 'TEXT' }, related], items };
  return { site: { collections: [collection] }, ...settings };
}

const erased = { importedMultiReferences: 'erased' } as const;

/** Guests with a telephone number and a code that are stored encrypted. */
function guests(settings: EmulatorOptions = {}): EmulatorOptions {
  const fields = [
    { key: 'title', type: 'TEXT' },
    { key: 'phone', type: 'TEXT', encrypted: true },
    { key: 'code', type: 'NUMBER', encrypted: true },
  ];
  const items = [
    { _id: 'g1', title: 'Tea', phone: '555-1', code: 1234 },
    { _id: 'g2', title: 'Tea', phone: '555-2', code: 1234 },
  ];
  return { site: { collections: [{ id: 'products', fields, items }] }, ...settings };
}

/** Edits the title of the first teas in git, and imports that. */
async function importEdits(
  { run, merge, file }: Situation,
  count: number,
  inputs: Readonly<Record<string, string>> = {},
) {
  await run({ command: 'export' });
  const [header, ...rows] = (file(path) ?? '').trimEnd().split('\n');
  const edited = rows.map((row, i) => (i < count ? row.replace('Tea', 'Fine tea') : row));
  merge({ [path]: `${[header, ...edited].join('\n')}\n` });
  return run({ command: 'import', ...inputs });
}

function referring({ emulator }: Situation): number {
  const items = [...emulator.site.collection('products').items.values()];
  return items.filter(({ related }) => Array.isArray(related) && related.length === 2).length;
}

function itemQueries({ emulator }: Situation): number {
  return emulator.requests.filter(({ path: asked }) => asked.endsWith('/items/query')).length;
}

function imports({ emulator }: Situation): number {
  return emulator.jobs().filter(({ name }) => name?.includes(' import ')).length;
}

test('an import that keeps the references says nothing of them', async () => {
  await within(teas(4), async (situation) => {
    const { outputs, annotations, exitCode } = await importEdits(situation, 2);
    expect({ exitCode, annotations }).toEqual({ exitCode: 0, annotations: [] });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(referring(situation)).toBe(4);
    expect(imports(situation)).toBe(1);
  });
});

test('an import that empties references fails, and names the rows and all that was there', async () => {
  await within(teas(4, erased), async (situation) => {
    const { outputs, annotations, log, summary, read } = await importEdits(situation, 2);
    expect(outputs).toMatchObject({
      status: 'failed',
      'failure-reason': 'verify-mismatch',
      'rows-changed': '2',
    });
    expect(referring(situation)).toBe(2);
    expect(annotations[0]).toMatch(
      /^::error .*lost 2 values, such as that of related in the item t0000/,
    );
    expect(annotations[1]).toMatch(/^::error .*line=2.*row "t0000": related held "t0003, t0001"/);
    expect(annotations[2]).toMatch(/^::error .*line=3.*row "t0001": related held "t0000, t0002"/);
    expect(log).toContain('t0001 held in related before this import: t0000, t0002');
    expect(summary).toContain('Lost in the import');
    const [report] = JSON.parse(read(outputs['report-json'] ?? '')).files;
    expect(report.losses).toEqual([
      { key: 't0000', field: 'related', held: ['t0003', 't0001'], place: { file: path, line: 2 } },
      { key: 't0001', field: 'related', held: ['t0000', 't0002'], place: { file: path, line: 3 } },
    ]);
  });
});

test('of many rows one is written first, and alone where that takes its references', async () => {
  await within(teas(60, erased), async (situation) => {
    const { outputs, log } = await importEdits(situation, 20);
    expect(outputs).toMatchObject({
      'failure-reason': 'verify-mismatch',
      'rows-changed': '1',
    });
    expect(referring(situation)).toBe(59);
    expect(imports(situation)).toBe(1);
    expect(log).toContain('before this import: t0059, t0001');
  });
});

test('of many rows the rest follows where the first one keeps its references', async () => {
  await within(teas(60), async (situation) => {
    const { outputs } = await importEdits(situation, 20);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '20' });
    expect(referring(situation)).toBe(60);
    expect(imports(situation)).toBe(2);
  });
});

test('references that few of many items have are searched for, as far as that is cheap', async () => {
  await within(teas(400, erased), async (situation) => {
    const { items } = situation.emulator.site.collection('products');
    const rare = 't0120';
    for (const item of items.values()) if (item._id !== rare) delete item.related;
    const { outputs } = await importEdits(situation, 180);
    expect(outputs).toMatchObject({ 'failure-reason': 'verify-mismatch', 'rows-changed': '1' });
    expect(itemQueries(situation)).toBeLessThanOrEqual(8);
  });
});

test('where nothing is found, the log says how far that was looked for', async () => {
  await within(teas(600), async (situation) => {
    const { items } = situation.emulator.site.collection('products');
    for (const item of items.values()) delete item.related;
    const { outputs, log } = await importEdits(situation, 250);
    expect(outputs.status).toBe('success');
    expect(log).toContain('200 of 250 items were looked at, and none holds anything in related');
  });
});

test('a key that may not read items is a warning, and the import goes on', async () => {
  await within(teas(4, erased), async (situation) => {
    const query = { path: '/wix-data/v2/items/query', times: 'always' } as const;
    situation.emulator.faults.add({ kind: 'answer', status: 403, match: query });
    const { outputs, annotations } = await importEdits(situation, 1);
    expect(outputs.status).toBe('success');
    const warning = annotations.find((line) => line.includes('loses related'));
    expect(warning).toMatch(
      /^::warning .*nobody can see whether .*Give the API key the permission/,
    );
  });
});

test('a read that fails for good afterwards fails the run, since nobody knows what went', async () => {
  await within(teas(4, erased), async (situation) => {
    const query = { path: '/wix-data/v2/items/query', nth: 2, times: 'always' } as const;
    situation.emulator.faults.add({ kind: 'answer', status: 403, match: query });
    const { outputs, annotations } = await importEdits(situation, 1);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'auth' });
    expect(annotations[0]).toContain('nobody could look whether related went by it');
  });
});

test('an encrypted value comes back as it was, and stands in no file and no report', async () => {
  await within(guests(), async (situation) => {
    const { outputs, log, summary } = await importEdits(situation, 1);
    expect(outputs.status).toBe('success');
    const { items } = situation.emulator.site.collection('products');
    expect(items.get('g1')).toMatchObject({ title: 'Fine tea', phone: '555-1' });
    expect(situation.file(path)).not.toContain('555');
    expect(log + summary).not.toContain('555');
  });
});

test('an encrypted value that no export has is lost aloud, and never told', async () => {
  await within(guests({ encryptedFields: 'absent' }), async (situation) => {
    const { outputs, annotations, log, summary } = await importEdits(situation, 1);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'verify-mismatch' });
    expect(annotations[1]).toMatch(/^::error .*row "g1": phone is encrypted, and is empty/);
    expect(log + summary).not.toContain('555');
  });
});

test('an encrypted value that is stored otherwise is said to be so, and never told', async () => {
  await within(guests({ csvTypes: 'text' }), async (situation) => {
    const { outputs, annotations, log, summary } = await importEdits(situation, 1);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'verify-mismatch' });
    expect(annotations.join('\n')).toContain('code arrived as "(encrypted)", but not with');
    expect(log + summary).not.toContain('1234');
  });
});

test('truncate-before is refused where references would go, with nothing written', async () => {
  await within(teas(4), async (situation) => {
    const inputs = { 'write-policy': 'truncate-before', deletes: 'apply' };
    const { outputs, annotations } = await importEdits(situation, 1, inputs);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(annotations[0]).toContain('truncate-before could empty related');
    expect(imports(situation)).toBe(0);
    expect(referring(situation)).toBe(4);
  });
});

test('truncate-before is refused where encrypted values are at stake', async () => {
  await within(guests(), async (situation) => {
    const inputs = { 'write-policy': 'truncate-before', deletes: 'apply' };
    const { outputs, annotations } = await importEdits(situation, 1, inputs);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(annotations[0]).toContain('truncate-before could empty phone, an encrypted field');
    expect(imports(situation)).toBe(0);
  });
});

test('a reference to an item that the same run removes is no loss', async () => {
  await within(teas(4), async (situation) => {
    const { run, merge, file, emulator } = situation;
    emulator.site.edit('products', 't0000', { related: ['t0003'] });
    await run({ command: 'export' });
    const rows = (file(path) ?? '').split('\n').filter((row) => !row.startsWith('t0003'));
    merge({ [path]: rows.join('\n').replace('Tea 0', 'Fine tea') });
    const { outputs } = await run({ command: 'import', deletes: 'apply' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1', 'rows-removed': '1' });
  });
});

test('without verify nobody looks', async () => {
  await within(teas(4, erased), async (situation) => {
    const { outputs } = await importEdits(situation, 1, { verify: 'false' });
    expect(outputs.status).toBe('success');
    expect(itemQueries(situation)).toBe(0);
  });
});
