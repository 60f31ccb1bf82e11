import type * as v from 'valibot';
import { Failure } from '../errors.ts';
import { readAnswer } from '../io/answer.ts';
import { retry } from '../io/retry.ts';
import type { GitHub, Octokit } from './client.ts';
import { failureOf, isRateLimit, isUncertain, refusalOf } from './refusal.ts';

export interface Question<Shape extends v.GenericSchema> {
  /** What is asked for, after "to": `open the pull request`. */
  readonly to: string;
  readonly answer: Shape;
  /** Looks for what a request without an answer has made. Without it, the request can be repeated. */
  readonly find?: () => Promise<v.InferOutput<Shape> | undefined>;
}

/** Asks GitHub by REST, at most four times. The cause of a Failure is what `refusalOf` reads. */
export async function askRest<const Shape extends v.GenericSchema>(
  github: GitHub,
  question: Question<Shape>,
  request: (
    rest: Octokit['rest'],
    repository: { readonly owner: string; readonly repo: string },
  ) => Promise<{ readonly data: unknown }>,
): Promise<v.InferOutput<Shape>> {
  const { octokit, owner, repo } = github;
  return ask(github, question, async () => (await request(octokit.rest, { owner, repo })).data);
}

export async function askGraphQL<const Shape extends v.GenericSchema>(
  github: GitHub,
  question: Question<Shape>,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<v.InferOutput<Shape>> {
  return ask(github, question, () => github.octokit.graphql(query, variables));
}

const tries = 4;

/** Longer rate limits are not waited for, in milliseconds. */
const longestWait = 5 * 60_000;

/** A secondary limit lasts a minute at least: GitHub's "Best practices for using the REST API". */
const secondaryLimit = 60_000;

async function ask<const Shape extends v.GenericSchema>(
  github: GitHub,
  { to, answer, find }: Question<Shape>,
  request: () => Promise<unknown>,
): Promise<v.InferOutput<Shape>> {
  const { clock, signal, random, waiting } = github;
  let isLost = false;
  const work = async () => {
    signal.throwIfAborted();
    const made = isLost ? await find?.() : undefined;
    return made ?? readAnswer(answer, await request(), { of: 'GitHub', to });
  };
  return retry<v.InferOutput<Shape>>(work, {
    ...{ of: 'GitHub', to, tries, clock, signal, random, waiting },
    isWorthIt: (milliseconds) => milliseconds <= longestWait,
    troubleOf: (error) => {
      signal.throwIfAborted();
      const refusal = error instanceof Failure ? undefined : refusalOf(error);
      if (refusal === undefined) return undefined;
      const isLimited = isRateLimit(refusal);
      isLost = isUncertain(refusal);
      if (!isLimited && !isLost) throw failureOf(error, refusal, { github, to, delay: 0 });
      const { words, headers } = refusal;
      return { words, headers, least: isLimited ? secondaryLimit : undefined };
    },
    giveUp: (error, { delay }) => {
      const refusal = refusalOf(error);
      return refusal === undefined ? error : failureOf(error, refusal, { github, to, delay });
    },
  });
}
