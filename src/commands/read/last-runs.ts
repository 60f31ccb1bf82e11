import { ageOf, type LastExport, lastExportOf } from '../../content/last-export.ts';
import type { Sync } from '../../record/sync.ts';
import type { Result } from '../../report/result.ts';
import { spanInWords } from '../../report/text.ts';
import type { Run } from '../run.ts';

/** Adds to a result how old the last export and drill are, and a warning if exports seem to have stopped. */
export function withLastRuns(
  { clock }: Pick<Run, 'clock'>,
  { exports: { list, drill } }: Pick<Sync, 'exports'>,
  result: Result,
): Result {
  const lastExport = lastExportOf(list, clock.now());
  const lastDrill = drill === undefined ? undefined : ageOf(drill, clock.now());
  const late = lastExport?.isLate ? [lateWords(lastExport)] : [];
  return { ...result, lastExport, lastDrill, warnings: [...result.warnings, ...late] };
}

function lateWords({ age, usual = 0 }: LastExport): string {
  /**
   * @cause The schedule has stopped, or its runs fail. GitHub disables schedules in public repositories
   * without activity for 60 days.
   * @remedy Look at the workflow under *Actions*. Enable it again, or find out why it fails.
   */
  return `The last export before this run is ${spanInWords(age)} old; usually there is one every ${spanInWords(usual)}. Check under Actions whether its workflow is disabled or failing.`;
}
