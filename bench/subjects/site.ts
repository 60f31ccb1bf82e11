import { collectionSeed, content } from '../content.ts';
import { dataOf } from '../data.ts';
import { isFromGit, mergeEdits } from '../edit.ts';
import type { Measured } from '../measure.ts';
import { onStage } from '../stage.ts';

/** A table on a site: its first export, an export of one edit in the CMS, and an import of one in git. */
export async function run(prefix: string, table: string): Promise<readonly Measured[]> {
  const seed = collectionSeed(dataOf(table));
  const [inCms = '', inGit = ''] = (seed.items ?? []).slice(500).map(({ _id }) => String(_id));
  const measured: Measured[] = [];
  await onStage([seed], async ({ emulator, remote, run: runAction }) => {
    measured.push(await runAction(`${prefix}first export`, 'export'));
    emulator.site.edit(content.id, inCms, { title1: 'From the CMS' });
    measured.push(await runAction(`${prefix}export, one cell changed`, 'export'));
    mergeEdits(remote, [content.path], (id) => id === inGit);
    measured.push(await runAction(`${prefix}import of one edited cell`, 'import'));
    const { title1 } = emulator.site.collection(content.id).items.get(inGit) ?? {};
    if (!isFromGit(title1)) throw new Error(`${inGit} was not imported`);
  });
  return measured;
}
