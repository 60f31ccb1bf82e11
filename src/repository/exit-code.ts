import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const isWindows = process.platform === 'win32';

/** Starts a process as the leader of a group, so that its children can be ended with it. Windows has no such groups. */
export const asLeader = { detached: !isWindows, windowsHide: true };

/** How long a process may take to end, in milliseconds. */
const grace = 1_000;

/**
 * Waits for a process that was started `asLeader`, and ends it with its children when the time is up or
 * the signal aborts: git-remote-http would live on with the pipes of git. `undefined` if it did not end by
 * itself.
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
    // They have ended.
  }
}
