import type { Ledger, Row, Rows, SideName, Sides } from './ledger.ts';
import type { Speech } from './report.ts';

/** What a run was allowed to do, and what it said that it did. */
export interface Permit {
  readonly onConflict: 'hold' | 'fail' | 'git' | 'cms';
  readonly deletes: 'keep' | 'apply' | 'refill';
  /** Whether the run's report names this row, and this cell of it where one is asked for. */
  readonly isReported: (key: string, field?: string) => boolean;
  /** Whether an import that empties the collection first may have left this row out so far. */
  readonly takesAway?: (key: string) => boolean;
  /** Whether such an import did so: the row comes back as it was, with what git has changed since. */
  readonly comesBack?: (key: string) => boolean;
}

/** What a run of the action did wrong. */
export class Violation extends Error {}

export function refute(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Violation(wrong.join('; '));
}

/** One side before and after a run, and what the other side held meanwhile. */
export interface Movement {
  readonly side: SideName;
  readonly before: Rows;
  readonly after: Rows;
  readonly others: readonly Rows[];
  /** What else this side held, as main beside the branch of a pull request. */
  readonly beside?: readonly Rows[];
  /** Whether it is proposed alone: nothing has happened until somebody merges it. */
  readonly isProposed?: boolean;
}

/** A row that a run changed, and how it stands on the other side. */
interface MovedRow {
  readonly side: SideName;
  readonly key: string;
  readonly sources: readonly Row[];
}

/**
 * What a run did to one side that it should not have done. It may move a cell *forward* alone: to a
 * version that was made from the one it replaces. Anything else loses an edit that the maker of the
 * new version had not seen, so it has to be a conflict that `on-conflict` decided and the run told.
 */
export function wrongMoves(ledger: Ledger, movement: Movement, permit: Permit): readonly string[] {
  const { side, before, after, others, beside = [], isProposed } = movement;
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const found = (all: readonly Rows[]) => all.flatMap((rows) => rows.get(key) ?? []);
    const row = { side, key, sources: found(others) };
    if (was !== undefined && is !== undefined) {
      const sources = [...row.sources, ...found(beside)];
      return wrongCells(ledger, { ...row, sources }, was, is, permit);
    }
    if (was !== undefined) {
      const isMerged = isProposed && ledger.removal(side, key) !== undefined;
      return isMerged ? [] : wrongRemoval(ledger, row, was, permit);
    }
    if (found(beside).length > 0) return [];
    const wrong = is === undefined ? [] : wrongAddition(ledger, row, is, permit);
    if (!isProposed) ledger.restored(side, key);
    return wrong;
  });
}

function wrongAddition(
  ledger: Ledger,
  { side, key, sources }: MovedRow,
  is: Row,
  { onConflict, deletes, comesBack }: Permit,
): string[] {
  const has = ([field, text]: readonly [string, string]) =>
    sources.some(({ cells }) => cells[field] === text);
  if (comesBack?.(key) && Object.entries(is.cells).every(has)) return [];
  if (ledger.isQuestion(key) && !(side === 'git' && deletes === 'keep')) {
    return [
      `${side} got the row ${key}, which may have been removed there before the record was lost`,
    ];
  }
  const source = sources.find((row) => sameCells(row, is));
  if (source === undefined) return [`${side} got the row ${key}, which nobody made like that`];
  const removal = ledger.removal(side, key);
  // Of a row that no whole run saw, nothing tells a removal from an addition on the other side.
  if (removal === undefined || !ledger.isKnown(key)) return [];
  if (side === 'git' && deletes === 'keep') return [];
  const isSure = Object.keys(source.cells).every((field) => ledger.isExact(key, field));
  const isConflict = !isSure || !ledger.rowLeadsTo(key, source, removal);
  if (isConflict && onConflict === winnerOver(side)) return [];
  return [`${side} got the row ${key} back, which was removed there`];
}

function wrongRemoval(
  ledger: Ledger,
  { side, key, sources }: MovedRow,
  was: Row,
  { onConflict, deletes, isReported, takesAway }: Permit,
): string[] {
  if (side === 'site' && takesAway?.(key)) return [];
  if (ledger.isQuestion(key)) {
    return [`${side} lost the row ${key}, which may have been new before the record was lost`];
  }
  if (ledger.isDecided(key, 'row', 'kept', 'removed')) return [];
  const removal = ledger.removal(otherThan(side), key);
  if (removal === undefined || sources.length > 0) {
    const isConflict = side === 'git' && sources.length === 0 && ledger.isKept(key);
    if (isConflict && onConflict === 'cms' && isReported(key)) return [];
    return [`${side} lost the row ${key}, which nobody removed`];
  }
  if (side === 'site' && deletes === 'keep') return [`the site lost ${key}, but deletes are kept`];
  if (ledger.rowLeadsTo(key, was, removal)) return [];
  if (onConflict === winnerOver(side) && isReported(key)) {
    ledger.decide(key, 'row', 'kept', 'removed');
    return [];
  }
  return [`${side} lost the row ${key} with edits that whoever removed it had not seen`];
}

function wrongCells(
  ledger: Ledger,
  row: MovedRow,
  was: Row,
  is: Row,
  permit: Permit,
): readonly string[] {
  const wrong = Object.entries(is.cells).flatMap(([field, text]) => {
    const old = was.cells[field] ?? '';
    const reason = old === text ? undefined : whyWrong(ledger, row, field, old, text, permit);
    const { side, key } = row;
    return reason ? [`${side} went from "${old}" to "${text}" in ${key}.${field}: ${reason}`] : [];
  });
  // A row that comes back has what git carries alone.
  if (was.hidden === is.hidden || permit.takesAway?.(row.key)) return wrong;
  return [...wrong, `${row.key} held ${was.hidden} besides, now ${is.hidden}`];
}

function whyWrong(
  ledger: Ledger,
  { side, key, sources }: MovedRow,
  field: string,
  old: string,
  text: string,
  { onConflict, isReported }: Permit,
): string | undefined {
  if (!sources.some(({ cells }) => cells[field] === text)) return 'nobody put that there';
  if (ledger.leadsTo(key, field, old, text)) return undefined;
  // Example: an export lets the CMS win, and an older one that did so as well runs again.
  if (ledger.isDecided(key, field, old, text)) return undefined;
  const isConflict = !ledger.leadsTo(key, field, text, old) || !ledger.isExact(key, field);
  if (!isConflict || onConflict !== winnerOver(side)) return 'an edit is lost';
  if (!isReported(key, field)) return 'a conflict was decided silently';
  ledger.decide(key, field, old, text);
  return undefined;
}

/** What an import that went well did not bring to the site, and did not speak of. */
export function missingOnSite(
  ledger: Ledger,
  before: Sides,
  after: Sides,
  onConflict: Permit['onConflict'],
  isSpokenOf: (key: string) => boolean,
): readonly string[] {
  const isOpen = onConflict === 'fail' || onConflict === 'hold';
  const conflicts = isOpen ? cellsWhere(ledger, before, 'conflict') : [];
  // Where the action's base is behind, it takes for a conflict what is none, and the CMS wins.
  const isDue = ({ key, field }: CellName) => onConflict !== 'cms' || ledger.isExact(key, field);
  const late = cellsWhere(ledger, after, 'git-ahead').filter(isDue);
  const rows = unshared(ledger, 'git', after);
  return [
    ...[...conflicts, ...late].filter(({ key }) => !isSpokenOf(key)).map(named),
    ...rows.filter((key) => !isSpokenOf(key)),
  ];
}

/** Conflicts that a run named where only one side had changed the cell since a run saw both agree. */
export function falseAlarms(
  ledger: Ledger,
  { git, site }: Sides,
  conflicts: Speech['conflicts'],
): readonly string[] {
  return conflicts.flatMap(({ row, field }) => {
    const texts = [git, site].map((rows) => (field ? rows.get(row)?.cells[field] : undefined));
    const [ours, theirs] = texts;
    if (!field || ours === undefined || theirs === undefined) return [];
    const how = standing(ledger, row, field, ours, theirs);
    return how === 'conflict' || !ledger.isExact(row, field)
      ? []
      : [`${row}.${field} is called a conflict, and is ${how}`];
  });
}

/** What an export that went well did not bring to git, and did not speak of. */
export function missingInGit(
  ledger: Ledger,
  after: Sides,
  isReported: Permit['isReported'],
  isHeld: (key: string) => boolean,
): readonly string[] {
  // A row in conflict is left alone as a whole.
  const isDue = ({ key, field }: CellName) => ledger.isExact(key, field) && !isHeld(key);
  const late = cellsWhere(ledger, after, 'site-ahead');
  const conflicts = cellsWhere(ledger, after, 'conflict');
  return [
    ...late.filter(isDue).map(named),
    ...conflicts.filter(({ key, field }) => !isReported(key, field)).map(named),
    ...unshared(ledger, 'site', after).filter((key) => !(ledger.isQuestion(key) && isHeld(key))),
  ];
}

interface CellName {
  readonly key: string;
  readonly field: string;
}

function named({ key, field }: CellName): string {
  return `${key}.${field}`;
}

type Standing = 'same' | 'git-ahead' | 'site-ahead' | 'conflict';

/** The cells of shared rows that stand like this between git and the site. */
function cellsWhere(ledger: Ledger, { git, site }: Sides, how: Standing): readonly CellName[] {
  return [...git].flatMap(([key, { cells }]) => {
    const item = site.get(key);
    return Object.entries(item?.cells ?? {}).flatMap(([field, text]) =>
      standing(ledger, key, field, cells[field] ?? '', text) === how ? [{ key, field }] : [],
    );
  });
}

function standing(ledger: Ledger, key: string, field: string, git: string, site: string): Standing {
  if (git === site) return 'same';
  if (ledger.leadsTo(key, field, site, git)) return 'git-ahead';
  return ledger.leadsTo(key, field, git, site) ? 'site-ahead' : 'conflict';
}

/** Rows that one side has, the other lacks, and nobody removed there. */
function unshared(ledger: Ledger, side: SideName, sides: Sides): readonly string[] {
  const other = otherThan(side);
  const keys = [...sides[side].keys()];
  return keys.filter((key) => !sides[other].has(key) && !ledger.removal(other, key));
}

function otherThan(side: SideName): SideName {
  return side === 'git' ? 'site' : 'git';
}

/** Who has to win a conflict for this side to give way. */
function winnerOver(side: SideName): 'git' | 'cms' {
  return side === 'git' ? 'cms' : 'git';
}

function sameCells(left: Row, right: Row): boolean {
  return Object.entries(left.cells).every(([field, text]) => right.cells[field] === text);
}
