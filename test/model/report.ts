import type { Result } from '../../src/report/result.ts';

/** What a run's result says of rows and cells. */
export interface Speech {
  /** Whether it went well and recorded what it saw. */
  readonly isWhole: boolean;
  /** Whether it names a row, or one cell of it; a run that failed says so and may name none. */
  readonly isReported: (row: string, field?: string) => boolean;
  /** Whether it says that the site did not take a row. */
  readonly isRejected: (row: string) => boolean;
}

/** @param nameOf what the model calls the row of an id. */
export function speechOf(result: Result, nameOf: (id: string) => string): Speech {
  if (result.status === 'failed') {
    return { isWhole: false, isReported: () => true, isRejected: () => true };
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
    isWhole: !warnings.some((warning) => warning.includes('base could not be recorded')),
    isReported: (row, field) =>
      field === undefined
        ? rows.has(row)
        : cells.some(({ key, column }) => nameOf(key) === row && (column?.key ?? field) === field),
    isRejected: (row) => refused.some(({ key }) => key !== undefined && nameOf(key) === row),
  };
}
