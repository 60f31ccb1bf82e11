/** Runs that overlap, and runs that cannot record: what they have read must not undo anything. */
import { describe, expect, test } from '@jest/globals';
import { realClock } from '../../emulator/settings.ts';
import { git } from '../repository/support.ts';
import { fakeClock } from '../wix/support.ts';
import { branch, propose } from './proposal.ts';
import {
  exported,
  onPush,
  path,
  products,
  type Situation,
  site,
  titleOf,
  within,
} from './situation.ts';

const edited = exported.replace('Green tea', 'Sencha');
const refuseRecords = 'while read old new ref; do case $ref in refs/wix-cms/*) exit 1;; esac; done';

/**
 * Lets a run overlap another one: the first download of the one waits until the other, which begins
 * when the one first looks at its jobs, is over.
 */
async function overlapping(
  play: (situation: Situation, overlap: (other: () => Promise<unknown>) => void) => Promise<void>,
): Promise<void> {
  let other: Promise<unknown> = Promise.resolve();
  const untilOver = 123_456;
  const clock = {
    ...realClock,
    sleep: async (milliseconds: number, signal?: AbortSignal) =>
      milliseconds === untilOver ? void (await other) : realClock.sleep(milliseconds, signal),
  };
  await within({ ...site, clock }, (situation) =>
    play(situation, (begin) => {
      const { faults } = situation.emulator;
      let isFirst = true;
      const where = () => {
        if (isFirst) other = begin();
        isFirst = false;
        return false;
      };
      const looks = { path: '/data-mover/v1/jobs/query', where, times: 'always' } as const;
      faults.add({ kind: 'hang', match: looks });
      faults.add({ kind: 'slow', delay: untilOver, match: { host: 'download' } });
    }),
  );
}

test('an export that cannot record what it offers offers nothing', async () => {
  await within(site, async (situation) => {
    const { run, remote, emulator, hub } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p1', { title: 'Oolong' });
    onPush(remote, refuseRecords);
    const before = git(remote, 'rev-parse', 'main');
    for (const inputs of [propose, { command: 'export' }]) {
      const { outputs, annotations } = await run(inputs);
      expect(outputs).toMatchObject({ status: 'failed', branch: '' });
      expect(annotations.join('\n')).toContain(
        'Nothing was committed, because a commit and its record move together: ',
      );
    }
    expect(git(remote, 'rev-parse', 'main')).toBe(before);
    expect(hub.pulls).toEqual([]);
    onPush(remote, 'true');
    expect((await run(propose)).outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
  });
});

test('an export that was cancelled behind its push has recorded what it offers', async () => {
  await within(site, async (situation) => {
    const { run, remote, emulator, hub } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p1', { title: 'Oolong' });
    hub.faults.before('pulls/create', async () => {
      emulator.site.edit('products', 'p1', { title: 'Green tea' });
    });
    await run(propose, {
      onStart: (kill) => hub.faults.before('pulls/list', async () => kill('SIGTERM')),
    });
    emulator.site.edit('products', 'p1', { title: 'Green tea' });
    git(remote, 'update-ref', 'refs/heads/main', git(remote, 'rev-parse', branch));
    expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'unchanged' });
    expect(titleOf(situation, 'p1')).toBe('Green tea');
  });
});

test('an export that overlaps an import takes neither its note nor its record away', async () => {
  await overlapping(async (situation, overlap) => {
    const { run, merge, file, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited });
    emulator.site.edit('products', 'p3', { price: 10 });
    overlap(async () => {
      expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'success' });
    });
    const late = await run({ command: 'export' });
    expect(late.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(late.log).toContain('this export starts over');
    expect(file(path)).toBe(edited.replace('White tea,9', 'White tea,10'));
    emulator.faults.clear();
    merge({ [path]: exported.replace('White tea,9', 'White tea,10') });
    expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'success' });
    await run({ command: 'export' });
    expect(file(path)).toBe(exported.replace('White tea,9', 'White tea,10'));
    expect(titleOf(situation, 'p1')).toBe('Green tea');
  });
});

test('an import that another one is faster than starts over, from the branch as it is then', async () => {
  await overlapping(async (situation, overlap) => {
    const { run, merge } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited });
    overlap(async () => {
      merge({ [path]: edited.replace('Sencha', 'Gyokuro') });
      expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'success' });
    });
    const older = await run({ command: 'import' });
    expect(older.outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '' });
    expect(older.log).toContain('this import starts over');
    expect(titleOf(situation, 'p1')).toBe('Gyokuro');
  });
});

test('without a record, a run that is run again takes nothing back that came later', async () => {
  await within({ site: { collections: [products] } }, async (situation) => {
    const { run, merge, remote, emulator } = situation;
    await run({ command: 'export' });
    git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}`);
    onPush(remote, refuseRecords);
    const pushed = (event: object, attempt = '1') => ({
      event,
      environment: { GITHUB_EVENT_NAME: 'push', GITHUB_RUN_ATTEMPT: attempt },
    });
    const first = merge({ [path]: edited });
    const { outputs, workspace } = await run({ command: 'import' }, pushed(first));
    expect(outputs.status).toBe('success');
    const second = merge({ [path]: exported });
    expect((await run({ command: 'import' }, pushed(second))).outputs.status).toBe('success');
    const again = await run({ command: 'import' }, { ...pushed(first, '2'), workspace });
    expect(again.outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '' });
    expect(titleOf(situation, 'p1')).toBe('Green tea');
  });
});

test('an older offer is still known where the push of the newer one is refused', async () => {
  await within(site, async (situation) => {
    const { run, remote, emulator } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p1', { title: 'Oolong' });
    emulator.site.edit('products', 'p3', { price: 10 });
    await run(propose);
    emulator.site.edit('products', 'p1', { title: 'Green tea' });
    onPush(
      remote,
      `while read old new ref; do case $ref in refs/heads/${branch}) exit 1;; esac; done`,
    );
    expect((await run(propose)).exitCode).toBe(1);
    onPush(remote, 'true');
    git(remote, 'update-ref', 'refs/heads/main', git(remote, 'rev-parse', branch));
    expect((await run({ command: 'import' })).outputs).toMatchObject({ status: 'unchanged' });
    expect(titleOf(situation, 'p1')).toBe('Green tea');
  });
});

describe('a new row without an id stays in git, and one item on the site', () => {
  const removing = { command: 'import', deletes: 'apply' };

  /** Merges a new row, imports it in some way, and lets an export and another import follow. */
  async function imported(play: (situation: Situation) => Promise<unknown>): Promise<void> {
    await within(site, async (situation) => {
      const { run, merge, file, emulator } = situation;
      await run({ command: 'export' });
      merge({ [path]: `${exported}${newRow}` });
      await play(situation);
      expect(file(path)).toContain(newRow);
      await run(removing);
      await run({ command: 'export' });
      await run(removing);
      const { items } = emulator.site.collection('products');
      const added = [...items].filter(([, { title }]) => title === 'Oolong');
      expect(added).toHaveLength(1);
      expect(file(path)).toContain(`${added[0]?.[0]},Oolong,7,,\n`);
    });
  }
  const newRow = ',Oolong,7,,\n';

  test('where the site is not read back', () =>
    imported(({ run }) => run({ ...removing, verify: 'false' })));

  test('where another import runs whole between its note and its job', () =>
    imported(async ({ run, emulator }) => {
      const until = async () => void (await run({ ...removing, commit: 'none' }));
      const match = { path: '/data-mover/v1/temporary-files/upload-url', nth: 1 };
      emulator.faults.add({ kind: 'wait', until, match });
      expect((await run(removing)).exitCode).toBe(1);
    }));
});

test('an import stops where another one has run between its jobs', () =>
  within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha').replace('White', 'Silver') });
    const clock = fakeClock();
    const until = async () => {
      merge({ [path]: exported.replace('White', 'Yellow') });
      await run({ command: 'import' });
      await clock.sleep(5_000);
    };
    const match = { path: '/data-mover/v1/temporary-files/upload-url', nth: 2 };
    emulator.faults.add({ kind: 'wait', until, match });
    expect((await run({ command: 'import' }, { clock })).outputs['failure-reason']).toBe('api');
    expect(titleOf(situation, 'p3')).toBe('Yellow tea');
  }));

test('an import whose time is over submits no job, since nobody waits for it any more', () =>
  within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: edited });
    const clock = fakeClock();
    const until = () => clock.sleep(31 * 60_000);
    const match = { path: '/data-mover/v1/temporary-files/upload-url' };
    emulator.faults.add({ kind: 'wait', until, match });
    expect((await run({ command: 'import' }, { clock })).outputs['failure-reason']).toBe('timeout');
    expect(titleOf(situation, 'p1')).toBe('Green tea');
  }));
