/**
 * An independent idea of what may happen to a cell, which knows nothing of base or of merging.
 *
 * Every edit puts a value that was never there before, so a value is a version, and who edited what
 * they saw made a child of it. A run of the action may then only move a side *forward*: to a version
 * that descends from the one it replaces. Anything else loses an edit that was not seen by whoever
 * made the other, and has to be a conflict that somebody decided.
 */

export type SideName = 'git' | 'site';

export interface Row {
  readonly cells: Readonly<Record<string, string>>;
  /** What the site holds beside the cells that git carries, as text; empty in git. */
  readonly hidden: string;
}

/** One side's rows by their keys. */
export type Rows = ReadonlyMap<string, Row>;

/** What a run was allowed to do, and what it said that it did. */
export interface Permit {
  readonly onConflict: 'fail' | 'git' | 'cms';
  readonly deletes: 'keep' | 'apply';
  /** Whether the report names this row, and this cell of it where one is asked for. */
  readonly isReported: (key: string, field?: string) => boolean;
}

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger() {
  /** By row and field: which versions each version was made from. */
  const parents = new Map<string, Map<string, Set<string>>>();
  /** What the row held for the person who removed it. */
  const removed = { git: new Map<string, Row>(), site: new Map<string, Row>() };
  /** The last version that both sides held, and the last one of these that a whole run saw. */
  const agreed = new Map<string, string>();
  const recorded = new Map<string, string>();
  /** Rows that a whole run saw on both sides. */
  const known = new Set<string>();

  const isExact = (cell: string) => agreed.has(cell) && agreed.get(cell) === recorded.get(cell);
  const isExactRow = (key: string, { cells }: Row) =>
    Object.keys(cells).every((field) => isExact(cellOf(key, field)));

  /** Whether one version is the other, or was made from it. */
  function leadsTo(cell: string, from: string, to: string, seen = new Set<string>()): boolean {
    if (from === to) return true;
    if (seen.has(to)) return false;
    seen.add(to);
    return [...(parents.get(cell)?.get(to) ?? [])].some((each) => leadsTo(cell, from, each, seen));
  }

  function rowLeadsTo(key: string, from: Row, to: Row): boolean {
    return Object.entries(from.cells).every(([field, text]) =>
      leadsTo(cellOf(key, field), text, to.cells[field] ?? ''),
    );
  }

  /** Somebody worked on one side. */
  function people(side: SideName, before: Rows, after: Rows): void {
    for (const [key, row] of before) if (!after.has(key)) removed[side].set(key, row);
    for (const [key, row] of after) {
      const old = before.get(key);
      if (old === undefined) continue;
      for (const [field, text] of Object.entries(row.cells)) {
        const seen = old.cells[field] ?? '';
        if (seen === text) continue;
        const cell = cellOf(key, field);
        const versions = parents.get(cell) ?? new Map<string, Set<string>>();
        parents.set(cell, versions.set(text, new Set([...(versions.get(text) ?? []), seen])));
      }
    }
  }

  /** Takes note of what both sides hold; `isWhole`: a run saw it and could record it. */
  function agree(git: Rows, site: Rows, isWhole: boolean): void {
    for (const [key, row] of git) {
      const other = site.get(key);
      if (other === undefined) continue;
      if (isWhole) known.add(key);
      for (const [field, text] of Object.entries(row.cells)) {
        if (other.cells[field] !== text) continue;
        agreed.set(cellOf(key, field), text);
        if (isWhole) recorded.set(cellOf(key, field), text);
      }
    }
  }

  /** The action's record is gone: what it knew of agreements it knows no more. */
  function forget(): void {
    recorded.clear();
    known.clear();
  }

  /** What a run did to one side that nobody allowed it to do. */
  function judge(
    side: SideName,
    before: Rows,
    after: Rows,
    others: readonly Rows[],
    permit: Permit,
  ): string[] {
    const keys = new Set([...before.keys(), ...after.keys()]);
    return [...keys].flatMap((key) => {
      const [was, is] = [before.get(key), after.get(key)];
      const sources = others.flatMap((rows) => rows.get(key) ?? []);
      if (was === undefined) {
        const wrong = is === undefined ? [] : added(side, key, is, sources, permit);
        removed[side].delete(key);
        return wrong;
      }
      if (is === undefined) return gone(side, key, was, sources, permit);
      return changed(side, key, was, is, sources, permit);
    });
  }

  function added(
    side: SideName,
    key: string,
    is: Row,
    sources: readonly Row[],
    { onConflict, deletes }: Permit,
  ): string[] {
    const source = sources.find(({ cells }) => sameCells(cells, is.cells));
    if (source === undefined) return [`${side} got the row ${key}, which nobody made like that`];
    const removal = removed[side].get(key);
    if (removal === undefined || !known.has(key)) return [];
    if (side === 'git' && deletes === 'keep') return [];
    const isConflict = !rowLeadsTo(key, source, removal) || !isExactRow(key, source);
    if (onConflict === otherOf(side) && isConflict) return [];
    return [`${side} got the row ${key} back, which was removed there`];
  }

  function gone(
    side: SideName,
    key: string,
    was: Row,
    sources: readonly Row[],
    { onConflict, deletes, isReported }: Permit,
  ): string[] {
    const other = side === 'git' ? 'site' : 'git';
    const removal = removed[other].get(key);
    if (removal === undefined || sources.length > 0) {
      return [`${side} lost the row ${key}, which nobody removed`];
    }
    if (side === 'site' && deletes === 'keep') return [`the site lost ${key}; deletes are kept`];
    if (rowLeadsTo(key, was, removal)) return [];
    if (onConflict === otherOf(side) && isReported(key)) return [];
    return [`${side} lost the row ${key} with edits that whoever removed it had not seen`];
  }

  function changed(
    side: SideName,
    key: string,
    was: Row,
    is: Row,
    sources: readonly Row[],
    { onConflict, isReported }: Permit,
  ): string[] {
    const broken = Object.entries(is.cells).flatMap(([field, text]) => {
      const old = was.cells[field] ?? '';
      if (old === text) return [];
      const step = `${side} went from "${old}" to "${text}" in ${key}.${field}`;
      if (!sources.some(({ cells }) => cells[field] === text)) return [`${step}: not its value`];
      const cell = cellOf(key, field);
      if (leadsTo(cell, old, text)) return [];
      const isConflict = !leadsTo(cell, text, old) || !isExact(cell);
      if (onConflict !== otherOf(side) || !isConflict) return [`${step}: an edit is lost`];
      return isReported(key, field) ? [] : [`${step}: a conflict was decided silently`];
    });
    if (was.hidden === is.hidden) return broken;
    return [...broken, `${key} held ${was.hidden} besides, now ${is.hidden}`];
  }

  /** The cells in which a row of git and of the site stand like this to each other. */
  function cellsWhere(
    git: Rows,
    site: Rows,
    how: 'git-ahead' | 'site-ahead' | 'conflict',
  ): { readonly key: string; readonly field: string; readonly isExact: boolean }[] {
    return [...git].flatMap(([key, row]) =>
      Object.entries(row.cells).flatMap(([field, text]) => {
        const other = site.get(key)?.cells[field];
        const cell = cellOf(key, field);
        if (other === undefined || other === text) return [];
        const forward = leadsTo(cell, other, text);
        const backward = leadsTo(cell, text, other);
        const is = forward ? 'git-ahead' : backward ? 'site-ahead' : 'conflict';
        return is === how ? [{ key, field, isExact: isExact(cell) }] : [];
      }),
    );
  }

  /** Rows that one side has and the other never removed. */
  function unshared(side: SideName, mine: Rows, theirs: Rows): readonly string[] {
    const other = side === 'git' ? 'site' : 'git';
    return [...mine.keys()].filter((key) => !theirs.has(key) && !removed[other].has(key));
  }

  return { people, agree, forget, judge, leadsTo, cellsWhere, unshared };
}

export function cellOf(key: string, field: string): string {
  return `${key}.${field}`;
}

/** Who wins a conflict when a side has to give way. */
function otherOf(side: SideName): 'git' | 'cms' {
  return side === 'git' ? 'cms' : 'git';
}

function sameCells(left: Row['cells'], right: Row['cells']): boolean {
  return Object.keys(left).every((field) => left[field] === right[field]);
}
