import type { Result } from '../../src/report/result.ts';

/** What a run's result says of rows and cells. */
export interface Speech {
  /** Whether it went well and recorded what it saw. */
  readonly isWhole: boolean;
  /** Whether it names a row, or one cell of it; a run that failed says so and may name none. */
  readonly isReported: (row: string, field?: string) => boolean;
  /** Whether it says that a row is not on the site: rejected, or left alone for a conflict. */
  readonly isUnwritten: (row: string) => boolean;
  /** The conflicts that it names, by row and cell; `undefined`: the row as a whole. */
  readonly conflicts: readonly { readonly row: string; readonly field: string | undefined }[];
}

/** @param nameOf what the model calls the row of an id. */
export function speechOf(result: Result, nameOf: (id: string) => string): Speech {
  if (result.status === 'failed') {
    return { isWhole: false, isReported: () => true, isUnwritten: () => true, conflicts: [] };
  }
  const { files, warnings } = result;
  const changes = files.flatMap((file) => [...file.changes, ...file.drift]);
  const conflicts = files.flatMap((file) => file.conflicts);
  const refused = files.flatMap((file) => [...file.rejections, ...file.mismatches]);
  const cells = [
    ...changes.flatMap(({ key, cells }) => cells.map(({ column }) => ({ key, column }))),
    ...conflicts.map(({ key, column }) => ({ key, column })),
  ];
  const rows = new Set([...changes, ...conflicts].map(({ key }) => nameOf(key)));
  return {
    isWhole: !warnings.some((warning) => /could not be (recorded|noted)/.test(warning)),
    isReported: (row, field) =>
      field === undefined
        ? rows.has(row)
        : cells.some(({ key, column }) => nameOf(key) === row && (column?.key ?? field) === field),
    isUnwritten: (row) =>
      [...refused, ...conflicts].some(({ key }) => key !== undefined && nameOf(key) === row),
    conflicts: conflicts.map(({ key, column }) => ({ row: nameOf(key), field: column?.key })),
  };
}
