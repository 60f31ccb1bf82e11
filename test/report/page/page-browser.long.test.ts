import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { page } from '../../../src/report/page/page.ts';
import type { Result } from '../../../src/report/result.ts';
import { everywhere } from '../everywhere.ts';
import { hostilePieces } from '../hostile.ts';
import { aPlan, largePlan, samplePlan } from '../plan-samples.ts';
import { type Browser, type BrowserPage, launchBrowser } from './browser.ts';

const failed = aPlan({ status: 'failed', failureReason: 'api' });

const browser = await launchBrowser();
if (typeof browser === 'string') {
  process.stderr.write(`The page is not tested in a real browser: ${browser}.\n`);
}
afterAll(async () => {
  if (typeof browser !== 'string') await browser.close();
});

const inBrowser = typeof browser === 'string' ? test.skip : test;

const rowCount = 'document.querySelectorAll("#rows article").length';
const titles = 'Array.from(document.querySelectorAll("#rows h4"), (each) => each.textContent)';
describe('in a real browser, the page', () => {
  inBrowser('shows every entry, the dangerous first, without an error or a request', async () => {
    const { tab, problems } = await opened(samplePlan());
    const kinds = await tab.evaluate<string[]>(
      'Array.from(document.querySelectorAll("#rows h3 b"), (each) => each.textContent)',
    );
    expect(kinds).toEqual([
      'Conflicts',
      'Removed',
      'Errors',
      'Warnings',
      'Edited on the site',
      'Changed',
      'Changed',
      'Changed',
      'Added',
      'Pending',
    ]);
    expect(await tab.textContent('#count')).toBe('12 entries');
    expect(problems).toEqual([]);
    await tab.close();
  });

  inBrowser('finds rows by old and new text, and narrows them by kind and by file', async () => {
    const { tab } = await opened(samplePlan());
    await tab.fill('#search', 'over BEECH');
    await counted(tab, '1 of 12');
    expect(await tab.evaluate(titles)).toEqual(['darjeeling-green-monsoon-gold-tips']);
    await tab.fill('#search', '');
    await counted(tab, '12 entries');
    await tab.click('.chip.k-changed');
    expect(await tab.evaluate(rowCount)).toBe(5);
    await tab.selectOption('#file', '1');
    expect(await tab.evaluate(titles)).toEqual(['fujian']);
    await tab.close();
  });

  inBrowser('shows old and new side by side, or in one text', async () => {
    const { tab } = await opened(samplePlan());
    await tab.fill('#search', 'ca. 840');
    await counted(tab, '2 of 12');
    const texts =
      'Array.from(document.querySelectorAll(".k-changed .text"), (each) => each.innerHTML)';
    expect(await tab.evaluate(texts)).toEqual([
      '<span>840</span>',
      '<ins>ca. </ins><span>840</span>',
    ]);
    await tab.selectOption('#view', 'inline');
    expect(await tab.evaluate(texts)).toEqual(['<ins>ca. </ins><span>840</span>']);
    await tab.close();
  });

  inBrowser('is searched from the keyboard', async () => {
    const { tab } = await opened(samplePlan());
    await tab.keyboard.press('/');
    expect(await tab.evaluate('document.activeElement.id')).toBe('search');
    await tab.close();
  });

  inBrowser('builds the rows of a large plan as they are needed', async () => {
    const { tab } = await opened(largePlan(10_000));
    expect(await tab.textContent('#count')).toBe('10,000 entries');
    expect(await tab.evaluate(rowCount)).toBeLessThan(300);
    await tab.fill('#search', 'tea-9999');
    await counted(tab, '1 of 10,000');
    await tab.fill('#search', '');
    await counted(tab, '10,000 entries');
    const before = await tab.evaluate<number>(rowCount);
    await press(tab, 'more');
    expect(await tab.evaluate(rowCount)).toBeGreaterThan(before);
    await tab.close();
  });

  inBrowser('says without JavaScript what the merge does, and to which files', async () => {
    const { tab } = await opened(samplePlan(), { javaScriptEnabled: false });
    expect(await tab.textContent('h1')).toContain('Not ready to merge');
    expect(await tab.textContent('table')).toContain('teas');
    expect(await tab.textContent('noscript')).toContain('needs JavaScript');
    await tab.close();
  });

  inBrowser('fits a phone: nothing but the table of files scrolls sideways', async () => {
    const { tab } = await opened(samplePlan(), { viewport: { width: 360, height: 740 } });
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await tab.close();
  });

  inBrowser('shows hostile content as the text that it is', async () => {
    const text = hostilePieces.join(' ');
    const { tab, problems } = await opened(everywhere(text, failed));
    const tags = await tab.evaluate<string[]>(
      'Array.from(new Set(Array.from(document.body.querySelectorAll("#rows *, header *, table *"), (each) => each.localName))).sort()',
    );
    const known = 'a article b code del div h1 h3 h4 ins li p small span tbody td th thead tr ul';
    expect(known.split(' ')).toEqual(expect.arrayContaining(tags));
    const shown = await tab.evaluate<string>(
      'document.querySelector(".k-added .text").textContent',
    );
    expect(shown).toContain('<script>alert(1)</script> </code>');
    expect(shown).toContain('⟨U+202E⟩');
    expect(problems).toEqual([]);
    await tab.close();
  });

  describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
    inBrowser('has text that stands out from its ground', async () => {
      const { tab } = await opened(samplePlan(), { colorScheme });
      expect(await tab.evaluate(`(${contrasts})()`)).toEqual([]);
      await tab.close();
    });
  });
});

/** Texts whose contrast with the nearest background is below 4.5, run in the page. */
const contrasts = `function () {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const linear = (part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const isText = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
    if (!isText || /SCRIPT|STYLE|OPTION|NOSCRIPT/.test(element.tagName)) continue;
    const [one, two] = [parse(getComputedStyle(element).color), ground(element)].map(light);
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) poor.push(element.outerHTML.slice(0, 80) + ' ' + ratio.toFixed(2));
  }
  return poor;
}`;

/** Presses a button without scrolling to it, which would show more rows by itself. */
async function press(tab: BrowserPage, button: string): Promise<void> {
  await tab.evaluate(`document.getElementById('${button}').click()`);
}

/** Waits until the page has filtered its rows. */
async function counted(tab: BrowserPage, count: string): Promise<void> {
  while (!(await tab.textContent('#count'))?.startsWith(count)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function opened(
  result: Result,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ readonly tab: BrowserPage; readonly problems: readonly string[] }> {
  if (typeof browser === 'string') throw new Error(browser);
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  const path = join(folder, 'report.html');
  await writeFile(path, page(result));
  const tab = await browser.newPage({ reducedMotion: 'reduce', ...options });
  const problems: string[] = [];
  const address = pathToFileURL(path).href;
  tab.on('console', (message) => problems.push(message.text?.() ?? 'console'));
  tab.on('pageerror', (error) => problems.push(String(error)));
  tab.on('dialog', () => problems.push('a dialog'));
  tab.on('request', (request) => {
    if (request.url?.() !== address) problems.push(request.url?.() ?? 'a request');
  });
  await tab.goto(address);
  return { tab, problems };
}
