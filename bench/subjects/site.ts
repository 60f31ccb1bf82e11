import { collectionSeed, content } from '../content.ts';
import { M } from '../data.ts';
import { isFromGit, mergeEdits } from '../edit.ts';
import type { Measured } from '../measure.ts';
import { onStage } from '../stage.ts';

/** M on a site: its first export, an export of one edit in the CMS, and an import of one in git. */
export async function run(): Promise<readonly Measured[]> {
  const seed = collectionSeed(M);
  const [inCms = '', inGit = ''] = (seed.items ?? []).slice(1_000).map(({ _id }) => String(_id));
  const measured: Measured[] = [];
  await onStage([seed], async ({ emulator, remote, run: runAction }) => {
    measured.push(await runAction('first export', 'export'));
    emulator.site.edit(content.id, inCms, { title1: 'From the CMS' });
    measured.push(await runAction('export, one cell changed', 'export'));
    mergeEdits(remote, [content.path], (id) => id === inGit);
    measured.push(await runAction('import of one edited cell', 'import'));
    const { title1 } = emulator.site.collection(content.id).items.get(inGit) ?? {};
    if (!isFromGit(title1)) throw new Error(`${inGit} was not imported`);
  });
  return measured;
}
