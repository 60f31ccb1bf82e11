import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Clock } from '../../src/io/clock.ts';
import { git, pushElsewhere } from '../repository/support.ts';
import { fakeClock } from '../wix/support.ts';
import { edit, onPush, path, type Situation, site, within } from './situation.ts';

const day = 24 * 3_600_000;

/** A run so many days from now. */
function after(days: number, event = 'workflow_dispatch') {
  const clock = fakeClock();
  const later: Clock = { now: () => clock.now() + days * day, sleep: clock.sleep };
  return { clock: later, environment: { GITHUB_EVENT_NAME: event } };
}

const keyless = { 'api-key': '', 'site-id': '', token: '' };
const drill = { command: 'restore', to: 'HEAD', drill: 'true', ...keyless };

async function exportDaily({ run }: Situation): Promise<void> {
  for (const days of [0, 1, 2]) await run({ command: 'export' }, after(days, 'schedule'));
}

test('every command says how old the last export is, though it changed nothing', async () => {
  await within(site, async (situation) => {
    const { run, merge, file } = situation;
    await exportDaily(situation);
    const push = {
      ...after(2.25),
      event: merge({ [path]: (file(path) ?? '').replace(',9,', ',10,') }),
    };
    const plan = await run({ command: 'plan' }, after(2.25));
    const imported = await run({ command: 'import' }, push);
    const exported = await run({ command: 'export' }, after(3));
    expect(plan.summary).toContain('last export 6 hours earlier');
    expect(plan.log).toContain('last export before this run: 6 hours ago');
    expect(imported.summary).toContain('last export 6 hours earlier');
    expect(exported.summary).toContain('last export 24 hours earlier');
    const report = JSON.parse(readFileSync(exported.outputs['report-json'] ?? '', 'utf8'));
    expect(report.lastExport).toMatch(/^\d{4}-\d\d-\d\dT/);
    for (const { annotations } of [plan, imported, exported]) expect(annotations).toEqual([]);
  });
});

test.each(['plan', 'import', 'export'])(
  'where the schedule has stopped, the %s warns',
  async (command) => {
    await within(site, async (situation) => {
      await exportDaily(situation);
      const { annotations, summary, exitCode } = await situation.run({ command }, after(14));
      const words =
        'The last export before this run is 12 days old; usually there is one every 24 hours.';
      expect(annotations).toEqual([expect.stringContaining(words)]);
      expect(summary).toContain('The last export before this run is 12 days old');
      expect(exitCode).toBe(0);
    });
  },
);

test('an export that finds nothing new does not move the record: no other run loses its race for that', async () => {
  await within(site, async (situation) => {
    const { run, emulator, remote } = situation;
    await run({ command: 'export' });
    const tips = () =>
      ['', '.exports'].map((end) =>
        git(remote, 'rev-parse', `refs/wix-cms/${emulator.siteId}${end}`),
      );
    const [record, exports] = tips();
    expect((await run({ command: 'export' }, after(1))).outputs.status).toBe('unchanged');
    const [recordThen, exportsThen] = tips();
    expect(recordThen).toBe(record);
    expect(exportsThen).not.toBe(exports);
  });
});

test('only an export of all that is configured counts, and only one that went well', async () => {
  await within(site, async (situation) => {
    const { run, remote, emulator } = situation;
    pushElsewhere(remote, { '.github/wix-cms.yml': 'collections: [products, teas]\n' });
    const some = await run({ command: 'export', collections: 'products' });
    expect(some.outputs.status).toBe('success');
    const failed = await run({ command: 'export', collections: '' });
    expect(failed.outputs.status).toBe('failed');
    const refs = git(remote, 'for-each-ref', '--format=%(refname)');
    expect(refs).toContain(`refs/wix-cms/${emulator.siteId}`);
    expect(refs).not.toContain('.exports');
  });
});

test('where the token may not write, nothing is said of it', async () => {
  await within(site, async (situation) => {
    const { run, remote, emulator } = situation;
    await run({ command: 'export' });
    git(remote, 'update-ref', '-d', `refs/wix-cms/${emulator.siteId}.exports`);
    onPush(remote, 'while read old new ref; do case $ref in *.exports) exit 1;; esac; done');
    edit(situation, 'p1', { title: 'Sencha' });
    const exported = await run({ command: 'export' }, after(1));
    expect(exported.outputs.status).toBe('success');
    expect(exported.annotations).toEqual([]);
    const plan = await run({ command: 'plan' }, after(2));
    expect(plan.summary).not.toContain('last export');
  });
});

test('every command says how old the last drill is, and keeps that', async () => {
  await within(site, async ({ run }) => {
    await run({ command: 'export' });
    await run(drill, after(1));
    const exported = await run({ command: 'export' }, after(2));
    const plan = await run({ command: 'plan' }, after(4));
    const imported = await run({ command: 'import' }, after(5));
    const drilled = await run(drill, after(8));
    expect(exported.summary).toContain('last drill 24 hours earlier');
    expect(plan.summary).toContain('last drill 3 days earlier');
    expect(plan.log).toContain('last drill before this run: 3 days ago');
    expect(imported.summary).toContain('last export 3 days earlier · last drill 4 days earlier');
    expect(drilled.summary).toContain('last export 6 days earlier · last drill 7 days earlier');
    const report = JSON.parse(readFileSync(plan.outputs['report-json'] ?? '', 'utf8'));
    expect(report.lastDrill).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect((await run({ command: 'plan' }, after(9))).summary).toContain('last drill 24 hours');
  });
});

test.each([
  ['failed', 1, {}],
  ['played only some of the collections', 0, { collections: 'products' }],
  ['played an older commit', 0, { to: 'older' }],
])('a drill that %s does not count', async (how, exitCode, others) => {
  await within(site, async ({ run, merge, remote, emulator, file }) => {
    await run({ command: 'export' });
    git(remote, 'tag', 'older', 'main');
    const collections = how.includes('some') ? '[products, teas]' : '[products]';
    merge({
      '.github/wix-cms.yml': `collections: ${collections}\n`,
      [path]: (file(path) ?? '').replace(',9,', how === 'failed' ? ',dear,' : ',10,'),
    });
    const ref = `refs/wix-cms/${emulator.siteId}.exports`;
    const before = git(remote, 'rev-parse', ref);
    const drilled = await run({ ...drill, collections: '', ...others }, after(1));
    expect(drilled.exitCode).toBe(exitCode);
    expect(git(remote, 'rev-parse', ref)).toBe(before);
  });
});

test.each([
  ['may not write', '', 'contents: write'],
  ['does not know which of two sites it is for', 'other', 'site-id'],
])('a drill that %s says so in one line and is green', async (_, other, words) => {
  await within(site, async ({ run, remote, emulator }) => {
    await run({ command: 'export' });
    const ref = `refs/wix-cms/${emulator.siteId}.exports`;
    if (other !== '') git(remote, 'update-ref', `refs/wix-cms/${other}.exports`, ref);
    onPush(remote, 'exit 1');
    const { log, annotations, outputs } = await run(drill, after(1));
    expect(outputs.status).toBe('success');
    expect(annotations).toEqual([]);
    expect(log).toMatch(new RegExp(`The date of this drill is not kept.*${words}`));
    expect(log).not.toContain('defect');
  });
});

test('a drill and an export at once both leave their times', async () => {
  await within(site, async (situation) => {
    const { run, remote, emulator } = situation;
    await run({ command: 'export' });
    edit(situation, 'p1', { title: 'Sencha' });
    // While the export pushes its commit, a drill leaves its date.
    const ref = `refs/wix-cms/${emulator.siteId}.exports`;
    const drilled = `git commit-tree -m "Say when
    
2020-01-01T00:00:00.000Z drill" $(git rev-parse ${ref}^{tree})`;
    const author =
      'export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a';
    onPush(
      remote,
      `while read old new name; do case $name in refs/heads/main) ${author}; git update-ref ${ref} $(${drilled});; esac; done`,
    );
    await run({ command: 'export' }, after(2));
    const plan = await run({ command: 'plan' }, after(3));
    expect(plan.summary).toContain('last export 24 hours earlier · last drill');
  });
});
