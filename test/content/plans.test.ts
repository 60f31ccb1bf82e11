import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ExportPolicy, mergeIntoGit } from '../../src/content/export-plan.ts';
import { type ImportPolicy, mergeIntoCms } from '../../src/content/import-plan.ts';
import { versionsOf } from '../../src/content/versions.ts';
import { columns, items, sides, type Tables } from './builders.ts';

const fields = columns({ _id: 'TEXT', title: 'TEXT', price: 'NUMBER' });

function item(_id: string, title: string, price: string): Record<string, string> {
  return { _id, title, price };
}

function exported(tables: Tables, policy: Partial<ExportPolicy> = {}) {
  const merged = [
    ...mergeIntoGit(fields, versionsOf(fields, sides(tables)), {
      deletes: 'keep',
      onConflict: 'hold',
      ...policy,
    }),
  ];
  return {
    rows: merged.flatMap(({ row }) => (row === undefined ? [] : [row.cells.join(' ')])),
    returned: merged.flatMap(({ returned, row }) => (returned && row ? [row.key] : [])),
    added: merged.flatMap(({ added, row }) => (added && row ? [row.key] : [])),
    changes: merged.flatMap(({ change }) => change ?? []),
    pending: merged.flatMap(({ pending }) => pending ?? []),
    conflicts: merged.flatMap(({ conflicts }) => conflicts ?? []),
  };
}

function imported(tables: Tables, policy: Partial<ImportPolicy> = {}) {
  const merged = [
    ...mergeIntoCms(fields, versionsOf(fields, sides(tables)), {
      onConflict: 'hold',
      reconcile: 'changes',
      deletes: 'keep',
      writePolicy: 'overwrite',
      ...policy,
    }),
  ];
  return {
    writes: merged.flatMap(({ write }) =>
      write === undefined
        ? []
        : [`${write.key} ${JSON.stringify(Object.fromEntries(write.cells))}`],
    ),
    removed: merged.flatMap(({ change }) => (change?.kind === 'removed' ? [change.key] : [])),
    drift: merged.flatMap(({ drift }) =>
      drift === undefined ? [] : [`${drift.kind} ${drift.key}`],
    ),
    orphans: merged.filter(({ orphan }) => orphan).length,
    conflicts: merged.flatMap(({ conflicts }) => conflicts ?? []),
  };
}

const a = item('a', 'Green', '4');

describe('an export', () => {
  test('a row whose conflict is decided for git takes the other cells of the CMS; held, it is left alone', () => {
    const tables = {
      recorded: items(item('a', 'Tea', '4')),
      head: items(item('a', 'Sencha', '4')),
      live: items(item('a', 'Green tea', '5')),
    };
    expect(exported(tables, { onConflict: 'git' }).rows).toEqual(['a Sencha 5']);
    expect(exported(tables, { onConflict: 'hold' }).rows).toEqual(['a Sencha 4']);
  });

  test('takes what the CMS changed and keeps what git changed, in one row', () => {
    const { rows, changes, pending } = exported({
      recorded: items(a),
      head: items(item('a', 'Sencha', '4')),
      live: items(item('a', 'Green', '5')),
    });
    expect(rows).toEqual(['a Sencha 5']);
    expect(changes).toMatchObject([{ kind: 'changed', cells: [{ old: '4', new: '5' }] }]);
    expect(pending).toMatchObject([{ kind: 'changed', cells: [{ old: 'Green', new: 'Sencha' }] }]);
  });

  test('leaves a row alone in which both changed a cell', () => {
    const { rows, pending, conflicts } = exported({
      recorded: items(a),
      head: items(item('a', 'Sencha', '6')),
      live: items(item('a', 'Gunpowder', '4')),
    });
    expect(rows).toEqual(['a Sencha 6']);
    expect(conflicts).toMatchObject([{ key: 'a', git: 'Sencha', cms: 'Gunpowder' }]);
    expect(pending).toEqual([]);
  });

  test('keeps a row that git added and a row that both have', () => {
    const { rows, pending } = exported({
      recorded: items(a),
      head: items(a, item('b', 'New', '1')),
      live: items(a),
    });
    expect(rows).toEqual(['a Green 4', 'b New 1']);
    expect(pending).toMatchObject([{ kind: 'added', key: 'b' }]);
  });

  test('lets a removal in git wait for its import where deletes are applied', () => {
    const tables = { recorded: items(a), head: items(item('z', '', '')), live: items(a) };
    const kept = exported(tables, { deletes: 'keep' });
    expect(kept.rows).toContain('a Green 4');
    expect(kept).toMatchObject({ added: ['a'], returned: ['a'], conflicts: [] });
    const applied = exported(tables, { deletes: 'apply' });
    expect(applied.rows).toEqual(['z  ']);
    expect(applied.pending).toContainEqual(expect.objectContaining({ kind: 'removed', key: 'a' }));
  });

  test('brings no row back while an import may still write to its item', () => {
    const tables = sides({
      head: items(item('b', 'Black', '1')),
      recorded: items(a),
      live: items(a),
    });
    const header = ['#key', '#fate', '#job', '#until', '_id', 'title', 'price'];
    const sent = [header, ['a', 'written', 'an import', '9999', '', '=Sencha', '']];
    const rows = versionsOf(fields, { ...tables, sent });
    const merged = [...mergeIntoGit(fields, rows, { deletes: 'keep', onConflict: 'hold' })];
    expect(merged.flatMap(({ row }) => row?.key ?? [])).toEqual(['b']);
    expect(merged.flatMap(({ pending }) => pending?.key ?? [])).toContain('a');
  });

  test('reports the conflict of a removed row that the CMS edited, also if git has it under another id', () => {
    const tables = {
      recorded: items(a),
      head: items(item('b', 'Green', '4')),
      live: items(item('a', 'Green', '5')),
    };
    const { pending, conflicts } = exported(tables, { deletes: 'apply', isReKeyed: () => true });
    expect(conflicts).toMatchObject([{ key: 'a', cms: 'changed' }]);
    expect(pending).toMatchObject([{ kind: 'added', key: 'b' }]);
  });

  test('tells the rows that are new to git', () => {
    const live = items(item('a', 'Black', '1'), item('b', 'White', '2'));
    const head = items(item('a', 'Black', '1'));
    expect(exported({ recorded: head, head, live })).toMatchObject({ added: ['b'], changes: [] });
    expect(exported({ live })).toMatchObject({ added: ['a', 'b'], returned: [] });
  });

  test('keeps a row that the CMS removed and git edited, and reports the conflict', () => {
    const tables = {
      recorded: items(a),
      head: items(item('a', 'Sencha', '4')),
      live: items(item('z', '', '')),
    };
    const { rows, conflicts, pending } = exported(tables);
    expect(rows).toContain('a Sencha 4');
    expect(pending.filter(({ key }) => key === 'a')).toEqual([]);
    expect(conflicts).toMatchObject([
      { key: 'a', column: undefined, git: 'changed', cms: undefined },
    ]);
    expect(exported(tables, { onConflict: 'cms' }).rows).not.toContain('a Sencha 4');
  });

  test('takes nothing for a change that only moved the keys of JSON', () => {
    const json = columns({ _id: 'TEXT', data: 'OBJECT' });
    const git = items({ _id: 'a', data: '{"x":1,"y":2}' });
    const cms = items({ _id: 'a', data: '{"y":2,"x":1}' });
    const rows = versionsOf(json, sides({ recorded: git, head: git, live: cms }));
    const [merged] = mergeIntoGit(json, rows, { deletes: 'keep', onConflict: 'hold' });
    expect(merged).toEqual({ row: { key: 'a', cells: ['a', '{"x":1,"y":2}'] } });
  });

  test('does not empty a field whose column was dropped from the file', () => {
    const { rows, changes } = exported({
      recorded: items(a),
      head: items({ _id: 'a', title: 'Green' }),
      live: items(a),
    });
    expect(rows).toEqual(['a Green 4']);
    expect(changes).toEqual([]);
  });
});

describe('an import', () => {
  test('writes the cells that git changed alone, and leaves the CMS its own', () => {
    const { writes, drift } = imported({
      recorded: items(a),
      head: items(item('a', 'Sencha', '4')),
      live: items(item('a', 'Green', '5')),
    });
    expect(writes).toEqual(['a {"title":"Sencha"}']);
    expect(drift).toEqual(['changed a']);
  });

  const both = {
    recorded: items(a),
    head: items(item('a', 'Sencha', '4')),
    live: items(item('a', 'Gunpowder', '4')),
  };

  test.each([
    ['hold', [], 1],
    ['git', ['a {"title":"Sencha"}'], 0],
    ['cms', [], 0],
  ] as const)('where both changed a cell and the winner is %s', (onConflict, writes, conflicts) => {
    const result = imported(both, { onConflict });
    expect(result.writes).toEqual(writes);
    expect(result.conflicts).toHaveLength(conflicts);
  });

  test('without a base takes a row that differs for a conflict, unless the CMS is to match git', () => {
    const { recorded: _, ...tables } = both;
    expect(imported(tables).conflicts).toMatchObject([
      { base: undefined, git: 'Sencha', cms: 'Gunpowder' },
    ]);
    expect(imported(tables, { reconcile: 'all' }).writes).toEqual(['a {"title":"Sencha"}']);
  });

  test('removes an item only if git removed its row, and only where deletes are applied', () => {
    const tables = {
      recorded: items(a),
      head: items(item('b', 'B', '1')),
      live: items(a, item('b', 'B', '1'), item('c', 'C', '1')),
    };
    expect(imported(tables)).toMatchObject({ removed: [], orphans: 1 });
    expect(imported(tables, { deletes: 'apply' })).toMatchObject({
      removed: ['a'],
      drift: ['added c'],
    });
    expect(imported(tables, { deletes: 'apply', reconcile: 'all' }).removed).toEqual(['a', 'c']);
  });

  test('takes an item that git removed and the CMS edited for a conflict', () => {
    const tables = {
      recorded: items(a),
      head: items(item('z', 'Z', '')),
      live: items(item('a', 'Green', '5'), item('z', 'Z', '')),
    };
    expect(imported(tables, { deletes: 'apply' }).conflicts).toMatchObject([
      { key: 'a', git: undefined },
    ]);
    expect(imported(tables, { deletes: 'apply', onConflict: 'git' }).removed).toEqual(['a']);
    expect(imported(tables, { deletes: 'apply', onConflict: 'cms' })).toMatchObject({
      removed: [],
      orphans: 1,
    });
  });

  test('creates an item anew that the CMS removed and git edited only if git wins', () => {
    const tables = {
      recorded: items(a),
      head: items(item('a', 'Sencha', '4')),
      live: items(item('z', '', '')),
    };
    expect(imported(tables).conflicts).toMatchObject([{ key: 'a', cms: undefined }]);
    expect(imported(tables, { onConflict: 'git' }).writes).toEqual([
      'a {"_id":"a","title":"Sencha","price":"4"}',
    ]);
    expect(imported(tables, { onConflict: 'cms' }).drift).toEqual(['removed a', 'added z']);
  });
});

describe('whatever both sides did', () => {
  const cell = fc.constantFrom('', 'x', 'y');
  const number = fc.constantFrom('', '1', '2');
  const table = fc
    .tuple(fc.option(fc.tuple(cell, number)), fc.option(fc.tuple(cell, number)))
    .map((rows) =>
      items(
        ...rows.flatMap((row, i) => (row === null ? [] : [item(`k${i}`, row[0], row[1])])),
        item('zz', '', ''),
      ),
    );
  const world = fc.record({ recorded: table, head: table, live: table });

  test('an export keeps every cell that git changed, and takes those that only the CMS changed, but for rows in conflict', () => {
    fc.assert(
      fc.property(world, ({ recorded, head, live }) => {
        const { rows, conflicts } = exported({ recorded, head, live });
        const merged = new Map(rows.map((row) => [row.split(' ')[0], row.split(' ')]));
        const conflicting = new Set(conflicts.map(({ key, column }) => `${key} ${column?.key}`));
        const held = new Set(conflicts.map(({ key }) => key));
        for (const { key, cells } of head.rows()) {
          const [was, now] = [recorded.row(key)?.cells, live.row(key)?.cells];
          if (was === undefined || now === undefined) continue;
          cells.forEach((text, i) => {
            const git = text !== was[i];
            const expected = git || held.has(key) ? text : now[i];
            expect(merged.get(key)?.[i]).toBe(expected);
            const both = git && now[i] !== was[i] && now[i] !== text;
            expect(conflicting.has(`${key} ${fields[i]?.key}`)).toBe(both);
          });
        }
      }),
    );
  });

  test('an import followed by an export ends in the same content on both sides, but for conflicts', () => {
    fc.assert(
      fc.property(world, ({ recorded, head, live }) => {
        const rows = versionsOf(fields, sides({ recorded, head, live }));
        const policy = {
          onConflict: 'git',
          reconcile: 'changes',
          deletes: 'apply',
          writePolicy: 'overwrite',
        } as const;
        const site = new Map([...live.rows()].map(({ key, cells }) => [key, [...cells]]));
        for (const { write, change } of mergeIntoCms(fields, rows, policy)) {
          if (write !== undefined) {
            const now = site.get(write.key) ?? fields.map(() => '');
            site.set(
              write.key,
              fields.map(({ key }, i) => write.cells.get(key) ?? now[i] ?? ''),
            );
          } else if (change?.kind === 'removed') site.delete(change.key);
        }
        const after = items(
          ...[...site].map(([, [_id = '', title = '', price = '']]) => item(_id, title, price)),
        );
        const forwarded = items(
          ...[...versionsOf(fields, sides({ recorded, head, live: after }))].flatMap(
            ({ base: agreed }) => {
              const [_id = '', title = '', price = ''] = agreed ?? [];
              return agreed === null ? [] : [item(_id, title, price)];
            },
          ),
        );
        const result = exported({ recorded: forwarded, head, live: after }, { deletes: 'apply' });
        expect(result.rows).toEqual([...after.rows()].map(({ cells }) => cells.join(' ')));
        expect(result.conflicts).toEqual([]);
      }),
    );
  });

  const lines = fc.array(fc.constantFrom('x', ' ', '\n', '\rx', '"'), { maxLength: 6 });
  const lineEndsOf = (text: string) =>
    fc.constantFrom(text, text.replaceAll('\n', '\r\n'), text.replace('\n', '\r\n'));
  const rewritten = lines
    .map((parts) => parts.join(''))
    .chain((text) =>
      fc.record({
        recorded: lineEndsOf(text),
        head: lineEndsOf(text),
        live: lineEndsOf(text),
        before: fc.option(lineEndsOf(text), { nil: undefined }),
      }),
    );

  test('line ends that an editor rewrote are no edit: nothing goes to the site or to git, in any mode', () => {
    fc.assert(
      fc.property(rewritten, fc.constantFrom('changes', 'all'), (texts, reconcile) => {
        const { before, ...rest } = texts;
        const table = (title: string) => items(item('a', title, '4'));
        const tables = {
          recorded: table(rest.recorded),
          head: table(rest.head),
          live: table(rest.live),
          ...(before === undefined ? {} : { before: table(before) }),
        };
        const nothing = { writes: [], removed: [], drift: [], orphans: 0, conflicts: [] };
        expect(imported(tables, { reconcile })).toEqual(nothing);
        expect(exported(tables)).toMatchObject({ changes: [], pending: [], conflicts: [] });
        const { recorded: _, ...unrecorded } = tables;
        expect(imported(unrecorded, { reconcile })).toEqual(nothing);
      }),
    );
  });

  test('an edit beside rewritten line ends goes to the site alone', () => {
    const { writes } = imported({
      recorded: items(item('a', 'one\ntwo', '4')),
      head: items(item('a', 'one\r\ntwo', '5')),
      live: items(item('a', 'one\ntwo', '4')),
    });
    expect(writes).toEqual(['a {"price":"5"}']);
  });

  test('a pull request that rewrites line ends keeps what was agreed since', () => {
    const { writes } = imported({
      before: items(item('a', 'one\ntwo', '4')),
      recorded: items(item('a', 'three', '4')),
      head: items(item('a', 'one\r\ntwo', '5')),
      live: items(item('a', 'three', '4')),
    });
    expect(writes).toEqual(['a {"price":"5"}']);
  });
});
