import { countIn, type Group, groupsOf, type Kind, kindCounts, kindWords } from './entries.ts';
import { code, htmlText } from './escape.ts';
import { failureWords, headline, isProposal } from './headline.ts';
import { dangersOf, notesOf } from './notices.ts';
import { type Result, sumOf } from './result.ts';
import { entriesTable, filesTable, fitting, sectionsOf } from './tables.ts';
import { counted, inNumber, joined, numberInWords, spanInWords } from './text.ts';

/** GitHub takes 65,536 characters. The rest is for the outcome, which the import adds. */
const commentLength = 58_000;

/** GitHub drops a summary of more than 1,024 KiB; a UTF-16 unit takes 3 bytes at most. */
const summaryLength = 340_000;

/** The table of files may take a quarter of the room; dangers and notes, an eighth of the comment each. */
const shareOfFiles = 4;
const shareOfLists = 8;

/** A section is open if it, and all open ones together, have at most so many entries. */
const openEntries = 12;
const openEntriesInAll = 30;

const extract = { length: 240, changed: 20, whole: 6 };

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
  const tail = footer(result, options.summaryUrl);
  const room = limit - head.length - tail.length - elsewhere.length - 500;
  const nameOf = ({ name }: Group) => code(name, 80);
  const table = filesTable(groups, nameOf, Math.floor(room / shareOfFiles));
  const blocks = sections(groups, room - table.length, elsewhere);
  const unlisted = sumOf(result.files, (file) => file.unlisted);
  const more = inNumber(
    unlisted,
    '<p>Not shown here, but in the files: # more added {row|rows}.</p>',
  );
  return joined('\n\n', [head, table, ...blocks, more, tail]);
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

/** The entries that fit, in a section for each kind and file; the rest is counted. */
function sections(groups: readonly Group[], room: number, elsewhere: string): readonly string[] {
  const texts: string[] = [];
  const hidden = new Map<Kind, number>();
  let opened = 0;
  for (const { kind, group, rows, left } of sectionsOf(groups, { ...extract, room })) {
    const total = countIn([group], kind);
    hidden.set(kind, (hidden.get(kind) ?? 0) + left);
    if (rows.length === 0) continue;
    const isOpen = total <= openEntries && opened + total <= openEntriesInAll;
    if (isOpen) opened += total;
    const title = `<b>${kindWords[kind].title} (${numberInWords(total)})</b> in ${code(group.name, 80)}`;
    const table = entriesTable(kind, rows);
    texts.push(
      `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n${table}\n</details>`,
    );
  }
  const counts = kindCounts((kind) => hidden.get(kind) ?? 0);
  return counts ? [...texts, `<p>Not shown here, but in ${elsewhere}: ${counts}.</p>`] : texts;
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

/** What a report was made for, and where there is more. */
export function footer(
  { command, commitPlanned, fingerprint, lastExport, lastDrill }: Result,
  summaryUrl?: string,
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
