import {
  columnsOf,
  countIn,
  type Group,
  groupsOf,
  type Kind,
  kindCounts,
  kindWords,
  rowKinds,
  usedKinds,
} from './entries.ts';
import { code, htmlText } from './escape.ts';
import { failureWords, headline, isProposal } from './headline.ts';
import { dangersOf, notesOf } from './notices.ts';
import type { Result } from './result.ts';
import { entryRow } from './rows.ts';
import { counted, joined, numberInWords, spanInWords } from './text.ts';

/** GitHub takes 65,536 characters. The rest is for the outcome, which the import adds. */
const commentLength = 58_000;

/** GitHub drops a summary of more than 1,024 KiB; a UTF-16 unit takes 3 bytes at most. */
const summaryLength = 340_000;

/** The table of files may take a quarter of the room; dangers and notes, an eighth of the comment each. */
const shareOfFiles = 4;
const shareOfLists = 8;

/** A file is open if it, and all open ones together, have at most so many entries. */
const openEntries = 12;
const openEntriesInAll = 30;

export interface CommentOptions {
  /** From `planMarker`; the comment begins with it. */
  readonly marker?: string;
  /** In UTF-16 units, at least 24,000. */
  readonly limit?: number;
  readonly summaryUrl?: string;
}

/** The hidden line by which the comment of one configuration file and site is found again. */
export function planMarker(configPath: string, siteId?: string): string {
  const names = siteId ? [configPath, siteId] : [configPath];
  return `<!-- wix-cms-sync plan ${names.map(inComment).join(' ')} -->`;
}

/** The marker, and below it the fingerprint. */
function marks(marker: string, { fingerprint }: Result): string {
  const isPrint = fingerprint !== undefined && /^[0-9a-f]{64}$/.test(fingerprint);
  return isPrint ? `${marker}\n<!-- fingerprint ${fingerprint} -->` : marker;
}

/** The fingerprint of a plan's comment; `undefined` if it has none, or another marker. */
export function fingerprintIn(body: string, marker: string): string | undefined {
  if (!body.startsWith(`${marker}\n`)) return undefined;
  return /^<!-- fingerprint ([0-9a-f]{64}) -->$/m.exec(
    body.slice(marker.length, marker.length + 100),
  )?.[1];
}

/** A name without blanks and without what ends an HTML comment: `--`, `>`, a dash at its end. */
function inComment(name: string): string {
  return encodeURI(Buffer.from(name).toString()).replace(/-(?=-)|-$/g, '%2D');
}

/** The job summary of a run: a comment with more room. */
export function summary(result: Result): string {
  return `${comment(result, { limit: summaryLength })}\n`;
}

/**
 * The comment on a pull request: what its merge does, the dangerous first. What does not fit is counted.
 * Content is in `<code>` only, in blocks of HTML and in lists.
 */
export function comment(result: Result, options: CommentOptions): string {
  const { marker, limit = commentLength } = options;
  const elsewhere = whereElse(result, options);
  const groups = groupsOf(result);
  const head = joined('\n\n', [
    marker !== undefined && marks(marker, result),
    `<h3>${headline(result, (content) => code(content, 120))}</h3>`,
    ...opening(result, groups, Math.floor(limit / shareOfLists)),
  ]);
  const tail = footer(result, options);
  const room = limit - head.length - tail.length - elsewhere.length - 500;
  const table = filesTable(groups, Math.floor(room / shareOfFiles));
  const blocks = fileBlocks(groups, room - table.length, elsewhere);
  return joined('\n\n', [head, table, ...blocks, tail]);
}

/** What to know before the numbers. */
function opening(result: Result, groups: readonly Group[], room: number): readonly string[] {
  const write = (content: string) => code(content, 400);
  const isQuiet = isProposal(result) && groups.length === 0 && result.failureMessage === undefined;
  const dangers = listed(dangersOf(result, write), '> - ', room);
  return [
    ...failureWords(result, 1_000).map((html) => `<p>${html}</p>`),
    isQuiet ? '<p>This pull request does not change content, or no longer does.</p>' : '',
    dangers === '' ? '' : `> [!CAUTION]\n${dangers}`,
    listed(notesOf(result, write), '- ', room),
  ];
}

/** A Markdown list of as many lines as there is room for, the rest counted. */
function listed(lines: readonly string[], bullet: string, room: number): string {
  const shown = fitting(lines, room, (line) => bullet + line);
  const hidden = lines.length - shown.length;
  return joined('\n', [...shown, hidden > 0 && `${bullet}and ${counted(hidden, 'more remark')}`]);
}

/** Renders lines up to the first one that does not fit: most rows of a large plan do not. */
function fitting<T>(list: readonly T[], room: number, render: (each: T) => string): string[] {
  const shown: string[] = [];
  let left = room;
  for (const each of list) {
    const line = render(each);
    left -= line.length + 1;
    if (left < 0) break;
    shown.push(line);
  }
  return shown;
}

function filesTable(groups: readonly Group[], room: number): string {
  if (groups.length === 0) return '';
  const used = usedKinds(groups);
  const titles = used.map((kind) => `<th align="right">${kindWords[kind].title}</th>`).join('');
  const rows = fitting(groups, room - titles.length - 150, (group) => {
    const counts = used.map((kind) => countIn([group], kind));
    const cells = counts.map((n) => `<td align="right">${n === 0 ? '' : numberInWords(n)}</td>`);
    return `<tr><td>${code(group.name, 80)}</td>${cells.join('')}</tr>`;
  });
  const hidden = groups.length - rows.length;
  const more = `<tr><td colspan="${used.length + 1}">and ${counted(hidden, 'more file')}</td></tr>`;
  const head = `<tr><th align="left">File</th>${titles}</tr>`;
  return table(head, hidden > 0 ? [...rows, more] : rows);
}

function table(head: string, rows: readonly string[]): string {
  return ['<table>', head, ...rows, '</table>'].join('\n');
}

/** The rows of a file that fit, by kind. */
type Shown = Map<Kind, readonly string[]>;

/** A block for each file; what does not fit is counted. */
function fileBlocks(groups: readonly Group[], room: number, elsewhere: string): readonly string[] {
  const blocks = rowsWithin(room, groups, elsewhere);
  let opened = 0;
  const texts = groups.flatMap((group) => {
    const shown = blocks.get(group);
    if (shown === undefined) return [];
    const size = rowKinds.reduce((sum, kind) => sum + countIn([group], kind), 0);
    const isOpen = size <= openEntries && opened + size <= openEntriesInAll;
    if (isOpen) opened += size;
    return blockOf(group, shown, isOpen, elsewhere);
  });
  const hidden = groups.filter((group) => !blocks.has(group) && usedKinds([group]).length > 0);
  if (hidden.length === 0) return texts;
  const counts = kindCounts((kind) => countIn(hidden, kind));
  const files = counted(hidden.length, texts.length === 0 ? 'file' : 'more file');
  const are = hidden.length === 1 ? 'is' : 'are';
  const more = `<p>${files} ${are} not shown here, with ${counts}. They are in ${elsewhere}.</p>`;
  return [...texts, more];
}

/** As many rows of each file as fit, the dangerous ones of all files first. */
function rowsWithin(room: number, groups: readonly Group[], elsewhere: string): Map<Group, Shown> {
  const blocks = new Map<Group, Shown>();
  let left = room;
  for (const kind of rowKinds) {
    for (const group of groups) {
      const entries = group.entries.get(kind);
      if (entries === undefined) continue;
      const shown: Shown = blocks.get(group) ?? new Map();
      const frame = shown.size > 0 ? 0 : blockOf(group, shown, true, elsewhere).length + 2;
      const taken = frame + tableOf(kind, 0, []).length + 1;
      const rows = fitting(entries, left - taken, entryRow);
      if (rows.length === 0) continue;
      blocks.set(group, shown.set(kind, rows));
      left -= taken + rows.join('\n').length + 1;
    }
  }
  return blocks;
}

function blockOf(group: Group, rows: Shown, isOpen: boolean, elsewhere: string): string {
  const { name, file, entries } = group;
  const counts = kindCounts((kind) => countIn([group], kind));
  const hidden = kindCounts(
    (kind) => (entries.get(kind)?.length ?? 0) - (rows.get(kind)?.length ?? 0),
  );
  const unlisted = counted(file?.unlisted ?? 0, 'more added row');
  return joined('\n', [
    `<details${isOpen ? ' open' : ''}><summary><b>${code(name, 80)}</b>: ${counts}</summary>`,
    ...Array.from(rows, ([kind, list]) => tableOf(kind, countIn([group], kind), list)),
    hidden && `<p>Not shown here, but in ${elsewhere}: ${hidden}.</p>`,
    file?.unlisted ? `<p>Not shown here, but in the file: ${unlisted}.</p>` : '',
    '</details>',
  ]);
}

function tableOf(kind: Kind, total: number, rows: readonly string[]): string {
  const headers = columnsOf(kind).map((column) => `<th align="left">${column}</th>`);
  const title = `<h4>${kindWords[kind].title} (${numberInWords(total)})</h4>`;
  return `${title}\n${table(`<tr>${headers.join('')}</tr>`, rows)}`;
}

function whereElse({ command }: Result, { summaryUrl }: CommentOptions): string {
  if (summaryUrl) return link(summaryUrl, 'the job summary');
  return command === 'plan'
    ? 'the HTML report of the run (output <code>report-html</code>)'
    : 'the JSON report of the run (output <code>report-json</code>)';
}

function link(url: string, words: string): string {
  return /^https?:\/\//.test(url) ? `<a href="${htmlText(url)}">${words}</a>` : words;
}

/** What the comment was made for, and where there is more. */
function footer(
  { command, commitPlanned, fingerprint, lastExport, lastDrill }: Result,
  { summaryUrl }: CommentOptions,
): string {
  const parts = joined(' · ', [
    commitPlanned && `Made for commit ${code(commitPlanned, 80)}`,
    command === 'plan' && fingerprint && `fingerprint ${code(fingerprint, 80)}`,
    lastExport && `last export ${spanInWords(lastExport.age)} earlier`,
    lastDrill && `last drill ${spanInWords(lastDrill.age)} earlier`,
    summaryUrl && link(summaryUrl, 'Job summary'),
  ]);
  return parts && `<p><sub>${parts}</sub></p>`;
}
