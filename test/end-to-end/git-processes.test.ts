/** How often a run starts git: each time costs a process, and most times a request to the server. */
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fakeClock } from '../wix/support.ts';
import { proposed } from './proposal.ts';
import { edit, exported, path, products, site, titleOf, within } from './situation.ts';

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

test('no export, import or plan starts git more than twelve times', () =>
  within(site, async (situation) => {
    const { run, merge } = situation;
    const { environment, taken } = countingGit();
    const taking = async (...[inputs, options]: Parameters<typeof run>) => {
      const variables = { ...options?.environment, ...environment };
      await run(inputs, { ...options, environment: variables });
      return taken();
    };
    const counts = { first: await taking({ command: 'export' }), again: 0 };
    counts.again = await taking({ command: 'export' });
    merge({ [path]: exported.replace('Green tea', 'Sencha').replace('White', 'Silver') });
    const imported = await taking({ command: 'import' });
    const settled = await taking({ command: 'import' });
    edit(situation, 'p1', { title: 'Gyokuro' });
    const edited = await taking({ command: 'export' });
    const proposal = await proposed(situation, { [path]: exported });
    merge({ 'README.md': 'Main goes on.' });
    const planned = await taking({ command: 'plan', comment: 'false' }, proposal);
    const all = { ...counts, imported, settled, edited, planned };
    expect(Object.entries(all).filter(([, count]) => count > 12)).toEqual([]);
    expect(titleOf(situation, 'p3')).toBe('Silver tea');
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
