import { describe, expect, test } from '@jest/globals';
import { beforeEmptied, type RowVersions, stillSent } from '../../src/content/merge.ts';
import type { Transit } from '../../src/content/transit.ts';
import type { Cells } from '../../src/content/versions.ts';
import { columns } from './builders.ts';

describe('multi-references that a job may have emptied', () => {
  const list = columns({ _id: 'TEXT', herbs: 'MULTI_REFERENCE' });
  const [full, empty] = [
    ['a', '["h1"]'],
    ['a', ''],
  ];
  const risked = (end?: 'applied' | 'over' | 'unsent'): Transit => {
    return {
      fate: 'risked',
      cells: [undefined, '["h1"]'],
      job: { name: 'job', until: 1_000, end },
    };
  };
  const refilled: Transit = { ...risked('over'), fate: 'refilled' };
  const nothing = { head: null, live: undefined, recorded: null, past: [], offered: [], sent: [] };
  const cases: readonly [string, Partial<RowVersions>, Cells | null, number][] = [
    ['count as they were', { head: full, recorded: full, live: empty, sent: [risked()] }, full, 1],
    [
      'count as they were, whenever its job ended',
      { head: full, recorded: full, live: empty, sent: [risked('applied')] },
      full,
      1,
    ],
    [
      'count as they were, if the CMS alone had them',
      { head: empty, recorded: empty, live: empty, sent: [risked()] },
      full,
      1,
    ],
    [
      'count as they were, if git has removed their row',
      { head: null, recorded: full, live: empty, sent: [risked()] },
      full,
      1,
    ],
    [
      'stay empty, if git has emptied them',
      { head: empty, recorded: full, live: empty, sent: [risked()] },
      empty,
      0,
    ],
    [
      'are those of the CMS, if it has others by now',
      { head: full, recorded: full, live: ['a', '["h2"]'], sent: [risked()] },
      ['a', '["h2"]'],
      0,
    ],
    [
      'stay empty, if no job was sent',
      { head: full, recorded: full, live: empty, sent: [risked('unsent')] },
      empty,
      0,
    ],
    [
      'are gone with their item',
      { head: full, recorded: full, live: null, sent: [risked()] },
      null,
      0,
    ],
    [
      'stay noted, if their item was taken away, too',
      { head: full, recorded: full, live: null, sent: [refilled, risked()] },
      null,
      2,
    ],
  ];
  test.each(cases)('%s', (_name, row, expected, noted) => {
    expect(beforeEmptied(list, { ...nothing, ...row })).toEqual(expected);
    expect(stillSent(list, { ...nothing, ...row }, 1_500)).toHaveLength(noted);
  });
});
