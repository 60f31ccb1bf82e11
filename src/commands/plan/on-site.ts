import { excesses, type Limits } from '../../content/limits.ts';
import type { Finding } from '../../content/rules/finding.ts';
import type { Failure } from '../../errors.ts';
import type { PlanInputs } from '../../inputs.ts';
import type { WixClient } from '../../wix/client.ts';
import { mistypedOn } from '../compare/mistyped.ts';
import { type Plan, planContent } from '../compare/plan.ts';
import { followImports } from '../read/follow-imports.ts';
import { unknownNames } from '../read/names-on-site.ts';
import {
  type Collections,
  readContents,
  readShape,
  type SiteShape,
} from '../read/read-contents.ts';
import { oneByOne, type Run } from '../run.ts';
import { type FilePlan, sendable } from './file-plan.ts';
import type { PlanSync } from './plan-sync.ts';

/** What the site shows of the contents that a plan asks about. */
export interface OnSite {
  /** All of its collections; `undefined` if it was not asked. */
  readonly collections: Collections | undefined;
  /** The names in the configuration that it does not have. */
  readonly names: readonly Finding[];
  /** What an import would do. */
  readonly plans: readonly Plan[];
}

export const notAsked: OnSite = { collections: undefined, names: [], plans: [] };

/** Reads these contents from the site, and plans what an import would do. */
export async function lookAtSite(
  run: Run,
  inputs: PlanInputs,
  client: WixClient,
  sync: PlanSync,
  planned: readonly FilePlan[],
): Promise<OnSite> {
  const shape = await readShape(client);
  const { collections } = shape;
  const names = unknownNames(run.config, collections);
  const plans = await planLive(run, inputs, { client, shape }, sync, planned, names);
  return { collections, names, plans };
}

/**
 * Reads the site, for drift and conflicts. In a pull request, only the rows that it changes can conflict,
 * however far it is behind.
 */
async function planLive(
  run: Run,
  inputs: PlanInputs,
  { client, shape }: { readonly client: WixClient; readonly shape: SiteShape },
  found: PlanSync,
  planned: readonly FilePlan[],
  names: readonly Finding[],
): Promise<readonly Plan[]> {
  if (planned.length === 0) return [];
  const sync = await followImports(run, client, found);
  const contents = planned.map(({ head }) => head.content);
  const { opened, failed } = await run.log.step('Reading the site', () =>
    readContents(run, client, contents, { ...shape, extent: 'whole' }),
  );
  const isFound = ({ message }: Failure) => names.some((each) => each.message === message);
  for (const failure of failed.values()) if (!isFound(failure)) throw failure;
  const isProposed = run.environment.event.pullRequest !== undefined && inputs.reconcile !== 'all';
  return oneByOne(run, opened, async (live) => {
    const plan = planned.find(({ head }) => head.content === live.content);
    if (plan === undefined) throw new Error('A content was read unasked');
    const before = isProposed ? { before: plan.head.sides.recorded } : {};
    const head = { ...plan.head, sides: { ...plan.agreed, ...before, endOf: sync.endOf } };
    const mistyped = await mistypedOn(client, live, inputs);
    const onSite = planContent(head, live, inputs, mistyped);
    const own = new Set(plan.edits.map(({ key }) => key));
    const conflicts = onSite.conflicts.filter(({ key }) => !isProposed || own.has(key));
    return { ...onSite, conflicts };
  });
}

/** What the merge changes, as far as the site can take it; with `reconcile: all`, what an import then changes. */
export function asOnSite(
  planned: readonly FilePlan[],
  { plans }: OnSite,
  { reconcile }: PlanInputs,
  limits: Limits,
): readonly FilePlan[] {
  return planned.map((plan) => {
    const onSite = plans.find(({ head }) => head.content === plan.head.content);
    return (reconcile === 'all' ? overruling : sendable)(plan, onSite, limits);
  });
}

/**
 * What an import with `reconcile: all` would change, whoever edited it, with the fingerprint that it asks
 * for.
 */
function overruling(plan: FilePlan, onSite: Plan | undefined, limits: Limits): FilePlan {
  const { changes = [], sides } = onSite?.refusal === undefined ? (onSite ?? {}) : {};
  return {
    ...plan,
    changes,
    edits: changes,
    caughtUp: [],
    pending: [],
    excesses: excesses(
      { rows: sides?.recorded?.table.size ?? 0, changes, deletes: 'apply' },
      limits,
    ),
  };
}
