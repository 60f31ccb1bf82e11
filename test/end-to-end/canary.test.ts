import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { path, type Situation, within } from './situation.ts';
import { importEdits, importNew, imports } from './tea-edits.ts';

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
  return { site: { collections: [collection] }, multiReferences: 'empty', ...settings };
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

function referring({ emulator }: Situation): number {
  const items = [...emulator.site.collection('products').items.values()];
  return items.filter(({ related }) => Array.isArray(related) && related.length === 2).length;
}

function itemQueries({ emulator }: Situation): number {
  return emulator.requests.filter(({ path: asked }) => asked.endsWith('/items/query')).length;
}

test('an import that keeps the references says nothing of them, and sends one row first', async () => {
  await within(teas(4), async (situation) => {
    const { outputs, annotations, exitCode } = await importEdits(situation, 2);
    expect({ exitCode, annotations }).toEqual({ exitCode: 0, annotations: [] });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(referring(situation)).toBe(4);
    expect(imports(situation)).toBe(2);
  });
});

test('of a single row the canary is all there is, and costs one request', async () => {
  await within(teas(4), async (situation) => {
    await importEdits(situation, 1);
    expect(imports(situation)).toBe(1);
    const asked = situation.emulator.requests.filter(({ path: to }) => to.includes('/v2/items/'));
    // The first one is made without a canary, too: has somebody edited the item since it was read?
    expect(asked.map(({ path: to }) => to.split('/').at(-1))).toEqual(['query', 'query']);
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

test('references that no export has and an import empties are given back, and nothing more is written', async () => {
  await within(teas(60, erased), async (situation) => {
    const { outputs, annotations } = await importEdits(situation, 20);
    expect(outputs).toMatchObject({
      status: 'failed',
      'failure-reason': 'verify-mismatch',
      'rows-changed': '1',
    });
    expect(annotations[0]).toMatch(
      /^::error .*took related from the item t0000.*nothing more was written. It was written back./,
    );
    expect(referring(situation)).toBe(60);
    expect(imports(situation)).toBe(1);
  });
});

test('references that cannot be given back are named, with all that was there', async () => {
  await within(teas(4, erased), async (situation) => {
    const references = {
      path: '/wix-data/v2/bulk/items/insert-references',
      times: 'always',
    } as const;
    situation.emulator.faults.add({ kind: 'answer', status: 403, match: references });
    const { outputs, annotations, summary, read } = await importEdits(situation, 2);
    expect(outputs).toMatchObject({ 'failure-reason': 'verify-mismatch', 'rows-changed': '1' });
    expect(referring(situation)).toBe(3);
    expect(annotations[0]).toMatch(/^::error .*It could not be written back/);
    expect(annotations[1]).toMatch(/^::error .*line=2.*row "t0000": related had "t0003, t0001"/);
    expect(summary).toContain('Lost in the import');
    const [report] = JSON.parse(read(outputs['report-json'] ?? '')).files;
    expect(report.losses).toEqual([
      { key: 't0000', field: 'related', held: ['t0003', 't0001'], place: { file: path, line: 2 } },
    ]);
  });
});

test('references that the export has are given back to every row', async () => {
  await within(teas(60, { ...erased, multiReferences: 'ids' }), async (situation) => {
    const { outputs, annotations, summary } = await importEdits(situation, 20);
    expect(annotations).toEqual([]);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '20' });
    expect(summary).toContain('an import empties related of the rows that it writes');
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

test.each(['an edited', 'a new'])(
  'a key that may not read items is a warning, and %s row arrives',
  async (row) => {
    await within(teas(4, erased), async (situation) => {
      const query = { path: '/wix-data/v2/items/query', times: 'always' } as const;
      situation.emulator.faults.add({ kind: 'answer', status: 403, match: query });
      const isNew = row === 'a new';
      const { outputs, annotations } = await (isNew
        ? importNew(situation)
        : importEdits(situation, 1));
      expect(outputs.status).toBe('success');
      const warning = annotations.find((line) =>
        line.includes('cannot check that it erases nothing'),
      );
      expect(warning).toMatch(
        /^::warning .*its items could not be read.*Tick all permissions under/,
      );
    });
  },
);

test('rows that cannot be looked at once more are written, and the log says so', async () => {
  await within(teas(4), async (situation) => {
    // After those of the first row, before and after it was written.
    const look = { path: '/wix-data/v2/items/query', nth: 3 } as const;
    situation.emulator.faults.add({ kind: 'answer', status: 403, match: look });
    const { outputs, log } = await importEdits(situation, 2);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(log).toContain(
      'products: the import could not check for edits in the CMS since it was read',
    );
  });
});

test('a read that fails for good afterwards fails the run, since nobody knows what went', async () => {
  await within(teas(4, erased), async (situation) => {
    const query = { path: '/wix-data/v2/items/query', nth: 2, times: 'always' } as const;
    situation.emulator.faults.add({ kind: 'answer', status: 403, match: query });
    const { outputs, annotations } = await importEdits(situation, 2);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'auth' });
    expect(annotations[0]).toContain('its item could not be read to compare');
    expect(imports(situation)).toBe(1);
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

test('an encrypted value that no export has is given back, and never told', async () => {
  await within(guests({ encryptedFields: 'absent' }), async (situation) => {
    const { outputs, annotations, log, summary } = await importEdits(situation, 2);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'verify-mismatch' });
    expect(annotations[0]).toMatch(/took phone, code from the item g1.*It was written back/);
    const { items } = situation.emulator.site.collection('products');
    expect(items.get('g1')).toMatchObject({ title: 'Fine tea', phone: '555-1', code: 1234 });
    expect(items.get('g2')).toMatchObject({ title: 'Tea', phone: '555-2' });
    expect(log + summary).not.toContain('555');
  });
});

test('an encrypted value that cannot be given back is lost aloud, and never told', async () => {
  await within(guests({ encryptedFields: 'absent' }), async (situation) => {
    const patch = { path: '/wix-data/v2/bulk/items/patch', times: 'always' } as const;
    situation.emulator.faults.add({ kind: 'answer', status: 403, match: patch });
    const { outputs, annotations, log, summary } = await importEdits(situation, 1);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'verify-mismatch' });
    expect(annotations[1]).toMatch(/^::error .*row "g1": phone had "\(encrypted\)"/);
    expect(log + summary).not.toContain('555');
  });
});

test('truncate-before is refused where references would go, with nothing written', async () => {
  await within(teas(4), async (situation) => {
    const inputs = { 'write-policy': 'truncate-before', deletes: 'apply' };
    const { outputs, annotations } = await importEdits(situation, 1, inputs);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(annotations[0]).toContain('truncate-before could erase related');
    expect(imports(situation)).toBe(0);
    expect(referring(situation)).toBe(4);
  });
});

test('truncate-before is refused where encrypted values are at stake', async () => {
  await within(guests(), async (situation) => {
    const inputs = { 'write-policy': 'truncate-before', deletes: 'apply' };
    const { outputs, annotations } = await importEdits(situation, 1, inputs);
    expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
    expect(annotations[0]).toContain('truncate-before could erase phone (encrypted)');
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

test('without verify nobody looks but for edits in the CMS meanwhile', async () => {
  await within(teas(4, erased), async (situation) => {
    const { outputs } = await importEdits(situation, 1, { verify: 'false' });
    expect(outputs.status).toBe('success');
    expect(itemQueries(situation)).toBe(1);
  });
});
