import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { temporaryFile } from '../wix/support.ts';
import type { Report } from './memory-child.ts';

/** What comes from outside must not take more memory than this, in megabytes. */
const most = 350;

test.each([
  ['with a header', '_id\n'],
  ['without a header', '\n'],
])(
  'a file of empty lines %s is read in little memory, since it has no rows',
  async (_name, header) => {
    const path = temporaryFile(header);
    writeFileSync(path, '\n'.repeat(10_000_000), { flag: 'a' });
    const { message, megabytes } = await opened(path);
    expect(message).toBe('done');
    expect(megabytes).toBeLessThan(most);
  },
);

test.each([
  ['without a key', '_id,title', ',x', 'line 50002: more than 50000 rows have no key'],
  ['without a column of keys', 'title', 'x', 'line 1: no column holds the keys of the rows'],
])(
  'millions of rows %s are refused, since nobody could add so many',
  async (_name, header, row, words) => {
    const path = temporaryFile(`${header}\n`);
    writeFileSync(path, `${row}\n`.repeat(10_000_000), { flag: 'a' });
    const { message, megabytes } = await opened(path);
    expect(message).toContain(words);
    expect(megabytes).toBeLessThan(most);
  },
);

test('as many rows without a key as a job takes are read', async () => {
  const path = temporaryFile(`_id,title\n${',Tea\n'.repeat(50_000)}`);
  expect(await opened(path)).toMatchObject({ message: 'done' });
});

/** Opens a table in a process that has little memory. */
async function opened(path: string): Promise<Report> {
  const script = join(import.meta.dirname, 'memory-child.ts');
  const limit = '--max-old-space-size=96';
  const { stdout } = await promisify(execFile)(process.execPath, [limit, script, path]);
  return JSON.parse(stdout);
}
