import { describe, expect, test } from '@jest/globals';
import { headline } from '../../src/report/headline.ts';
import type { Result } from '../../src/report/result.ts';
import { durationInWords } from '../../src/report/text.ts';
import {
  aChange,
  aConflict,
  added,
  aFile,
  aFinding,
  aLoss,
  aMismatch,
  aRejection,
  aResult,
  removed,
} from './samples.ts';

test.each([
  [0, '0 s'],
  [4_400, '4 s'],
  [59_700, '1 min 0 s'],
  [72_000, '1 min 12 s'],
  [3_725_000, '62 min 5 s'],
])('says %i milliseconds as %s', (milliseconds, words) => {
  expect(durationInWords(milliseconds)).toBe(words);
});

describe('headline', () => {
  const products = aFile({ changes: [aChange(), aChange({ key: 'lamp' }), added('sofa')] });
  const tags = aFile({ name: 'tags', changes: [removed('old')] });
  const failed = { status: 'failed' } as const;
  const situations: readonly (readonly [Partial<Result>, string])[] = [
    [
      { status: 'partial', files: [{ ...products, rejections: [aRejection()] }] },
      'Imported in part: 2 products changed and 1 added; Wix rejected 1 row',
    ],
    [
      {
        status: 'partial',
        failureReason: 'conflict',
        files: [{ ...products, conflicts: [aConflict()] }],
      },
      'Imported in part: 2 products changed and 1 added; 1 conflict',
    ],
    [
      { status: 'partial', failureReason: 'config', files: [products] },
      'Imported in part: 2 products changed and 1 added',
    ],
    [
      {
        ...failed,
        command: 'plan',
        failureReason: 'conflict',
        files: [aFile({ conflicts: [aConflict(), aConflict({ column: undefined })] })],
      },
      'An import would leave 1 row alone: git and the site both changed 2 cells',
    ],
    [
      { ...failed, command: 'plan', failureReason: 'validation', findings: [aFinding()] },
      'An import would fail: the files have 1 error',
    ],
    [
      { command: 'export', files: [products, tags, aFile({ name: 'quiet' })] },
      'Exported: 2 products changed and 1 added; 1 tag removed',
    ],
    [
      { status: 'partial', files: [aFile({ rejections: [aRejection()] })] },
      'Not imported: Wix rejected 1 row',
    ],
    [
      { command: 'export', files: [{ ...products, conflicts: [aConflict()] }] },
      'Exported: 2 products changed and 1 added; 1 conflict',
    ],
    [{ command: 'export', status: 'unchanged' }, 'Nothing to export: the site has nothing new'],
    [{ command: 'import', status: 'unchanged' }, 'Nothing to import: git has nothing new'],
    [{ command: 'export' }, 'Exported: only columns or the layout of the files changed'],
    [
      { files: [products, tags, products, tags] },
      'Imported: 4 rows changed, 2 added and 2 removed, in 4 files',
    ],
    [
      { ...failed, failureReason: 'conflict', files: [aFile({ conflicts: [aConflict()] })] },
      'Import failed: git and the site both changed 1 cell',
    ],
    [
      {
        ...failed,
        failureReason: 'conflict',
        files: [aFile({ conflicts: [aConflict({ base: undefined })] })],
      },
      'Import failed: git and the site differ in 1 cell, and no record says who changed it',
    ],
    [
      { ...failed, failureReason: 'validation', findings: [aFinding()] },
      'Import failed: the files have 1 error',
    ],
    [
      { ...failed, failureReason: 'job-failed', files: [tags] },
      'Import failed: a job on the site failed. Done before that: 1 tag removed',
    ],
    [
      {
        ...failed,
        failureReason: 'verify-mismatch',
        files: [aFile({ mismatches: [aMismatch()] })],
      },
      'Import failed: the site stored 1 cell differently than it was sent',
    ],
    [
      { ...failed, failureReason: 'verify-mismatch', files: [aFile({ losses: [aLoss()] })] },
      'Import failed: the site lost 1 value that the import does not carry',
    ],
  ];

  test.each(situations)('of %j', (overrides, line) => {
    expect(headline(aResult(overrides), (name) => name)).toBe(line);
  });
});
