/** Imports that end before they have seen what arrived, and what git does next. */
import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { git } from '../repository/support.ts';
import {
  exported,
  importCutOff,
  importUnrecorded,
  onPush,
  path,
  type Situation,
  site,
  within,
} from './situation.ts';

const edited = exported.replace('Green tea', 'Sencha');
const truncating = { command: 'import', deletes: 'apply', 'write-policy': 'truncate-before' };

function titles({ emulator }: Situation): readonly unknown[] {
  const items = [...emulator.site.collection('products').items.values()];
  return items.map(({ title }) => title).sort();
}

function recorded({ remote, emulator }: Situation): readonly string[] {
  const ref = `refs/wix-cms/${emulator.siteId}`;
  return git(remote, 'ls-tree', '--name-only', ref).split('\n');
}

/** Goes on as the workflows do, and expects that git's content is what both sides hold. */
async function expectGitWins(situation: Situation, text: string): Promise<void> {
  const { run, file } = situation;
  expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('');
  expect((await run({ command: 'export' })).outputs['failure-reason']).toBe('');
  expect(file(path)).toBe(text);
  expect(titles(situation)).toContain(text === edited ? 'Sencha' : 'Green tea');
  expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
}

const cutOff: readonly (readonly [string, (situation: Situation) => Promise<unknown>])[] = [
  [
    'could not read back what arrived',
    async ({ run, emulator }) => {
      // A key that may not read items does not see what arrived of a single row, either.
      const query = { path: '/wix-data/v2/items/query', times: 'always' } as const;
      emulator.faults.add({ kind: 'answer', status: 403, match: query });
      const match = { kind: 'export', nth: 2 } as const;
      emulator.faults.addToJob({ match, end: 'FAILED', code: 'WDH0001' });
      await run({ command: 'import' });
      emulator.faults.clear();
    },
  ],
  ['did not look', ({ run }) => run({ command: 'import', verify: 'false' })],
  ['was cancelled behind its job', importCutOff],
  ['could not record what it saw', (situation) => importUnrecorded(situation)],
];

test.each(cutOff)('git takes back what an import wrote that %s', async (_how, importing) => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    situation.merge({ [path]: edited });
    await importing(situation);
    expect(titles(situation)).toContain('Sencha');
    situation.merge({ [path]: exported });
    await expectGitWins(situation, exported);
    expect(recorded(situation)).toEqual(['agreed']);
  });
});

test.each(cutOff)(
  'an export leaves what git took back after an import that %s',
  async (_how, importing) => {
    await within(site, async (situation) => {
      await situation.run({ command: 'export' });
      situation.merge({ [path]: edited });
      await importing(situation);
      situation.merge({ [path]: exported });
      await situation.run({ command: 'export' });
      await expectGitWins(situation, exported);
    });
  },
);

test('what git takes back is not forgotten when that import is cut off as well', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited });
    await run({ command: 'import', verify: 'false' });
    merge({ [path]: exported });
    const match = { kind: 'import' } as const;
    emulator.faults.addToJob({ match, end: 'FAILED', code: 'WDH0002', rows: 0 });
    expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('job-failed');
    expect(titles(situation)).toContain('Sencha');
    await expectGitWins(situation, exported);
  });
});

test('git brings back a row whose item an import removed and could not record', async () => {
  await within(site, async (situation) => {
    const { run, merge, file, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('p3,White tea,9,,\n', '') });
    const { outputs } = await importUnrecorded(situation, { deletes: 'apply' });
    expect(outputs['rows-removed']).toBe('1');
    merge({ [path]: exported });
    expect((await run({ command: 'import' })).outputs['rows-added']).toBe('1');
    await run({ command: 'export' });
    expect(file(path)).toBe(exported);
    expect(emulator.site.collection('products').items.has('p3')).toBe(true);
  });
});

test('an edit in the CMS after an import that nobody saw arrive is one of the CMS', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator, file } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited });
    await run({ command: 'import', verify: 'false' });
    emulator.site.edit('products', 'p1', { title: 'Gyokuro' });
    expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
    await run({ command: 'export' });
    expect(file(path)).toBe(exported.replace('Green tea', 'Gyokuro'));
  });
});

test('a job that took nothing is tried again', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited });
    const partly = { end: 'PARTIALLY_SUCCESSFUL', cause: 'Out of time', rows: 0 } as const;
    emulator.faults.addToJob({ match: { kind: 'import' }, ...partly });
    await run({ command: 'import', verify: 'false' });
    expect(titles(situation)).toContain('Green tea');
    await expectGitWins(situation, edited);
  });
});

test('without a note of what it writes, an import writes nothing', async () => {
  await within(site, async (situation) => {
    const { run, merge, remote } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited });
    onPush(remote, 'while read old new ref; do case $ref in refs/wix-cms/*) exit 1;; esac; done');
    const { outputs, annotations } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'failed', 'rows-changed': '0' });
    expect(annotations[0]).toContain('could not be noted in the record, so nothing was written');
    expect(titles(situation)).toContain('Green tea');
    onPush(remote, 'true');
    await expectGitWins(situation, edited);
  });
});

test('a new row that could not get its references gets them with the next run', async () => {
  const reference = { reference: { referencedCollectionId: 'products' } };
  const fields = [
    { key: 'title', type: 'TEXT' },
    { key: 'next', type: 'REFERENCE', typeMetadata: reference },
  ];
  const items = [{ _id: 'a', title: 'A' }];
  const linked: EmulatorOptions = { site: { collections: [{ id: 'products', fields, items }] } };
  await within(linked, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: '_id,title,next\na,A,\nb,B,c\nc,C,b\n' });
    const match = { kind: 'import', nth: 2 } as const;
    emulator.faults.addToJob({ match, end: 'FAILED', code: 'WDH0002', rows: 0 });
    expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('job-failed');
    emulator.faults.clear();
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    const { items: stored } = emulator.site.collection('products');
    expect([stored.get('b')?.next, stored.get('c')?.next]).toEqual(['c', 'b']);
  });
});

const halfway: readonly (readonly [string, (situation: Situation) => void])[] = [
  [
    'failed halfway',
    ({ emulator }) => {
      const failed = { end: 'FAILED', code: 'WDH0002', rows: 1 } as const;
      emulator.faults.addToJob({ match: { kind: 'import' }, ...failed });
    },
  ],
  [
    'lost a row that git had not touched',
    ({ emulator }) => {
      const words = { code: 'WDE0009', description: 'The item is too large.' };
      emulator.faults.rejectRow({ collection: 'products', id: 'p3', ...words });
    },
  ],
];

test.each(halfway)(
  'a collection whose truncating import %s is filled by the next one',
  async (_how, disturb) => {
    await within(site, async (situation) => {
      const { run, merge, file, emulator } = situation;
      // The references of this site would go with the items.
      const { items } = emulator.site.collection('products');
      for (const item of items.values()) delete item.related;
      await run({ command: 'export' });
      merge({ [path]: edited });
      disturb(situation);
      const broken = await run(truncating);
      expect(broken.exitCode).toBe(1);
      expect(titles(situation).length).toBeLessThan(3);
      emulator.faults.clear();
      expect((await run(truncating)).outputs.status).toBe('success');
      expect(titles(situation)).toEqual(['Black tea, "strong"', 'Sencha', 'White tea']);
      expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
      expect(file(path)).toBe(edited);
    });
  },
);

test('a truncating import whose job failed before it began loses nothing that git did', async () => {
  await within(site, async (situation) => {
    const { run, merge, file, emulator } = situation;
    for (const item of emulator.site.collection('products').items.values()) delete item.related;
    await run({ command: 'export' });
    merge({ [path]: edited.replace('p3,White tea,9,,\n', '') });
    const failed = { end: 'FAILED', code: 'WDH0002', rows: 0 } as const;
    emulator.faults.addToJob({ match: { kind: 'import' }, ...failed });
    expect((await run(truncating)).exitCode).toBe(1);
    emulator.faults.clear();
    expect((await run({ command: 'export', deletes: 'apply' })).outputs.status).toBe('unchanged');
    expect(file(path)).not.toContain('White tea');
    expect((await run(truncating)).outputs).toMatchObject({ status: 'success' });
    expect(titles(situation)).toEqual(['Black tea, "strong"', 'Sencha']);
  });
});

test('an item that the CMS alone has outlives every truncating import', async () => {
  await within(site, async (situation) => {
    const { run, merge, file, emulator } = situation;
    for (const item of emulator.site.collection('products').items.values()) delete item.related;
    await run({ command: 'export' });
    emulator.site.insert('products', { _id: 'p9', title: 'Oolong' });
    for (const title of ['Sencha', 'Gyokuro']) {
      merge({ [path]: exported.replace('Green tea', title) });
      expect((await run(truncating)).outputs).toMatchObject({ status: 'success' });
      expect(titles(situation)).toEqual(
        ['Black tea, "strong"', title, 'Oolong', 'White tea'].sort(),
      );
    }
    merge({ [path]: exported.replace('Green tea', 'Matcha') });
    expect((await run({ command: 'import', deletes: 'apply' })).outputs['rows-removed']).toBe('0');
    await run({ command: 'export', deletes: 'apply' });
    expect(file(path)).toContain('p9,Oolong');
  });
});

test('what stood in for the record is kept in it, so that a rejected row is tried again', async () => {
  await within(site, async (situation) => {
    const { run, merge, remote, emulator } = situation;
    await run({ command: 'export' });
    git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
    const event = merge({ [path]: edited });
    const pushed = { event, environment: { GITHUB_EVENT_NAME: 'push' } };
    const words = { code: 'WDE0009', description: 'The item is too large.' };
    const undo = emulator.faults.rejectRow({ collection: 'products', id: 'p1', ...words });
    expect((await run({ command: 'import' }, pushed)).outputs.status).toBe('partial');
    undo();
    expect((await run({ command: 'import' }, pushed)).outputs.status).toBe('success');
    expect(titles(situation)).toContain('Sencha');
  });
});
