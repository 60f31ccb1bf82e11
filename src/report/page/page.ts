import { createHash } from 'node:crypto';
import { countIn, type Group, groupsOf, kindWords, rowKinds, usedKinds } from '../entries.ts';
import { code, htmlText, visible } from '../escape.ts';
import { failureWords, headline } from '../headline.ts';
import { dangersOf, notesOf } from '../notices.ts';
import type { Result } from '../result.ts';
import { joined, numberInWords, shorten } from '../text.ts';
import { script, style } from './assets.ts';
import { pageKinds, pageRows } from './page-data.ts';

/** What a browser parses and searches easily, in UTF-16 units: some 100,000 changed rows. */
const pageLength = 60_000_000;

/**
 * A plan as one self-contained HTML page, in pieces, because a string cannot be long enough for all of
 * them. Without JavaScript, it shows the summary and the table of files.
 *
 * @param limit how long the data of the rows may be; the rest is counted.
 */
export function* page(result: Result, limit: number = pageLength): Generator<string> {
  const groups = groupsOf(result);
  yield documentHead(result);
  yield `<body>\n<a class="skip" href="#browse">Skip to the rows</a>\n`;
  yield header(result);
  yield `<main>\n${filesTable(groups)}${browser(groups)}</main>\n${footer(result)}`;
  if (groups.length > 0) {
    yield* dataIsland(groups, limit);
    yield `<script type="module">${script}</script>\n`;
  }
  yield '</body>\n</html>\n';
}

function documentHead(result: Result): string {
  // The browser runs these two texts, and no other.
  const [styleHash, scriptHash] = [style, script].map(
    (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  const policy = `default-src 'none'; style-src ${styleHash}; script-src ${scriptHash}; base-uri 'none'; form-action 'none'`;
  const title = headline(result, (content) => visible(shorten(content, 80)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<style>${style}</style>
</head>
`;
}

const write = (content: string) => code(content, 200);

function header(result: Result): string {
  return joined('\n', [
    '<header>',
    `<h1>${headline(result, write)}</h1>`,
    ...failureWords(result, 4_000).map((html) => `<p>${html}</p>`),
    listOf('dangers', dangersOf(result, write)),
    listOf('notes', notesOf(result, write)),
    '</header>\n',
  ]);
}

function listOf(name: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<ul class="${name} card">\n${lines.map((line) => `<li>${line}</li>\n`).join('')}</ul>`;
}

function filesTable(groups: readonly Group[]): string {
  if (groups.length === 0) return '<p>This plan changes no content.</p>\n';
  const used = usedKinds(groups);
  const titles = used.map((kind) => `<th scope="col">${kindWords[kind].title}</th>`).join('');
  const rows = groups.map((group, i) => {
    const counts = used.map((kind) => countIn([group], kind));
    const cells = counts.map((count) => `<td>${count === 0 ? '' : numberInWords(count)}</td>`);
    const path = group.file === undefined ? '' : `<small>${htmlText(group.file.path)}</small>`;
    const name = `<a href="#browse" data-file="${i}">${htmlText(shorten(group.name, 200))}</a>`;
    return `<tr><th scope="row">${name}${path}</th>${cells.join('')}</tr>\n`;
  });
  return `<h2 id="files">Files</h2>
<div class="scroll card" tabindex="0" role="region" aria-labelledby="files">
<table>
<thead><tr><th scope="col">File</th>${titles}</tr></thead>
<tbody>
${rows.join('')}</tbody>
</table>
</div>
`;
}

/** The controls and the place of the rows, for the script. */
function browser(groups: readonly Group[]): string {
  if (groups.length === 0) return '';
  const chips = usedKinds(groups).map((kind) => {
    const box = `<input type="checkbox" value="${rowKinds.indexOf(kind)}">`;
    return `<label class="chip card k-${kind}">${box} ${kindWords[kind].title} <b>${numberInWords(countIn(groups, kind))}</b></label>`;
  });
  const options = groups.map(
    ({ name }, i) => `<option value="${i}">${htmlText(shorten(name, 80))}</option>`,
  );
  return `<section id="browse" aria-labelledby="entries">
<h2 id="entries">Row by row</h2>
<noscript><p>Searching the rows needs JavaScript. The job summary and the comment of the pull request show them without it.</p></noscript>
<form id="tools" class="tools" role="search" hidden>
<input type="search" id="search" class="card" aria-label="Search in rows" placeholder="Search keys, fields and values ( / )" autocomplete="off" spellcheck="false">
<select id="file" class="card" aria-label="File"><option value="">All files</option>${options.join('')}</select>
<select id="view" class="card" aria-label="View"><option value="side">Side by side</option><option value="inline">Inline</option></select>
<fieldset aria-label="Show only">${chips.join('')}</fieldset>
</form>
<p id="count" class="soft" role="status" aria-live="polite"></p>
<div id="rows"></div>
<button type="button" id="more" class="more card" hidden></button>
<div id="end"></div>
</section>
`;
}

function footer({ commitPlanned, fingerprint }: Result): string {
  return joined('\n', [
    '<footer>',
    commitPlanned && `<p>Made for commit ${write(commitPlanned)}</p>`,
    fingerprint && `<p>Fingerprint ${write(fingerprint)}</p>`,
    '</footer>\n',
  ]);
}

/** The rows as JSON, one to a line. */
function* dataIsland(groups: readonly Group[], limit: number): Generator<string> {
  const files = groups.map(({ name }) => visible(shorten(name, 200)));
  yield `<script type="application/json" id="data">{"files":${json(files)},"kinds":${json(pageKinds)},"rows":[`;
  let left = limit;
  let hidden = 0;
  let separator = '\n';
  for (const rowOf of pageRows(groups)) {
    const line = left < 0 ? '' : json(rowOf());
    left -= line.length;
    if (left < 0) hidden += 1;
    else yield separator + line;
    separator = ',\n';
  }
  yield `\n],"hidden":${hidden}}</script>\n`;
}

/** JSON in which nothing ends the script element. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
