import { countOf, entriesOf, type FileReport, fileReports, type Kind, kinds } from './danger.ts';
import { columnsOf, entryRow } from './entry-rows.ts';
import { code, htmlText } from './escape.ts';
import { counted, numberInWords } from './phrases.ts';
import {
  countsRowOf,
  dangersOf,
  isProposal,
  kindCounts,
  kindTitles,
  mergeSentence,
  notesOf,
  planHeadline,
} from './plan-phrases.ts';
import type { Result } from './result.ts';
import { shorten } from './shorten.ts';

/**
 * GitHub takes 65,536 characters, of 4 bytes at most. The rest is for the outcome, which the import
 * adds.
 */
const commentLength = 58_000;

/** GitHub drops a summary of more than 1,024 KiB whole; a UTF-16 unit takes 3 bytes at most. */
const summaryLength = 340_000;

/** How much of a comment its table of files may take. */
const shareOfFiles = 4;

/** How much the dangers and the notes above it may take, each. */
const shareOfLists = 8;

/** A file opens by itself while it, and all the open ones together, show few entries. */
const openEntries = 12;
const openEntriesInAll = 30;

export interface CommentOptions {
  /** From `planMarker`; the comment begins with it. */
  readonly marker?: string;
  /** In UTF-16 units, of which a character has one or two. 24,000 at least. */
  readonly limit?: number;
  /** Where the job summary of this run is. */
  readonly summaryUrl?: string;
}

/**
 * The hidden line that finds the comment of one configuration file and site again.
 *
 * @param configPath in the repository.
 */
export function planMarker(configPath: string, siteId?: string): string {
  const names = siteId ? [configPath, siteId] : [configPath];
  return `<!-- wix-cms-sync plan ${names.map(inComment).join(' ')} -->`;
}

/** The marker, and below it the fingerprint, for whoever reads the comment again. */
function marks(marker: string, { fingerprint }: Result): string {
  const isPrint = fingerprint !== undefined && /^[0-9a-f]{64}$/.test(fingerprint);
  return isPrint ? `${marker}\n<!-- fingerprint ${fingerprint} -->` : marker;
}

/** The fingerprint of a plan's comment; `undefined` where it has none, or another marker. */
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

/** What the comment holds, with more room: the job summary of a plan. */
export function planSummary(result: Result): string {
  return `${comment(result, { limit: summaryLength })}\n`;
}

/**
 * The one comment on a pull request: what its merge does, the dangerous first. What does not fit is
 * counted. Content stands in `<code>` alone, and only in HTML blocks and lists.
 */
export function comment(result: Result, options: CommentOptions): string {
  const { marker, limit = commentLength } = options;
  const write = (content: string) => code(shorten(content, 120));
  const reports = fileReports(result);
  const head = [
    ...(marker === undefined ? [] : [marks(marker, result)]),
    `<h3>${planHeadline(result, write)}</h3>`,
    ...opening(result, reports, limit),
  ];
  const tail = footer(result, options);
  const room = limit - [...head, ...tail].join('\n\n').length - whereElse(options).length - 500;
  const table = filesTable(reports, Math.floor(room / shareOfFiles));
  const blocks = fileBlocks(reports, room - table.length, whereElse(options));
  return [...head, ...(table === '' ? [] : [table]), ...blocks, ...tail].join('\n\n');
}

/** What to know before the numbers. */
function opening(result: Result, reports: readonly FileReport[], limit: number): readonly string[] {
  const write = (content: string) => code(shorten(content, 400));
  const writeName = (name: string) => code(shorten(name, 80));
  const { failureMessage, files } = result;
  const room = Math.floor(limit / shareOfLists);
  const changes = files.some((file) => file.changes.length > 0);
  const dangers = listed(dangersOf(result, write), '> - ', room);
  const notes = listed(notesOf(result, write), '- ', room);
  const isQuiet = isProposal(result) && reports.length === 0 && failureMessage === undefined;
  return [
    ...(result.status === 'failed' && changes
      ? [`<p>${mergeSentence(result, 'would change', writeName)}.</p>`]
      : []),
    ...(failureMessage === undefined ? [] : [`<p>${code(shorten(failureMessage, 1_000))}</p>`]),
    ...(isQuiet ? ['<p>This pull request does not change content, or no longer does.</p>'] : []),
    ...(dangers === '' ? [] : [`> [!CAUTION]\n${dangers}`]),
    ...(notes === '' ? [] : [notes]),
  ];
}

/** A Markdown list of as many lines as there is room for, the rest counted. */
function listed(lines: readonly string[], bullet: string, room: number): string {
  const shown: string[] = [];
  let left = room;
  for (const line of lines) {
    left -= line.length + bullet.length + 1;
    if (left < 0) break;
    shown.push(line);
  }
  const hidden = lines.length - shown.length;
  const all = hidden === 0 ? shown : [...shown, `and ${counted(hidden, 'more remark')}`];
  return all.map((line) => bullet + line).join('\n');
}

function filesTable(reports: readonly FileReport[], room: number): string {
  if (reports.length === 0) return '';
  const used = kinds.filter((kind) => reports.some((report) => countOf(report, kind) > 0));
  const titles = used.map((kind) => `<th align="right">${kindTitles[kind]}</th>`).join('');
  const lines: string[] = [];
  let left = room - titles.length - 150;
  for (const report of reports) {
    const counts = countsRowOf(report);
    const cells = used.map((kind) => numberCell(counts[kinds.indexOf(kind)] ?? 0));
    const line = `<tr><td>${code(shorten(report.name, 80))}</td>${cells.join('')}</tr>`;
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
  }
  const hidden = reports.length - lines.length;
  const more =
    hidden === 0
      ? []
      : [`<tr><td colspan="${used.length + 1}">and ${counted(hidden, 'more file')}</td></tr>`];
  return [
    '<table>',
    `<tr><th align="left">File</th>${titles}</tr>`,
    ...lines,
    ...more,
    '</table>',
  ].join('\n');
}

function numberCell(count: number): string {
  return `<td align="right">${count === 0 ? '' : numberInWords(count)}</td>`;
}

/** The rows of one file that found room, by kind. */
interface Shown {
  readonly report: FileReport;
  readonly rows: Map<Kind, string[]>;
}

/** A block per file. The room goes to the dangerous rows of all the files first. */
function fileBlocks(
  reports: readonly FileReport[],
  room: number,
  elsewhere: string,
): readonly string[] {
  const blocks = new Map<FileReport, Shown>();
  let left = room;
  for (const kind of kinds) {
    for (const report of reports) {
      left -= place(report, kind, left, blocks, elsewhere);
    }
  }
  let opened = 0;
  const texts = reports.flatMap((report) => {
    const shown = blocks.get(report);
    if (shown === undefined) return [];
    const size = entriesIn(report);
    const isOpen = size <= openEntries && opened + size <= openEntriesInAll;
    if (isOpen) opened += size;
    return [blockOf(shown, isOpen, elsewhere)];
  });
  const hidden = reports.filter((report) => !blocks.has(report) && entriesIn(report) > 0);
  if (hidden.length === 0) return texts;
  const counts = kindCounts((kind) => sumOf(hidden, kind));
  const one = hidden.length === 1;
  return [
    ...texts,
    `<p>${counted(hidden.length, texts.length === 0 ? 'file' : 'more file')} ${one ? 'is' : 'are'} not shown here, with ${counts}. They are in ${elsewhere}.</p>`,
  ];
}

/** Puts as many entries of a kind into a file's block as there is room for; returns what they take. */
function place(
  report: FileReport,
  kind: Kind,
  room: number,
  blocks: Map<FileReport, Shown>,
  elsewhere: string,
): number {
  if (countOf(report, kind) === 0) return 0;
  const shown = blocks.get(report) ?? { report, rows: new Map<Kind, string[]>() };
  const frame = blocks.has(report) ? 0 : blockOf(shown, true, elsewhere).length + 2;
  const rows: string[] = [];
  let taken = frame + tableOf(kind, 0, []).length + 1;
  for (const entry of entriesOf(report, kind)) {
    const row = entryRow(report.file, entry);
    if (taken + row.length + 1 > room) break;
    taken += row.length + 1;
    rows.push(row);
  }
  if (rows.length === 0) return 0;
  shown.rows.set(kind, rows);
  blocks.set(report, shown);
  return taken;
}

function blockOf({ report, rows }: Shown, isOpen: boolean, elsewhere: string): string {
  const hidden = kindCounts((kind) => countOf(report, kind) - (rows.get(kind)?.length ?? 0));
  const counts = kindCounts((kind) => countOf(report, kind));
  return [
    `<details${isOpen ? ' open' : ''}><summary><b>${code(shorten(report.name, 80))}</b>: ${counts}</summary>`,
    ...[...rows].map(([kind, list]) => tableOf(kind, countOf(report, kind), list)),
    ...(hidden === '' ? [] : [`<p>Not shown here, but in ${elsewhere}: ${hidden}.</p>`]),
    '</details>',
  ].join('\n');
}

function tableOf(kind: Kind, total: number, rows: readonly string[]): string {
  const headers = columnsOf(kind).map((column) => `<th align="left">${column}</th>`);
  return [
    `<h4>${kindTitles[kind]} (${numberInWords(total)})</h4>`,
    '<table>',
    `<tr>${headers.join('')}</tr>`,
    ...rows,
    '</table>',
  ].join('\n');
}

function entriesIn(report: FileReport): number {
  return kinds.reduce((sum, kind) => sum + countOf(report, kind), 0);
}

function sumOf(reports: readonly FileReport[], kind: Kind): number {
  return reports.reduce((sum, report) => sum + countOf(report, kind), 0);
}

function whereElse({ summaryUrl }: CommentOptions): string {
  if (summaryUrl) return link(summaryUrl, 'the job summary');
  return 'the HTML report of the run (output <code>report-html</code>)';
}

function link(url: string, words: string): string {
  return /^https?:\/\//.test(url) ? `<a href="${htmlText(url)}">${words}</a>` : words;
}

/** What the comment was made for, and where there is more. */
function footer(
  { commitPlanned, fingerprint }: Result,
  { summaryUrl }: CommentOptions,
): readonly string[] {
  const parts = [
    ...(commitPlanned ? [`Made for commit ${code(shorten(commitPlanned, 80))}`] : []),
    ...(fingerprint ? [`fingerprint ${code(shorten(fingerprint, 80))}`] : []),
    ...(summaryUrl ? [link(summaryUrl, 'Job summary')] : []),
  ];
  return parts.length === 0 ? [] : [`<p><sub>${parts.join(' · ')}</sub></p>`];
}
