import type { CellChange, Change, Conflict } from '../../src/content/change.ts';
import type { Rejection } from '../../src/content/rejections.ts';
import type { Finding } from '../../src/content/rules/finding.ts';
import type { Mismatch } from '../../src/content/values/mismatch.ts';
import type { Loss } from '../../src/content/values/stored-item.ts';
import { type FileResult, type Result, untouched } from '../../src/report/result.ts';

export const file = 'content/collections/products.csv';

/** The result of an import that had nothing to do, but for what is given. */
export function aResult(overrides: Partial<Result> = {}): Result {
  return {
    command: 'import',
    status: 'success',
    files: [],
    findings: [],
    warnings: [],
    ...overrides,
  };
}

export function aFile(overrides: Partial<FileResult> = {}): FileResult {
  return { ...untouched('products', file), ...overrides };
}

export function aCell(
  field: string,
  old: string | undefined,
  next: string | undefined,
): CellChange {
  return { column: { key: field, type: 'TEXT' }, old, new: next };
}

export function aChange(overrides: Partial<Change> = {}): Change {
  return {
    kind: 'changed',
    key: 'chair',
    cells: [aCell('title', 'The red chair', 'The blue chair')],
    place: { file, line: 3 },
    ...overrides,
  };
}

export function added(key: string): Change {
  const cells = [aCell('title', undefined, `New ${key}`)];
  return aChange({ kind: 'added', key, cells, place: { file, line: 9 } });
}

export function removed(key: string): Change {
  return aChange({
    kind: 'removed',
    key,
    cells: [aCell('title', key, undefined)],
    place: undefined,
  });
}

export function aConflict(overrides: Partial<Conflict> = {}): Conflict {
  return {
    key: 'chair',
    column: { key: 'price', type: 'NUMBER' },
    base: '10',
    git: '12',
    cms: '11',
    place: { file, line: 3 },
    ...overrides,
  };
}

export function aRejection(overrides: Partial<Rejection> = {}): Rejection {
  return {
    key: 'sofa',
    place: { file, line: 7 },
    code: 'WDE0009',
    words: 'Item is too large.',
    source: 'sofa',
    ...overrides,
  };
}

export function aMismatch(overrides: Partial<Mismatch> = {}): Mismatch {
  return {
    key: 'lamp',
    field: 'price',
    sent: '1.50',
    stored: '1.5',
    place: { file, line: 5 },
    ...overrides,
  };
}

export function aLoss(overrides: Partial<Loss> = {}): Loss {
  return {
    key: 'lamp',
    field: 'rooms',
    held: ['hall', 'attic'],
    place: { file, line: 5 },
    ...overrides,
  };
}

export function aFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    rule: 'type-number',
    severity: 'error',
    place: { file, line: 4 },
    message: `${file} line 4: price is "ten", but the field is a number. Write 10.`,
    ...overrides,
  };
}
