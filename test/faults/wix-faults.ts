import type { Emulator } from '../../emulator/emulator.ts';
import {
  htmlError,
  type Misbehaviour,
  type RequestMatch,
  silentRefusal,
} from '../../emulator/faults.ts';

/** What goes wrong with a request, and for how long. */
export interface WixFault {
  /** In a few words. */
  readonly name: string;
  readonly strike: (emulator: Emulator, match: RequestMatch) => void;
  /** Whether only requests to this host meet it. */
  readonly host?: 'upload';
}

/** One fault for each way in which a command can come out of it. */
export const wixFaults: readonly WixFault[] = [
  fault('502, carried out', htmlError(502, true)),
  fault('403', silentRefusal(403)),
  fault('404', silentRefusal(404)),
  fault('reset after, for good', { kind: 'reset', when: 'after' }, 'always'),
  { name: 'URL expired', host: 'upload', strike: expireOnce },
];

function fault(name: string, misbehaviour: Misbehaviour, times: number | 'always' = 1): WixFault {
  const strike: WixFault['strike'] = ({ faults }, match) =>
    void faults.add({ ...misbehaviour, match: { ...match, times } });
  return { name, strike };
}

/** The first upload URL is no good any more when it is used; a slow answer changes nothing else. */
function expireOnce({ faults, expireUploadUrls }: Emulator): void {
  let used = 0;
  const where = () => {
    used += 1;
    if (used === 1) expireUploadUrls();
    return used === 1;
  };
  faults.add({ kind: 'slow', match: { host: 'upload', where } });
}
