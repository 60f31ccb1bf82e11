import { type Config, type Content, defaultLimits, readConfig } from '../../config/config.ts';
import { nameOf } from '../../config/settings-changes.ts';
import type { Limits } from '../../content/limits.ts';
import { Failure } from '../../errors.ts';
import type { PlanInputs } from '../../inputs.ts';
import type { Version } from '../../record/version.ts';
import { mergeBase } from '../../repository/history.ts';
import { fetchCommit } from '../../repository/remote.ts';
import { configAt } from '../read/config-at.ts';
import type { Run } from '../run.ts';
import type { PlanSync } from './plan-sync.ts';

/** What a pull request started from. */
export interface Start {
  readonly commit: string | undefined;
  /** The files of that commit; `undefined` if the run is not on a pull request. */
  readonly files: Version | undefined;
  /** The limits for the pull request, which cannot raise them itself. */
  readonly limits: Limits;
  /** The configuration of that commit; `undefined` if it had none, or a broken one. */
  readonly config: Config | undefined;
}

/** Finds what a pull request started from; without a pull request, the run's own configuration holds. */
export async function startOf(run: Run, inputs: PlanInputs, sync: PlanSync): Promise<Start> {
  const commit = await startCommit(run, sync);
  if (commit === undefined) {
    return { commit, files: undefined, config: run.config, limits: run.config.limits };
  }
  const files = await sync.at(commit);
  try {
    const config = (await configAt(sync.git, inputs, commit)) ?? readConfig(undefined, inputs);
    return { commit, files, config, limits: config.limits };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { commit, files, config: undefined, limits: defaultLimits };
  }
}

/**
 * The commit that a pull request started from; `undefined` if the run is not on a pull request. On
 * GitHub's merge commit, that is the target; on the pull request's own branch, the commit where it left
 * its target.
 */
async function startCommit(run: Run, { git, tip }: PlanSync): Promise<string | undefined> {
  const { pullRequest } = run.environment.event;
  if (pullRequest === undefined) return undefined;
  const head = await git.objects.commit(tip);
  const [target, source] = head?.parents ?? [];
  if (source === pullRequest.head.sha && target !== undefined) return fetchCommit(git, target);
  const base = await fetchCommit(git, pullRequest.base.sha);
  if (head === undefined || base === undefined) return undefined;
  return (await mergeBase(git, head.id, base)) ?? base;
}

export function formerContent({ config }: Start, content: Content): Content | undefined {
  return config?.managed.find((each) => nameOf(each) === nameOf(content));
}

/** The configuration, with the rules that a pull request started from: it cannot switch off those that it breaks. */
export function withFormerRules(now: Config, start: Start): Config {
  const judged = new Map(
    now.managed.map((content) => {
      const { rules } = formerContent(start, content) ?? content;
      return [content, { ...content, rules }];
    }),
  );
  const written = new Map([...judged].map(([content, same]) => [same, content]));
  return {
    ...now,
    contents: now.contents.flatMap((content) => judged.get(content) ?? []),
    managed: [...judged.values()],
    placeOf: (content, setting) => now.placeOf(written.get(content) ?? content, setting),
  };
}
