import type * as v from 'valibot';
import { Failure } from '../errors.ts';
import { readAnswer } from '../io/answer.ts';
import { retry } from '../io/retry.ts';
import type { GitHub } from './client.ts';
import { failureOf, isRateLimit, isUncertain, refusalOf } from './refusal.ts';

export interface Question<Shape extends v.GenericSchema> {
  /** What is asked for, after "to": `open the pull request`. */
  readonly to: string;
  readonly answer: Shape;
  /** Looks for what a request without an answer has made. Without it, the request can be repeated. */
  readonly find?: () => Promise<v.InferOutput<Shape> | undefined>;
}

const tries = 4;

/** Longer rate limits are not waited for, in milliseconds. */
const longestWait = 5 * 60_000;

/** A secondary limit lasts a minute at least: GitHub's "Best practices for using the REST API". */
const secondaryLimit = 60_000;

/**
 * Asks GitHub, at most four times. The cause of a Failure is what `refusalOf` reads.
 *
 * @param request a route of REST below the repository, such as `GET /pulls/{pull_number}`, or a query of
 * GraphQL.
 */
export async function ask<const Shape extends v.GenericSchema>(
  github: GitHub,
  { to, answer, find }: Question<Shape>,
  request: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<v.InferOutput<Shape>> {
  const { octokit, owner, repo, signal } = github;
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(request) ?? [];
  const send = async (): Promise<unknown> => {
    if (path === undefined) return octokit.graphql(request, parameters);
    const route = `${method} /repos/{owner}/{repo}${path}`;
    return (await octokit.request(route, { owner, repo, ...parameters })).data;
  };
  let isLost = false;
  const work = async () => {
    signal.throwIfAborted();
    const made = isLost ? await find?.() : undefined;
    return made ?? readAnswer(answer, await send(), { of: 'GitHub', to });
  };
  return retry<v.InferOutput<Shape>>(work, {
    ...github,
    ...{ of: 'GitHub', to, tries },
    isWorthIt: (milliseconds) => milliseconds <= longestWait,
    troubleOf: (error) => {
      signal.throwIfAborted();
      const refusal = error instanceof Failure ? undefined : refusalOf(error);
      if (refusal === undefined) return undefined;
      const isLimited = isRateLimit(refusal);
      isLost = isUncertain(refusal);
      const giveUp = ({ delay }: { readonly delay: number }) =>
        failureOf(error, refusal, { github, to, delay });
      if (!isLimited && !isLost) throw giveUp({ delay: 0 });
      const { words, headers } = refusal;
      return { words, headers, least: isLimited ? secondaryLimit : undefined, giveUp };
    },
  });
}
