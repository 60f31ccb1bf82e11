import { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import type { RecordedVersions } from '../../record/base.ts';
import type { Result } from '../../report/result.ts';
import { placeFiles } from '../../repository/working-tree.ts';
import { mergeContents } from '../export/merge-contents.ts';
import { publish } from '../export/publish.ts';
import type { Run } from '../run.ts';
import type { VerifiedContent } from './verify.ts';

/** What became of the ids that new rows were given. */
export type IdsWrittenBack = Pick<Result, 'commit' | 'branch' | 'pullRequest' | 'warnings'>;

/** No row was new, or none got its id. */
export const noIds: IdsWrittenBack = {
  commit: undefined,
  branch: undefined,
  pullRequest: undefined,
  warnings: [],
};

/**
 * Writes the ids that Wix items now go by into the rows that had none, as an export would: until
 * that is merged, every run derives the same ids anew. The branch may have moved on meanwhile: what
 * was edited there stays, whoever wins conflicts elsewhere, since the site has just got its values
 * from git.
 *
 * @param versions base as this import has brought it forward.
 */
export async function writeIdsBack(
  run: Run,
  inputs: ImportInputs,
  versions: Pick<RecordedVersions, 'base' | 'recorded'>,
  verified: readonly VerifiedContent[],
): Promise<IdsWrittenBack> {
  const contents = verified.filter(({ plan }) => plan.head.table.keyless.length > 0);
  if (contents.length === 0) return noIds;
  const live = contents.map(({ after }) => after);
  const policy = { ...inputs, onConflict: 'fail' } as const;
  try {
    const { commit, branch, pullRequest, staged, failure } = await publish(
      run,
      inputs,
      {
        merge: (head) => mergeContents(run, policy, live, { ...versions, head }, 'known-only'),
        // The import has recorded what it saw.
        beforeCommit: async () => {},
      },
      'ids',
    );
    placeFiles(run.workspace, staged);
    const warnings = failure === undefined ? [] : [notWrittenBack(failure)];
    return { commit, branch, pullRequest, warnings };
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    return { ...noIds, warnings: [notWrittenBack(error)] };
  }
}

function notWrittenBack({ message }: Failure): string {
  /**
   * @cause The items are on the site, but git does not know their ids.
   * @remedy Run an export, or leave it to the next one: it brings the ids.
   */
  return `The ids of the new rows could not be written back: ${message} An export does it as well.`;
}
