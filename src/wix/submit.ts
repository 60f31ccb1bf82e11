import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { retry } from '../io/retry.ts';
import { type WixClient, wixRetries } from './client.ts';
import { jobAnswer } from './job.ts';
import { isNotFound, jobNamed, jobsPath } from './jobs.ts';
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
    return jobNamed(client, request.name, lookups);
  };
  return retry(submit, { ...wixRetries<Job>(client, what), find });
}

/** After how long a submitted job is looked for, in milliseconds. */
const lookups = [500, 1_500, 4_000];

/** How long a termination may take in all, in milliseconds: a cancelled run has five seconds. */
const terminationLimit = 3_500;

/** Terminates a job, also in a cancelled run: `urgently` counts, not the run's signal. Returns whether it is over. */
export async function terminateJob(
  client: WixClient,
  id: string,
  urgently = AbortSignal.timeout(terminationLimit),
): Promise<boolean> {
  const path = `${jobsPath}/${encodeURIComponent(id)}/terminate`;
  const what = `terminate the job ${id}`;
  try {
    await client.json({ method: 'POST', path, body: { jobId: id }, what, urgently });
    return true;
  } catch (error) {
    if (isNotFound(error)) return true;
    warn(client, `The import job ${id} could not be terminated`, error);
    return false;
  }
}

/** After how long it is looked for, in milliseconds. */
const looks = [0, 500];

/** Terminates a job whose submission was cut off, if Wix has it. Returns whether it surely does not run. */
export async function terminateNamed(client: WixClient, name: string): Promise<boolean> {
  const limit = AbortSignal.timeout(terminationLimit);
  try {
    const job = await jobNamed(client, name, looks, limit);
    return job === undefined || (await terminateJob(client, job.id, limit));
  } catch (error) {
    warn(client, `Nobody knows whether the import job "${name}" was submitted`, error);
    return false;
  }
}

function warn(client: WixClient, what: string, error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  client.log.warning(`${what} (${words}). It may still run: check the site before you edit it.`);
}
