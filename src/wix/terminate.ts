import type { WixClient } from './client.ts';
import { isNotFound, jobsPath, queryJobs } from './jobs.ts';

/** How long a termination may take, in milliseconds: a run that was cancelled has five seconds. */
const terminationLimit = 2_000;

/** Terminates a job, also when the run is being cancelled. One that is gone already is fine. */
export async function terminateJob(client: WixClient, id: string): Promise<void> {
  const path = `${jobsPath}/${encodeURIComponent(id)}/terminate`;
  const request = {
    method: 'POST',
    path,
    body: { jobId: id },
    repeatable: true,
    urgent: true,
    what: `terminate the job ${id}`,
  } as const;
  try {
    await client.json(request, AbortSignal.timeout(terminationLimit));
  } catch (error) {
    if (!isNotFound(error)) warn(client, `The import job ${id} could not be terminated`, error);
  }
}

/** When to look for a job whose submission was under way, in milliseconds. */
const looks = [0, 500];

/**
 * Terminates the job whose submission was cut off by a cancellation, if Wix has taken it by now or
 * does so at once.
 */
export async function terminateNamed(client: WixClient, name: string): Promise<void> {
  const limit = AbortSignal.timeout(terminationLimit);
  try {
    for (const wait of looks) {
      await client.clock.sleep(wait, limit);
      const jobs = await queryJobs(client, { name: { $eq: name } }, limit);
      const job = jobs.find((each) => each.name === name);
      if (job !== undefined) return await terminateJob(client, job.id);
    }
  } catch (error) {
    warn(client, `Nobody knows whether the import job "${name}" was submitted`, error);
  }
}

function warn(client: WixClient, what: string, error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  client.log.warning(`${what} (${words}). It may still run: look at the site before you edit it.`);
}
