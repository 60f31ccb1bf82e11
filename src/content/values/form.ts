import { sameHtml } from './html.ts';
import { canonicalJson, isJsonType, meaning, parsedJson, sameValue } from './value.ts';

/**
 * Whether the site has only stored a text in a form of its own: ` a` as `a`, `<br>` as `<br/>`, a date as
 * a date-time (wix-api.md 11). That is no mismatch, and comes to git with the next export.
 */
export function sameForm(type: string, sent: string, stored: string): boolean {
  const [left, right] = [plain(sent), plain(stored)];
  if (sameValue(type, left, right)) return true;
  if (mediaTypes.has(type)) return sameMedia(left, right);
  if (isJsonType(type)) return sameJson(type, left, right);
  return forms.get(type)?.(left, right) ?? false;
}

/** Without blanks at its ends, with LF and composed letters. */
function plain(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').trim().normalize('NFC');
}

type Form = (sent: string, stored: string) => boolean;

/** Compares two texts by one form of each. */
function by(formOf: (text: string) => string): Form {
  return (sent, stored) => formOf(sent) === formOf(stored);
}

const forms: ReadonlyMap<string, Form> = new Map([
  ['BOOLEAN', (sent, stored) => sent === '' && stored === 'false'],
  ['NUMBER', by(roundedNumber)],
  ['DATE', (sent, stored) => sameMoment(midnight(sent), midnight(stored))],
  ['DATETIME', (sent, stored) => sameMoment(midnight(sent), midnight(stored))],
  ['TIME', (sent, stored) => sameMoment(meaning('TIME', sent), meaning('TIME', stored))],
  ['URL', by(addressOf)],
  ['EMAIL', by((text) => text.toLowerCase())],
  ['SLUG', sameSlug],
  ['RICH_TEXT', sameHtml],
]);

function roundedNumber(text: string): string {
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? String(number) : text;
}

function midnight(text: string): string {
  return meaning('DATETIME', /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
}

/** Whether the site stored a moment, or cut it to milliseconds or seconds. */
function sameMoment(sent: string, stored: string): boolean {
  return [sent, sent.replace(/(\.\d{3})\d+/, '$1'), sent.replace(/\.\d+/, '')].includes(stored);
}

function addressOf(text: string): string {
  const address = URL.canParse(text) ? new URL(text).href : text;
  return address.replaceAll(/%[\da-f]{2}/gi, (byte) => byte.toUpperCase()).replace(/\/$/, '');
}

/** Whether the site made a slug: of a title, of one with foreign letters (`groesse`), or by itself. */
function sameSlug(sent: string, stored: string): boolean {
  const isMade = sent === '' || /[^\x20-\x7e]/.test(slugOf(sent));
  return (isMade && /^[a-z\d-]+$/.test(stored)) || slugOf(sent) === slugOf(stored);
}

function slugOf(text: string): string {
  const letters = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return letters
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join('-');
}

const mediaTypes: ReadonlySet<string> = new Set(['AUDIO', 'DOCUMENT', 'IMAGE', 'VIDEO']);
const mediaManager =
  /^(?:(?:wix:)?(?:audio|document|image|vector|video):\/\/v1\/(?:ugd\/)?|https:\/\/static\.wixstatic\.com\/media\/)([^/#?]+)/;

/** Whether the site imported a file into the media manager, or shows the same file under another URL. */
function sameMedia(sent: string, stored: string): boolean {
  const [, mine] = mediaManager.exec(sent) ?? [];
  const [, theirs] = mediaManager.exec(stored) ?? [];
  return theirs !== undefined && (mine === undefined ? /^https?:/.test(sent) : mine === theirs);
}

function sameJson(type: string, sent: string, stored: string): boolean {
  const [left, right] = [parsedJson(sent), parsedJson(stored)];
  if (type === 'ARRAY_STRING') return tagsOf(left, sent) === tagsOf(right, stored);
  if (right === undefined) return stored === '' && ['[]', '{}'].includes(canonicalJson(sent));
  return left !== undefined && holds(type === 'ADDRESS' ? asFound(left, right) : left, right);
}

/** Tags without duplicates and blanks around them. */
function tagsOf(tags: unknown, text: string): string {
  if (!Array.isArray(tags)) return text === '' ? '[]' : text;
  return JSON.stringify([
    ...new Set(
      tags.map((tag) => (typeof tag === 'string' ? plain(tag) : tag)).filter((tag) => tag !== ''),
    ),
  ]);
}

/** An address without its text, if the site has found it on a map and writes it as the map does. */
function asFound(sent: unknown, stored: unknown): unknown {
  const isPlaced = (address: unknown) => Object.hasOwn(Object(address), 'location');
  if (isPlaced(sent) || !isPlaced(stored)) return sent;
  const { formatted: _text, ...rest } = Object(sent);
  return rest;
}

/** Whether a stored value has all that was sent: Wix adds members, such as the parts of an address. */
function holds(sent: unknown, stored: unknown): boolean {
  if (stored === undefined) return sent === null || sent === '';
  if (typeof sent === 'string' && typeof stored === 'string') {
    return plain(sent) === plain(stored) || sameMedia(sent, stored);
  }
  if (Array.isArray(sent)) {
    const entries = Array.isArray(stored) ? stored : undefined;
    return entries?.length === sent.length && sent.every((entry, i) => holds(entry, entries[i]));
  }
  if (typeof sent !== 'object' || sent === null) return sent === stored;
  if (typeof stored !== 'object' || stored === null) return false;
  const members = new Map(Object.entries(stored));
  return Object.entries(sent).every(([key, value]) => holds(value, members.get(key)));
}
