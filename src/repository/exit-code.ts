import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const isWindows = process.platform === 'win32';

/**
 * How a process is started whose children are to end with it: as the leader of a group of its own.
 * Windows has no such groups, and would open a window for it.
 */
export const asLeader = { detached: !isWindows, windowsHide: true };

/** How long a process may take to tidy up that is told to end, in milliseconds. */
const grace = 1_000;

/**
 * Waits for a process to end, and takes it as ended once the time is up or the signal aborts: then
 * it is ended with all that it started. To end git alone is not enough, since those who work for it,
 * such as git-remote-http, may live on with its pipes, and the wait with them.
 *
 * @param child started `asLeader`.
 * @returns the exit code; `undefined` if it did not end by itself.
 */
export async function exitCodeOf(
  child: ChildProcess,
  { signal, milliseconds }: { readonly signal: AbortSignal; readonly milliseconds: number },
): Promise<number | undefined> {
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const stopped = new Promise<undefined>((resolve) => {
    limit.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const code = await Promise.race([ended, stopped]);
  if (code === undefined) await endAll(child, ended);
  return code;
}

async function endAll(child: ChildProcess, ended: Promise<number>): Promise<void> {
  signalAll(child, 'SIGTERM');
  const code = await Promise.race([ended, delay(grace, undefined, { ref: false })]);
  if (code !== undefined) return;
  signalAll(child, 'SIGKILL');
  for (const stream of child.stdio) stream?.destroy();
}

function signalAll(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (isWindows) {
    const all = ['/pid', String(child.pid), '/t', '/f'];
    spawn('taskkill', all, { stdio: 'ignore' }).on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of them have ended meanwhile.
  }
}
