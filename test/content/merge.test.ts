import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  agreedNow,
  mergeRow,
  offeredAfter,
  type RowVersions,
  stillOffered,
  stillSent,
} from '../../src/content/merge.ts';
import type { Transit } from '../../src/content/transit.ts';
import type { Cells } from '../../src/content/versions.ts';
import { columns } from './builders.ts';

const text = columns({ _id: 'TEXT', title: 'TEXT', price: 'NUMBER' });

function aRow(row: Partial<RowVersions>): RowVersions {
  const nothing = { head: null, live: undefined, recorded: null, past: [], offered: [], sent: [] };
  return { ...nothing, ...row };
}

/** An offer or a note of these cells; `undefined` for those that do not travel. */
function written(title?: string, price?: string, end?: 'applied' | 'over'): Transit {
  return { fate: 'written', cells: [undefined, title, price], job: jobThat(end) };
}

const refilled = (title: string, end?: 'applied' | 'over'): Transit => {
  return { fate: 'refilled', cells: ['a', title, '1'], job: jobThat(end) };
};
const removed = (end?: 'applied' | 'over'): Transit => {
  return { ...refilled('x', end), fate: 'removed', cells: [] };
};
const kept = (title: string): Transit => ({ ...refilled(title), fate: 'kept' });

function offer(title: string | undefined, price: string): Transit {
  return { fate: 'written', cells: [undefined, title, price], job: undefined };
}

function added(title: string, price: string): Transit {
  return { ...offer(title, price), cells: ['a', title, price] };
}

const jobThat = (end: 'applied' | 'over' | undefined) => ({ name: 'job', until: 1_000, end });

const x = ['a', 'x', '1'];
const y = ['a', 'y', '1'];
const z = ['a', 'z', '1'];

describe('git and the site agree', () => {
  const cases: readonly [string, Partial<RowVersions>, Cells | null][] = [
    ['on a cell that both hold', { recorded: x, head: y, live: y }, y],
    [
      'still on the old value, while git has not sent its own',
      { recorded: x, head: y, live: x },
      x,
    ],
    [
      'on what git took of an offer, whatever the site says now',
      { recorded: x, head: y, live: z, offered: [written('y')] },
      y,
    ],
    [
      'still on the old value of a cell that the offer which git took may not have had',
      {
        recorded: x,
        head: ['a', 'y', '3'],
        live: ['a', 'y', '2'],
        offered: [written('y'), written('y', '2')],
      },
      y,
    ],
    [
      'on an older offer that was merged late',
      { recorded: x, head: y, live: z, offered: [written('y'), written('z')] },
      y,
    ],
    [
      'on an offer that was merged and reverted before anybody looked',
      { recorded: x, head: x, past: [y], live: y, offered: [written('y')] },
      y,
    ],
    [
      'on an offer that was corrected right after its merge',
      { recorded: x, head: z, past: [y], live: y, offered: [written('y')] },
      y,
    ],
    [
      'on the rest of an offer of which git took one cell and corrected another',
      { recorded: x, head: ['a', 'y', '3'], live: ['a', 'y', '2'], offered: [written('y', '2')] },
      ['a', 'y', '2'],
    ],
    [
      'not on a cell of an offer that nobody took',
      { recorded: x, head: ['a', 'x', '3'], live: ['a', 'y', '2'], offered: [written('y', '2')] },
      x,
    ],
    [
      'on a new row that git took and corrected',
      { head: z, live: y, offered: [added('y', '1')] },
      y,
    ],
    [
      'on what makes a conflict, where a new row that git corrected may have come by either offer',
      {
        ...{ head: z, live: ['a', 'w', '1'], offered: [added('y', '1'), added('w', '1')] },
      },
      y,
    ],
    [
      'on a row that came from the site, was corrected in git and left the site',
      { head: z, live: null, offered: [added('y', '1')] },
      y,
    ],
    [
      'on nothing of a row that was not agreed, of which git took a cell',
      { head: ['a', 'y', '2'], live: x, offered: [written('y')] },
      null,
    ],
    [
      'on the removal that git took',
      { recorded: x, head: null, live: x, offered: [removed()] },
      null,
    ],
    [
      'on the removal that git took and took back',
      { recorded: x, head: x, past: [null], live: null, offered: [removed()] },
      null,
    ],
    ['on a row once all its cells are the same', { head: y, live: ['a', 'y', '1.0'] }, y],
    ['not on half of a row', { head: x, live: ['a', 'x', '2'] }, null],
    ['that a row is gone from both', { recorded: x, live: null }, null],
    ['on a row that only one side removed', { recorded: x, head: x, live: null }, x],
    ['on a row that only the other side removed', { recorded: x, head: null, live: x }, x],
    [
      'on what the site shows that an import brought',
      { recorded: x, head: x, live: y, sent: [written('y')] },
      y,
    ],
    [
      'on what a job applied, whatever the site made of it',
      { recorded: x, head: y, live: ['a', 'y!', '1'], sent: [written('y', undefined, 'applied')] },
      y,
    ],
    [
      'on what a job applied, though nobody read the site',
      { recorded: x, head: x, sent: [written('y', undefined, 'applied')] },
      y,
    ],
    [
      'not on what a job did not apply',
      { recorded: x, head: y, live: x, sent: [written('y', undefined, 'over')] },
      x,
    ],
    [
      'on what a job may have brought, which git has taken back and the CMS has changed: a conflict',
      { recorded: x, head: x, live: z, sent: [written('y', undefined, 'over')] },
      y,
    ],
    [
      'not on what was sent and did not arrive',
      { recorded: x, head: y, live: x, sent: [written('y')] },
      x,
    ],
    [
      'on a created row, empty where its cells did not arrive',
      { head: ['a', 'y', '2'], live: ['a', 'y', ''], sent: [written('y', '2')] },
      ['a', 'y', ''],
    ],
    [
      'of a corrected cell on what makes a conflict, where it may have come by another offer',
      {
        ...{ recorded: x, head: ['a', 'z', '2'], live: ['a', 'x', '2'] },
        offered: [offer(undefined, '2'), offer('y', '2')],
      },
      ['a', 'y', '2'],
    ],
    [
      'of a corrected cell on what makes a conflict, where git took the row back before anybody looked',
      {
        ...{ recorded: x, head: x, past: [['a', 'y', '3']], live: ['a', 'y', '2'] },
        offered: [written('y'), written('y', '2')],
      },
      ['a', 'y', '3'],
    ],
    [
      'that a row is gone which an import removed',
      { recorded: x, head: x, live: null, sent: [removed()] },
      null,
    ],
    [
      'on a row that was to be removed, and was not',
      { recorded: x, head: null, live: x, sent: [removed()] },
      x,
    ],
    [
      'on a row that an import took away and never brought back: nobody removed it',
      { recorded: x, head: x, live: null, sent: [refilled('x')] },
      x,
    ],
    [
      'still on a row that git removed and an import took away, until it is brought back or removed',
      { recorded: x, head: null, live: null, sent: [{ ...refilled('x', 'over'), fate: 'kept' }] },
      x,
    ],
    [
      'on a refilled row that the CMS removed afterwards',
      { recorded: x, head: x, live: null, sent: [refilled('x', 'applied')] },
      x,
    ],
    [
      'on a number in the spelling of git',
      { recorded: x, head: ['a', 'x', '2.50'], live: ['a', 'x', '2.5'] },
      ['a', 'x', '2.50'],
    ],
  ];
  test.each(cases)('%s', (_name, row, expected) => {
    expect(agreedNow(text, aRow(row))).toEqual(expected);
  });
});

describe('an offer', () => {
  const cases: readonly [string, Partial<RowVersions>, readonly Transit[]][] = [
    [
      'waits while git has not taken it',
      { recorded: x, head: x, offered: [written('y')] },
      [written('y')],
    ],
    [
      'waits though the sides agree for another reason',
      { recorded: x, head: x, live: x, offered: [written('y')] },
      [written('y')],
    ],
    [
      'ends with all of its cell once git took one',
      { recorded: x, head: y, offered: [written('y'), written('z')] },
      [],
    ],
    [
      'keeps the cells that git did not take',
      { recorded: x, head: y, offered: [written('y', '2')] },
      [written(undefined, '2')],
    ],
    [
      'ends where git held it meanwhile',
      { recorded: x, head: x, past: [y], offered: [written('y')] },
      [],
    ],
    ['of a new row ends once git has the row', { head: z, offered: [added('y', '1')] }, []],
    [
      'of a cell stays, though nobody has agreed on its row',
      { head: z, offered: [written('y')] },
      [written('y')],
    ],
    [
      'of a removal ends once git lacks the row',
      { recorded: x, head: null, offered: [removed()] },
      [],
    ],
  ];
  test.each(cases)('%s', (_name, row, expected) => {
    expect(stillOffered(text, aRow(row))).toEqual(expected);
  });

  test('of the same text is made once', () => {
    const withOffer = (open: Transit, offer: Transit) =>
      offeredAfter(text, aRow({ recorded: x, head: x, offered: [open] }), [offer]);
    expect(withOffer(written('y'), written('y'))).toEqual([written('y')]);
    expect(withOffer(written('y'), written('z'))).toEqual([written('y'), written('z')]);
    expect(withOffer(removed(), removed())).toEqual([removed()]);
  });
});

describe('a note', () => {
  const cases: readonly [string, Partial<RowVersions>, number, number][] = [
    ['stays while its job may still write', { recorded: x, live: x, sent: [written('y')] }, 500, 1],
    ['ends once it is seen on the site', { recorded: x, live: y, sent: [written('y')] }, 500, 0],
    [
      'ends with its job',
      { recorded: x, live: x, sent: [written('y', undefined, 'over')] },
      500,
      0,
    ],
    [
      'ends with the run that could still submit its job',
      { recorded: x, live: x, sent: [written('y')] },
      1_500,
      0,
    ],
    ['stays where the site was not read', { recorded: x, sent: [written('y')] }, 500, 1],
    [
      'of a removal stays with its run, which removes rows once its job is over',
      { recorded: x, live: x, sent: [removed('over')] },
      500,
      1,
    ],
    [
      'of a removal ends once the row is gone',
      { recorded: x, live: null, sent: [removed()] },
      500,
      0,
    ],
    [
      'of a row that is to be refilled stays while its job may still empty the collection',
      { recorded: x, live: x, sent: [refilled('x')] },
      500,
      1,
    ],
    [
      'of a row that was taken away and never brought back stays',
      { recorded: x, live: null, sent: [refilled('x', 'over')] },
      1_500,
      1,
    ],
    [
      'of a row that an import kept ends once a later one has removed it, because git had',
      { recorded: null, live: null, sent: [kept('x'), removed('applied')] },
      500,
      0,
    ],
    [
      'of a row that was removed, made again and taken away stays',
      { recorded: null, live: null, sent: [removed('applied'), kept('x')] },
      500,
      1,
    ],
  ];
  test('of a row that was taken away stays until it is back, and no longer', () => {
    const left = stillSent(text, aRow({ live: null, sent: [refilled('x', 'over')] }), 1);
    expect(left[0]?.job?.until).toBe(0);
    expect(stillSent(text, aRow({ sent: left }), 1)).toEqual(left);
    expect(stillSent(text, aRow({ live: x, sent: left }), 1)).toEqual([]);
  });

  test.each(cases)('%s', (_name, row, now, count) => {
    expect(stillSent(text, aRow(row), now)).toHaveLength(count);
  });
});

describe('whatever happened', () => {
  const cell = fc.constantFrom('', 'x', 'y', 'z');
  const cells = fc.tuple(fc.constant('a'), cell, fc.constantFrom('', '1', '1.0', '2'));
  const maybe = fc.option(cells, { nil: null });

  test('only what git held, was offered or was sent, or what was agreed before, is agreed', () => {
    const transit = cells.map(([, title, price]) => written(title, price));
    fc.assert(
      fc.property(
        maybe,
        maybe,
        maybe,
        fc.array(transit, { maxLength: 2 }),
        fc.array(transit, { maxLength: 2 }),
        (head, recorded, live, offered, sent) => {
          const agreed = agreedNow(text, aRow({ head, recorded, live, offered, sent }));
          agreed?.forEach((value, i) => {
            const travelled = [...offered, ...sent].map((each) => each.cells[i]);
            expect([head?.[i], recorded?.[i] ?? '', ...travelled]).toContain(value);
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
