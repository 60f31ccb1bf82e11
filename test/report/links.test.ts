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
import { everywhere } from './everywhere.ts';
import { linkable, links, rendered } from './markdown.ts';
import { aPlan } from './plan-samples.ts';
import { aChange, added, aResult, removed } from './samples.ts';

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
