import type { Emulator } from '../../emulator/emulator.ts';
import type { Connection } from '../../scripts/check-site/requests.ts';
import { fakeClock } from '../wix/support.ts';

/** A local Wix, as the scripts ask it. */
export function connectionTo({ apiUrl, apiKey, siteId }: Emulator): Connection {
  return { apiUrl, apiKey, siteId, clock: fakeClock(), signal: new AbortController().signal };
}
