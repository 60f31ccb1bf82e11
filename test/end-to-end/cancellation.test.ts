import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/io/clock.ts';
import { secondaryRateLimit } from '../github-stand-in/faults.ts';
import { git } from '../repository/support.ts';
import { mergePull, planned } from './proposal.ts';
import {
  exported,
  importCutOff,
  onPush,
  path,
  products,
  type Situation,
  site,
  within,
} from './situation.ts';

/** Nobody waits for what hangs; how fast the machine is does not matter. In milliseconds. */
const promptly = 30_000;

/** What a run shows that got a signal, and how long it took to end, in milliseconds. */
async function cancelled(
  { run, emulator }: Situation,
  inputs: Readonly<Record<string, string>>,
  signal: NodeJS.Signals,
  isTime: (emulator: Emulator) => boolean,
) {
  let signalled = 0;
  let timer: NodeJS.Timeout | undefined;
  const result = await run(inputs, {
    clock: systemClock,
    onStart: (kill) => {
      timer = setInterval(() => {
        if (signalled > 0 || !isTime(emulator)) return;
        signalled = Date.now();
        kill(signal);
      }, 10);
    },
  });
  clearInterval(timer);
  return { ...result, ending: Date.now() - signalled };
}

const isImport = ({ name }: { readonly name?: string | null }) =>
  name?.includes(' import ') === true;

test.each([
  ['while its job runs', 'SIGINT', '*/query'],
  ['while its job is submitted', 'SIGTERM', '/data-mover/v1/jobs'],
] as const)('an import that is cancelled %s ends it, and says so', async (_when, signal, hung) => {
  await within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    emulator.faults.addToJob({ match: { kind: 'import' }, stuck: 'IN_PROGRESS' });
    const where = () => emulator.jobs().some(isImport);
    emulator.faults.add({
      kind: 'slow',
      delay: 300,
      match: { path: hung, where, times: 'always' },
    });
    const result = await cancelled(situation, { command: 'import' }, signal, where);
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'cancelled' });
    expect(result.summary).toContain('cancelled');
    expect(result.ending).toBeLessThan(promptly);
    expect(emulator.requests.some(({ path: asked }) => asked.endsWith('/terminate'))).toBe(true);
    expect(emulator.jobs().filter(isImport)).toEqual([]);
    emulator.faults.clear();
    const again = await run({ command: 'import' });
    expect(again.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
  });
});

test('an import that is cancelled between two collections overwrites no later edit of either', async () => {
  const others = { ...products, id: 'others', displayName: 'Others' };
  await within({ site: { collections: [products, others] } }, async (situation) => {
    const { run, merge, file, emulator } = situation;
    const collections = 'products, others';
    const otherPath = path.replace('products', 'others');
    await run({ command: 'export', collections });
    const sencha = exported.replace('Green tea', 'Sencha');
    merge({ [path]: sencha, [otherPath]: sencha });
    await importCutOff(situation, { collections });
    const titleIn = (id: string) => emulator.site.collection(id).items.get('p1')?.title;
    expect(['products', 'others'].map(titleIn)).toEqual(['Sencha', 'Green tea']);
    emulator.site.edit('products', 'p1', { price: 5 });
    emulator.site.edit('others', 'p1', { title: 'Oolong' });
    const again = await run({ command: 'import', collections });
    expect(again.outputs).toMatchObject({ status: 'partial', 'rows-conflicting': '1' });
    expect(titleIn('others')).toBe('Oolong');
    await run({ command: 'export', collections });
    expect(file(path)).toBe(sencha.replace('Sencha,4', 'Sencha,5'));
    expect(file(otherPath)).toBe(sencha);
  });
});

test('an import that is cancelled while jobs of several collections run ends them all', async () => {
  const ids = ['first', 'second', 'third'];
  const sites = ids.map((id) => ({ ...products, id, displayName: id }));
  await within({ site: { collections: sites } }, async (situation) => {
    const { run, merge, emulator } = situation;
    const collections = ids.join(', ');
    await run({ command: 'export', collections });
    const sencha = exported.replace('Green tea', 'Sencha');
    merge(Object.fromEntries(ids.map((id) => [path.replace('products', id), sencha])));
    for (const nth of [2, 3]) {
      emulator.faults.addToJob({ match: { kind: 'import', nth }, stuck: 'IN_PROGRESS' });
    }
    const isTime = () => emulator.jobs().filter(isImport).length === 3;
    const inputs = { command: 'import', collections };
    const result = await cancelled(situation, inputs, 'SIGTERM', isTime);
    expect(result.outputs).toMatchObject({ 'failure-reason': 'cancelled', 'rows-changed': '1' });
    expect(result.ending).toBeLessThan(promptly);
    expect(emulator.jobs().filter(isImport)).toHaveLength(1);
    const again = await run(inputs);
    expect(again.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
  });
});

test('an import that is cancelled while it looks for edits in the CMS says which rows it has written', async () => {
  await within(site, async (situation) => {
    const { run, merge, emulator } = situation;
    await run({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha').replace('White tea', 'Oolong') });
    // Behind the first row, the first query is about its item, and the second one about the other row.
    const where = () => emulator.jobs().some((job) => isImport(job) && job.status === 'COMPLETED');
    emulator.faults.add({ kind: 'hang', match: { path: '*/items/query', where, nth: 2 } });
    const isTime = ({ requests }: Emulator) => requests.some(({ status }) => status === 'hang');
    const result = await cancelled(situation, { command: 'import' }, 'SIGTERM', isTime);
    expect(result.outputs).toMatchObject({ 'failure-reason': 'cancelled', 'rows-changed': '1' });
    expect((await run({ command: 'import' })).outputs).toMatchObject({ 'rows-changed': '1' });
  });
});

test('an export that is cancelled while it waits for its job ends, and says so', async () => {
  await within(site, async (situation) => {
    situation.emulator.faults.addToJob({ match: { kind: 'export' }, stuck: 'IN_PROGRESS' });
    const isTime = ({ requests }: Emulator) => requests.some(({ path }) => path.endsWith('/query'));
    const result = await cancelled(situation, { command: 'export' }, 'SIGTERM', isTime);
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'cancelled' });
    expect(result.ending).toBeLessThan(promptly);
  });
});

test('a download that is cancelled in its silence leaves the checkout as it was', async () => {
  await within(site, async (situation) => {
    await situation.run({ command: 'export' });
    situation.emulator.site.edit('products', 'p1', { price: 5 });
    situation.emulator.faults.add({ kind: 'hang', match: { host: 'download' } });
    const isTime = ({ requests }: Emulator) => requests.some(({ status }) => status === 'hang');
    const result = await cancelled(situation, { command: 'export' }, 'SIGTERM', isTime);
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'cancelled' });
    expect(result.ending).toBeLessThan(promptly);
    expect(situation.file(path)).toBe(exported);
    expect(result.read(`${result.workspace}/${path}`)).toBe(exported);
  });
});

test('an import that is cancelled while it tells the pull request has said what it did', async () => {
  await within(site, async (situation) => {
    const { run, hub, emulator } = situation;
    await run({ command: 'export' });
    const edit = { [path]: exported.replace('Green tea', 'Sencha') };
    await planned(situation, edit, { comment: 'true' });
    await mergePull(situation);
    hub.faults.answer('issues/update-comment', secondaryRateLimit(200));
    const told = hub.operations.length;
    const isTime = () => hub.operations.slice(told).includes('issues/update-comment');
    const result = await cancelled(situation, { command: 'import' }, 'SIGINT', isTime);
    expect(result.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(result.log).toContain('does not say what became of it: The run was cancelled (SIGINT).');
    expect(result.ending).toBeLessThan(promptly);
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
  });
});

test('an export that is cancelled while it pushes leaves both the branch and the record, and can go on', async () => {
  await within(site, async (situation) => {
    const { run, remote, file, emulator } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p1', { price: 5 });
    const refs = () => git(remote, 'for-each-ref');
    const before = refs();
    onPush(remote, 'touch asked; sleep 60');
    const isTime = () => existsSync(join(remote, 'asked'));
    const result = await cancelled(situation, { command: 'export' }, 'SIGTERM', isTime);
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'cancelled' });
    expect(result.ending).toBeLessThan(promptly);
    expect(refs()).toBe(before);
    onPush(remote, 'true');
    expect((await run({ command: 'export' })).outputs).toMatchObject({ status: 'success' });
    expect(file(path)).toBe(exported.replace('Green tea,4', 'Green tea,5'));
  });
});

test('an export that waits for GitHub when it is cancelled still hands its outputs over', async () => {
  await within(site, async (situation) => {
    const { hub, run, remote } = situation;
    hub.faults.answer('pulls/create', secondaryRateLimit(200));
    const inputs = { command: 'export', commit: 'pull-request' };
    const isTime = () => hub.operations.includes('pulls/create');
    const result = await cancelled(situation, inputs, 'SIGINT', isTime);
    expect(result.outputs).toMatchObject({
      status: 'failed',
      'failure-reason': 'cancelled',
      branch: 'wix-cms/export',
      'commit-sha': git(remote, 'rev-parse', 'wix-cms/export'),
      'rows-added': '3',
    });
    expect(result.ending).toBeLessThan(promptly);
    const again = await run(inputs);
    expect(again.outputs).toMatchObject({ 'pull-request-number': '1' });
    expect(hub.pulls).toHaveLength(1);
  });
});
