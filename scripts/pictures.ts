/**
 * Makes the pictures of the README and the pages from the demo's data: the comment on a pull request, the
 * report and the pull request of a restore, in light and dark. Needs chromium.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { idOf } from '../demo/shop.ts';
import { type Stage, setStage } from '../demo/stage.ts';
import { startGitHub } from '../test/github-stand-in/github-stand-in.ts';
import { type Browser, launchBrowser } from '../test/report/page/browser.ts';

const root = join(import.meta.dirname, '..');
const pictures = join(root, 'docs/pictures');
const teas = 'content/collections/teas.csv';
const uvaPrice = /^([^,]*,"Uva Black, Winter, Gold Tips",)1,/m;
const texts = 'content/localizations/en.csv';

/** As much of GitHub's looks as the picture needs. */
const style = `
:root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --soft: light-dark(#f6f8fa, #151b23); }
body { margin: 16px; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: light-dark(#1f2328, #f0f6fc); background: light-dark(#fff, #0d1117); }
h1 { font-size: 1.8em; font-weight: 400; } h1 span { color: light-dark(#59636e, #9198a1); }
article { margin-bottom: 16px; border: 1px solid var(--line); border-radius: 6px; }
header { padding: 8px 16px; background: var(--soft); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; color: light-dark(#59636e, #9198a1); }
header b { color: light-dark(#1f2328, #f0f6fc); }
main { padding: 16px; overflow-wrap: break-word; } main > :first-child { margin-top: 0; } main > :last-child { margin-bottom: 0; } a { color: light-dark(#0969da, #4493f8); }
h3 { margin: 0 0 16px; font-size: 1.25em; } h4 { margin: 16px 0; }
table { border-collapse: collapse; margin: 0 0 16px; display: block; overflow: auto; }
th, td { border: 1px solid var(--line); padding: 6px 13px; vertical-align: top; }
tr:nth-child(even) { background: var(--soft); }
code { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; background: light-dark(#818b981f, #656c7633); border-radius: 6px; padding: .2em .4em; white-space: break-spaces; }
ins { background: light-dark(#aceebb, #2ea04366); text-decoration: none; } del { background: light-dark(#ffcecb, #f8514966); text-decoration: none; }
summary { cursor: pointer; margin-bottom: 8px; }
blockquote { margin: 0 0 16px; padding: 0 1em; border-left: 4px solid var(--line); } blockquote.caution { border-color: light-dark(#cf222e, #da3633); } .caution b { color: light-dark(#d1242f, #f85149); }
sub { font-size: 12px; color: light-dark(#59636e, #9198a1); }
`;

const browser = await launchBrowser();
if (typeof browser === 'string') throw new Error(`No pictures: ${browser}`);
const stage = await setStage(join(root, 'dist/index.js'));
try {
  mkdirSync(pictures, { recursive: true });
  const { comment, page } = await proposalOn(stage);
  await take(browser, 'comment', framed(posted('github-actions commented', comment)), 1250);
  await take(browser, 'report', page, 1250);
  await take(browser, 'restore', framed(await restoreOn(stage)), 1250);
} finally {
  await stage.close();
  await browser.close();
}

/** A pull request with something of every kind. */
async function proposalOn({ act, emulator, propose }: Stage) {
  await act('export');
  emulator.site.edit('teas', idOf('Fujian White, Autumn, Broken Leaf'), { price: 15.5 });
  emulator.site.edit('teas', idOf('Assam Green, Second Flush, Gold Tips'), {
    title: 'Assam Green, 2nd',
  });
  return propose({ [teas]: editTeas, [texts]: editTexts }, 'New prices for Darjeeling');
}

function editTeas(text: string): string {
  const blend = `,"Uva Black, Autumn Blend",12,true,${idOf('Uva')},"[""black"",""blend""]",,,<p>A blend.</p>`;
  const edited = text
    .replace('"Assam Green, Second Flush, Gold Tips"', '"Assam Green, Gold Tips"')
    .replace(/^([^,]*,"Darjeeling Green, Monsoon, Gold Tips"),[^,]*,/m, '$1,18.5,')
    .replace(
      /^([^,]*,"Darjeeling Oolong, Autumn, Whole Leaf",.*)Steep for 3 minutes/m,
      '$1Steep for 3 minutes in water of 85 °C',
    )
    .replace(/^[^,]*,"Shizuoka Black, Monsoon, Gold Tips",.*\n/m, '');
  return `${edited}${blend}\n`;
}

function editTexts(text: string): string {
  return text.replace(
    'Thé vert Darjeeling, Monsoon, Gold Tips',
    'Thé vert Darjeeling, mousson, pointes dorées',
  );
}

/** The pull request of a restore after somebody has spoiled the content, and an edit that came later. */
async function restoreOn({ act, emulator: { site }, git, merge }: Stage): Promise<string> {
  const hub = await startGitHub({
    repository: 'tea/shop',
    bareRepository: git('remote', 'get-url', 'origin'),
  });
  try {
    git('tag', 'good');
    for (const grade of ['Whole Leaf', 'Broken Leaf', 'Gold Tips']) {
      site.edit('teas', idOf(`Uva Black, Winter, ${grade}`), { price: 1 });
    }
    site.remove('teas', idOf('Yunnan Oolong, Autumn, Gold Tips'));
    await act('export', { 'commit-message': 'Wix CMS content (#42)' });
    merge(teas, (text) => text.replace(uvaPrice, '$114,'), 'Winter prices (#45)');
    await act('import');
    const there = { GITHUB_API_URL: hub.url, GITHUB_GRAPHQL_URL: hub.graphqlUrl };
    await act('restore', { to: git('rev-parse', 'good'), token: 'token' }, there);
    const [pull] = hub.pulls;
    const [plan] = hub.comments;
    if (pull === undefined || plan === undefined) throw new Error('The restore opened nothing.');
    return `<h1>${pull.title} <span>#${pull.number}</span></h1>${posted('github-actions opened this', pull.body ?? '')}${posted('github-actions commented', plan.body)}`;
  } finally {
    await hub.close();
  }
}

async function take(to: Browser, name: string, html: string, height: number): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), 'wix-cms-pictures-')), `${name}.html`);
  writeFileSync(path, html);
  for (const colorScheme of ['light', 'dark'] as const) {
    const viewport = { width: 920, height };
    const tab = await to.newPage({ viewport, colorScheme, deviceScaleFactor: 1.5 });
    await tab.goto(`file://${path}`);
    await tab.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) });
    await tab.close();
  }
}

/** What somebody wrote on a pull request, as it looks on GitHub. */
function posted(by: string, markdown: string): string {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const caution = html.replace(
    /<blockquote>\s*<p>\[!CAUTION\]/,
    '<blockquote class="caution"><p><b>Caution</b></p><p>',
  );
  const [who, ...did] = by.split(' ');
  return `<article><header><b>${who}</b> ${did.join(' ')}</header><main>${caution}</main></article>`;
}

function framed(html: string): string {
  return `<!doctype html><meta charset="utf-8"><style>${style}</style>${html}`;
}
