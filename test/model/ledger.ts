/**
 * An independent idea of what became of every cell, which knows nothing of base or of merging.
 *
 * Every edit puts a text that was never in that cell before, so a text is a version, and an edit
 * makes a child of the version that the editor saw. Where the action's base is behind, since a run
 * was cancelled or its record was refused or lost, it may take for a conflict what is none; so the
 * ledger also knows which agreements a whole run has seen.
 */

export type SideName = 'git' | 'site';

export interface Row {
  readonly cells: Readonly<Record<string, string>>;
  /** What the site holds beside the cells that git carries, as text; empty in git. */
  readonly hidden: string;
}

/** One side's rows by their keys. */
export type Rows = ReadonlyMap<string, Row>;

export interface Sides {
  readonly git: Rows;
  readonly site: Rows;
}

export interface Ledger {
  /** Somebody worked on one side. */
  people(side: SideName, before: Rows, after: Rows): void;
  /** One text of a cell is newer than another one. */
  follows(key: string, field: string, from: string, to: string): void;
  /** The record is lost; these rows have an id, so a run does not take them for new. */
  lose(named: ReadonlySet<string>): void;
  /** There is a record, of a run before which the sides were like this, and after which they are like that. */
  found(before: Sides, after: Sides): void;
  /** Whether a row that one side has may be new there, or removed on the other: that was lost with the record. */
  isQuestion(key: string): boolean;
  /** Both sides hold this; `isWhole`: a run saw it and recorded it. */
  agree(sides: Sides, isWhole: boolean): void;
  /** A run was told who wins a conflict, and said so: one text won over the other. */
  decide(key: string, field: string, over: string, text: string): void;
  isDecided(key: string, field: string, over: string, text: string): boolean;
  /** Whether one text of a cell is the other, or the other was made from it. */
  leadsTo(key: string, field: string, from: string, to: string): boolean;
  /** The same of all the cells of a row. */
  rowLeadsTo(key: string, from: Row, to: Row): boolean;
  /** What a row held for the person who removed it there; `undefined` if nobody did. */
  removal(side: SideName, key: string): Row | undefined;
  /** The row is back: whoever removes it next removes something else. */
  restored(side: SideName, key: string): void;
  /** Somebody has seen that the CMS removed the row, and kept it; by the values alone, nobody can tell. */
  keep(key: string): void;
  isKept(key: string): boolean;
  /** Whether a whole run saw the row on both sides, the same on both. */
  isKnown(key: string): boolean;
  /** Nobody can tell from the values who changed these cells of a row, until a run has seen them agreed. */
  doubt(key: string, fields: readonly string[]): void;
  /** Whether the latest agreement on a cell was seen by a whole run, and nothing puts it in doubt. */
  isExact(key: string, field: string): boolean;
}

export function createLedger(): Ledger {
  const versions = createVersions();
  const removed = { git: new Map<string, Row>(), site: new Map<string, Row>() };
  /** The last version that both sides held, and the last of these that a whole run saw. */
  const [agreed, recorded] = [new Map<string, string>(), new Map<string, string>()];
  const [known, doubted, decided] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const kept = new Set<string>();
  const questions = createQuestions();

  const leadsTo: Ledger['leadsTo'] = (key, field, from, to) =>
    versions.leadsTo(cellOf(key, field), from, to);

  function agreeOn(key: string, git: Row, site: Row, isWhole: boolean): void {
    const equal = Object.entries(git.cells).filter(([field, text]) => site.cells[field] === text);
    // A base without the row takes it in when all its cells are agreed, and not before.
    if (isWhole && equal.length === Object.keys(git.cells).length) known.add(key);
    for (const [field, text] of equal) {
      agreed.set(cellOf(key, field), text);
      if (!isWhole || !known.has(key)) continue;
      recorded.set(cellOf(key, field), text);
      doubted.delete(cellOf(key, field));
    }
  }

  return {
    people: (side, before, after) => noteEdits(versions, removed[side], before, after),
    follows: (key, field, from, to) => versions.edited(cellOf(key, field), from, to),
    lose(named) {
      questions.lose(named);
      for (const each of [recorded, known]) each.clear();
    },
    found: questions.found,
    isQuestion: questions.isQuestion,
    agree({ git, site }, isWhole) {
      for (const [key, row] of git) {
        const item = site.get(key);
        if (item !== undefined) agreeOn(key, row, item, isWhole);
      }
    },
    decide: (...decision) => void decided.add(JSON.stringify(decision)),
    isDecided: (...decision) => decided.has(JSON.stringify(decision)),
    leadsTo,
    rowLeadsTo: (key, from, to) =>
      Object.entries(from.cells).every(([field, text]) =>
        leadsTo(key, field, text, to.cells[field] ?? ''),
      ),
    removal: (side, key) => removed[side].get(key),
    restored: (side, key) => void removed[side].delete(key),
    keep(key) {
      if (removed.site.delete(key)) kept.add(key);
    },
    isKept: (key) => kept.has(key),
    isKnown: (key) => known.has(key),
    doubt: (key, fields) => fields.forEach((field) => void doubted.add(cellOf(key, field))),
    isExact(key, field) {
      const cell = cellOf(key, field);
      return !doubted.has(cell) && agreed.has(cell) && agreed.get(cell) === recorded.get(cell);
    },
  };
}

/** What people edited and removed on one side. */
function noteEdits(
  versions: ReturnType<typeof createVersions>,
  removed: Map<string, Row>,
  before: Rows,
  after: Rows,
): void {
  for (const [key, row] of before) {
    const now = after.get(key);
    if (now === undefined) removed.set(key, row);
    for (const [field, text] of Object.entries(now?.cells ?? {})) {
      const seen = row.cells[field] ?? '';
      if (seen !== text) versions.edited(cellOf(key, field), seen, text);
    }
  }
}

/**
 * The rows that were not the same on both sides when the record was lost: if one side lacks one, then or later,
 * nobody knows whether it is new on the other side.
 */
function createQuestions() {
  let isLost = false;
  const questions = new Set<string>();
  let named: ReadonlySet<string> = new Set();
  // A row without an id has none that the other side could lack.
  const hasId = (key: string) => !key.startsWith('new ') || named.has(key);
  const shown = (rows: Rows, key: string) => JSON.stringify(rows.get(key)?.cells);
  return {
    lose(rows: ReadonlySet<string>) {
      [isLost, named] = [true, rows];
      questions.clear();
    },
    found(before: Sides, after: Sides) {
      const keys = isLost ? [...before.git.keys(), ...before.site.keys()].filter(hasId) : [];
      const differing = keys.filter((key) => shown(before.git, key) !== shown(before.site, key));
      for (const key of differing) questions.add(key);
      isLost = false;
      for (const key of questions) {
        if (shown(after.git, key) === shown(after.site, key)) questions.delete(key);
      }
    },
    isQuestion: (key: string) => questions.has(key) || (isLost && hasId(key)),
  };
}

/** The versions of each cell, and which of them each was made from. */
function createVersions() {
  const parents = new Map<string, Map<string, Set<string>>>();

  function descends(cell: string, from: string, to: string, seen: Set<string>): boolean {
    if (from === to) return true;
    if (seen.has(to)) return false;
    seen.add(to);
    return [...(parents.get(cell)?.get(to) ?? [])].some((each) => descends(cell, from, each, seen));
  }

  return {
    edited(cell: string, from: string, to: string): void {
      const versions = parents.get(cell) ?? new Map<string, Set<string>>();
      parents.set(cell, versions.set(to, new Set([...(versions.get(to) ?? []), from])));
    },
    leadsTo: (cell: string, from: string, to: string) => descends(cell, from, to, new Set()),
  };
}

function cellOf(key: string, field: string): string {
  return `${key}.${field}`;
}
