import { collectionSeed, content } from '../content.ts';
import { M } from '../data.ts';
import { isFromGit, mergeEdits } from '../edit.ts';
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
      mergeEdits(remote, [content.path], (id) => id === inGit);
      measured.push(await runAction('import of one edited cell', 'import'));
      const { title1 } = emulator.site.collection(content.id).items.get(inGit) ?? {};
      if (!isFromGit(title1)) throw new Error(`${inGit} was not imported`);
    }
  });
  return measured;
}
