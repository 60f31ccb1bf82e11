import type { Emulator } from '../../emulator/emulator.ts';
import {
  htmlError,
  type Misbehaviour,
  type RequestMatch,
  silentRefusal,
  tooManyRequests,
} from '../../emulator/faults.ts';

/** What goes wrong with a request, and for how long. */
export interface WixFault {
  /** In a few words, for the head of a table. */
  readonly name: string;
  readonly strike: (emulator: Emulator, match: RequestMatch) => void;
  /** How long an answer may take, in real milliseconds, where the fault is that none comes. */
  readonly timeLimit?: number;
  /** Whether it is told of the requests to this host alone. */
  readonly host?: 'upload' | 'download';
}

/** Every other answer has to come within it, too, on a machine that has much to do. */
const briefly = 1_000;

function once(name: string, fault: Misbehaviour, more: Partial<WixFault> = {}): WixFault {
  return { name, strike: ({ faults }, match) => void faults.add({ ...fault, match }), ...more };
}

function always(name: string, fault: Misbehaviour, more: Partial<WixFault> = {}): WixFault {
  return {
    name: `${name}, for good`,
    strike: ({ faults }, match) =>
      void faults.add({ ...fault, match: { ...match, times: 'always' } }),
    ...more,
  };
}

function answer(status: number): Misbehaviour {
  const body = JSON.stringify({ message: 'Internal error', details: {} });
  return { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body };
}

/** Everything that a request may meet. */
export const wixFaults: readonly WixFault[] = [
  once('429', tooManyRequests()),
  once('429, Retry-After', tooManyRequests(30)),
  once('500', answer(500)),
  once('502, HTML', htmlError(502)),
  once('502, carried out', htmlError(502, true)),
  once('503', answer(503)),
  once('reset before', { kind: 'reset', when: 'before' }),
  once('reset after', { kind: 'reset', when: 'after' }),
  once('silence', { kind: 'hang' }, { timeLimit: briefly }),
  once('half a body', { kind: 'malformed-json' }),
  once('no body', { kind: 'empty' }),
  once('cut short', { kind: 'cut', announced: 'full' }),
  once('length too large', { kind: 'wrong-length', by: 7 }),
  once('length too small', { kind: 'wrong-length', by: -7 }),
  once('401', silentRefusal(401)),
  once('403', silentRefusal(403)),
  once('404', silentRefusal(404)),
  {
    name: 'URL expired',
    host: 'upload',
    strike: expireOnce,
  },
  once('413', silentRefusal(413), { host: 'upload' }),
  always('503', answer(503)),
  always('reset after', { kind: 'reset', when: 'after' }),
  always('silence', { kind: 'hang' }, { timeLimit: briefly }),
];

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
