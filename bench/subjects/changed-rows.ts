import { collectionSeed, content } from '../content.ts';
import { isFromGit, mergeEdits } from '../edit.ts';
import type { Measured } from '../measure.ts';
import { onStage } from '../stage.ts';

/** The import of many rows of which git edited a cell. */
export async function run(count = ''): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  const seed = collectionSeed({ rows: 20_000, columns: 10 });
  await onStage([seed], async ({ emulator, remote, run: runAction }) => {
    await runAction('export', 'export');
    mergeEdits(remote, [content.path], (_id, row) => row < Number(count));
    measured.push(await runAction('import', 'import'));
    const items = [...emulator.site.collection(content.id).items.values()];
    const imported = items.filter(({ title1 }) => isFromGit(title1)).length;
    if (imported !== Number(count)) throw new Error(`${imported} rows were imported`);
  });
  return measured;
}
