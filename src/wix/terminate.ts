import type { WixClient } from './client.ts';
import { isNotFound, jobNamed, jobsPath } from './jobs.ts';

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
