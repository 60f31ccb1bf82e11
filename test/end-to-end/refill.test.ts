/** Imports that empty the collection first: what only the CMS has travels along, and stays the CMS's. */
import { expect, test } from '@jest/globals';
import { edit, exported, path, type Situation, site, titleOf, within } from './situation.ts';

const refill = { command: 'import', deletes: 'apply', 'write-policy': 'truncate-before' };

/** Git has another title for the first product, the CMS another price and another second product. */
async function bothEdited(situation: Situation): Promise<void> {
  const { run, merge } = situation;
  await run({ command: 'export' });
  merge({ [path]: exported.replace('Green tea', 'Sencha') });
  edit(situation, 'p1', { price: 5 });
  edit(situation, 'p3', { title: 'Silver tips' });
}

/** Both sides hold git's edit and those of the CMS. */
async function expectAll({ run, file, emulator }: Situation): Promise<void> {
  await run({ command: 'import' });
  await run({ command: 'export' });
  await run({ command: 'import' });
  expect(emulator.site.collection('products').items.get('p1')).toMatchObject({
    title: 'Sencha',
    price: 5,
  });
  expect(file(path)).toContain('p1,Sencha,5,');
  expect(file(path)).toContain('p3,Silver tips,');
}

test('edits that the CMS made before the collection was emptied are not undone by the next import', () =>
  within(site, async (situation) => {
    await bothEdited(situation);
    expect((await situation.run(refill)).outputs.status).toBe('success');
    await expectAll(situation);
  }));

test('a conflict stays one after the collection was emptied', () =>
  within(site, async (situation) => {
    const { run, merge, file } = situation;
    await bothEdited(situation);
    edit(situation, 'p1', { title: 'Gyokuro' });
    merge({ [path]: (file(path) ?? '').replace(',5.5,', ',6,') });
    for (const inputs of [refill, refill, { command: 'import' }]) {
      expect((await run(inputs)).outputs).toMatchObject({
        'failure-reason': 'conflict',
        'rows-conflicting': '1',
      });
      expect(titleOf(situation, 'p1')).toBe('Gyokuro');
    }
  }));

test('edits of the CMS come back where the import emptied the collection and failed', () =>
  within(site, async (situation) => {
    const { run, emulator } = situation;
    await bothEdited(situation);
    const end = { end: 'FAILED', code: 'WDH0002', rows: 1 } as const;
    emulator.faults.addToJob({ match: { kind: 'import' }, ...end });
    expect((await run(refill)).exitCode).toBe(1);
    expect(emulator.site.collection('products').items.size).toBe(1);
    await expectAll(situation);
  }));

/** Does something in the CMS right before the import looks at its rows once more. */
function beforeLook(situation: Situation, act: () => unknown): void {
  let isDone = false;
  const where = () => {
    if (!isDone) act();
    isDone = true;
    return false;
  };
  situation.emulator.faults.add({
    kind: 'hang',
    match: { path: '/wix-data/v2/items/query', where },
  });
}

test('an item that was removed in the CMS before the collection would have been emptied stays removed', () =>
  within(site, async (situation) => {
    const { emulator, run, file } = situation;
    await bothEdited(situation);
    beforeLook(situation, () => emulator.site.remove('products', 'p3'));
    expect((await run(refill)).outputs).toMatchObject({ 'failure-reason': 'conflict' });
    expect((await run(refill)).outputs).toMatchObject({ status: 'success' });
    await run({ command: 'export' });
    expect(emulator.site.collection('products').items.has('p3')).toBe(false);
    expect(file(path)).not.toContain('p3,');
  }));

test.each([
  ['edited', ({ emulator }: Situation) => emulator.site.edit('products', 'p3', { price: 10 })],
  [
    'made',
    ({ emulator }: Situation) => emulator.site.insert('products', { _id: 'new', title: 'New' }),
  ],
])('nothing is emptied where an item was %s in the CMS since it was read', (what, act) =>
  within(site, async (situation) => {
    const { emulator, run } = situation;
    await bothEdited(situation);
    beforeLook(situation, () => act(situation));
    expect((await run(refill)).outputs).toMatchObject({ 'failure-reason': 'conflict' });
    const { items } = emulator.site.collection('products');
    expect(what === 'edited' ? items.get('p3')?.price : items.get('new')?.title).toBe(
      what === 'edited' ? 10 : 'New',
    );
    expect(titleOf(situation, 'p1')).toBe('Green tea');
    await expectAll(situation);
  }),
);

test.each([
  ['looked again', '/wix-data/v2/items/query', 'conflict'],
  ['submitted its job', '/data-mover/v1/temporary-files/upload-url', 'api'],
])(
  'what the CMS removes stays removed after an import that gave way to another one before it %s',
  (_, asked, reason) =>
    within(site, async (situation) => {
      const { emulator, run, file } = situation;
      await bothEdited(situation);
      const until = async () => void (await run(refill));
      emulator.faults.add({ kind: 'wait', until, match: { path: asked, nth: 1 } });
      expect((await run(refill)).outputs['failure-reason']).toBe(reason);
      emulator.site.remove('products', 'p2');
      await run({ command: 'import' });
      await run({ command: 'export' });
      expect(emulator.site.collection('products').items.has('p2')).toBe(false);
      expect(file(path)).not.toContain('p2,');
    }),
);

test('what git has removed since stays removed, whatever an unknown job may have taken away before', () =>
  within(site, async (situation) => {
    const { emulator, run, merge, file } = situation;
    await bothEdited(situation);
    emulator.faults.addToJob({ match: { kind: 'import' }, end: 'gone', rows: 2 });
    expect((await run(refill)).exitCode).toBe(1);
    await expectAll(situation);
    merge({ [path]: (file(path) ?? '').replace(/^p3,.*\n/m, '') });
    for (const { status } of [{ status: 'success' }, { status: 'unchanged' }]) {
      expect((await run(refill)).outputs.status).toBe(status);
      expect(emulator.site.collection('products').items.has('p3')).toBe(false);
    }
  }));

test('what the CMS had removed before, and was rejected, is a conflict again', () =>
  within(site, async (situation) => {
    const { emulator, run } = situation;
    await bothEdited(situation);
    emulator.site.remove('products', 'p1');
    emulator.faults.rejectRow({ id: 'p1', code: 'WDE0009', description: 'Too large.' });
    expect((await run({ ...refill, 'on-conflict': 'git' })).outputs.status).toBe('partial');
    emulator.faults.clear();
    expect((await run(refill)).outputs['failure-reason']).toBe('conflict');
    expect(emulator.site.collection('products').items.has('p1')).toBe(false);
  }));

test('a row that was rejected comes back, though another import gave way meanwhile', () =>
  within(site, async (situation) => {
    const { emulator, run } = situation;
    await bothEdited(situation);
    emulator.faults.rejectRow({ id: 'p2', code: 'WDE0009', description: 'Too large.' });
    const until = async () => void (await run(refill));
    const match = { path: '/data-mover/v1/temporary-files/upload-url', nth: 1 };
    emulator.faults.add({ kind: 'wait', until, match });
    expect((await run(refill)).outputs['failure-reason']).toBe('api');
    const { items } = emulator.site.collection('products');
    expect(items.has('p2')).toBe(false);
    emulator.faults.clear();
    await expectAll(situation);
    expect(items.get('p2')).toMatchObject({ price: 5.5 });
  }));

test('what git removed and the CMS edited stays a conflict, though two imports failed to empty the collection', () =>
  within(site, async (situation) => {
    const { run, merge, file, emulator } = situation;
    const { items } = emulator.site.collection('products');
    await run({ command: 'export' });
    merge({ [path]: exported.replace(/p2,.*\n.*\n/, '').replace('White tea', 'Silver tips') });
    edit(situation, 'p1', { price: 7 });
    emulator.faults.addToJob({
      match: { kind: 'import' },
      end: 'FAILED',
      code: 'WDH0001',
      rows: 0,
    });
    await run(refill);
    edit(situation, 'p2', { price: 8 });
    emulator.faults.addToJob({ match: { kind: 'import' }, end: 'gone', rows: 1 });
    await run(refill);
    expect(items.has('p2')).toBe(false);
    // It brings back what the job before took away, and the next one decides.
    await run(refill);
    for (const command of ['export', 'import']) {
      expect((await run({ ...refill, command })).outputs['rows-conflicting']).toBe('1');
    }
    expect(file(path)).not.toContain('p2,');
    expect(items.get('p2')).toMatchObject({ price: 8 });
  }));
