import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const demo = join(import.meta.dirname, '../dist/demo/index.js');

test('the demo tells its story, without colours where nobody sees them', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [demo], {
    env: { PATH: process.env.PATH },
    timeout: 60_000,
  });
  expect(stdout).toContain('Both edits are there.');
  expect(stdout).toContain('content/collections/teas.csv line');
  // Ids as Wix makes them.
  expect(stdout).toMatch(/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12},"Assam /);
  expect(stdout).toContain('The import left the oolong alone on both sides');
  expect(stdout).toContain("Thé noir d'Assam, pointes dorées");
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toContain('/tmp');
  expect(stdout).not.toContain('Warning');
}, 90_000);
