import { runAction } from './action.ts';
import { Failure } from './errors.ts';
import { systemClock } from './io/clock.ts';
import { styleOf } from './report/log.ts';
import { runnerOf } from './report/runner.ts';

/** How long a run that is cancelled may take to clean up, in milliseconds. */
const graceTime = 4_500;

// Windows would take a git.exe that lies in the checkout for git: libuv looks in the working directory
// first, unless this is set in its own process (libuv, src/win/process.c, `search_path`).
process.env.NoDefaultCurrentDirectoryInExePath = '1';

const cancellation = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    /**
     * @cause Somebody cancelled it, `cancel-in-progress` did, or the job reached its time limit. The run has
     * terminated its import jobs.
     * @remedy Run it again: it continues.
     */
    cancellation.abort(new Failure('cancelled', `The run was cancelled (${signal}).`));
    setTimeout(() => process.exit(1), graceTime).unref();
  });
}

const { failureReason } = await runAction(process.env, {
  runner: runnerOf(process.env),
  style: styleOf(process.env, process.stdout.isTTY),
  clock: systemClock,
  signal: cancellation.signal,
});
// A pipe takes what was printed in its own time, and the last lines are what failed.
await new Promise((printed) => process.stdout.write('', printed));
// Connections that are kept alive must not keep the step alive.
process.exit(failureReason === undefined ? 0 : 1);
