import { shorten } from './text.ts';

/**
 * Content must be visible and must not act: GitHub reads no Markdown in blocks of HTML, and links no
 * people, issues, commits or addresses in `<code>`. The entities hold even in a line of Markdown.
 */

/** What is invisible, reorders text or moves a cursor. Joiners stay, because scripts and emoji need them. */
const hidden =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** The text on one line, with its invisible characters made visible. */
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

/** The character as a programmer would write it, for a terminal without such pictures. */
function spelling(character: string): string {
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  const code = character.codePointAt(0) ?? 0;
  return named ?? (code <= 0xff ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}

/** What HTML reads, and Markdown inside a line; other characters mean nothing without these. */
const active = /[&<>"\\`*_~[\]|$@#:.]/g;

/** The text for HTML, between tags or in a quoted attribute. */
export function htmlText(text: string): string {
  return visible(text).replace(active, (mark) => entities[mark] ?? `&#${mark.charCodeAt(0)};`);
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Content for a report on GitHub, which may hold it in this form only. */
export function code(text: string, length = Number.POSITIVE_INFINITY): string {
  return `<code>${htmlText(shorten(text, length))}</code>`;
}

/**
 * Content for a commit message or a title, where nothing can be escaped: an invisible word joiner keeps
 * GitHub from linking it. `@acme/forms`, the id of an app's collection, would notify a team.
 */
export function unlinked(text: string): string {
  return visible(text).replace(linked, '$&\u2060');
}

const linked = /[@#]|:(?=\/\/)|\bwww\.|(?<=\bGH)-|\b[0-9a-f](?=[0-9a-f]{6,39}\b)/gi;

/**
 * A line for the runner's log that is no workflow command: neither `::name::` after white space at its
 * start, nor `##[name]` anywhere.
 */
export function logLine(line: string): string {
  return withoutSignatures(line.replace(hidden, spelling))
    .replaceAll('##[', '## [')
    .replace(/^(\s*)::/, '$1: :');
}

/**
 * Leaves out what may sign a web address: its query, its fragment, its user.
 *
 * @internal
 */
export function withoutSignatures(line: string): string {
  return line.replace(/\bhttps?:\/\/[^\s"'<>]+/gi, (address) =>
    address.replace(/\/\/[^/?#@]+@/g, '//').replace(/[?#].*/, '?...'),
  );
}
