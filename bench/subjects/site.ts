import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneOf, commit, git } from '../../test/repository/support.ts';
import { collectionSeed, content } from '../content.ts';
import { M } from '../data.ts';
import type { Measured } from '../measure.ts';
import { onStage } from '../stage.ts';

/** M on a site: its first export, then exports of one edit in the CMS and imports of one in git. */
export async function run(runs = '1'): Promise<readonly Measured[]> {
  const seed = collectionSeed(M);
  const ids = (seed.items ?? []).map(({ _id }) => String(_id));
  const measured: Measured[] = [];
  await onStage([seed], async ({ emulator, remote, run: runAction }) => {
    measured.push(await runAction('first export', 'export'));
    for (let i = 1; i <= Number(runs); i += 1) {
      const [inCms = '', inGit = ''] = ids.slice(1_000 * i);
      emulator.site.edit(content.id, inCms, { title1: `From the CMS ${i}` });
      measured.push(await runAction('export, one cell changed', 'export'));
      mergeEdit(remote, inGit);
      measured.push(await runAction('import of one edited cell', 'import'));
      const { title1 } = emulator.site.collection(content.id).items.get(inGit) ?? {};
      if (!String(title1).startsWith('From git')) throw new Error(`${inGit} was not imported`);
    }
  });
  return measured;
}

/** Edits the title of one row on main, as a merged pull request would. */
function mergeEdit(remote: string, id: string): void {
  const clone = cloneOf(remote, { depth: 1 });
  const text = readFileSync(join(clone, content.path), 'utf8');
  commit(clone, { [content.path]: text.replace(`\n${id},`, `\n${id},From git: `) }, 'Edit');
  git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
}
