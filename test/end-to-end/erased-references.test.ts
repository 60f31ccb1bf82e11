/** Sites whose imports empty the multi-references of each row that they write, and runs that end before they are back. */
import { expect, test } from '@jest/globals';
import { silentRefusal } from '../../emulator/faults.ts';
import { git } from '../repository/support.ts';
import { herbsOf, list, retitled, teas } from './erased.ts';
import { importCutOff, path, type Situation, within } from './situation.ts';

const refusedInsert = { ...silentRefusal(401), match: { path: '*/insert-references' } };

const cutOff: readonly (readonly [string, (situation: Situation) => Promise<unknown>])[] = [
  ['was cancelled behind its first job', (situation) => importCutOff(situation)],
  [
    'may not write references',
    ({ run, emulator }) => {
      emulator.faults.add({ ...refusedInsert, match: { ...refusedInsert.match, times: 'always' } });
      return run({ command: 'import' });
    },
  ],
  [
    'fails after its first row',
    ({ run, emulator }) => {
      emulator.faults.add({ ...refusedInsert, match: { ...refusedInsert.match, nth: 2 } });
      return run({ command: 'import' });
    },
  ],
  [
    'loses sight of its second job',
    ({ run, emulator }) => {
      emulator.faults.addToJob({ match: { kind: 'import', nth: 2 }, end: 'gone', rows: 2 });
      return run({ command: 'import' });
    },
  ],
];

test.each(cutOff)(
  'an export leaves references in git that an import emptied which %s, and the next import gives them back',
  (_, importing) =>
    within(teas(), async (situation) => {
      const { run, file, emulator, remote } = situation;
      const edited = await retitled(situation);
      await importing(situation);
      expect(herbsOf(situation)).not.toEqual([['h1', 'h2'], ['h2'], []]);
      emulator.faults.clear();
      await run({ command: 'export' });
      expect(file(path)).toBe(edited);
      expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('');
      expect(herbsOf(situation)).toEqual([['h1', 'h2'], ['h2'], []]);
      expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
      expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
      expect(file(path)).toBe(edited);
      const ref = `refs/wix-cms/${emulator.siteId}`;
      expect(git(remote, 'ls-tree', '--name-only', ref)).toBe('agreed');
    }),
);

test('references that git changed along with their row are written by the import after one that was cut off', () =>
  within(teas(), async (situation) => {
    await retitled(situation, (text) => text.replace('"[""h1"",""h2""]"', '"[""h3""]"'));
    await importCutOff(situation);
    expect((await situation.run({ command: 'import' })).outputs['failure-reason']).toBe('');
    expect(herbsOf(situation)).toEqual([['h3'], ['h2'], []]);
  }));

test('references that git empties after an import was cut off stay empty', () =>
  within(teas(), async (situation) => {
    const { run, merge } = situation;
    const edited = await retitled(situation);
    await importCutOff(situation);
    merge({ [path]: edited.replaceAll(/"\[.*\]"/g, '') });
    expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('');
    expect(herbsOf(situation)).toEqual([[], [], []]);
    expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
    expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
  }));

test('references that only the CMS had when an import was cut off come to git', () =>
  within(teas(), async (situation) => {
    const { run, file, emulator } = situation;
    await retitled(situation);
    emulator.site.edit('products', 't3', { herbs: ['h7'] });
    emulator.site.edit('products', 't1', { herbs: ['h7'] });
    await importCutOff(situation);
    await run({ command: 'import' });
    await run({ command: 'export' });
    expect(herbsOf(situation)).toEqual([['h7'], ['h2'], ['h7']]);
    expect(file(path)).toContain('t1,Fine tea 1,"[""h7""]"');
    expect(file(path)).toContain('t3,Fine tea 3,"[""h7""]"');
  }));

test('references that the CMS sets after an import was cut off are its edit', () =>
  within(teas(), async (situation) => {
    const { run, file, emulator } = situation;
    await retitled(situation);
    await importCutOff(situation);
    emulator.site.edit('products', 't1', { herbs: ['h7'] });
    await run({ command: 'import' });
    await run({ command: 'export' });
    expect(herbsOf(situation)).toEqual([['h7'], ['h2'], []]);
    expect(file(path)).toContain('t1,Fine tea 1,"[""h7""]"');
  }));

test('references that the CMS empties after an import that went well are its edit', () =>
  within(teas(), async (situation) => {
    const { run, file, emulator } = situation;
    await retitled(situation);
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    emulator.site.edit('products', 't1', { herbs: [] });
    await run({ command: 'import' });
    await run({ command: 'export' });
    expect(herbsOf(situation)).toEqual([[], ['h2'], []]);
    expect(file(path)).toContain('t1,Fine tea 1,[]\n');
  }));

test('a field that imports only read gets its references back', () =>
  within(teas(), async (situation) => {
    const { run, merge, file } = situation;
    const config = 'collections: [{ id: products, multi-references: read }]\n';
    merge({ '.github/wix-cms.yml': config });
    const inputs = { collections: '' };
    await run({ command: 'export', ...inputs });
    const edited = (file(path) ?? '').replaceAll('Tea', 'Fine tea');
    merge({ [path]: edited });
    await importCutOff(situation, inputs);
    await run({ command: 'export', ...inputs });
    expect(file(path)).toBe(edited);
    await run({ command: 'import', ...inputs });
    expect(herbsOf(situation)).toEqual([['h1', 'h2'], ['h2'], []]);
  }));

test('a collection that was emptied and filled gets its references back', () =>
  within(teas(), async (situation) => {
    const { run, file } = situation;
    const refill = { deletes: 'apply', 'write-policy': 'truncate-before' };
    const edited = await retitled(situation);
    await importCutOff(situation, refill);
    expect(herbsOf(situation)).toEqual([[], [], []]);
    await run({ command: 'export', ...refill });
    expect(file(path)).toBe(edited);
    expect((await run({ command: 'import', ...refill })).outputs['failure-reason']).toBe('');
    expect(herbsOf(situation)).toEqual([['h1', 'h2'], ['h2'], []]);
    expect((await run({ command: 'import', ...refill })).outputs.status).toBe('unchanged');
  }));

test('a row gets all its references back, also those that the API does not show with the item', () =>
  within(teas(list(0, 60)), async (situation) => {
    await retitled(situation);
    await situation.run({ command: 'import' });
    expect(herbsOf(situation)).toEqual([list(0, 60), ['h2'], []]);
  }));

test('what one request gives back is whole, so that a list is never cut', () =>
  within(teas(['h1'], list(0, 300), list(300, 600)), async (situation) => {
    const { run, emulator, file } = situation;
    const edited = await retitled(situation);
    emulator.faults.add({ ...refusedInsert, match: { ...refusedInsert.match, nth: 3 } });
    await run({ command: 'import' });
    await run({ command: 'export' });
    expect(file(path)).toBe(edited);
    await run({ command: 'import' });
    expect(herbsOf(situation)).toEqual([['h1'], list(0, 300), list(300, 600)]);
  }));
