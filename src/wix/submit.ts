import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { Failure } from '../errors.ts';
import { retry } from '../io/retry.ts';
import { type WixClient, wixRetries } from './client.ts';
import { jobAnswer } from './job.ts';
import { jobNamed, jobsPath } from './jobs.ts';
import { NoAnswer } from './transport.ts';
import type { Job, JobRequest } from './wire.ts';

/** A unique name that a person who looks at the jobs can read. */
export function exportJobName(subject: string): string {
  return `wix-cms-sync export ${subject.slice(0, 400)} ${randomUUID()}`;
}

/** Submits a job. A lost answer never makes two: the job is looked for by its name first (wix-api.md 1.13). */
export async function submitJob(client: WixClient, request: JobRequest): Promise<Job> {
  const what = `submit the job "${request.name}"`;
  const post = { method: 'POST', path: jobsPath, body: request, once: true, what } as const;
  const submit = async () => {
    const answer = v.safeParse(jobAnswer, await client.json(post));
    if (answer.success) return answer.output;
    throw new NoAnswer('the answer held no job');
  };
  const find = () => {
    client.log.debug(`No answer to the request to ${what}: looking whether it is there.`);
    return findSubmitted(client, request.name);
  };
  return retry(submit, { ...wixRetries<Job>(client, what), find });
}

/** After how long a submitted job is looked for, in milliseconds. */
const lookups = [500, 1_500, 4_000];

async function findSubmitted(client: WixClient, name: string): Promise<Job | undefined> {
  try {
    return await jobNamed(client, name, lookups);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    const words = `${error.message} The answer to the submission of the job "${name}" was lost, so the job may be running; the next run looks for it.`;
    throw new Failure(error.reason, words, { cause: error });
  }
}
