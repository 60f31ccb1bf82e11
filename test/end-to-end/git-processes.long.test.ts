/** How often a run starts git: each time costs a process, and most times a request to the server. */
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { git } from '../repository/support.ts';
import { fakeClock } from '../wix/support.ts';
import { propose, proposed } from './proposal.ts';
import {
  edit,
  exported,
  path,
  products,
  type Situation,
  site,
  titleOf,
  within,
} from './situation.ts';

/** A `git` that comes first on the path and leaves a line for each process. */
function countingGit() {
  const folder = mkdtempSync(join(tmpdir(), 'counting-git-'));
  const log = join(folder, 'log');
  const script = `#!/bin/sh\necho "$@" >> ${log}\nPATH=\${PATH#*${delimiter}} exec git "$@"\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return {
    environment: { PATH: `${folder}${delimiter}${process.env.PATH}` },
    taken() {
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      writeFileSync(log, '');
      return lines.length;
    },
  };
}

/** Counts how often each run starts git. */
function counting({ run }: Situation) {
  const { environment, taken } = countingGit();
  return async (...[inputs, options]: Parameters<typeof run>) => {
    await run(inputs, { ...options, environment: { ...options?.environment, ...environment } });
    return taken();
  };
}

const moreThanTwelve = (counts: object) => Object.entries(counts).filter(([, count]) => count > 12);

test('no export, import, plan or restore starts git more than twelve times', () =>
  within(site, async (situation) => {
    const { merge, remote } = situation;
    const taking = counting(situation);
    const counts = { first: await taking({ command: 'export' }), again: 0 };
    counts.again = await taking({ command: 'export' });
    const to = git(remote, 'rev-parse', 'main');
    merge({ [path]: exported.replace('Green tea', 'Sencha').replace('White', 'Silver') });
    const imported = await taking({ command: 'import' });
    const settled = await taking({ command: 'import' });
    edit(situation, 'p1', { title: 'Gyokuro' });
    const edited = await taking({ command: 'export' });
    const proposal = await proposed(situation, { [path]: exported });
    merge({ 'README.md': 'Main goes on.' });
    const planned = await taking({ command: 'plan', comment: 'false' }, proposal);
    const restored = await taking({ command: 'restore', to });
    const all = { ...counts, imported, settled, edited, planned, restored };
    expect(moreThanTwelve(all)).toEqual([]);
    expect(titleOf(situation, 'p3')).toBe('Silver tea');
    expect(situation.file(path, 'wix-cms/restore')).toBe(exported);
  }));

test('nor does an export that opens, updates, keeps or closes its pull request', () =>
  within(site, async (situation) => {
    const { run, hub } = situation;
    const taking = counting(situation);
    await run({ command: 'export' });
    edit(situation, 'p1', { title: 'Gyokuro' });
    const opened = await taking(propose);
    edit(situation, 'p2', { title: 'Assam' });
    const updated = await taking(propose);
    const kept = await taking(propose);
    edit(situation, 'p1', { title: 'Green tea' });
    edit(situation, 'p2', { title: 'Black tea, "strong"' });
    const closed = await taking(propose);
    expect(hub.pulls.map(({ state }) => state)).toEqual(['closed']);
    expect(moreThanTwelve({ opened, updated, kept, closed })).toEqual([]);
  }));

test('an import that brings ids to git starts it fourteen times', () =>
  within(site, async (situation) => {
    await situation.run({ command: 'export' });
    situation.merge({ [path]: `${exported},Oolong,6,,\n` });
    // Within a few seconds.
    const clock = { ...fakeClock(), now: () => 1_700_000_000_000 };
    expect(await counting(situation)({ command: 'import' }, { clock })).toBe(14);
    expect(situation.file(path)).toMatch(/^[0-9a-f-]{36},Oolong,6,,$/m);
  }));

test('how often an import starts git does not depend on the number of collections', async () => {
  const counts: number[] = [];
  for (const number of [1, 6]) {
    const ids = Array.from({ length: number }, (_, i) => `c${i}`);
    const collections = ids.map((id) => ({ ...products, id }));
    await within({ site: { collections } }, async ({ run, merge, emulator }) => {
      const inputs = { collections: ids.join() };
      await run({ command: 'export', ...inputs });
      const edited = exported.replace('Green tea', 'Sencha').replace('White', 'Silver');
      merge(Object.fromEntries(ids.map((id) => [`content/collections/${id}.csv`, edited])));
      const { environment, taken } = countingGit();
      // Within a few seconds.
      const clock = { ...fakeClock(), now: () => 1_700_000_000_000 };
      const { outputs } = await run({ command: 'import', ...inputs }, { environment, clock });
      expect(outputs['rows-changed']).toBe(String(2 * number));
      counts.push(taken());
      expect(emulator.jobs().filter(({ name }) => name?.includes(' import '))).toHaveLength(
        2 * number,
      );
    });
  }
  expect(counts[1]).toBe(counts[0]);
});
