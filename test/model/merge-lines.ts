import { type FieldName, fields, type Line } from './tables.ts';

/** Whether somebody who sees what both made of a cell takes the one of the pull request. */
export type Choice = (row: string, field: FieldName, proposed: string) => boolean;

/** Nobody resolves anything: main stays. */
export const mainStays: Choice = () => false;

/**
 * Merges the file of main and that of a branch as git does, row by row and cell by cell. Where both
 * changed the same cell, somebody chooses; where one removed a row and the other edited it, main stays.
 */
export function mergeLines(
  nameOf: (line: Line) => string,
  { base, main, branch }: Record<'base' | 'main' | 'branch', readonly Line[]>,
  choose: Choice,
): readonly Line[] {
  const [old, ours, theirs] = [base, main, branch].map(
    (lines) => new Map(lines.map((line) => [nameOf(line), line])),
  );
  const names = new Set([...main, ...branch].map(nameOf));
  const merged = [...names].flatMap((name) => {
    const takes: Choice = (_, field, proposed) => choose(name, field, proposed);
    return mergeLine(old?.get(name), ours?.get(name), theirs?.get(name), takes) ?? [];
  });
  return isSorted(main) && isSorted(branch) ? merged.sort(byId) : merged;
}

function mergeLine(
  base: Line | undefined,
  main: Line | undefined,
  branch: Line | undefined,
  choose: Choice,
): Line | undefined {
  if (isSame(base, branch)) return main;
  if (isSame(base, main)) return branch;
  if (main === undefined || branch === undefined) return main;
  const cells = fields.map((field) => {
    const [old, ours, theirs] = [base?.cells[field], main.cells[field], branch.cells[field]];
    const isTheirs = old !== theirs && (old === ours || choose('', field, theirs));
    return [field, isTheirs ? theirs : ours];
  });
  // Every field is there.
  return { id: branch.id || main.id, cells: Object.fromEntries(cells) as Line['cells'] };
}

function isSame(left: Line | undefined, right: Line | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.id === right.id && fields.every((field) => left.cells[field] === right.cells[field]);
}

function byId(left: Line, right: Line): number {
  return left.id < right.id ? -1 : Number(left.id > right.id);
}

function isSorted(lines: readonly Line[]): boolean {
  return lines.every((line, i) => i === 0 || byId(lines[i - 1] ?? line, line) <= 0);
}
