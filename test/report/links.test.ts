import { describe, expect, test } from '@jest/globals';
import { comment, summary } from '../../src/report/comment.ts';
import { unlinked } from '../../src/report/escape.ts';
import { changesInWords, pullRequestBody } from '../../src/report/pull-request/export.ts';
import { withOutcome } from '../../src/report/pull-request/outcome.ts';
import {
  restoreBody,
  restoredInWords,
  restoreTitle,
} from '../../src/report/pull-request/restore.ts';
import type { Result } from '../../src/report/result.ts';
import { linkable, links, rendered } from './markdown.ts';
import { aPlan } from './plan-samples.ts';
import {
  aCell,
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

/** Ids, titles and cells that somebody may have written into a CMS. */
const contents = [
  '@acme/admins',
  '&#64;acme/admins',
  '&commat;acme/admins',
  'fixes #12',
  'acme/site#12',
  'GH-12',
  'https://evil.example',
  'www.evil.example',
  '![pixel](https://evil.example/p.png)',
  '[click](https://evil.example)',
  'a5c3785ed8d6a35868bc169f07e40e889087fd2e',
  '</code> @acme/admins',
  '`` @acme/admins',
];

describe.each(contents)('%s', (text) => {
  const returning = {
    name: text,
    kind: 'collection',
    deletes: 'apply',
    changes: [aChange(), added(text), removed(text)],
    goneFields: [text],
  } as const;
  const past = { id: 'a5c3785ed8d6a35868bc169f07e40e889087fd2e', date: '2026-11-20T03:00:00Z' };
  const plan = comment(everywhere(text, aPlan()), {});

  test.each([
    ['the comment of a plan', plan],
    ['the summary of an import', summary(everywhere(text, aResult({ status: 'failed' })))],
    ['the summary of an export', summary(everywhere(text, aResult({ command: 'export' })))],
    [
      'the pull request of an export',
      pullRequestBody(everywhere(text, aResult()).files, [{ limit: 'max-deletes', message: text }]),
    ],
    ['the pull request of a restore', restoreBody(past, [returning], undefined)],
    [
      'the outcome of a plan',
      withOutcome(
        plan,
        { kind: 'partly', rows: [{ name: text, key: text, why: text }] },
        undefined,
      ),
    ],
    ['a plan that was stopped', withOutcome(plan, { kind: 'stopped', why: text }, undefined)],
  ])('is no link and calls nobody in %s', (_, markdown) => {
    expect(linkable(rendered(markdown))).not.toMatch(links);
  });

  test('is no link and calls nobody in a commit message or a title', () => {
    const lines = [
      ...changesInWords(everywhere(text, aResult()).files),
      ...restoredInWords([returning]),
      restoreTitle(past, [text]),
    ];
    for (const line of lines)
      expect(line).not.toMatch(/@[a-z\d]|#\d|\bGH-\d|:\/\/|\bwww\.\w|\b[\da-f]{40}\b/i);
  });
});

test('a plain name is written as it is', () => {
  expect(unlinked('Stores/Products-2024')).toBe('Stores/Products-2024');
});

/** A result with this text in every place that content can fill. */
function everywhere(text: string, result: Result): Result {
  const column = { key: text, type: 'TEXT' };
  const changes = [
    aChange({ key: text, cells: [aCell(text, 'one', `${text} two`)] }),
    aChange({ kind: 'added', key: text, cells: [aCell(text, undefined, text)] }),
    aChange({ kind: 'removed', key: text, cells: [aCell(text, text, undefined)] }),
  ];
  const file = aFile({
    name: text,
    path: text,
    titles: new Map([[text, text]]),
    columns: { added: [text], dropped: [text], renamed: [{ from: text, to: text }] },
    changes,
    drift: changes,
    pending: changes,
    caughtUp: changes,
    conflicts: [
      aConflict({ key: text, column, base: text, git: text, cms: text }),
      aConflict({ key: text, column: undefined }),
    ],
    rejections: [aRejection({ key: undefined, source: text, code: text, words: text })],
    mismatches: [aMismatch({ key: text, field: text, sent: text, stored: text, hint: text })],
    losses: [aLoss({ key: text, field: text, held: [text] })],
    remarks: [text],
    orphans: 1,
    failure: { reason: 'api', message: text },
  });
  return {
    ...result,
    files: [file],
    failureMessage: text,
    commit: undefined,
    branch: text,
    warnings: [text],
    findings: [
      aFinding({ message: text, place: { file: text, line: 1 } }),
      aFinding({ message: text, severity: 'warning', place: { file: `${text}.yml` } }),
      aFinding({ message: text, rule: 'max-deletes' }),
    ],
    commitPlanned: text,
    fingerprint: text,
  };
}
