import { expect, test } from '@jest/globals';
import { type Undo, undone as undoneOf } from '../../src/content/undo.ts';
import { sideOf } from '../../src/content/versions.ts';
import { columns, items } from './builders.ts';

const fields = columns({ _id: 'TEXT', title: 'TEXT', price: 'NUMBER' });

type Rows = Readonly<Record<string, string>>;

/** A table from `{ p1: 'Green 4' }`: the id, the title and the price. */
function table(rows: Rows | undefined) {
  if (rows === undefined) return undefined;
  const list = Object.entries(rows).map(([_id, text]) => {
    const [title = '', price = ''] = text.split(' ');
    return { _id, title, price };
  });
  return sideOf(list.length === 0 ? items({ _id: '', title: '', price: '' }) : items(...list));
}

/**
 * What a pull request undoes that brings a file to its last state.
 *
 * @param states the file over time: each is made by a change, #1 the second of them.
 */
function undone(states: readonly (Rows | undefined)[], next: Rows, edits: number) {
  const sides = states.map(table);
  const history = sides.flatMap((after, i) => {
    const before = sides[i - 1];
    return before === undefined ? [] : [{ name: `#${i}`, before, after }];
  });
  const ends = { recorded: sides.at(-1), head: table(next) };
  return undoneOf(fields, ends, history.reverse(), edits).undos.map(inShort);
}

function inShort({ change, cells, back, left, kept, laterEdits }: Undo): string {
  const later = laterEdits.map(({ key, field, by }) => `${key}.${field ?? '*'} by ${by}`);
  const counts = [`${back.cells}/${cells} cells`, `${back.rows} rows`, `${back.added} added`];
  return [change, ...counts, `${left} left`, `${kept} kept`, ...later].join(', ');
}

test.each<[string, readonly (Rows | undefined)[], Rows, number, readonly string[]]>([
  [
    'a revert takes back all that the change did',
    [
      { p1: 'Green 4', p2: 'Black 5' },
      { p1: 'Red 40', p2: 'Black 5' },
    ],
    { p1: 'Green 4', p2: 'Black 5' },
    2,
    ['#1, 2/2 cells, 0 rows, 0 added, 0 left, 0 kept'],
  ],
  [
    'a cell that was edited since stays',
    [{ p1: 'Green 4' }, { p1: 'Red 40' }, { p1: 'Red 6' }],
    { p1: 'Green 6' },
    1,
    ['#1, 1/2 cells, 0 rows, 0 added, 0 left, 1 kept'],
  ],
  [
    'an edit that was made since goes back as well, and says whose it was',
    [{ p1: 'Green 4' }, { p1: 'Red 40' }, { p1: 'Red 6' }],
    { p1: 'Green 4' },
    2,
    ['#1, 1/2 cells, 0 rows, 0 added, 0 left, 0 kept, p1.price by #2'],
  ],
  [
    'an old file takes back the changes since, each by its name',
    [
      { p1: 'Green 4', p2: 'Black 5' },
      { p1: 'Green 40', p2: 'Black 5' },
      { p1: 'Green 40', p2: 'Noir 5' },
    ],
    { p1: 'Green 4', p2: 'Black 5' },
    2,
    [
      '#2, 1/1 cells, 0 rows, 0 added, 0 left, 0 kept',
      '#1, 1/1 cells, 0 rows, 0 added, 0 left, 0 kept',
    ],
  ],
  [
    'an item that was deleted comes back with its id, one that was added goes',
    [
      { p1: 'Green 4', p2: 'Black 5' },
      { p2: 'Black 5', p3: 'White 9' },
    ],
    { p1: 'Green 4', p2: 'Black 5' },
    2,
    ['#1, 0/0 cells, 1 rows, 1 added, 0 left, 0 kept'],
  ],
  [
    'an item that comes back corrected is back all the same',
    [{ p1: 'Green 4', p2: 'Black 5' }, { p2: 'Black 5' }],
    { p1: 'Sencha 4', p2: 'Black 5' },
    1,
    ['#1, 0/0 cells, 1 rows, 0 added, 0 left, 0 kept'],
  ],
  [
    'an added item that was edited since and goes is a later edit',
    [{ p1: 'Green 4' }, { p1: 'Green 4', p3: 'White 9' }, { p1: 'Green 4', p3: 'White 12' }],
    { p1: 'Green 4' },
    1,
    ['#1, 0/0 cells, 0 rows, 0 added, 0 left, 0 kept, p3.* by #2'],
  ],
  [
    'a file that was removed comes back',
    [{ p1: 'Green 4', p2: 'Black 5' }, undefined],
    { p1: 'Green 4', p2: 'Black 5' },
    2,
    ['#1, 0/0 cells, 2 rows, 0 added, 0 left, 0 kept'],
  ],
  [
    'a part of a change is undone where the pull request does nothing else',
    [
      { p1: 'Green 4', p2: 'Black 5', p3: 'White 9' },
      { p1: 'Red 40', p2: 'Noir 5', p3: 'Blanc 9' },
    ],
    { p1: 'Green 4', p2: 'Noir 5', p3: 'Blanc 9' },
    2,
    ['#1, 2/4 cells, 0 rows, 0 added, 2 left, 0 kept'],
  ],
  [
    'the same number in another form is no edit',
    [{ p1: 'Green 4' }, { p1: 'Green 40' }, { p1: 'Green 4e1' }],
    { p1: 'Green 4.0' },
    1,
    ['#1, 1/1 cells, 0 rows, 0 added, 0 left, 0 kept'],
  ],
  [
    'a field that was switched twice is back to before the last time',
    [{ p1: 'on 4' }, { p1: 'off 4' }, { p1: 'on 4' }, { p1: 'off 4' }],
    { p1: 'on 4' },
    1,
    ['#3, 1/1 cells, 0 rows, 0 added, 0 left, 0 kept'],
  ],
  [
    'a value that was there before, too, is back to before the last change alone',
    [{ p1: 'on 4' }, { p1: 'off 4' }, { p1: 'on 4' }, { p1: 'sold 4' }],
    { p1: 'on 4' },
    1,
    ['#3, 1/1 cells, 0 rows, 0 added, 0 left, 0 kept'],
  ],
  [
    'one old value among many edits undoes nothing',
    [
      { p1: 'on 4', p2: 'on 5', p3: 'on 6' },
      { p1: 'off 4', p2: 'off 5', p3: 'off 6' },
    ],
    { p1: 'on 7', p2: 'off 8', p3: 'off 9' },
    4,
    [],
  ],
  [
    'another new value undoes nothing',
    [{ p1: 'Green 4' }, { p1: 'Green 5' }, { p1: 'Green 6' }],
    { p1: 'Green 7' },
    1,
    [],
  ],
])('%s', (_name, states, next, edits, expected) => {
  expect(undone(states, next, edits)).toEqual(expected);
});

test('source texts of translations follow the site, so nobody takes them back', () => {
  const own = columns({ _id: 'TEXT', price: 'NUMBER' });
  const all = [...own, { key: 'title', type: 'TEXT', owner: 'site' as const }];
  const [before, after] = [{ p1: 'Green 4' }, { p1: 'Red 4' }].map(table);
  const history = before === undefined ? [] : [{ name: '#1', before, after }];
  expect(undoneOf(all, { recorded: after, head: before }, history, 1).undos).toEqual([]);
});
