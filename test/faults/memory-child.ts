/** Does one thing that may take much memory, and tells what came of it and how much it took. */
import { itemIdentity } from '../../src/content/identity.ts';
import { openTable } from '../../src/csv/table.ts';
import { createWixClient } from '../../src/wix/client.ts';
import { downloadFile } from '../../src/wix/files.ts';
import { fakeClock } from '../wix/support.ts';

/** What the child came to. */
export interface Report {
  /** Of the failure; `done` without one. */
  readonly message: string;
  readonly megabytes: number;
}

const [, , task = '', where = '', to = ''] = process.argv;

const tasks: Readonly<Record<string, () => unknown>> = {
  open: () => openTable([where], itemIdentity('_id')),
  ask: () => client(where).json({ method: 'GET', path: '/', what: 'ask' }),
  download: () => downloadFile(client(where), async () => where, to),
};

function client(apiUrl: string) {
  return createWixClient({
    apiKey: 'IST.key',
    siteId: 'site',
    apiUrl,
    requestsPerMinute: 150,
    clock: fakeClock(),
    log: { info: () => {}, debug: () => {}, warning: () => {} },
    signal: new AbortController().signal,
    longestFile: 2 ** 20,
  });
}

const message = await Promise.resolve(tasks[task])
  .then((work) => work?.())
  .then(
    () => 'done',
    (error: Error) => error.message,
  );
const report: Report = { message, megabytes: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(report));
process.exit();
