import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { summary } from '../../src/report/comment.ts';
import { everywhere } from './everywhere.ts';
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

const failed = aResult({ status: 'failed', failureReason: 'api' });

describe('the summary of an import', () => {
  test('that went well shows old and new, the changed words marked', () => {
    const result = aResult({
      files: [aFile({ changes: [aChange(), added('sofa')], omittedFields: 4 })],
      fingerprint: 'f00d',
      backupDirectory: '/tmp/backup',
    });
    expect(summary(result)).toMatchInlineSnapshot(`
     "<h3>Imported: 1 product changed and 1 added</h3>

     - The output <code>backup-directory</code> names the folder with the rows as they were before this import. A later step can keep it.
     - 4 fields of the CMS are not in the CSV files. The schema files beside them say which, and why.

     <table>
     <tr><th align="left">File</th><th align="right">Changed</th><th align="right">Added</th></tr>
     <tr><td><code>products</code></td><td align="right">1</td><td align="right">1</td></tr>
     </table>

     <details open><summary><b>Changed (1)</b> in <code>products</code></summary>
     <table>
     <tr><th align="left">Row</th><th align="left">Field</th><th align="left">Before</th><th align="left">After</th></tr>
     <tr><td><code>chair</code><br>line 3</td><td><code>title</code></td><td><code>The <del>red</del> chair</code></td><td><code>The <ins>blue</ins> chair</code></td></tr>
     </table>
     </details>

     <details open><summary><b>Added (1)</b> in <code>products</code></summary>
     <table>
     <tr><th align="left">Row</th><th align="left">Content</th></tr>
     <tr><td><code>sofa</code><br>line 9</td><td><code>title</code>: <code>New sofa</code></td></tr>
     </table>
     </details>
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
     "<h3>Imported in part: 1 product changed; Wix rejected 2 rows</h3>

     - Correct the rejected rows in git. The next import tries them again. All others have arrived.
     - 1 file had nothing to do.

     <table>
     <tr><th align="left">File</th><th align="right">Rejected by Wix</th><th align="right">Changed</th></tr>
     <tr><td><code>products</code></td><td align="right">2</td><td align="right">1</td></tr>
     </table>

     <details open><summary><b>Rejected by Wix (2)</b> in <code>products</code></summary>
     <table>
     <tr><th align="left">Row</th><th align="left">What Wix says</th></tr>
     <tr><td><code>sofa</code><br>line 7</td><td><code>WDE0009&#58; Item is too large&#46;</code></td></tr>
     <tr><td></td><td><code>a row that Wix calls &quot;4&quot;&#58; WDE0009&#58; Item is too large&#46;</code></td></tr>
     </table>
     </details>

     <details open><summary><b>Changed (1)</b> in <code>products</code></summary>
     <table>
     <tr><th align="left">Row</th><th align="left">Field</th><th align="left">Before</th><th align="left">After</th></tr>
     <tr><td rowspan="2"><code>chair</code><br>line 3</td><td><code>price</code></td><td><code><del>10</del></code></td><td><code><ins>12</ins></code></td></tr><tr><td><code>note</code></td><td>empty</td><td><code>new</code></td></tr>
     </table>
     </details>
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
     "<h3>Import failed: git and the site both changed 2 cells</h3>

     <p><code>2 cells in 2 rows were changed both in git and in the CMS&#46;</code></p>

     <table>
     <tr><th align="left">File</th><th align="right">Conflicts</th></tr>
     <tr><td><code>products</code></td><td align="right">2</td></tr>
     </table>

     <details open><summary><b>Conflicts (2)</b> in <code>products</code></summary>
     <table>
     <tr><th align="left">Row</th><th align="left">Field</th><th align="left">Last agreed</th><th align="left">In git</th><th align="left">On the site</th></tr>
     <tr><td><code>chair</code><br>line 3</td><td><code>price</code></td><td><code>10</code></td><td><code><ins>12</ins></code></td><td><code><ins>11</ins></code></td></tr>
     <tr><td><code>desk</code><br>line 3</td><td colspan="4">The row was removed in git and changed on the site.</td></tr>
     </table>
     </details>
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
     "<h3>Import failed: the site lost 2 values that the import does not carry</h3>

     - Restore the lost values in the CMS. The log and the JSON report have them.

     <table>
     <tr><th align="left">File</th><th align="right">Lost in the import</th></tr>
     <tr><td><code>products</code></td><td align="right">2</td></tr>
     </table>

     <details open><summary><b>Lost in the import (2)</b> in <code>products</code></summary>
     <table>
     <tr><th align="left">Row</th><th align="left">Field</th><th align="left">Before the import</th><th align="left">Now</th></tr>
     <tr><td><code>lamp</code><br>line 5</td><td><code>rooms</code></td><td><code>hall, attic</code></td><td>empty</td></tr>
     <tr><td><code>desk</code><br>line 5</td><td><code>code</code></td><td><code>(<del>encrypted</del>)</code></td><td><code>(<ins>empty, or another value</ins>)</code></td></tr>
     </table>
     </details>
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
     "<h3>Import failed: the site stored 2 cells differently than they were sent</h3>

     - Compare the rows below with the CMS. The next export brings the site's values to git. Where git's were right, edit them again in the CMS.

     <table>
     <tr><th align="left">File</th><th align="right">Stored differently than sent</th></tr>
     <tr><td><code>products</code></td><td align="right">2</td></tr>
     </table>

     <details open><summary><b>Stored differently than sent (2)</b> in <code>products</code></summary>
     <table>
     <tr><th align="left">Row</th><th align="left">Field</th><th align="left">Sent</th><th align="left">On the site</th></tr>
     <tr><td><code>lamp</code><br>line 5</td><td><code>price</code></td><td><code><del>1&#46;50</del></code></td><td><code><ins>1&#46;5</ins></code></td></tr>
     <tr><td><code>desk</code><br>line 5</td><td><code>price</code></td><td><code>1&#46;50</code></td><td>no such row</td></tr>
     </table>
     </details>
     "
    `);
  });

  test('that had nothing to do is one line', () => {
    expect(summary(aResult({ status: 'unchanged' }))).toBe(
      '<h3>Nothing to import: git has nothing new</h3>\n',
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
   "<h3>Exported: 1 product removed</h3>

   > [!CAUTION]
   > - <code>products</code>: <code>the job failed&#46;</code>

   - Review the pull request <a href="https&#58;//github&#46;com/owner/site/pull/12">12</a>.
   - 2 rows that left git are back, because their items are still on the site.
   - <code>There is no record yet&#46;</code>

   <table>
   <tr><th align="left">File</th><th align="right">Removed</th><th align="right">Pending</th></tr>
   <tr><td><code>products</code></td><td align="right">1</td><td align="right">2</td></tr>
   </table>

   <details open><summary><b>Removed (1)</b> in <code>products</code></summary>
   <table>
   <tr><th align="left">Row</th><th align="left">What it held</th></tr>
   <tr><td><code>desk</code></td><td><code>title</code>: <code>desk</code></td></tr>
   </table>
   </details>

   <details open><summary><b>Pending (2)</b> in <code>products</code></summary>
   <table>
   <tr><th align="left">Row</th><th align="left">Field</th><th align="left">On the site</th><th align="left">In git</th></tr>
   <tr><td><code>chair</code><br>line 3</td><td><code>title</code></td><td><code>The <del>red</del> chair</code></td><td><code>The <ins>blue</ins> chair</code></td></tr>
   <tr><td><code>sofa</code><br>line 9</td><td colspan="3">Not on the site yet.<br><code>title</code>: <code>New sofa</code></td></tr>
   </table>
   </details>
   "
  `);
});

test.each([
  [{ command: 'export' }, 'All of this is in the commit <code>0123456789ab</code> on'],
  [{ command: 'import' }, 'The ids of the new rows are in the commit <code>0123456789ab</code> on'],
] as const)('the summary of %j names the commit that was pushed', (run, words) => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const result = aResult({ ...run, commit, branch: 'main' });
  expect(summary(result)).toContain(`- ${words} <code>main</code>.\n`);
  const pullRequest = { number: 12, url: 'https://github.com/owner/site/pull/12' };
  expect(summary({ ...result, pullRequest })).not.toContain('in the commit');
});

test('the summary of an import with errors in the files shows them with their lines', () => {
  const findings = [aFinding(), aFinding({ severity: 'warning', message: 'This cell is empty.' })];
  const result = aResult({ status: 'failed', failureReason: 'validation', findings });
  expect(summary(result)).toMatchInlineSnapshot(`
   "<h3>Import failed: the files have 1 error</h3>

   - Correct the errors below in the files.

   <table>
   <tr><th align="left">File</th><th align="right">Errors</th><th align="right">Warnings</th></tr>
   <tr><td><code>content/collections/products&#46;csv</code></td><td align="right">1</td><td align="right">1</td></tr>
   </table>

   <details open><summary><b>Errors (1)</b> in <code>content/collections/products&#46;csv</code></summary>
   <table>
   <tr><th align="left">Line</th><th align="left">What is wrong</th></tr>
   <tr><td>4<br><code>type-number</code></td><td><code>price is &quot;ten&quot;, but the field is a number&#46; Write 10&#46;</code></td></tr>
   </table>
   </details>

   <details open><summary><b>Warnings (1)</b> in <code>content/collections/products&#46;csv</code></summary>
   <table>
   <tr><th align="left">Line</th><th align="left">What may be wrong</th></tr>
   <tr><td>4<br><code>type-number</code></td><td><code>This cell is empty&#46;</code></td></tr>
   </table>
   </details>
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
  expect(Buffer.byteLength(all)).toBeLessThanOrEqual(1_024 * 1_024);
  expect(all.length).toBeGreaterThan(330_000);
  const shown = all.split('<code>row-').length - 1;
  const missing = (5_000 - shown).toLocaleString('en-US');
  expect(all).toContain(`(output <code>report-json</code>): ${missing} changed rows.</p>`);
});

describe('whatever the content', () => {
  test('stays inside code elements, so that nothing of it acts', () => {
    const skeleton = (html: string) => html.replace(/<code>.*?<\/code>/g, '<code></code>');
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => {
          const html = summary(everywhere(text, failed));
          expect(skeleton(html)).toBe(skeleton(summary(everywhere('harmless', failed))));
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

test('the summary of an export counts the added rows that it does not list', () => {
  const file = aFile({ changes: [added('sofa')], unlisted: 41 });
  const text = summary(aResult({ command: 'export', files: [file] }));
  expect(text).toContain('<h3>Exported: 42 products added</h3>');
  expect(text).toContain('<b>Added (42)</b>');
  expect(text).toContain('<p>Not shown here, but in the files: 41 more added rows.</p>');
});
