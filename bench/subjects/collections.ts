import { collectionSeed, contentOf } from '../content.ts';
import { isFromGit, mergeEdits } from '../edit.ts';
import type { Measured } from '../measure.ts';
import { onStage } from '../stage.ts';

/**
 * The first export of many small collections, then the import of one edited cell in each, if it has
 * a name.
 */
export async function run(
  count = '',
  exportName = 'export',
  importName?: string,
): Promise<readonly Measured[]> {
  const seed = collectionSeed({ rows: 20, columns: 10 });
  const seeds = Array.from({ length: Number(count) }, (_, i) => ({ ...seed, id: `c${i}` }));
  const measured: Measured[] = [];
  await onStage(seeds, async ({ emulator, remote, run: runAction }) => {
    measured.push(await runAction(exportName, 'export'));
    if (importName === undefined) return;
    const paths = seeds.map(({ id }) => contentOf(id).path);
    mergeEdits(remote, paths, (_id, row) => row === 0);
    measured.push(await runAction(importName, 'import'));
    for (const { id } of seeds) {
      const items = [...emulator.site.collection(id).items.values()];
      if (items.filter(({ title1 }) => isFromGit(title1)).length !== 1)
        throw new Error(`The edit of ${id} was not imported`);
    }
  });
  return measured;
}
