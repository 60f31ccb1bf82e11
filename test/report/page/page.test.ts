import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { htmlText } from '../../../src/report/escape.ts';
import { script, style } from '../../../src/report/page/assets.ts';
import { page } from '../../../src/report/page/page.ts';
import { readablePair } from '../../../src/report/words.ts';
import { everywhere } from '../everywhere.ts';
import { hostileText } from '../hostile.ts';
import { aPlan, largePlan, samplePlan } from '../plan-samples.ts';
import { aCell, aChange, aFile } from '../samples.ts';

const render = (...args: Parameters<typeof page>) => [...page(...args)].join('');

test('the page names what the merge does in its title, its headline and its files', () => {
  const html = render(aPlan({ files: [aFile({ changes: [aChange()] })], fingerprint: 'f00d' }));
  expect(html).toContain('<title>Merging this changes 1 product</title>');
  expect(html).toContain('<h1>Merging this changes 1 product</h1>');
  expect(html).toContain('<a href="#browse" data-file="0">products</a>');
  expect(html).toContain('fingerprint <code>f00d</code>');
});

test('the page of a plan without changes has no rows and no script', () => {
  const html = render(aPlan({ status: 'unchanged', files: [aFile()] }));
  expect(html).toContain('<p>This plan changes no content.</p>');
  expect(html).not.toContain('<script');
});

test('the page lets nothing run or load but its own style and script', () => {
  const html = render(samplePlan());
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  const [style = ''] = /(?<=<style>)[\s\S]*(?=<\/style>)/.exec(html) ?? [];
  const [script = ''] = /(?<=<script type="module">)[\s\S]*(?=<\/script>)/.exec(html) ?? [];
  expect(policy).toBe(
    `default-src 'none'; style-src 'sha256-${hash(style)}'; script-src 'sha256-${hash(script)}'; base-uri 'none'; form-action 'none'`,
  );
});

test('style and script stay small, and put no HTML together', () => {
  expect((style + script).length).toBeLessThan(25_000);
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/);
});

test('the page holds what differs, its words marked', () => {
  const [row] = rowsOf(render(samplePlan())).filter((html) => html.includes('<code>FR</code>'));
  expect(row).toBe(
    '<tr><td rowspan="2"><b><code>Assam Black, First Flush, Whole Leaf</code></b><br><code>assam-black-first-flush-whole-leaf</code><br>line 12</td>' +
      '<td><code>title</code><br><code>FR</code></td><td><code>Thé noir <del>Assam</del>, First Flush</code></td>' +
      '<td><code>Thé noir <ins>d’Assam</ins>, First Flush<ins>, feuilles entières</ins></code></td></tr>' +
      '<tr><td><code>title</code><br><code>DE</code></td><td>empty</td><td><code>Schwarzer Tee Assam, First Flush, ganze Blätter</code></td></tr>',
  );
});

test('the page names the rule that found something', () => {
  expect(render(samplePlan())).toContain('<td>12<br><code>stale-translation</code></td>');
});

test('what is too much for a browser is counted', () => {
  const html = render(largePlan(1_000), 200_000);
  const shown = rowsOf(html).length;
  expect(shown).toBeGreaterThan(300);
  expect(shown).toBeLessThan(1_000);
  expect(html).toContain(`Not shown here, but in the JSON report: ${1_000 - shown} more entries.`);
});

describe('whatever the content', () => {
  const shown = fc.tuple(hostileText, hostileText).filter(([old, next]) => old !== next);

  test('the page reads back as old and new text', () => {
    const changed = shown.filter(([old, next]) => old !== '' && next !== '');
    fc.assert(
      fc.property(changed, ([old, next]) => {
        const cells = [aCell('note', old, next)];
        const html = render(aPlan({ files: [aFile({ changes: [aChange({ cells })] })] }));
        const sides = rowsOf(html)[0]?.split('</td><td>').slice(2);
        expect(sides?.map((side) => side.replace(/↵(?=<br>)|<(?!br>)[^>]*>/g, ''))).toEqual(
          readablePair('TEXT', old, next).map((text) =>
            text
              .split('\n')
              .map(htmlText)
              .join('<br>')
              .replace(/↵(?=<br>)/g, ''),
          ),
        );
      }),
    );
  });

  test('the page has the same elements as with harmless content', () => {
    const tagsOf = (text: string) => {
      const html = render(everywhere(text, aPlan()));
      return html.replace(/<code>.*?<\/code>/g, '<code></code>').match(/<\/?[a-z!][^>]*>/gi);
    };
    const harmless = tagsOf('harmless');
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => expect(tagsOf(text)).toEqual(harmless),
      ),
    );
  });

  test('a cell has no element but those that mark its words and lines', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (old, next) => {
        const cells = [aCell('text', old, next)];
        const html = render(aPlan({ files: [aFile({ changes: [aChange({ cells })] })] }));
        for (const [, content = ''] of html.matchAll(/<code>(.*?)<\/code>/g)) {
          const plain = content.replaceAll('<br>', '').replace(/<(ins|del)>[^<]*<\/\1>/g, '');
          expect(plain).not.toMatch(/[<>\n]/);
        }
      }),
    );
  });
});

function rowsOf(html: string): readonly string[] {
  return [...html.matchAll(/<tbody class="row">(.*)<\/tbody>/g)].map(([, row = '']) => row);
}
