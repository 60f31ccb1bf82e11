import type { ServerResponse } from 'node:http';
import type { Misbehaviour } from '../faults.ts';
import type { EmulatorClock } from '../settings.ts';
import type { Answer, Body } from './request.ts';

/** The answer as a fault leaves it. */
export function distorted(answer: Answer, fault: Misbehaviour | undefined): Answer {
  if (fault?.kind === 'answer') {
    const body = [Buffer.from(fault.body ?? '')];
    return { status: fault.status, headers: fault.headers ?? {}, body };
  }
  if (fault?.kind === 'empty') return { status: 200 };
  if (fault?.kind === 'malformed-json') {
    const whole = Buffer.concat([...(answer.body ?? [])]);
    return { ...answer, body: [whole.subarray(0, Math.ceil(whole.length / 2))] };
  }
  return answer;
}

/** Sends an answer, or as much of it as the fault lets through, as fast as it lets it. */
export async function send(
  response: ServerResponse,
  answer: Answer,
  requestId: string,
  fault: Misbehaviour | undefined,
  waiting: { readonly clock: EmulatorClock; readonly closing: AbortSignal },
): Promise<void> {
  const body = answer.body ?? [];
  const whole = body.reduce((sum, piece) => sum + piece.length, 0);
  const { length, announced, broken } = delivery(whole, fault);
  const pace = fault?.kind === 'slow' ? fault : undefined;
  const pause = async (milliseconds = 0) => {
    if (pace !== undefined) await waiting.clock.sleep(milliseconds, waiting.closing);
  };
  await pause(pace?.delay);
  response.writeHead(answer.status, {
    ...answer.headers,
    'x-wix-request-id': requestId,
    ...(announced !== undefined && { 'content-length': announced }),
  });
  response.flushHeaders();
  const size = pace === undefined ? Number.POSITIVE_INFINITY : (pace.bytes ?? 1024);
  for (const piece of pieces(body, length, size)) {
    if (!response.write(piece)) await drained(response);
    await pause(pace?.pause);
  }
  if (broken) response.socket?.end();
  else response.end();
}

/** How many bytes go out, what Content-Length says, and whether the connection just ends. */
function delivery(
  whole: number,
  fault: Misbehaviour | undefined,
): { length: number; announced: number | undefined; broken: boolean } {
  if (fault?.kind === 'wrong-length') {
    const announced = Math.max(0, whole + fault.by);
    return { length: whole, announced, broken: announced > whole };
  }
  if (fault?.kind !== 'cut') return { length: whole, announced: whole, broken: false };
  const length = Math.min(whole, fault.bytes ?? Math.floor(whole / 2));
  switch (fault.announced) {
    case 'full':
      return { length, announced: whole, broken: true };
    case 'none':
      return { length, announced: undefined, broken: false };
    case 'short':
      return { length, announced: length, broken: false };
  }
}

function* pieces(body: Body, limit: number, size: number): Generator<Buffer> {
  let left = limit;
  for (const whole of body) {
    for (let from = 0; from < whole.length && left > 0; ) {
      const piece = whole.subarray(from, from + Math.min(size, left));
      yield piece;
      from += piece.length;
      left -= piece.length;
    }
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
}
