import { shorten } from './text.ts';

/**
 * Cell content must be seen and must not act. Reports for GitHub are made of HTML blocks, in which
 * Markdown is not read, and content stands in `<code>` alone, where GitHub links neither people nor
 * issues, commits or addresses. The entities are the second lock: they hold where such a piece is
 * put into a line of Markdown.
 */

/** What is invisible, reorders text or moves a cursor; joiners stay, since scripts and emoji need them. */
const hidden =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** The text in one line, with its control, bidi and other invisible characters made visible. */
export function visible(text: string): string {
  return text.replace(hidden, picture);
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '↵';
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${hex(code, 4)}⟩`;
}

/** The same for a terminal that has no pictures: as a programmer would write them. */
function spelling(character: string): string {
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  const code = character.codePointAt(0) ?? 0;
  return named ?? (code <= 0xff ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}

/** What HTML reads, and what Markdown reads inside a line; the rest acts only in their company. */
const active = /[&<>"\\`*_~[\]|$@#:.]/g;

/** The text for HTML, between tags or in a quoted attribute; one line, nothing in it acts. */
export function htmlText(text: string): string {
  return visible(text).replace(active, (mark) => entities[mark] ?? `&#${mark.charCodeAt(0)};`);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Content for a report on GitHub, shortened: the only form in which it may stand there. */
export function code(text: string, length = Number.POSITIVE_INFINITY): string {
  return `<code>${htmlText(shorten(text, length))}</code>`;
}

/**
 * Content for a commit message or a title: GitHub links people, issues, commits and addresses there, and
 * nothing can be escaped. An invisible word joiner stands in every text that it would take for one:
 * `@acme/forms`, the id of an app's collection, would call a team.
 */
export function unlinked(text: string): string {
  return visible(text).replace(linked, '$&\u2060');
}

const linked = /[@#]|:(?=\/\/)|\bwww\.|(?<=\bGH)-|\b[0-9a-f](?=[0-9a-f]{6,39}\b)/gi;

/**
 * A line for the runner's log that is no workflow command. The runner takes `::name::` at the start
 * of a line after white space, and `##[name]` anywhere in it.
 */
export function logLine(line: string): string {
  return withoutSignatures(line.replace(hidden, spelling))
    .replaceAll('##[', '## [')
    .replace(/^(\s*)::/, '$1: :');
}

/**
 * Leaves out what may sign a web address: its query, its fragment, its user. Each address is read once,
 * so a line of many costs no more than its length.
 *
 * @internal
 */
export function withoutSignatures(line: string): string {
  return line.replace(/\bhttps?:\/\/[^\s"'<>]+/gi, (address) =>
    address.replace(/\/\/[^/?#@]+@/g, '//').replace(/[?#].*/, '?...'),
  );
}
