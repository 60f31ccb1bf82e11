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

const rows = (what: string) =>
  `Array.from(document.querySelectorAll("section:not([hidden]) .row:not([hidden]) ${what}"), (each) => each.textContent)`;
const keys = rows('tr:first-child > td:first-child > code');
describe('in a real browser, the page', () => {
  inBrowser('shows every entry, the dangerous first, without an error or a request', async () => {
    const { tab, problems } = await opened(samplePlan());
    const kinds = await tab.evaluate<string[]>(
      'Array.from(document.querySelectorAll("h3"), (each) => each.firstChild.data.trim())',
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
    expect(await tab.evaluate(keys)).toEqual(['darjeeling-green-monsoon-gold-tips']);
    await tab.fill('#search', '');
    await counted(tab, '12 entries');
    await tab.click('.chip.k-changed');
    expect(await tab.evaluate(keys)).toHaveLength(5);
    await tab.selectOption('#file', '1');
    expect(await tab.evaluate(keys)).toEqual(['fujian']);
    await tab.close();
  });

  inBrowser('shows old and new side by side', async () => {
    const { tab } = await opened(samplePlan());
    await tab.fill('#search', 'ca. 840');
    await counted(tab, '2 of 12');
    expect(await tab.evaluate(rows('code'))).toEqual(
      expect.arrayContaining(['fujian', 'altitude', '840', 'ca. 840']),
    );
    await tab.close();
  });

  inBrowser('is searched from the keyboard', async () => {
    const { tab } = await opened(samplePlan());
    await tab.keyboard.press('/');
    expect(await tab.evaluate('document.activeElement.id')).toBe('search');
    await tab.close();
  });

  inBrowser('searches a large plan', async () => {
    const { tab } = await opened(largePlan(10_000));
    expect(await tab.textContent('#count')).toBe('10,000 entries');
    await tab.fill('#search', 'tea-9999');
    await counted(tab, '1 of 10,000');
    await tab.fill('#search', '');
    await counted(tab, '10,000 entries');
    await tab.close();
  });

  inBrowser('says without JavaScript what the merge does, to which files and rows', async () => {
    const { tab } = await opened(samplePlan(), { javaScriptEnabled: false });
    expect(await tab.textContent('h1')).toContain('Not ready to merge');
    expect(await tab.textContent('table')).toContain('teas');
    expect(await tab.textContent('noscript')).toContain('needs JavaScript');
    expect(await tab.textContent('section')).toContain('Assam Green, 2nd Flush');
    await tab.close();
  });

  inBrowser('fits a phone: nothing but the tables scrolls sideways', async () => {
    const { tab } = await opened(samplePlan(), { viewport: { width: 360, height: 740 } });
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await tab.close();
  });

  inBrowser('shows hostile content as the text that it is', async () => {
    const text = hostilePieces.join(' ');
    const { tab, problems } = await opened(everywhere(text, failed));
    const tags = await tab.evaluate<string[]>(
      'Array.from(new Set(Array.from(document.body.querySelectorAll("section *, header *, table *"), (each) => each.localName))).sort()',
    );
    const known = 'a b br code del h1 h3 ins li p small table tbody td th tr ul';
    expect(known.split(' ')).toEqual(expect.arrayContaining(tags));
    const shown = await tab.evaluate<string>(
      'document.querySelector("section.k-added td + td").textContent',
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
