import { rowsInConflict } from '../../content/change.ts';
import { type Covers, coverOf, fingerprint, type NamedChanges } from '../../content/fingerprint.ts';
import { excesses, type Limits } from '../../content/limits.ts';
import { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import type { Sync } from '../../record/sync.ts';
import { approvedLabel } from '../../report/entries.ts';
import { namedChanges, type Plan } from '../compare/plan.ts';
import { nameOf, type Run } from '../run.ts';
import { changesWith, type MergedPlans } from './merged-plans.ts';

/**
 * Why an import must not write anything; `undefined` if it may (docs/conflicts-and-drift.md,
 * docs/limits.md).
 */
export async function whyStop(
  run: Run,
  inputs: ImportInputs,
  plans: readonly Plan[],
  merged: MergedPlans,
  sync: Sync,
): Promise<Failure | undefined> {
  const writable = plans.filter(({ refusal }) => refusal === undefined);
  return (
    (inputs.onConflict === 'fail' ? conflictOf(inputs, writable) : undefined) ??
    (await excessOf(run, inputs, sync, writable, merged)) ??
    (inputs.requirePlan ? await unplanned(writable, merged) : undefined)
  );
}

/** The fingerprint of what these plans change. */
export function fingerprintOf(plans: readonly Plan[]): string {
  const writable = plans.filter(({ refusal }) => refusal === undefined);
  return fingerprint(writable.map(({ head, changes }) => namedChanges(head.content, changes)));
}

function conflictOf(inputs: ImportInputs, plans: readonly Plan[]): Failure | undefined {
  const [conflict] = plans.flatMap(({ conflicts }) => conflicts);
  if (conflict === undefined) return undefined;
  const { place } = conflict;
  return new Failure('conflict', conflictsInWords(inputs, plans, 'so nothing was written'), {
    place,
  });
}

/** How many rows both sides changed, what the import did about it, and what a person can do. */
export function conflictsInWords(
  inputs: Pick<ImportInputs, 'base'>,
  plans: readonly Plan[],
  outcome: string,
): string {
  return `${rowsInConflict(plans)}, ${outcome}. ${remedyFor(inputs, plans)}`;
}

function remedyFor({ base }: Pick<ImportInputs, 'base'>, plans: readonly Plan[]): string {
  const blind = plans.find(({ sides, conflicts }) => conflicts.length > 0 && !sides.recorded);
  if (blind !== undefined && base !== undefined) {
    return `The commit in the input base does not have ${blind.head.content.path}, so nobody can tell who changed what. Name a commit that has the file, or leave the input out.`;
  }
  const isUnclear = plans.some(({ conflicts }) =>
    conflicts.some(({ column, git, cms }) => column === undefined && (git ?? cms) === 'added'),
  );
  if (isUnclear) {
    return 'The record was lost, so nobody can tell whether a row that one side lacks is new or was removed there: remove it from the other side, run an export with the input deletes set to keep to bring items to git, or run the import once with the input reconcile set to all to make the CMS match git.';
  }
  return blind
    ? 'There is no record of what both agreed on, so nobody can tell who changed them: run the import once with the input on-conflict set to git or cms, or set the input reconcile to all to make the CMS match git.'
    : 'To keep what the site has, write it into the files; or set the input on-conflict to git or cms.';
}

/** How many of the latest commits may have the fingerprint in the input `approve`. */
const latest = [1, 2, 3, 4, 5];

async function excessOf(
  run: Run,
  { approve }: ImportInputs,
  sync: Sync,
  plans: readonly Plan[],
  merged: MergedPlans,
): Promise<Failure | undefined> {
  const { limits } = run.config;
  const print = fingerprintOf(plans);
  if (excessWords(plans, limits, () => approve === print).length === 0) return undefined;
  const approved: NamedChanges[] = [];
  const notes: string[] = [];
  if (approve !== undefined) {
    approved.push(...((await changesWith(run, sync, approve, sync.tip, latest)) ?? []));
  }
  try {
    for (const plan of await merged()) {
      if (plan.isApproved || plan.fingerprint === approve) approved.push(...plan.changes);
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    notes.push(`Could not see whether a pull request has the label: ${error.message}`);
  }
  const words = excessWords(plans, limits, coverOf(approved));
  if (words.length === 0) return undefined;
  if (approve !== undefined)
    notes.push('The fingerprint in the input approve is for other changes. Write this one.');
  const message = `${words.join('. ')}. Nothing was written. If you mean it, put the label ${approvedLabel} on the pull request whose plan has shown it, and run the import again, or run it with the input approve: ${print}.`;
  return new Failure('limit', [message, ...notes].join(' '));
}

/** The limits that the changes exceed, without those that somebody has approved. */
function excessWords(
  plans: readonly Plan[],
  limits: Limits,
  isApproved: Covers,
): readonly string[] {
  return plans.flatMap(({ head, sides, changes }) => {
    const named = namedChanges(head.content, changes);
    const counted = changes.filter((change) => !isApproved(named, change));
    const rows = sides.recorded?.table.size ?? 0;
    const found = excesses({ rows, changes: counted, deletes: 'apply' }, limits);
    const words = found.map(({ message }) => message).join('; ');
    return found.length === 0 ? [] : [`${nameOf(head.content)}: ${words}`];
  });
}

const namedRows = 5;

/** With `require-plan`, the refusal of changes that no plan has shown. */
async function unplanned(
  plans: readonly Plan[],
  merged: MergedPlans,
): Promise<Failure | undefined> {
  const isShown = coverOf((await merged()).flatMap((plan) => plan.changes));
  const rows = plans.flatMap(({ head, changes }) => {
    const named = namedChanges(head.content, changes);
    return changes.filter((change) => !isShown(named, change)).map((change) => ({ head, change }));
  });
  const [first] = rows;
  if (first === undefined) return undefined;
  const named = rows
    .slice(0, namedRows)
    .map(({ head, change }) => `the row "${change.key}" of ${nameOf(head.content)}`);
  const more = rows.length > namedRows ? ` and ${rows.length - namedRows} more` : '';
  return new Failure(
    'plan-changed',
    /**
     * @cause With `require-plan`, a change reached the branch without a plan, or another token wrote the
     * plan's comment.
     * @remedy See [limits](limits.md#only-what-was-reviewed).
     */
    `No plan of a merged pull request has shown what would happen to ${named.join(', ')}${more}, so nothing was written. Review it in a pull request with a plan, or set the input require-plan to false.`,
    { place: first.change.place },
  );
}
