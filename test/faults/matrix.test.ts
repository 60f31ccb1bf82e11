import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { freshFolder } from '../repository/support.ts';
import { publishMatrices } from './matrix.ts';

const named = process.env.FAULT_MATRIX;

afterEach(() => {
  if (named === undefined) delete process.env.FAULT_MATRIX;
  else process.env.FAULT_MATRIX = named;
});

test('the matrices are added to the file that FAULT_MATRIX names', () => {
  const file = join(freshFolder(), 'faults.md');
  process.env.FAULT_MATRIX = file;
  const rows = [
    { name: 'submit a job', outcomes: ['ridden out', 'api, nothing written'] },
    { name: 'read its log', outcomes: ['partial, all written', 'timeout, some written'] },
  ];
  publishMatrices([{ title: 'import: asked to…', columns: ['502', 'no answer'], rows }]);
  const rest = [{ name: 'list', outcomes: ['PROBLEM: rows are lost', 'auth'] }];
  publishMatrices([
    { title: 'export', columns: ['502', 'no answer'], rows: rest },
    { title: 'plan', columns: ['502'], rows: [{ name: 'list', outcomes: ['-'] }] },
  ]);
  expect(`\n${readFileSync(file, 'utf8')}`).toBe(`
| import: asked to… | 502       | no answer |
| ----------------- | --------- | --------- |
| submit a job      | ✓         | api       |
| read its log      | partial** | timeout*  |

| export | 502 | no answer |
| ------ | --- | --------- |
| list   | !!  | auth      |

| plan | 502 |
| ---- | --- |
| list | -   |

`);
});
