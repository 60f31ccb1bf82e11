import { randomUUID } from 'node:crypto';
import { Failure } from '../errors.ts';
import { delayAfter, exhausted, type WixClient, waitLine } from './client.ts';
import { type Job, jobFrom } from './job.ts';
import { jobNamePrefix, jobsPath, queryJobs } from './jobs.ts';
import { attempts } from './retry.ts';
import { NoAnswer } from './transport.ts';
import type { JobRequest } from './wire.ts';

/** A name that no other job has, and that a person who looks at the jobs can read. */
export function uniqueJobName(kind: 'export' | 'import', subject: string): string {
  return `${jobNamePrefix(kind)}${subject.slice(0, 400)} ${randomUUID()}`;
}

/**
 * Submits a job. When the answer is lost, the job is looked up by its unique name before it is
 * submitted again, so there is never more than one (wix-api.md 1.13).
 *
 * @throws Failure when Wix refuses it, or does not answer however often it is asked.
 */
export async function submitJob(client: WixClient, request: JobRequest): Promise<Job> {
  const what = `submit the job "${request.name}"`;
  const begun = client.clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const post = { method: 'POST', path: jobsPath, repeatable: false } as const;
      const job = jobFrom(await client.json({ ...post, body: request, what }));
      if (job !== undefined) return job;
      throw new NoAnswer('the answer held no job');
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      client.log.debug(`Could not ${what} (${error.message}); looking whether it is there.`);
      const since = client.clock.now();
      const job = await findByName(client, request.name);
      if (job !== undefined) return job;
      if (attempt >= attempts) throw exhausted(what, error);
      const delay = delayAfter(what, error, attempt, client, since);
      const milliseconds = Math.max(0, since + delay - client.clock.now());
      client.waiting({ line: waitLine(what, error, milliseconds), since: begun, milliseconds });
      await client.clock.sleep(milliseconds, client.signal);
    }
  }
}

/** The failure of a submission whose answer was lost, where the job can not be looked up either. */
function unknownFate(name: string, { reason, message }: Failure): Failure {
  return new Failure(
    reason,
    `${message} The answer to the submission of the job "${name}" was lost before, so it may run; the next run looks for it.`,
  );
}

/** How long a job that was just submitted may take to be found, in milliseconds. */
const lookups = [500, 1_500, 4_000];

async function findByName(client: WixClient, name: string): Promise<Job | undefined> {
  for (const wait of lookups) {
    await client.clock.sleep(wait, client.signal);
    const jobs = await jobsNamed(client, name);
    const job = jobs.find((each) => each.name === name);
    if (job !== undefined) return job;
  }
  return undefined;
}

async function jobsNamed(client: WixClient, name: string): Promise<readonly Job[]> {
  try {
    return await queryJobs(client, { name: { $eq: name } });
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    throw unknownFate(name, error);
  }
}
