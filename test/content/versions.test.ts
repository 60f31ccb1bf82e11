import { describe, expect, test } from '@jest/globals';
import { versionsOf } from '../../src/content/versions.ts';
import { columns, items, sides } from './builders.ts';

describe('rows that are the same in all versions', () => {
  const fields = columns({ _id: 'TEXT', title: 'TEXT' });
  const held = items({ _id: 'a', title: 'Green' }, { _id: 'b', title: 'Black' });
  const live = items(
    { _owner: 'Ada', title: 'Green', _id: 'a' },
    { _owner: 'Ada', title: 'White', _id: 'b' },
  );
  const all = { head: held, recorded: held, live };

  test('are handed on as they stand in git, under whatever columns the site has them', () => {
    const rows = [...versionsOf(fields, sides(all))];
    expect(rows.map(({ settled }) => settled === held.row('a'))).toEqual([true, false]);
    expect(rows.map(({ base }) => base)).toEqual([
      ['a', 'Green'],
      ['b', 'Black'],
    ]);
  });

  test('are left out where only differences are asked for', () => {
    const rows = [...versionsOf(fields, sides(all), 'different')];
    expect(rows.map(({ key }) => key)).toEqual(['b']);
  });

  test('are given cell by cell where git lacks a column', () => {
    const narrow = items({ _id: 'a' }, { _id: 'b' });
    const rows = [...versionsOf(fields, sides({ ...all, head: narrow }))];
    expect(rows.map(({ settled, head }) => [settled, head])).toEqual([
      [undefined, ['a', 'Green']],
      [undefined, ['b', 'Black']],
    ]);
  });
});
