/** Opens a table, and tells what came of it and how much memory it took. */
import { itemIdentity } from '../../src/content/identity.ts';
import { openTable } from '../../src/csv/table.ts';

/** What the child came to. */
export interface Report {
  /** Of the failure; `done` without one. */
  readonly message: string;
  readonly megabytes: number;
}

const [, , file = ''] = process.argv;

let message = 'done';
try {
  openTable([file], itemIdentity('_id'));
} catch (error) {
  message = error instanceof Error ? error.message : String(error);
}
const report: Report = { message, megabytes: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(report));
