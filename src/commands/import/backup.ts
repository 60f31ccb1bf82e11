import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../csv/table.ts';
import { writeTable } from '../../csv/writer.ts';
import { columnsOf } from '../../record/columns.ts';
import { splitLimits } from '../../record/content-record.ts';
import type { Plan } from '../compare/plan.ts';
import { schemaBeside } from '../export/export-content.ts';
import { oneByOne, type Run } from '../run.ts';

/**
 * Keeps a copy of the content that an import is about to change, in files such as git's. A later step of
 * the workflow uploads them, so they leave out what must not be in git: fields and items that the
 * configuration excludes.
 *
 * @returns the folder, which outlives the run.
 */
export async function keepBackup(run: Run, plans: readonly Plan[]): Promise<string> {
  const folder = mkdtempSync(join(run.environment.runnerTemp, 'wix-cms-backup-'));
  const changed = plans.filter(({ changes }) => changes.length > 0);
  await oneByOne(run, changed, (plan) => {
    const { live, head, sides } = plan;
    const { positions } = live.live;
    const schema = schemaBeside(live, head.table.columns);
    const keys = columnsOf(live.content, sides, schema)
      .map(({ key }) => key)
      .filter((key) => positions.has(key));
    const places = keys.map((key) => positions.get(key) ?? -1);
    writeTable(join(folder, live.content.path), keys, backedUp(plan, places), splitLimits);
  });
  return folder;
}

/** The site's rows that git may have, with the cells in these places. */
function* backedUp({ live, head, sides }: Plan, places: readonly number[]) {
  const isKnown = ({ key }: Row) => head.table.has(key) || sides.recorded?.table.has(key);
  for (const row of live.live.table.rows()) {
    if (live.live.knownOnly && !isKnown(row)) continue;
    const { key, cells } = row;
    yield { key, cells: places.map((at) => cells[at] ?? '') };
  }
}
