import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import type { Clock } from '../../src/io/clock.ts';
import { createWixClient, type WixClient, type WixClientOptions } from '../../src/wix/client.ts';
import { exportJobName } from '../../src/wix/jobs.ts';
import type { JobRequest } from '../../src/wix/wire.ts';

/** A clock whose sleeps take no time: it moves on by them, and remembers them. */
export function fakeClock(): Clock & { readonly sleeps: readonly number[] } {
  const sleeps: number[] = [];
  let now = Date.now();
  return {
    sleeps,
    now: () => now,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      now += milliseconds;
      // What runs over there takes its few milliseconds all the same.
      await new Promise((resolve) => setTimeout(resolve, 3));
    },
  };
}

/** A client of a local Wix, and what surrounds it. */
export interface Situation {
  readonly emulator: Emulator;
  readonly client: WixClient;
  readonly clock: ReturnType<typeof fakeClock>;
  readonly warnings: readonly string[];
  readonly cancel: (reason: Error) => void;
}

export async function against(
  options: EmulatorOptions,
  play: (situation: Situation) => Promise<void>,
  changes: Partial<WixClientOptions> = {},
): Promise<void> {
  const emulator = await startEmulator(options);
  const clock = fakeClock();
  const warnings: string[] = [];
  const controller = new AbortController();
  const client = createWixClient({
    apiKey: emulator.apiKey,
    siteId: emulator.siteId,
    apiUrl: emulator.apiUrl,
    requestsPerMinute: 150,
    clock,
    log: { info: () => {}, debug: () => {}, warning: (line) => warnings.push(line) },
    signal: controller.signal,
    random: () => 0.5,
    ...changes,
  });
  try {
    const cancel = (reason: Error) => controller.abort(reason);
    await play({ emulator, client, clock, warnings, cancel });
  } finally {
    await emulator.close();
  }
}

export const shop: EmulatorOptions = {
  site: {
    collections: [
      {
        id: 'teas',
        fields: [{ key: 'title', type: 'TEXT' }],
        items: [
          { _id: 'a', title: 'Assam' },
          { _id: 'b', title: 'Uva' },
        ],
      },
    ],
  },
};

export function exportOf(collectionId: string): JobRequest {
  return {
    name: exportJobName(collectionId),
    source: { wixDataCollection: { collectionId } },
    destination: { file: { format: 'CSV', fileName: 'export.csv' } },
  };
}

/** A path in a fresh directory; the file is there if it has a text. */
export function temporaryFile(text?: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'wix-cms-wire-')), 'file.csv');
  if (text !== undefined) writeFileSync(path, text);
  return path;
}
