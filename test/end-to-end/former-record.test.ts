/** A record of the former format, with `base/`, `live/` and `sent/` by path, is read once and rewritten. */
import { expect, test } from '@jest/globals';
import { cloneOf, commit, git } from '../repository/support.ts';
import { edit, exported, path, type Situation, site, titleOf, within } from './situation.ts';

/** Puts a record of the former format in the place of the record. */
function writeFormer(
  { remote, emulator }: Situation,
  parts: Readonly<Record<string, string>>,
): void {
  const clone = cloneOf(remote);
  git(clone, 'checkout', '--quiet', '--orphan', 'former');
  git(clone, 'rm', '--quiet', '-rf', '.');
  const files = Object.entries(parts).map(([part, text]) => [`${part}/${path}`, text]);
  commit(
    clone,
    Object.fromEntries(files),
    `Record\n\nCompared: ${git(remote, 'rev-parse', 'main')}`,
  );
  const ref = `refs/wix-cms/${emulator.siteId}`;
  git(clone, 'push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
}

test('what it offered and sent counts, and the next record has the format of today', () =>
  within(site, async (situation) => {
    const { run, merge, file, emulator, remote } = situation;
    await run({ command: 'export' });
    const offered = exported.replace('Green tea', 'Oolong');
    const sent = '_id,#fate,title,price,notes,tags\np3,,Silver tips,9,,\n';
    writeFormer(situation, { base: exported, live: offered, sent });
    // The offer is merged late, when the CMS has gone on; what was sent has arrived.
    merge({ [path]: offered.replace('White tea', 'Silver tips') });
    edit(situation, 'p1', { title: 'Pu-erh' });
    edit(situation, 'p3', { title: 'Silver tips' });
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'unchanged', 'rows-conflicting': '0' });
    expect(titleOf(situation, 'p1')).toBe('Pu-erh');
    const names = git(remote, 'ls-tree', '-r', '--name-only', `refs/wix-cms/${emulator.siteId}`);
    expect(names.split('\n')).toEqual(['agreed/collections/products.csv']);
    await run({ command: 'export' });
    expect(file(path)).toContain('p1,Pu-erh,');
    expect(file(path)).toContain('p3,Silver tips,');
  }));
