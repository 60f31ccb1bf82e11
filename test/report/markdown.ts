import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** Renders as GitHub does, as near as anything outside of it. */
export function rendered(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

/** The text that HTML shows, its entities read. */
export function decoded(html: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return html.replace(/&(?:#(\d+)|([a-z]+));/g, (_, digits: string | undefined, name: string) =>
    digits === undefined ? (named[name] ?? '') : String.fromCharCode(Number(digits)),
  );
}

/** What a reader sees outside of code: there, GitHub links people, issues, commits and addresses. */
export function linkable(html: string): string {
  const outside = html.replace(/<(code|a)\b[^>]*>[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ');
  return decoded(outside);
}

/** What GitHub would make a link of. */
export const links = /@[a-z\d]|#\d|\bGH-\d|https?:\/\/|\bwww\.|\b[\da-f]{7,40}\b|!\[/i;
