import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import { reportJson } from '../../src/report/json.ts';
import type { Result } from '../../src/report/result.ts';
import { hostileText } from './hostile.ts';
import {
  aCell,
  aChange,
  aConflict,
  aFile,
  aFinding,
  aLoss,
  aMismatch,
  aRejection,
  aResult,
} from './samples.ts';

function jsonOf(result: Result): string {
  return [...reportJson(result)].join('');
}

test('shows a whole result, one row to a line', () => {
  const result = aResult({
    status: 'partial',
    files: [
      aFile({
        changes: [aChange()],
        conflicts: [aConflict(), aConflict({ column: undefined, git: undefined, cms: 'changed' })],
        rejections: [aRejection({ key: undefined, place: undefined, source: '4' })],
        losses: [aLoss()],
        mismatches: [aMismatch()],
      }),
      aFile({ name: 'tags', failure: new Failure('limit', 'Too many.') }),
    ],
    findings: [aFinding()],
    warnings: ['There is no record yet.'],
    pullRequest: { number: 12, url: 'https://github.com/owner/site/pull/12' },
  });
  expect(jsonOf(result)).toMatchInlineSnapshot(`
   "{
     "schemaVersion": 1,
     "command": "import",
     "status": "partial",
     "failureReason": null,
     "failureMessage": null,
     "failurePlace": null,
     "totals": {"added":0,"changed":1,"removed":0,"rejected":1,"conflicting":1},
     "commit": null,
     "commitPlanned": null,
     "branch": null,
     "pullRequest": {"number":12,"url":"https://github.com/owner/site/pull/12"},
     "fingerprint": null,
     "backupDirectory": null,
     "lastExport": null,
     "lastDrill": null,
     "warnings": [
       "There is no record yet."
     ],
     "findings": [
       {"rule":"type-number","severity":"error","place":{"file":"content/collections/products.csv","line":4},"message":"content/collections/products.csv line 4: price is \\"ten\\", but the field is a number. Write 10."}
     ],
     "files": [
       {
         "name": "products",
         "path": "content/collections/products.csv",
         "failure": null,
         "orphans": 0,
         "omittedFields": 0,
         "unlisted": 0,
         "changes": [
           {"kind":"changed","key":"chair","place":{"file":"content/collections/products.csv","line":3},"cells":[{"field":"title","old":"The red chair","new":"The blue chair"}]}
         ],
         "columns": null,
         "undoes": [],
         "pending": [],
         "caughtUp": [],
         "drift": [],
         "conflicts": [
           {"key":"chair","field":"price","base":"10","git":"12","cms":"11","place":{"file":"content/collections/products.csv","line":3}},
           {"key":"chair","field":null,"base":"10","git":null,"cms":"changed","place":{"file":"content/collections/products.csv","line":3}}
         ],
         "rejections": [
           {"key":null,"place":null,"code":"WDE0009","words":"Item is too large.","source":"4"}
         ],
         "mismatches": [
           {"key":"lamp","field":"price","sent":"1.50","stored":"1.5","place":{"file":"content/collections/products.csv","line":5}}
         ],
         "losses": [
           {"key":"lamp","field":"rooms","held":["hall","attic"],"place":{"file":"content/collections/products.csv","line":5}}
         ],
         "remarks": []
       },
       {
         "name": "tags",
         "path": "content/collections/products.csv",
         "failure": {"reason":"limit","message":"Too many.","place":null},
         "orphans": 0,
         "omittedFields": 0,
         "unlisted": 0,
         "changes": [],
         "columns": null,
         "undoes": [],
         "pending": [],
         "caughtUp": [],
         "drift": [],
         "conflicts": [],
         "rejections": [],
         "mismatches": [],
         "losses": [],
         "remarks": []
       }
     ]
   }
   "
  `);
});

test('holds any content unchanged', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const change = aChange({ key: text, cells: [aCell(text, text, undefined)] });
      const report = JSON.parse(
        jsonOf(aResult({ files: [aFile({ name: text, changes: [change] })] })),
      );
      expect(report.files[0].name).toBe(text);
      expect(report.files[0].changes[0]).toEqual({
        kind: 'changed',
        key: text,
        place: change.place,
        cells: [{ field: text, old: text, new: null }],
      });
    }),
  );
});
