import { recordOrWarn } from '../../record/record-commit.ts';
import type { Sync } from '../../record/sync.ts';
import type { Run } from '../run.ts';
import { commitAndRecord, messageOf, type Publishing, type Scope } from './commit.ts';
import { learnedOfOffers, learnedOfPush } from './learned.ts';
import { type Merged, stagedOf } from './merge-contents.ts';
import { type Publication, publication } from './publication.ts';

/** Commits the merged files onto the branch and pushes. */
export async function publishPush(
  run: Run,
  inputs: Publishing,
  sync: Sync,
  merged: Merged,
  scope: Scope,
): Promise<Publication | 'lost-race'> {
  const result = publication(merged);
  const together = learnedOfPush(sync, merged);
  if (!result.changed) {
    const warnings = await recordOrWarn(sync, together);
    return warnings === 'lost-race' ? warnings : { ...result, warnings };
  }
  const { branch, tip } = sync;
  const commit = {
    branch,
    expected: tip,
    parents: [tip],
    onto: tip,
    files: stagedOf(merged.contents),
    message: messageOf(inputs, result.results, scope),
  };
  const before = () => learnedOfOffers(sync, merged);
  const made = await commitAndRecord(run, inputs, sync, commit, { together, before });
  return made === 'lost-race' ? made : { ...result, ...made, branch };
}
