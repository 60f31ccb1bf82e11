import { createHash } from 'node:crypto';
import { footer } from '../comment.ts';
import { countIn, type Group, groupsOf, kindWords, usedKinds } from '../entries.ts';
import { code, htmlText, visible } from '../escape.ts';
import { failureWords, headline } from '../headline.ts';
import { dangersOf, notesOf } from '../notices.ts';
import type { Result } from '../result.ts';
import { entriesTable, filesTable, sectionsOf } from '../tables.ts';
import { counted, joined, numberInWords, shorten } from '../text.ts';
import { script, style } from './assets.ts';

/** What a browser opens in a few seconds, in UTF-16 units: some 50,000 changed rows. */
const pageLength = 20_000_000;

/** A browser lays out only the sections that it shows. */
const extract = { length: 2_400, changed: 1_000, whole: 1_000, batch: 50 };

/**
 * A plan as one self-contained HTML page, in pieces, because a string cannot be long enough for all of
 * them. JavaScript only searches and filters what is there.
 *
 * @param limit how long the rows may be; the rest is counted.
 */
export function* page(result: Result, limit: number = pageLength): Generator<string> {
  const groups = groupsOf(result);
  yield documentHead(result);
  yield header(result);
  if (groups.length === 0) yield '<p>This plan changes no content.</p>\n';
  else {
    yield `<main>\n${files(groups)}${tools(groups)}`;
    yield* sections(groups, limit);
    yield `</main>\n<script type="module">${script}</script>\n`;
  }
  yield `<footer>${footer(result)}</footer>\n</body>\n</html>\n`;
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
<title>${htmlText(title)}</title>
<style>${style}</style>
</head>
`;
}

const write = (content: string) => code(content, 200);

function header(result: Result): string {
  return joined('\n', [
    '<body>\n<a class="skip" href="#browse">Skip to the rows</a>\n<header>',
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

function files(groups: readonly Group[]): string {
  const table = filesTable(groups, ({ name, file }, i) => {
    const path = file === undefined ? '' : `<small>${htmlText(file.path)}</small>`;
    return `<a href="#browse" data-file="${i}">${htmlText(shorten(name, 200))}</a>${path}`;
  });
  return `<h2 id="files">Files</h2>
<div class="scroll card" tabindex="0" role="region" aria-labelledby="files">
${table}
</div>
`;
}

/** The controls, for the script. */
function tools(groups: readonly Group[]): string {
  const chips = usedKinds(groups).map((kind) => {
    const box = `<input type="checkbox" value="${kind}">`;
    return `<label class="chip card k-${kind}">${box} ${kindWords[kind].title} <b>${numberInWords(countIn(groups, kind))}</b></label>`;
  });
  const options = groups.map(
    ({ name }, i) => `<option value="${i}">${htmlText(shorten(name, 80))}</option>`,
  );
  return `<h2 id="browse">Row by row</h2>
<noscript><p>Searching the rows needs JavaScript.</p></noscript>
<form id="tools" class="tools" role="search" hidden>
<input type="search" id="search" class="card" aria-label="Search in rows" placeholder="Search keys, fields and values ( / )" autocomplete="off" spellcheck="false">
<select id="file" class="card" aria-label="File"><option value="">All files</option>${options.join('')}</select>
<div role="group" aria-label="Show only">${chips.join('')}</div>
</form>
<p id="count" class="soft" role="status" aria-live="polite"></p>
`;
}

function* sections(groups: readonly Group[], room: number): Generator<string> {
  let hidden = 0;
  for (const { kind, group, rows, left } of sectionsOf(groups, { ...extract, room })) {
    hidden += left;
    if (rows.length === 0) continue;
    const bodies = rows.map((row) => `<tbody class="row">${row}</tbody>`);
    yield `<section class="card k-${kind}" data-kind="${kind}" data-file="${groups.indexOf(group)}">
<h3>${kindWords[kind].title} <small>${htmlText(shorten(group.name, 80))}</small></h3>
${entriesTable(kind, bodies)}
</section>
`;
  }
  const more = counted(hidden, 'more entry', 'more entries');
  if (hidden > 0) yield `<p>Not shown here, but in the JSON report: ${more}.</p>\n`;
}
