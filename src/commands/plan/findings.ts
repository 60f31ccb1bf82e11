import type { Content } from '../../config/config.ts';
import { type Finding, finding } from '../../content/rules/finding.ts';
import type { Undone } from '../../content/undo.ts';
import type { PlanInputs } from '../../inputs.ts';
import { approvedLabel } from '../../report/entries.ts';
import type { Plan } from '../compare/plan.ts';
import { refusedBySite, unknownToSite, validate } from '../compare/validate.ts';
import type { HeadContent } from '../read/head-content.ts';
import type { Heads } from '../read/open-heads.ts';
import { strayFiles } from '../read/stray-files.ts';
import type { Run } from '../run.ts';
import type { FilePlan } from './file-plan.ts';
import type { OnSite } from './on-site.ts';
import type { PlanSync } from './plan-sync.ts';
import { schemaEdits } from './schema-edits.ts';
import { isApproved } from './show-plan.ts';
import type { Start } from './start.ts';

/** What a plan has found in the files, beside the settings. */
export async function findingsOf(
  run: Run,
  sync: PlanSync,
  start: Start,
  compared: Heads,
  { collections, names, plans }: OnSite,
  undone: ReadonlyMap<HeadContent, Undone>,
): Promise<readonly Finding[]> {
  const { heads } = compared;
  const open = (content: Content) => heads.find((head) => head.content === content);
  const found = [
    ...names,
    ...(await strayFiles(run, sync, compared, start.files ?? sync.record.agreed, start.commit)),
    ...compared.findings,
    ...(await schemaEdits(heads, sync.head, start.files, collections)),
    ...(await validate(run, heads, run.config.contents, open, undone)),
    ...plans.flatMap(unwritableFinding),
  ];
  return [...found, ...unknownToSite(plans, found), ...refusedBySite(plans, found, undone)];
}

/** The finding for a collection that no import can write to. */
function unwritableFinding({ head, refusal }: Plan): readonly Finding[] {
  return refusal === undefined
    ? []
    : [finding('not-writable', refusal.place ?? { file: head.content.path }, refusal.message)];
}

/** The limits that the merge would pass. The label on the pull request makes them warnings. */
export async function excessFindings(
  run: Run,
  inputs: PlanInputs,
  planned: readonly FilePlan[],
  print: string,
): Promise<readonly Finding[]> {
  const found = planned.flatMap(({ head, excesses }) =>
    excesses.map((excess) => ({ ...excess, place: { file: head.content.path } })),
  );
  const isAllowed = found.length > 0 && (await isApproved(run, inputs, print));
  const remedy = `If you mean it, put the label ${approvedLabel} on the pull request, or run the import with the input approve: ${print}. Otherwise, make smaller changes.`;
  return found.map(({ limit, message, place }) => {
    if (!isAllowed) return finding(limit, place, `${message}. ${remedy}`);
    /**
     * @cause The plan exceeds a limit, and somebody has approved exactly these changes.
     * @remedy Nothing. If the changes differ later, the plan removes the label.
     */
    const words = `${message}. The label ${approvedLabel} allows it.`;
    return { ...finding(limit, place, words), severity: 'warning' };
  });
}
