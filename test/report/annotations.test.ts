import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import { annotationsOf } from '../../src/report/annotations.ts';
import { failedResult } from '../../src/report/result.ts';
import { hostileText } from './hostile.ts';
import {
  aConflict,
  aFile,
  aFinding,
  aLoss,
  aMismatch,
  aRejection,
  aResult,
  file,
} from './samples.ts';

test('puts each remark on its line of the committed file', () => {
  const result = aResult({
    status: 'failed',
    failureReason: 'validation',
    findings: [aFinding()],
    files: [
      aFile({
        conflicts: [aConflict()],
        rejections: [aRejection()],
        losses: [aLoss()],
        mismatches: [aMismatch()],
        failure: { reason: 'job-failed', message: 'products: the job failed with WDE0001.' },
      }),
    ],
    warnings: ['There is no record yet.'],
  });
  expect(annotationsOf(result)).toMatchInlineSnapshot(`
   [
     {
       "level": "error",
       "message": "content/collections/products.csv: products: the job failed with WDE0001.",
       "place": {
         "file": "content/collections/products.csv",
       },
       "title": "job-failed",
     },
     {
       "level": "error",
       "message": "content/collections/products.csv line 3: products, row "chair": price was "10"; in git it is "12", on the site "11".",
       "place": {
         "file": "content/collections/products.csv",
         "line": 3,
       },
       "title": "Conflict",
     },
     {
       "level": "error",
       "message": "content/collections/products.csv line 5: products, row "lamp": rooms had "hall, attic" before this import, which does not carry it; now it is empty.",
       "place": {
         "file": "content/collections/products.csv",
         "line": 5,
       },
       "title": "Lost value",
     },
     {
       "level": "error",
       "message": "content/collections/products.csv line 5: products, row "lamp": price was sent as "1.50", but the site has "1.5".",
       "place": {
         "file": "content/collections/products.csv",
         "line": 5,
       },
       "title": "Cell stored differently",
     },
     {
       "level": "error",
       "message": "content/collections/products.csv line 7: products, row "sofa": WDE0009: Item is too large.",
       "place": {
         "file": "content/collections/products.csv",
         "line": 7,
       },
       "title": "Rejected row",
     },
     {
       "level": "error",
       "message": "content/collections/products.csv line 4: price is "ten", but the field is a number. Write 10.",
       "place": {
         "file": "content/collections/products.csv",
         "line": 4,
       },
       "title": "type-number",
     },
     {
       "level": "warning",
       "message": "There is no record yet.",
       "title": "Note",
     },
   ]
  `);
});

test.each([
  [
    aConflict({ column: undefined, base: undefined, git: undefined, cms: 'changed' }),
    'The row was removed in git and changed on the site.',
  ],
  [
    aConflict({ column: undefined, base: undefined, git: 'changed', cms: undefined }),
    'The row was changed in git and removed on the site.',
  ],
  [aConflict({ base: undefined }), 'price was never agreed; in git it is "12", on the site "11".'],
  [aConflict({ git: '' }), 'price was "10"; in git it is (empty), on the site "11".'],
])('says what disagrees in the conflict %j', (conflict, words) => {
  const [annotation] = annotationsOf(aResult({ files: [aFile({ conflicts: [conflict] })] }));
  expect(annotation?.message).toBe(`${file} line 3: products, row "chair": ${words}`);
});

test('warns of a conflict in an export, which keeps the value of git', () => {
  const files = [aFile({ conflicts: [aConflict()] })];
  expect(annotationsOf(aResult({ command: 'export', files }))[0]?.level).toBe('warning');
});

test('warns of rejected rows where they are allowed', () => {
  const files = [aFile({ rejections: [aRejection()] })];
  const allowed = aResult({ status: 'partial', files });
  const failing = aResult({ status: 'partial', failureReason: 'partial', files });
  expect(annotationsOf(allowed)[0]?.level).toBe('warning');
  expect(annotationsOf(failing)[0]?.level).toBe('error');
});

test('points at the file where the line is not known', () => {
  const rejection = aRejection({ key: undefined, place: undefined, source: '4' });
  const [annotation] = annotationsOf(aResult({ files: [aFile({ rejections: [rejection] })] }));
  expect(annotation?.place).toEqual({ file });
  expect(annotation?.message).toBe(
    `${file}: products, a row that Wix calls "4": WDE0009: Item is too large.`,
  );
});

test('puts the failure of a whole run first, where it is to be mended', () => {
  const place = { file: '.github/wix-cms.yml', line: 2 };
  const failure = new Failure('config', 'The key "filte" is not known. Write filter.', { place });
  expect(annotationsOf(failedResult('export', failure))).toEqual([
    {
      level: 'error',
      title: 'config',
      message: `.github/wix-cms.yml line 2: ${failure.message}`,
      place,
    },
  ]);
});

describe('with more remarks than GitHub shows', () => {
  const rejections = Array.from({ length: 12 }, (_, i) => aRejection({ key: `row-${i}` }));
  const findings = Array.from({ length: 3 }, () => aFinding());

  test('counts in the tenth those that are left out', () => {
    const result = aResult({ files: [aFile({ rejections, conflicts: [aConflict()] })], findings });
    const annotations = annotationsOf(result);
    expect(annotations).toHaveLength(10);
    expect(annotations[0]?.title).toBe('Conflict');
    expect(annotations[9]).toMatchInlineSnapshot(`
     {
       "level": "error",
       "message": "Not shown here: 4 rejected rows and 3 errors. Read the job summary, or the JSON report (output report-json).",
       "title": "7 more errors",
     }
    `);
  });

  test('shows all ten of exactly ten', () => {
    const result = aResult({ files: [aFile({ rejections: rejections.slice(0, 10) })] });
    expect(annotationsOf(result)).toHaveLength(10);
    expect(annotationsOf(result)[9]?.message).toContain('row-9');
  });

  test('counts errors and warnings apart', () => {
    const warnings = Array.from({ length: 11 }, (_, i) => `remark ${i}`);
    const annotations = annotationsOf(aResult({ warnings, findings }));
    expect(annotations.filter(({ level }) => level === 'error')).toHaveLength(3);
    expect(annotations.filter(({ level }) => level === 'warning')).toHaveLength(10);
  });
});

test('is one short line, whatever the content', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const long = text.repeat(50);
      const files = [
        aFile({
          conflicts: [aConflict({ key: long, git: long, cms: long, base: long })],
          rejections: [aRejection({ words: long, code: long })],
        }),
      ];
      for (const { message } of annotationsOf(aResult({ files }))) {
        expect(message).not.toMatch(/^\s*::|##\[|[\p{Cc}\p{Cs}\u202E]/u);
        expect(message.length).toBeLessThanOrEqual(1_000);
      }
    }),
  );
});

test('says of a value that the site keeps, though it was emptied, where to empty it', () => {
  const files = [aFile({ mismatches: [aMismatch({ sent: '', stored: '10' })] })];
  const [annotation] = annotationsOf(aResult({ files }));
  expect(annotation?.message).toBe(
    `${file} line 5: products, row "lamp": price was sent empty, but the site still has "10". Empty it in the CMS.`,
  );
});

test('puts the failure of a file where it is to be mended', () => {
  const place = { file: '.github/wix-cms.yml', line: 4 };
  const unknown = {
    reason: 'config',
    message: 'teas: the site has no such collection.',
    place,
  } as const;
  const other = { reason: 'job-failed', message: 'tags: the job failed.' } as const;
  const files = [aFile({ failure: unknown }), aFile({ failure: other })];
  const places = annotationsOf(aResult({ files })).map((annotation) => annotation.place);
  expect(places).toEqual([place, { file }]);
  const byInput = aFile({ failure: { ...unknown, place: undefined } });
  expect(annotationsOf(aResult({ files: [byInput] }))[0]).not.toHaveProperty('place');
});

test('a limit that is passed is no error in the file', () => {
  const finding = aFinding({
    rule: 'max-deletes',
    place: { file },
    message: `${file}: too many.`,
  });
  const [annotation] = annotationsOf(aResult({ findings: [finding] }));
  expect(annotation?.title).toBe('max-deletes');
});
