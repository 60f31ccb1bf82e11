import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { utf8Bytes } from '../../src/report/budget.ts';
import type { Result } from '../../src/report/result.ts';
import { summary } from '../../src/report/summary.ts';
import { hostileText } from './hostile.ts';
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

describe('the summary of an import', () => {
  test('that went well shows old and new, the changed words marked', () => {
    const result = aResult({
      files: [aFile({ changes: [aChange(), added('sofa')], omittedFields: 4 })],
      fingerprint: 'f00d',
      backupDirectory: '/tmp/backup',
    });
    expect(summary(result)).toMatchInlineSnapshot(`
"<h2>Imported: <code>products</code> — 1 row changed, 1 added</h2>
<ul>
<li>The rows as they were before this import are in the folder that the output <code>backup-directory</code> names: a later step can keep it.</li>
<li>4 fields of the CMS are not in the CSV files: the schema files beside them say which and why.</li>
</ul>
<h3>Files (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Added</th><th align="left">Changed</th><th align="left">Removed</th><th align="left">Rejected</th><th align="left">Conflicts</th><th align="left">Pending</th><th align="left">Drift</th></tr>
<tr><td><code>products</code></td><td align="right">1</td><td align="right">1</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td></tr>
</table>
<h3>Changed (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">Field</th><th align="left">Before</th><th align="left">After</th></tr>
<tr><td><code>products</code></td><td><code>chair</code><br>line 3</td><td><code>title</code></td><td><code>The <del>red</del> chair</code></td><td><code>The <ins>blue</ins> chair</code></td></tr>
</table>
<h3>Added (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">What it holds</th></tr>
<tr><td><code>products</code></td><td><code>sofa</code><br>line 9</td><td><code>title</code>: <code>New sofa</code></td></tr>
</table>
"
`);
  });

  test('that Wix took in part shows what was rejected before what arrived', () => {
    const result = aResult({
      status: 'partial',
      files: [
        aFile({
          changes: [aChange({ cells: [aCell('price', '10', '12'), aCell('note', '', 'new')] })],
          rejections: [aRejection(), aRejection({ key: undefined, place: undefined, source: '4' })],
        }),
        aFile({ name: 'tags' }),
      ],
    });
    expect(summary(result)).toMatchInlineSnapshot(`
"<h2>Imported in part: <code>products</code> — 1 row changed; 2 rows were rejected by Wix</h2>
<ul>
<li>Correct the rejected rows in git: the next import tries them again. All the others have arrived.</li>
<li>1 file had nothing to do.</li>
</ul>
<h3>Files (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Added</th><th align="left">Changed</th><th align="left">Removed</th><th align="left">Rejected</th><th align="left">Conflicts</th><th align="left">Pending</th><th align="left">Drift</th></tr>
<tr><td><code>products</code></td><td align="right">0</td><td align="right">1</td><td align="right">0</td><td align="right">2</td><td align="right">0</td><td align="right">0</td><td align="right">0</td></tr>
</table>
<h3>Rejected by Wix (2)</h3>
<p>These rows did not arrive.</p>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">Code</th><th align="left">What Wix says</th></tr>
<tr><td><code>products</code></td><td><code>sofa</code><br>line 7</td><td><code>WDE0009</code></td><td><code>Item is too large&#46;</code></td></tr>
<tr><td><code>products</code></td><td>Wix calls it <code>4</code></td><td><code>WDE0009</code></td><td><code>Item is too large&#46;</code></td></tr>
</table>
<h3>Changed (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">Field</th><th align="left">Before</th><th align="left">After</th></tr>
<tr><td rowspan="2"><code>products</code></td><td rowspan="2"><code>chair</code><br>line 3</td><td><code>price</code></td><td><code><del>10</del></code></td><td><code><ins>12</ins></code></td></tr><tr><td><code>note</code></td><td>empty</td><td><code>new</code></td></tr>
</table>
"
`);
  });

  test('that was stopped by conflicts shows all three values', () => {
    const result = aResult({
      status: 'failed',
      failureReason: 'conflict',
      failureMessage: '2 cells in 2 rows were changed both in git and in the CMS.',
      files: [
        aFile({
          conflicts: [
            aConflict(),
            aConflict({
              key: 'desk',
              column: undefined,
              base: undefined,
              git: undefined,
              cms: 'changed',
            }),
          ],
        }),
      ],
    });
    expect(summary(result)).toMatchInlineSnapshot(`
"<h2>Import failed: git and the site both changed 2 cells</h2>
<p><code>2 cells in 2 rows were changed both in git and in the CMS&#46;</code></p>
<h3>Files (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Added</th><th align="left">Changed</th><th align="left">Removed</th><th align="left">Rejected</th><th align="left">Conflicts</th><th align="left">Pending</th><th align="left">Drift</th></tr>
<tr><td><code>products</code></td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">2</td><td align="right">0</td><td align="right">0</td></tr>
</table>
<h3>Conflicts (2)</h3>
<p>Git and the site both changed these cells, to different values.</p>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">Field</th><th align="left">Last agreed</th><th align="left">In git</th><th align="left">On the site</th></tr>
<tr><td><code>products</code></td><td><code>chair</code><br>line 3</td><td><code>price</code></td><td><code>10</code></td><td><code><ins>12</ins></code></td><td><code><ins>11</ins></code></td></tr>
<tr><td><code>products</code></td><td><code>desk</code><br>line 3</td><td>the whole row</td><td></td><td>removed</td><td>changed</td></tr>
</table>
"
`);
  });

  test('that lost what it could not carry shows what there was', () => {
    const result = aResult({
      status: 'failed',
      failureReason: 'verify-mismatch',
      files: [aFile({ losses: [aLoss(), aLoss({ key: 'desk', field: 'code', held: [] })] })],
    });
    expect(summary(result)).toMatchInlineSnapshot(`
"<h2>Import failed: the site lost 2 values that the import does not carry</h2>
<ul>
<li>Put back in the CMS what the import has lost: the log and the JSON report have it.</li>
</ul>
<h3>Files (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Added</th><th align="left">Changed</th><th align="left">Removed</th><th align="left">Rejected</th><th align="left">Conflicts</th><th align="left">Pending</th><th align="left">Drift</th></tr>
<tr><td><code>products</code></td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td></tr>
</table>
<h3>Lost in the import (2)</h3>
<p>Imports do not carry these fields, and this one has emptied them, or changed what is encrypted.</p>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">Field</th><th align="left">What it held</th></tr>
<tr><td><code>products</code></td><td><code>lamp</code><br>line 5</td><td><code>rooms</code></td><td><code>hall, attic</code></td></tr>
<tr><td><code>products</code></td><td><code>desk</code><br>line 5</td><td><code>code</code></td><td>an encrypted value</td></tr>
</table>
"
`);
  });

  test('that could not be verified shows what the site holds instead', () => {
    const result = aResult({
      status: 'failed',
      failureReason: 'verify-mismatch',
      files: [aFile({ mismatches: [aMismatch(), aMismatch({ key: 'desk', stored: undefined })] })],
    });
    expect(summary(result)).toMatchInlineSnapshot(`
"<h2>Import failed: the site stored 2 cells differently than they were sent</h2>
<ul>
<li>Compare the rows below with the CMS. If the site's value is right, copy it into the file; otherwise the next import tries again, or reports a conflict.</li>
</ul>
<h3>Files (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Added</th><th align="left">Changed</th><th align="left">Removed</th><th align="left">Rejected</th><th align="left">Conflicts</th><th align="left">Pending</th><th align="left">Drift</th></tr>
<tr><td><code>products</code></td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td><td align="right">0</td></tr>
</table>
<h3>Stored differently than sent (2)</h3>
<p>Wix accepted these rows, but the site holds something else.</p>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">Field</th><th align="left">Sent</th><th align="left">On the site</th></tr>
<tr><td><code>products</code></td><td><code>lamp</code><br>line 5</td><td><code>price</code></td><td><code><del>1&#46;50</del></code></td><td><code><ins>1&#46;5</ins></code></td></tr>
<tr><td><code>products</code></td><td><code>desk</code><br>line 5</td><td><code>price</code></td><td><code>1&#46;50</code></td><td>no such row</td></tr>
</table>
"
`);
  });

  test('that had nothing to do is one line', () => {
    expect(summary(aResult({ status: 'unchanged' }))).toBe(
      '<h2>Nothing to import: git has nothing new</h2>\n',
    );
  });
});

test('the summary of an export shows what stays pending and what is next', () => {
  const result = aResult({
    command: 'export',
    files: [
      aFile({
        changes: [removed('desk')],
        pending: [aChange(), added('sofa')],
        failure: { reason: 'job-failed', message: 'products: the job failed.' },
        orphans: 2,
      }),
    ],
    pullRequest: { number: 12, url: 'https://github.com/owner/site/pull/12' },
    warnings: ['There is no record yet.'],
  });
  expect(summary(result)).toMatchInlineSnapshot(`
"<h2>Exported: <code>products</code> — 1 row removed</h2>
<ul>
<li>Review the pull request <a href="https&#58;//github&#46;com/owner/site/pull/12">12</a>.</li>
<li>2 rows that left git are back, because their items are still on the site.</li>
</ul>
<h3>Files (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Added</th><th align="left">Changed</th><th align="left">Removed</th><th align="left">Rejected</th><th align="left">Conflicts</th><th align="left">Pending</th><th align="left">Drift</th></tr>
<tr><td><code>products</code></td><td align="right">0</td><td align="right">0</td><td align="right">1</td><td align="right">0</td><td align="right">0</td><td align="right">2</td><td align="right">0</td></tr>
</table>
<h3>Files left as they were (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Why</th></tr>
<tr><td><code>products</code></td><td><code>the job failed&#46;</code></td></tr>
</table>
<h3>Removed (1)</h3>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">What it held</th></tr>
<tr><td><code>products</code></td><td><code>desk</code></td><td><code>title</code>: <code>desk</code></td></tr>
</table>
<h3>Notes (1)</h3>
<table>
<tr><th align="left">About this run</th></tr>
<tr><td><code>There is no record yet&#46;</code></td></tr>
</table>
<h3>Pending: edited in git, not yet on the site (2)</h3>
<p>These edits stay in git. An import brings them to the site.</p>
<table>
<tr><th align="left">Content</th><th align="left">Row</th><th align="left">Field</th><th align="left">On the site</th><th align="left">In git</th></tr>
<tr><td><code>products</code></td><td><code>chair</code><br>line 3</td><td><code>title</code></td><td><code>The <del>red</del> chair</code></td><td><code>The <ins>blue</ins> chair</code></td></tr>
<tr><td><code>products</code></td><td><code>sofa</code><br>line 9</td><td>the whole row</td><td>no such row</td><td><code>title</code>: <code>New sofa</code></td></tr>
</table>
"
`);
});

test.each([
  [{ command: 'export' }, 'All of this is in the commit <code>0123456789ab</code> on'],
  [{ command: 'import' }, 'The ids of the new rows are in the commit <code>0123456789ab</code> on'],
] as const)('the summary of %j names the commit that was pushed', (run, words) => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const result = aResult({ ...run, commit, branch: 'main' });
  expect(summary(result)).toContain(`<li>${words} <code>main</code>.</li>`);
  const pullRequest = { number: 12, url: 'https://github.com/owner/site/pull/12' };
  expect(summary({ ...result, pullRequest })).not.toContain('in the commit');
});

test('the summary of an import with errors in the files shows them with their lines', () => {
  const findings = [aFinding(), aFinding({ severity: 'warning', message: 'This cell is empty.' })];
  const result = aResult({
    status: 'failed',
    failureReason: 'validation',
    findings,
  });
  expect(summary(result)).toMatchInlineSnapshot(`
"<h2>Import failed: the files have 1 error</h2>
<ul>
<li>Correct the errors below in the files.</li>
</ul>
<h3>Errors in the files (1)</h3>
<table>
<tr><th align="left">File</th><th align="left">Line</th><th align="left">What is wrong</th></tr>
<tr><td><code>content/collections/products&#46;csv</code></td><td>4</td><td><code>price is &quot;ten&quot;, but the field is a number&#46; Write 10&#46;</code></td></tr>
</table>
<h3>Warnings (1)</h3>
<table>
<tr><th align="left">File</th><th align="left">Line</th><th align="left">What may be wrong</th></tr>
<tr><td><code>content/collections/products&#46;csv</code></td><td>4</td><td><code>This cell is empty&#46;</code></td></tr>
</table>
"
`);
});

test('a row of very many fields is shown in part', () => {
  const cells = Array.from({ length: 45 }, (_, i) => aCell(`field${i}`, 'a', 'b'));
  const text = summary(aResult({ files: [aFile({ changes: [aChange({ cells })] })] }));
  expect(text).toContain('<td colspan="3">and 25 more fields</td>');
  expect(text).toContain('rowspan="21"');
  expect(text).not.toContain('field20');
});

test('a large result stays below what GitHub takes, and says how much is left out', () => {
  const text = 'Ein Stück „Größe“ \u{1F6CB} '.repeat(10);
  const changes = Array.from({ length: 5_000 }, (_, i) =>
    aChange({ key: `row-${i}`, cells: [aCell('text', text, `${text}!`)] }),
  );
  const all = summary(aResult({ files: [aFile({ changes })] }));
  expect(utf8Bytes(all)).toBeLessThanOrEqual(1_024 * 1_024);
  expect(utf8Bytes(all)).toBeGreaterThan(1_000_000);
  const shown = all.split('<code>row-').length - 1;
  const missing = (5_000 - shown).toLocaleString('en-US');
  expect(all).toContain(`<p>${missing} more rows are not shown here`);
});

describe('whatever the content', () => {
  test('stays inside code elements, so that nothing of it acts', () => {
    const skeleton = (html: string) => html.replace(/<code>.*?<\/code>/g, '<code></code>');
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => {
          const html = summary(resultOf(text));
          expect(skeleton(html)).toBe(skeleton(summary(resultOf('harmless'))));
          expect(html).not.toContain('\n\n');
        },
      ),
    );
  });

  test('has no tag but those of this action inside them', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (old, next) => {
        const changes = [aChange({ cells: [aCell('text', old, next)] })];
        const html = summary(aResult({ files: [aFile({ changes })] }));
        for (const [, content = ''] of html.matchAll(/<code>(.*?)<\/code>/g)) {
          expect(content.replace(/<\/?(?:ins|del)>|<br>/g, '')).not.toMatch(/[<>`|@]/);
        }
      }),
    );
  });
});

/** A result with this text in every place that content, the vendor or git can fill. */
function resultOf(text: string): Result {
  const place = { file: text, line: 3 };
  const cell = (old: string | undefined, next: string | undefined) => aCell(text, old, next);
  const changes = [
    aChange({ key: text, cells: [cell(text, text), cell('', text)] }),
    aChange({ key: text, kind: 'added', cells: [cell(undefined, text)] }),
    aChange({ key: text, kind: 'removed', cells: [cell(text, undefined)] }),
  ];
  const column = { key: text, type: 'TEXT' };
  return aResult({
    status: 'failed',
    failureReason: 'api',
    failureMessage: text,
    files: [
      aFile({
        name: text,
        path: text,
        changes,
        pending: changes,
        drift: changes,
        conflicts: [aConflict({ key: text, column, base: text, git: text, cms: text })],
        rejections: [
          aRejection({ key: text, code: text, words: text }),
          aRejection({ key: undefined, source: text }),
        ],
        losses: [aLoss({ key: text, field: text, held: [text] })],
        mismatches: [aMismatch({ key: text, field: text, sent: text, stored: text })],
        failure: { reason: 'api', message: text },
      }),
    ],
    findings: [
      aFinding({ message: text, place }),
      aFinding({ severity: 'warning', message: text, place }),
    ],
    warnings: [text],
    fingerprint: text,
    backupDirectory: text,
  });
}

test('the summary of an export counts the added rows that it does not list', () => {
  const file = aFile({ changes: [added('sofa')], unlisted: 41 });
  const text = summary(aResult({ command: 'export', files: [file] }));
  expect(text).toContain('<h2>Exported: <code>products</code> — 42 rows added</h2>');
  expect(text).toContain('<h3>Added (42)</h3>');
  expect(text).toContain('<p>41 more rows are not shown here, but in the files.</p>');
});
