import * as dataCollections from '@wix/auto_sdk_data_collections';
import * as movementJobs from '@wix/auto_sdk_data_movement-jobs';
import { ApiKeyStrategy, createClient } from '@wix/sdk';
import * as dataItems from '@wix/wix-data-items-sdk';
import type { Emulator } from '../../emulator/emulator.ts';

/**
 * The vendor's own client, unmodified: only its `fetch` is told that www.wixapis.com is elsewhere.
 * Requests arrive as the SDK wrote them.
 */
export function vendorSdk(
  emulator: Emulator,
  auth: { readonly apiKey?: string; readonly siteId?: string } = {},
) {
  return createClient({
    modules: { jobs: movementJobs, collections: dataCollections, items: dataItems },
    auth: ApiKeyStrategy({
      apiKey: auth.apiKey ?? emulator.apiKey,
      siteId: auth.siteId ?? emulator.siteId,
    }),
    fetch: (input: string | URL | Request, init?: RequestInit) =>
      fetch(String(input).replace('https://www.wixapis.com', emulator.apiUrl), init),
  });
}

/** Waits, as a client would, until a job is over. */
export async function finished(emulator: Emulator, jobId: string) {
  const sdk = vendorSdk(emulator);
  for (;;) {
    const job = await sdk.jobs.getJob(jobId);
    if (['COMPLETED', 'FAILED', 'PARTIALLY_SUCCESSFUL'].includes(job.status ?? '')) return job;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}
