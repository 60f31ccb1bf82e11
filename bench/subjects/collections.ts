import { collectionSeed } from '../content.ts';
import type { Measured } from '../measure.ts';
import { onStage } from '../stage.ts';

/** The first export of many small collections. */
export async function run(of = '', count = ''): Promise<readonly Measured[]> {
  const seed = collectionSeed({ rows: 20, columns: 10 });
  const seeds = Array.from({ length: Number(count) }, (_, i) => ({ ...seed, id: `c${i}` }));
  const measured: Measured[] = [];
  await onStage(seeds, async ({ run: runAction }) => {
    measured.push(await runAction(of, 'export'));
  });
  return measured;
}
