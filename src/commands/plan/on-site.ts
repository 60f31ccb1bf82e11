import { excesses, type Limits } from '../../content/limits.ts';
import type { Finding } from '../../content/rules/finding.ts';
import type { Failure } from '../../errors.ts';
import type { PlanInputs } from '../../inputs.ts';
import type { WixClient } from '../../wix/client.ts';
import type { Plan } from '../compare/plan.ts';
import { planOnSite } from '../compare/plan-on-site.ts';
import { followImports } from '../read/follow-imports.ts';
import { unknownNames } from '../read/names-on-site.ts';
import { type Collections, readShape } from '../read/read-contents.ts';
import type { Run } from '../run.ts';
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

/**
 * Reads these contents from the site, and plans what an import would do. In a pull request, only the rows
 * that it changes can conflict, however far it is behind.
 */
export async function lookAtSite(
  run: Run,
  inputs: PlanInputs,
  client: WixClient,
  found: PlanSync,
  planned: readonly FilePlan[],
): Promise<OnSite> {
  const shape = await readShape(client);
  const { collections } = shape;
  const names = unknownNames(run.config, collections);
  if (planned.length === 0) return { collections, names, plans: [] };
  const { endOf } = await followImports(run, client, found);
  const isProposed = run.environment.event.pullRequest !== undefined && inputs.reconcile !== 'all';
  const heads = planned.map(({ head, agreed }) => {
    const before = isProposed ? { before: head.sides.recorded } : {};
    return { ...head, sides: { ...agreed, ...before, endOf } };
  });
  const isReported = ({ message }: Failure) => names.some((each) => each.message === message);
  const read = { ...shape, extent: 'whole' } as const;
  const plans = await planOnSite(run, client, heads, inputs, read, isReported);
  const own = new Map(
    planned.map(({ head, edits }) => [head.content, new Set(edits.map(({ key }) => key))]),
  );
  return {
    collections,
    names,
    plans: plans.map((plan) => ({
      ...plan,
      conflicts: plan.conflicts.filter(
        ({ key }) => !isProposed || own.get(plan.head.content)?.has(key),
      ),
    })),
  };
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
