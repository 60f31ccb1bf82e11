import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comment, planMarker, summary } from '../../src/report/comment.ts';
import { labelOf } from '../../src/report/entries.ts';
import type { Result } from '../../src/report/result.ts';
import { everywhere } from './everywhere.ts';
import { hostileText } from './hostile.ts';
import { aPlan, largePlan, samplePlan } from './plan-samples.ts';
import { aCell, aChange, aConflict, added, aFile, aFinding, file, removed } from './samples.ts';

const failed = aPlan({ status: 'failed', failureReason: 'api' });

const marker = planMarker('.github/wix-cms.yml');
const render = (result: Result) => comment(result, { marker });

test('the comment of a small plan shows old and new, and what it was made for', () => {
  const changes = [aChange(), aChange({ key: 'desk' }), added('sofa')];
  const result = aPlan({ files: [aFile({ changes })], fingerprint: 'f00d' });
  expect(render(result)).toMatchInlineSnapshot(`
"<!-- wix-cms-sync plan .github/wix-cms.yml -->

<h3>Merging this changes 2 products and adds 1</h3>

<table>
<tr><th align="left">File</th><th align="right">Changed</th><th align="right">Added</th></tr>
<tr><td><code>products</code></td><td align="right">2</td><td align="right">1</td></tr>
</table>

<details open><summary><b>Changed (2)</b> in <code>products</code></summary>
<table>
<tr><th align="left">Row</th><th align="left">Field</th><th align="left">Before</th><th align="left">After</th></tr>
<tr><td><code>chair</code><br>line 3</td><td><code>title</code></td><td><code>The <del>red</del> chair</code></td><td><code>The <ins>blue</ins> chair</code></td></tr>
<tr><td><code>desk</code><br>line 3</td><td><code>title</code></td><td><code>The <del>red</del> chair</code></td><td><code>The <ins>blue</ins> chair</code></td></tr>
</table>
</details>

<details open><summary><b>Added (1)</b> in <code>products</code></summary>
<table>
<tr><th align="left">Row</th><th align="left">Content</th></tr>
<tr><td><code>sofa</code><br>line 9</td><td><code>title</code>: <code>New sofa</code></td></tr>
</table>
</details>

<p><sub>Made for commit <code>c0ffee</code> · fingerprint <code>f00d</code></sub></p>"
`);
});

test('what a person must see comes before the rows', () => {
  const text = render(samplePlan());
  const order = [
    'Not ready to merge',
    'Merging this would change 3 teas, add 1 and remove 1',
    '1 cell was changed both in git and on the site',
    '1 item will be deleted',
    '1 error in the files',
    'no longer has the column <code>internalNotes</code>',
    'has the new column <code>badge</code>',
    'from earlier merges',
    '2 rows left git earlier',
    'Conflicts (1)',
    'Removed (1)',
    'Errors (1)',
    'Edited on the site (1)',
    'Changed (3)',
    'Added (1)',
    'Made for commit',
  ].map((words) => text.indexOf(words));
  expect(order).toEqual([...order].sort((left, right) => left - right));
  expect(order).not.toContain(-1);
});

test('a translation is named by its item, field and language, under its source text', () => {
  const text = render(samplePlan());
  expect(text).toContain('<td><code>title</code><br><code>FR</code></td>');
  expect(text).toContain('<b><code>Assam Black, First Flush, Whole Leaf</code></b>');
});

test('HTML and lists stand on lines of their own', () => {
  const text = render(samplePlan());
  expect(text).toContain('Assam&lt;/strong&gt;&#46;&lt;/p&gt;<br>&lt;p&gt;Steep for <ins>3</ins>');
  expect(text).toContain('• first flush<ins>↵<br>• new</ins>');
});

test('a pull request that no longer changes content has a short comment', () => {
  expect(render(aPlan({ status: 'unchanged', files: [aFile()] }))).toBe(
    [
      marker,
      '<h3>Merging this changes nothing on the site</h3>',
      '<p>This pull request does not change content, or no longer does.</p>',
      '<p><sub>Made for commit <code>c0ffee</code></sub></p>',
    ].join('\n\n'),
  );
});

test('the summary is linked where its address is known, and only on the web', () => {
  const to = (summaryUrl: string) => comment(samplePlan(), { marker, summaryUrl });
  expect(to('https://a.example/r')).toContain(
    '<a href="https&#58;//a&#46;example/r">Job summary</a>',
  );
  expect(to('javascript:alert(1)')).toContain(' · Job summary</sub>');
});

describe('the headline', () => {
  test.each([
    { name: 'products', changes: [aChange()], words: 'changes 1 product' },
    { name: 'news', changes: [aChange()], words: 'changes 1 row of <code>news</code>' },
    {
      name: 'Stores/Products',
      changes: [added('a')],
      words: 'adds 1 row of <code>Stores/Products',
    },
    { name: 'teas', changes: [removed('a'), removed('b')], words: 'removes 2 teas' },
  ])('$words', ({ name, changes, words }) => {
    expect(render(aPlan({ files: [aFile({ name, changes })] }))).toContain(`Merging this ${words}`);
  });

  test('says of kept items that they stay on the site', () => {
    const files = [aFile({ deletes: 'keep', changes: [removed('a')] })];
    expect(render(aPlan({ files }))).toContain(
      'Merging this takes 1 product out of git, but not off the site',
    );
  });
});

describe('a plan without a pull request', () => {
  const drift = [aChange()];
  const alone = { commitPlanned: undefined } as const;

  test('speaks of an import, and of no merge', () => {
    const text = summary(aPlan({ ...alone, files: [aFile({ changes: [added('a')], drift })] }));
    expect(text).toContain('<h3>An import would add 1 product</h3>');
    expect(text).toContain('An import leaves these edits alone; an export brings them to git.');
    expect(text).not.toMatch(/merg|pull request/i);
  });

  test('of nothing is one line', () => {
    const text = summary(aPlan({ ...alone, status: 'unchanged', files: [aFile()] }));
    expect(text).toBe('<h3>An import would change nothing on the site</h3>\n');
  });

  test.each([
    ['verify-mismatch', 'The site was edited since git and the site last agreed'],
    ['conflict', 'An import would leave 1 row alone: git and the site both changed 1 cell'],
    ['auth', 'Plan failed: Wix or GitHub did not accept the credentials'],
  ] as const)('that fails with %s says so', (failureReason, words) => {
    const files = [aFile({ drift, conflicts: failureReason === 'conflict' ? [aConflict()] : [] })];
    const text = summary(aPlan({ ...alone, status: 'failed', failureReason, files }));
    expect(text).toContain(`<h3>${words}</h3>`);
    expect(text).not.toMatch(/merg|pull request/i);
  });
});

test('rows that leave git alone are no danger, and said to come back', () => {
  const text = render(aPlan({ files: [aFile({ deletes: 'keep', changes: [removed('a')] })] }));
  expect(text).not.toContain('CAUTION');
  expect(text).toContain('- 1 row leaves git, but its item stays on the site, and the next export');
  expect(text).toContain('set <code>deletes: apply</code>');
});

test('a limit that is passed is a danger, and no fault of a file', () => {
  const rule = 'max-deletes';
  const message = `${file}: 1 of 3 rows would be gone (p2); max-deletes allows 0. Put the label on.`;
  const findings = [aFinding({ rule, place: { file }, message })];
  const files = [aFile({ deletes: 'apply', changes: [removed('p2')] })];
  const failed = { status: 'failed', failureReason: 'limit' } as const;
  const text = render(aPlan({ ...failed, files, findings }));
  expect(text).toContain('Not ready to merge: it would change or delete more rows than the limits');
  expect(text).toMatch(/^> - Over the limits: <code>.*Put the label on/m);
  expect(text).not.toMatch(/error/i);
});

describe('the label', () => {
  const changes = [aChange(), removed('desk')];
  test.each([
    { files: [aFile({ changes, conflicts: [aConflict()] })], label: 'wix-cms: conflict' },
    { files: [aFile({ changes })], label: 'wix-cms: deletes' },
    { files: [aFile({ changes, deletes: 'keep' })], label: 'wix-cms: changes' },
    { files: [aFile({ drift: changes })], label: 'wix-cms: no-changes' },
  ] as const)('$label', ({ files, label }) => {
    expect(labelOf(aPlan({ files }))).toBe(label);
  });
});

describe('the marker', () => {
  test('names configuration and site', () => {
    expect(planMarker('.github/wix-cms.yml', 'site')).toBe(
      '<!-- wix-cms-sync plan .github/wix-cms.yml site -->',
    );
  });

  test('is one comment, and another one for every other configuration and site', () => {
    const names = fc
      .tuple(hostileText, hostileText)
      .map((pair) => pair.map((name) => Buffer.from(name).toString()));
    fc.assert(
      fc.property(names, names, ([path = '', site], [otherPath = '', otherSite]) => {
        const one = planMarker(path, site);
        expect(one).toMatch(/^<!-- (?:(?!--|>).)* -->$/);
        const areSame = path === otherPath && site === otherSite;
        expect(one === planMarker(otherPath, otherSite)).toBe(areSame);
      }),
    );
  });
});

describe('a plan that is too large', () => {
  test('says exactly how many rows are left out', () => {
    const text = render(largePlan(5_000));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(55_000);
    const shown = text.split('<code>tea-').length - 1;
    const missing = (5_000 - shown).toLocaleString('en-US');
    expect(text).toContain(`${missing} changed rows.</p>`);
  });

  test('shows the dangerous rows of all files before the harmless ones of any', () => {
    const changes = Array.from({ length: 1_000 }, (_, i) => added(`row-${i}`));
    const files = [
      aFile({ changes }),
      aFile({ name: 'teas', changes: [removed('gone')], conflicts: [aConflict()] }),
    ];
    const text = render(aPlan({ files }));
    expect(text).toContain('<code>gone</code>');
    expect(text).toContain('<ins>11</ins>');
  });

  test('of very many files counts those that are left out', () => {
    const files = Array.from({ length: 2_000 }, (_, i) =>
      aFile({ name: `collection-${i}`, path: `${i}.csv`, changes: [aChange()] }),
    );
    const text = render(aPlan({ files }));
    expect(text.length).toBeLessThanOrEqual(65_536);
    const shown = text.split('<details').length - 1;
    const missing = (2_000 - shown).toLocaleString('en-US');
    expect(text).toMatch(
      new RegExp(`^<p>Not shown here, .*: ${missing} changed rows\\.</p>$`, 'm'),
    );
    expect(text).toMatch(/>and [\d,]+ more files</);
  });

  test('stays within any limit, whatever the content', () => {
    const long = hostileText.map((text) => text.repeat(200));
    const plans = fc.tuple(
      long,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 24_000, max: 65_000 }),
    );
    fc.assert(
      fc.property(plans, ([text, count, limit]) => {
        const { files, findings, ...rest } = everywhere(text, failed);
        const many = Array.from({ length: count }, () => files).flat();
        const result = { ...rest, files: many, findings };
        expect(comment(result, { marker, limit }).length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 50 },
    );
  });
});

describe('whatever the content', () => {
  const skeleton = (html: string) =>
    html.replace(/<code>.*?<\/code>/g, '<code></code>').replace(/\d+/g, '0');

  test('stays inside code elements, so that nothing of it acts', () => {
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => {
          expect(skeleton(render(everywhere(text, failed)))).toBe(
            skeleton(render(everywhere('harmless', failed))),
          );
        },
      ),
    );
  });

  test('has no tag but those of this action inside them', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (old, next) => {
        const changes = [aChange({ cells: [aCell('text', old, next)] })];
        const html = render(aPlan({ files: [aFile({ changes })] }));
        for (const [, content = ''] of html.matchAll(/<code>(.*?)<\/code>/g)) {
          const plain = content.replaceAll('<br>', '').replace(/<(ins|del)>[^<]*<\/\1>/g, '');
          expect(plain).not.toMatch(/[<>`|@\n]/);
        }
      }),
    );
  });
});
