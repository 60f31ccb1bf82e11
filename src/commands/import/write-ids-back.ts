import { asFailure, Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import type { Result } from '../../report/result.ts';
import { placeFiles } from '../../repository/working-tree.ts';
import { mergeContents } from '../export/merge-contents.ts';
import { publish } from '../export/publish.ts';
import { readSync } from '../read/read-sync.ts';
import type { Run } from '../run.ts';
import type { Outcome } from './outcome.ts';

/** What became of the ids that new rows were given. */
type IdsWrittenBack = Partial<Pick<Result, 'commit' | 'branch' | 'pullRequest'>> &
  Pick<Result, 'warnings'>;

/** How often it is tried if others move the branch. */
const attempts = 5;

/**
 * Writes the ids of new items into the rows that had none, as an export would; until that is merged, the
 * record knows which row has which id. If the branch has moved meanwhile, what was edited there stays,
 * whatever `on-conflict` says. Contents that were not read back are left to the next export: in a read from
 * before the import a new row is missing, just like one that the CMS has removed.
 */
export async function writeIdsBack(
  run: Run,
  inputs: ImportInputs,
  verified: readonly Outcome[],
): Promise<IdsWrittenBack> {
  // New rows of the CMS come with the next export.
  const live = verified.flatMap(({ plan, after }) =>
    after !== undefined && plan.head.table.keyless.length > 0
      ? { ...after, live: { ...after.live, knownOnly: true } }
      : [],
  );
  if (live.length === 0 || run.signal.aborted) return { warnings: [] };
  // The site has these ids already, so no import needs to run.
  const skip = inputs.commit === 'push' ? ' [skip ci]' : '';
  const commitMessage = `${inputs.commitMessage}${skip}`;
  const held = { ...inputs, commitMessage, onConflict: 'hold' } as const;
  try {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const sync = await readSync(run, inputs, 'branch');
      const merged = await mergeContents(run, held, live, sync);
      const published = await publish(run, held, sync, merged);
      if (published === 'lost-race') continue;
      const { commit, branch, pullRequest, staged, failure, warnings } = published;
      placeFiles(run.workspace, staged);
      const more = failure === undefined ? [] : [notWrittenBack(failure)];
      return { commit, branch, pullRequest, warnings: [...warnings, ...more] };
    }
    throw new Failure(
      'api',
      `The branch moved ${attempts} times meanwhile. Run an export when fewer pushes are under way.`,
    );
  } catch (error) {
    return { warnings: run.signal.aborted ? [] : [notWrittenBack(asFailure(error))] };
  }
}

function notWrittenBack({ message }: Failure): string {
  return `The ids of the new rows could not be written back: ${message} The next export brings them.`;
}
