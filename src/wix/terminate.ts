import type { WixClient } from './client.ts';
import { isNotFound, jobNamed, jobsPath } from './jobs.ts';

/**
 * How long a termination may take, in milliseconds, with the look for its job: a run that was
 * cancelled has five seconds, and has to say what became of it within them.
 */
const terminationLimit = 3_500;

/**
 * Terminates a job, also when the run is being cancelled. One that is gone already is fine.
 *
 * @param until ends the attempts, instead of the run's own signal, which does not count then.
 * @returns whether Wix says that it is over; if not, a warning was logged.
 */
export async function terminateJob(
  client: WixClient,
  id: string,
  until = AbortSignal.timeout(terminationLimit),
): Promise<boolean> {
  const path = `${jobsPath}/${encodeURIComponent(id)}/terminate`;
  const what = `terminate the job ${id}`;
  try {
    await client.json({ method: 'POST', path, body: { jobId: id }, manner: 'urgent', what }, until);
    return true;
  } catch (error) {
    if (isNotFound(error)) return true;
    warn(client, `The import job ${id} could not be terminated`, error);
    return false;
  }
}

/** When to look for a job whose submission was under way, in milliseconds. */
const looks = [0, 500];

/**
 * Terminates the job whose submission was cut off by a cancellation, if Wix has taken it by now or
 * does so at once.
 *
 * @returns whether it does not run, as far as Wix says; if it may, a warning was logged.
 */
export async function terminateNamed(client: WixClient, name: string): Promise<boolean> {
  const limit = AbortSignal.timeout(terminationLimit);
  try {
    for (const wait of looks) {
      await client.clock.sleep(wait, limit);
      const job = await jobNamed(client, name, limit);
      if (job !== undefined) return await terminateJob(client, job.id, limit);
    }
    return true;
  } catch (error) {
    warn(client, `Nobody knows whether the import job "${name}" was submitted`, error);
    return false;
  }
}

function warn(client: WixClient, what: string, error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  client.log.warning(`${what} (${words}). It may still run: look at the site before you edit it.`);
}
