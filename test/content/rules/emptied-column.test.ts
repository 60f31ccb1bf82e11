import { expect, test } from '@jest/globals';
import { columnEditsCheck } from '../../../src/content/rules/column-edits.ts';
import { sideOf, versionsOf } from '../../../src/content/versions.ts';
import { columns, items, sides } from '../builders.ts';

test('several columns that went empty are counted in one reading of the rows as they were', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((_id) => ({ _id, title: 'Tea', price: '4' }));
  const base = items(...rows);
  const head = items(...rows.map((row) => ({ ...row, title: '', price: '' })));
  let readings = 0;
  const counted = {
    ...base,
    rows: () => {
      readings += 1;
      return base.rows();
    },
  };
  const all = columns({ _id: 'TEXT', title: 'TEXT', price: 'NUMBER' });
  const check = columnEditsCheck(all, head, sideOf(counted));
  for (const row of versionsOf(all, sides({ head, recorded: base }))) check.row(row);
  const found = [...(check.end?.() ?? [])].map(({ message }) => message);
  expect(found).toEqual([
    ' line 1: 5 of the 5 filled cells in "title" went empty. Restore them unless you meant it.',
    ' line 1: 5 of the 5 filled cells in "price" went empty. Restore them unless you meant it.',
  ]);
  expect(readings).toBe(1);
});
