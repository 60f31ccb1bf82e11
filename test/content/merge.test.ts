import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forwardRow, mergeRow } from '../../src/content/merge.ts';
import type { Cells, Versions } from '../../src/content/versions.ts';
import { columns } from './builders.ts';

const text = columns({ _id: 'TEXT', title: 'TEXT', price: 'NUMBER' });

function versions(row: Partial<Versions>): Versions {
  return {
    key: 'a',
    head: null,
    base: null,
    recorded: undefined,
    live: undefined,
    sent: undefined,
    isRefill: false,
    headRow: undefined,
    liveRow: undefined,
    settled: undefined,
    ...row,
  };
}

describe('base comes forward', () => {
  const cases: readonly [string, Partial<Versions>, Cells | null][] = [
    [
      'a cell that git and the site both hold is agreed',
      { base: ['a', 'old', '1'], head: ['a', 'new', '1'], live: ['a', 'new', '1'] },
      ['a', 'new', '1'],
    ],
    [
      'a cell that git has not sent yet keeps its old base',
      { base: ['a', 'old', '1'], head: ['a', 'new', '1'], live: ['a', 'old', '1'] },
      ['a', 'old', '1'],
    ],
    [
      'a cell that git holds as the site was last recorded is agreed, whatever the site says now',
      {
        base: ['a', 'x', '1'],
        head: ['a', 'y', '1'],
        recorded: ['a', 'y', '1'],
        live: ['a', 'z', '1'],
      },
      ['a', 'y', '1'],
    ],
    [
      'a row that base lacks enters it when all its cells are agreed',
      { head: ['a', 'x', '1'], recorded: ['a', 'x', '2'], live: ['a', 'y', '1'] },
      ['a', 'x', '1'],
    ],
    [
      'a row that base lacks stays out while a cell is open',
      { head: ['a', 'x', '1'], live: ['a', 'x', '2'] },
      null,
    ],
    [
      'a row that is gone from both is agreed to be gone',
      { base: ['a', 'x', '1'], head: null, live: null },
      null,
    ],
    [
      'a row that git removed and the site still has stays in base',
      { base: ['a', 'x', '1'], head: null, recorded: ['a', 'x', '1'], live: ['a', 'x', '1'] },
      ['a', 'x', '1'],
    ],
    [
      'a row that only the site removed stays in base',
      { base: ['a', 'x', '1'], head: ['a', 'x', '1'], live: null },
      ['a', 'x', '1'],
    ],
    [
      'a cell that an import brought unseen is agreed at what it brought',
      {
        base: ['a', 'x', '1'],
        head: ['a', 'x', '1'],
        recorded: ['a', 'x', '1'],
        live: ['a', 'y', '1'],
        sent: ['a', 'y', '1'],
      },
      ['a', 'y', '1'],
    ],
    [
      'a cell that was sent and did not arrive keeps its old base',
      {
        base: ['a', 'x', '1'],
        head: ['a', 'y', '1'],
        recorded: ['a', 'x', '1'],
        live: ['a', 'x', '1'],
        sent: ['a', 'y', '1'],
      },
      ['a', 'x', '1'],
    ],
    [
      'a row that an import created unseen is empty where it did not arrive',
      { head: ['a', 'y', '2'], recorded: null, live: ['a', 'y', ''], sent: ['a', 'y', '2'] },
      ['a', 'y', ''],
    ],
    [
      'a row that an import created unseen, and that git removed since, was there',
      { head: null, recorded: null, live: ['a', 'y', '2'], sent: ['a', 'y', '2'] },
      ['a', 'y', '2'],
    ],
    [
      'a row that an import removed unseen, and that git brought back since, is agreed to be gone',
      {
        base: ['a', 'x', '1'],
        head: ['a', 'x', '1'],
        recorded: ['a', 'x', '1'],
        live: null,
        sent: 'removal',
      },
      null,
    ],
    [
      'a row that was to be removed, and was not, keeps its old base',
      {
        base: ['a', 'x', '1'],
        head: null,
        recorded: ['a', 'x', '1'],
        live: ['a', 'x', '1'],
        sent: 'removal',
      },
      ['a', 'x', '1'],
    ],
    [
      'a row that a truncating import did not bring back was removed by nobody',
      {
        base: ['a', 'x', '1'],
        head: ['a', 'x', '1'],
        recorded: ['a', 'x', '1'],
        live: null,
        sent: ['a', 'x', '1'],
        isRefill: true,
      },
      null,
    ],
    [
      'a row that a truncating import has not come to keeps its old base',
      {
        base: ['a', 'x', '1'],
        head: ['a', 'y', '1'],
        recorded: ['a', 'x', '1'],
        live: ['a', 'x', '1'],
        sent: ['a', 'y', '1'],
        isRefill: true,
      },
      ['a', 'x', '1'],
    ],
    [
      'a row that came from the site, was edited in git and left the site, was there for both',
      { head: ['a', 'y', '1'], recorded: ['a', 'x', '1'], live: null },
      ['a', 'x', '1'],
    ],
    [
      'a number written in another way is the same number',
      { base: ['a', 'x', '1'], head: ['a', 'x', '2.50'], live: ['a', 'x', '2.5'] },
      ['a', 'x', '2.50'],
    ],
  ];
  test.each(cases)('%s', (_name, row, expected) => {
    expect(forwardRow(text, versions(row))).toEqual(expected);
  });
});

describe('a row is merged three ways', () => {
  const a = ['a', 'x', '1'];
  const cases: readonly [string, Cells | null, Cells | null, Cells | null, object][] = [
    ['equal on both sides', a, a, a, { kind: 'agreed' }],
    ['gone from both', a, null, null, { kind: 'agreed' }],
    ['new in git', null, a, null, { kind: 'added-in-git' }],
    ['new in the CMS', null, null, a, { kind: 'added-in-cms' }],
    ['removed in git', a, null, a, { kind: 'removed-in-git', edited: false }],
    [
      'removed in git, edited in the CMS',
      a,
      null,
      ['a', 'y', '1'],
      { kind: 'removed-in-git', edited: true },
    ],
    ['removed in the CMS', a, a, null, { kind: 'removed-in-cms', edited: false }],
    [
      'removed in the CMS, edited in git',
      a,
      ['a', 'y', '1'],
      null,
      { kind: 'removed-in-cms', edited: true },
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
    const merge = mergeRow(text, ['a', 'x', '1'], ['a', 'y', '1'], ['a', 'z', '1']);
    expect(merge).toMatchObject({ kind: 'differs', cells: [{ changedBy: 'both', base: 'x' }] });
  });

  test('the same edit on both sides is an agreement', () => {
    expect(mergeRow(text, ['a', 'x', '1'], ['a', 'y', '1'], ['a', 'y', '1.0'])).toEqual({
      kind: 'agreed',
    });
  });

  test('without a base, a differing cell is changed by both', () => {
    const merge = mergeRow(text, null, ['a', 'x', '1'], ['a', 'y', '1']);
    expect(merge).toMatchObject({ cells: [{ changedBy: 'both', base: undefined }] });
  });
});

describe('whatever happened', () => {
  const cell = fc.constantFrom('', 'x', 'y', 'z');
  const cells = fc.tuple(fc.constant('a'), cell, fc.constantFrom('', '1', '1.0', '2'));
  const maybe = fc.option(cells, { nil: null });

  test('base only ever holds what git holds or what it held before', () => {
    fc.assert(
      fc.property(
        maybe,
        maybe,
        fc.option(maybe, { nil: undefined }),
        maybe,
        (head, base, recorded, live) => {
          const forward = forwardRow(text, versions({ head, base, recorded, live }));
          forward?.forEach((value, i) => {
            const before = base ?? (live === null ? recorded : null);
            expect([head?.[i], before?.[i] ?? '']).toContain(value);
          });
        },
      ),
    );
  });

  test('a cell that git changed is never attributed to the CMS', () => {
    fc.assert(
      fc.property(cells, cells, cells, (base, head, live) => {
        const merge = mergeRow(text, base, head, live);
        if (merge.kind !== 'differs') return;
        for (const { base: was, head: now, column, changedBy } of merge.cells) {
          const moved =
            column.type === 'NUMBER'
              ? Number(was) !== Number(now) || (was === '') !== (now === '')
              : was !== now;
          expect(changedBy === 'cms').toBe(!moved);
        }
      }),
    );
  });
});
