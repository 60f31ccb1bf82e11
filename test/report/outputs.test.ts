import { expect, test } from '@jest/globals';
import { outputsOf } from '../../src/report/outputs.ts';
import type { Result } from '../../src/report/result.ts';
import { aChange, aConflict, added, aFile, aRejection, aResult, removed } from './samples.ts';

const noReports = { 'report-json': '', 'report-html': '', 'badge-json': '' };

test('gives every output of a run that did a lot', () => {
  const result = aResult({
    status: 'partial',
    failureReason: 'partial',
    files: [
      aFile({
        changes: [aChange(), added('sofa'), added('stool'), removed('desk')],
        rejections: [aRejection()],
        conflicts: [aConflict(), aConflict({ column: { key: 'title', type: 'TEXT' } })],
      }),
    ],
    commit: 'a5c3785ed8d6a35868bc169f07e40e889087fd2e',
    branch: 'wix-cms/export',
    pullRequest: { number: 12, url: 'https://github.com/owner/site/pull/12' },
    fingerprint: 'f00d',
    backupDirectory: '/tmp/backup',
  });
  expect(
    outputsOf(result, {
      ...noReports,
      'report-json': '/tmp/report.json',
      'report-html': '/tmp/report.html',
    }),
  ).toMatchInlineSnapshot(`
   {
     "backup-directory": "/tmp/backup",
     "badge-json": "",
     "branch": "wix-cms/export",
     "changed": "true",
     "commit-sha": "a5c3785ed8d6a35868bc169f07e40e889087fd2e",
     "failure-reason": "partial",
     "fingerprint": "f00d",
     "pull-request-number": "12",
     "pull-request-url": "https://github.com/owner/site/pull/12",
     "report-html": "/tmp/report.html",
     "report-json": "/tmp/report.json",
     "rows-added": "2",
     "rows-changed": "1",
     "rows-conflicting": "1",
     "rows-rejected": "1",
     "rows-removed": "1",
     "status": "partial",
   }
  `);
});

test('leaves empty what there is not', () => {
  expect(outputsOf(aResult({ status: 'unchanged' }), noReports)).toMatchInlineSnapshot(`
   {
     "backup-directory": "",
     "badge-json": "",
     "branch": "",
     "changed": "false",
     "commit-sha": "",
     "failure-reason": "",
     "fingerprint": "",
     "pull-request-number": "",
     "pull-request-url": "",
     "report-html": "",
     "report-json": "",
     "rows-added": "0",
     "rows-changed": "0",
     "rows-conflicting": "0",
     "rows-rejected": "0",
     "rows-removed": "0",
     "status": "unchanged",
   }
  `);
});

const situations: readonly (readonly [string, Partial<Result>, string])[] = [
  ['an import that changed a row', { files: [aFile({ changes: [aChange()] })] }, 'true'],
  [
    'an import whose only row was rejected',
    { files: [aFile({ rejections: [aRejection()] })] },
    'false',
  ],
  [
    'an import that failed half-way',
    { status: 'failed', files: [aFile({ changes: [aChange()] })] },
    'true',
  ],
  ['a plan without changes', { command: 'plan', status: 'unchanged' }, 'false'],
  ['an export of a new layout', { command: 'export', status: 'success' }, 'true'],
  ['an export of nothing new', { command: 'export', status: 'unchanged' }, 'false'],
  ['an export that failed before it wrote', { command: 'export', status: 'failed' }, 'false'],
];

test.each(situations)('says of %s whether something changed', (_, overrides, changed) => {
  expect(outputsOf(aResult(overrides), noReports).changed).toBe(changed);
});
