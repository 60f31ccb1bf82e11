import { describe, expect, test } from '@jest/globals';
import { mergeRow } from '../../src/content/merge.ts';
import type { Cells } from '../../src/content/versions.ts';
import { columns } from './builders.ts';

const text = columns({ _id: 'TEXT', title: 'TEXT', price: 'NUMBER' });
const x = ['a', 'x', '1'];
const y = ['a', 'y', '1'];
const z = ['a', 'z', '1'];

describe('a row is merged three ways', () => {
  const a = ['a', 'x', '1'];
  const cases: readonly [string, Cells | null, Cells | null, Cells | null, object][] = [
    ['equal on both sides', a, a, a, { kind: 'agreed' }],
    ['gone from both', a, null, null, { kind: 'agreed' }],
    ['new in git', null, a, null, { kind: 'only-git', changedBy: 'git' }],
    ['new in the CMS', null, null, a, { kind: 'only-cms', changedBy: 'cms' }],
    ['removed in git', a, null, a, { kind: 'only-cms', changedBy: 'git' }],
    [
      'removed in git, edited in the CMS',
      a,
      null,
      ['a', 'y', '1'],
      { kind: 'only-cms', changedBy: 'both' },
    ],
    ['removed in the CMS', a, a, null, { kind: 'only-git', changedBy: 'cms' }],
    [
      'removed in the CMS, edited in git',
      a,
      ['a', 'y', '1'],
      null,
      { kind: 'only-git', changedBy: 'both' },
    ],
  ];
  test.each(cases)('%s', (_name, base, head, live, expected) => {
    expect(mergeRow(text, base, head, live)).toMatchObject(expected);
  });

  test('edits of different cells on both sides are each known by who made them', () => {
    const merge = mergeRow(text, ['a', 'x', '1'], ['a', 'git', '1'], ['a', 'x', '2']);
    expect(merge).toEqual({
      kind: 'differs',
      cells: [
        { column: text[1], base: 'x', head: 'git', live: 'x', changedBy: 'git' },
        { column: text[2], base: '1', head: '1', live: '2', changedBy: 'cms' },
      ],
    });
  });

  test('different edits of one cell are changed by both', () => {
    const merge = mergeRow(text, x, y, z);
    expect(merge).toMatchObject({ kind: 'differs', cells: [{ changedBy: 'both', base: 'x' }] });
  });

  test('the same edit on both sides is an agreement', () => {
    const merge = mergeRow(text, ['a', 'x', '1'], ['a', 'y', '1'], ['a', 'y', '1.0']);
    expect(merge).toEqual({ kind: 'agreed' });
  });

  test('without a base, a differing cell is changed by both', () => {
    const merge = mergeRow(text, null, x, y);
    expect(merge).toMatchObject({ cells: [{ changedBy: 'both', base: undefined }] });
  });
});
