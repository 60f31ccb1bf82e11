import { expect, test } from '@jest/globals';
import { summary } from '../../src/report/comment.ts';
import { aConflict, aFile, aRejection, aResult, removed } from './samples.ts';

test('the summary of an export says who won where both sides changed a cell', () => {
  const files = [aFile({ conflicts: [aConflict()] })];
  const text = summary(aResult({ command: 'export', status: 'unchanged', files }));
  expect(text).toContain('<h3>Nothing to export: the site has nothing new but 1 conflict</h3>');
  expect(text).toContain("and the files keep git's values");
  expect(text).toContain('<code>on-conflict</code> set to <code>cms</code>');
});

test('the summary of an export tells why its pull request is a draft', () => {
  const pullRequest = { number: 12, url: 'https://github.com/owner/site/pull/12' };
  const result = aResult({ command: 'export', files: [aFile({ changes: [removed('desk')] })] });
  const over = summary({ ...result, pullRequest: { ...pullRequest, overLimits: true } });
  expect(over).toContain('It is a draft, because it removes more rows than the limits allow.');
  expect(summary({ ...result, pullRequest })).not.toContain('draft');
});

test('the summary of an import whose rows were all rejected does not say that others arrived', () => {
  const files = [aFile({ rejections: [aRejection()] })];
  const text = summary(aResult({ status: 'partial', failureReason: 'partial', files }));
  expect(text).toContain('<h3>Not imported: Wix rejected 1 row</h3>');
  expect(text).not.toContain('have arrived');
});

test('the summary of an import that wrote nothing does not speak of a backup', () => {
  const stopped = aResult({
    status: 'failed',
    failureReason: 'conflict',
    failureMessage: 'Both changed a row.',
    files: [aFile({ conflicts: [aConflict()] })],
    backupDirectory: '/tmp/backup',
  });
  expect(summary(stopped)).not.toContain('backup-directory');
});
