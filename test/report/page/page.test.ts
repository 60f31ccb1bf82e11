import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { visible } from '../../../src/report/escape.ts';
import { script, style } from '../../../src/report/page/assets.ts';
import { page } from '../../../src/report/page/page.ts';
import type { PageData } from '../../../src/report/page/shape.ts';
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
  expect(html).toContain('<p>Fingerprint <code>f00d</code></p>');
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

test('the data of the page holds what differs, its words marked', () => {
  const data = dataOf(render(samplePlan()));
  const row = data.rows.find(({ cells }) => cells.some(({ field }) => field === 'title · FR'));
  expect(row).toEqual({
    file: 2,
    kind: data.kinds.findIndex(({ title }) => title === 'Changed'),
    name: 'assam-black-first-flush-whole-leaf',
    title: 'Assam Black, First Flush, Whole Leaf',
    line: 12,
    cells: [
      {
        field: 'title · FR',
        text: ['=Thé noir ', '-Assam', '+d’Assam', '=, First Flush', '+, feuilles entières'],
      },
      { field: 'title · DE', text: ['+Schwarzer Tee Assam, First Flush, ganze Blätter'] },
    ],
  });
});

test('what is too much for a browser is counted', () => {
  const data = dataOf(render(largePlan(1_000), 20_000));
  expect(data.rows.length).toBeGreaterThan(50);
  expect(data.rows.length + data.hidden).toBe(1_000);
});

describe('whatever the content', () => {
  const shown = fc.tuple(hostileText, hostileText).filter(([old, next]) => old !== next);

  test('the data reads back as old and new text', () => {
    fc.assert(
      fc.property(shown, ([old, next]) => {
        const cells = [aCell('note', old, next)];
        const data = dataOf(render(aPlan({ files: [aFile({ changes: [aChange({ cells })] })] })));
        const text = data.rows[0]?.cells[0]?.text ?? [];
        const without = (side: string) =>
          text
            .filter((stretch) => !stretch.startsWith(side))
            .map((stretch) => stretch.slice(1))
            .join('');
        const [before, after] = readablePair('TEXT', old, next).map(inLines);
        expect(without('+')).toBe(before);
        expect(without('-')).toBe(after);
      }),
    );
  });

  test('the page has the same elements as with harmless content', () => {
    const skeleton = (text: string) => {
      const html = render(everywhere(text, aPlan()));
      return html.match(/<\/?[a-z!][^>]*>/gi);
    };
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => expect(skeleton(text)).toEqual(skeleton('harmless')),
      ),
    );
  });
});

function inLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function dataOf(html: string): PageData {
  const [island = ''] = /(?<=id="data">)[\s\S]*?(?=<\/script>)/.exec(html) ?? [];
  return JSON.parse(island);
}
