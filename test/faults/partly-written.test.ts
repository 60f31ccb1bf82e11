import { beforeAll, describe, expect, test } from '@jest/globals';
import { silentRefusal } from '../../emulator/faults.ts';
import { editedInGit } from './scenes.ts';
import { play, type Scene } from './stage.ts';

const inputs = { command: 'import', deletes: 'apply' };
const always = { times: 'always' } as const;

let scene: Scene;
beforeAll(async () => {
  scene = await editedInGit();
});

describe('an import that fails after its rows were written', () => {
  test('because it may not remove items says which rows arrived, and keeps that', async () => {
    await using stage = await play(scene);
    const remove = '/wix-data/v2/bulk/items/remove';
    stage.emulator.faults.add({ ...silentRefusal(403), match: { path: remove } });
    const { result } = await stage.run(inputs);
    expect(result).toMatchObject({ status: 'failed', failureReason: 'auth' });
    const [file] = result.files;
    expect(file?.changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual([
      'changed p1',
      'added p4',
    ]);
    expect(file?.failure?.message).toContain('Tick all permissions under "Wix Data"');
    const next = await stage.run(inputs);
    expect(next.result.files[0]?.changes).toMatchObject([{ kind: 'removed', key: 'p2' }]);
  });

  test('because the log of its first row cannot be read sends no more, reads back and says so', async () => {
    await using stage = await play(scene);
    stage.emulator.settings.successesLogged = true;
    stage.emulator.faults.add({ ...silentRefusal(404), match: { path: '*/logs' } });
    const { result } = await stage.run(inputs);
    expect(result).toMatchObject({ status: 'failed', failureReason: 'api' });
    expect(result.files[0]?.changes.map(({ key }) => key)).toEqual(['p1']);
    expect(stage.emulator.site.collection('products').items.size).toBe(3);
  });

  test('because nobody can read it back leaves base, so that what got lost is tried again', async () => {
    await using stage = await play(scene);
    // The job of the rows behind the first one says that all went well, and wrote nothing.
    stage.emulator.faults.addToJob({
      match: { kind: 'import', nth: 2 },
      end: 'COMPLETED',
      rows: 0,
    });
    stage.emulator.faults.add({
      ...silentRefusal(403),
      match: { host: 'api', path: '*/jobs', nth: 4, ...always },
    });
    const { result } = await stage.run(inputs);
    expect(result).toMatchObject({ status: 'failed', failureReason: 'auth' });
    expect(result.files[0]?.failure?.message).toContain('could not be read back');
    stage.emulator.faults.clear();
    const next = await stage.run(inputs);
    expect(next.result.files[0]?.changes.map(({ key }) => key)).toEqual(['p4']);
    const { items } = stage.emulator.site.collection('products');
    expect([...items.values()].map(({ title }) => title).sort()).toEqual([
      'Oolong',
      'Sencha',
      'White tea',
    ]);
  });

  test('because its job cannot be followed any more says that the job may still write', async () => {
    await using stage = await play(scene);
    const where = () => stage.emulator.jobs().some(({ name }) => name?.includes(' import '));
    stage.emulator.faults.add({
      ...silentRefusal(403),
      match: { path: /\/jobs\/[^/]+$/, where, ...always },
    });
    const { result } = await stage.run(inputs);
    expect(result).toMatchObject({ status: 'failed', failureReason: 'auth' });
    const [job] = stage.emulator.jobs().filter(({ name }) => name?.includes(' import '));
    expect(result.files[0]?.failure?.message).toContain(`The import job ${job?.id} was submitted`);
  });
});
