import { createHash } from 'node:crypto';
import { isDateTime, isObject, type Json, type JsonObject } from './json.ts';
import type { Collection } from './schema.ts';

/** A way in which a site stores a value otherwise than it was sent. */
interface Form {
  /** The types of the fields whose values it changes. */
  readonly types: readonly string[];
  /** An example: a value, and what the site makes of it. */
  readonly sent: Json;
  readonly stored: Json;
  /** What the site stores; a value that is missing arrives as `null`, and may stay so. */
  readonly change: (value: Json, item: JsonObject) => Json;
}

const richText = ['RICH_TEXT'];
const texts = ['TEXT', 'RICH_TEXT', 'URL', 'EMAIL', 'SLUG'];

/**
 * The forms that a site may store values in. Real exports show some of them (wix-api.md 3.6 and 11);
 * a site may use any.
 */
export const forms = {
  trimmed: {
    types: texts,
    sent: ' Green tea ',
    stored: 'Green tea',
    change: ofText((text) => text.trim()),
  },
  composed: {
    types: [...texts, 'ARRAY_STRING'],
    sent: 'Cafe\u0301',
    stored: 'Caf\u00e9',
    change: (value) => (Array.isArray(value) ? value.map(composed) : composed(value)),
  },
  closedBreaks: {
    types: richText,
    sent: '<p>Green<br>tea</p>',
    stored: '<p>Green<br/>tea</p>',
    change: ofText((html) => html.replaceAll(/<br\s*>/gi, '<br/>')),
  },
  strongTags: {
    types: richText,
    sent: '<p><b>Green</b> tea</p>',
    stored: '<p><strong>Green</strong> tea</p>',
    change: ofText((html) => html.replaceAll(/<(\/?)b>/gi, '<$1strong>')),
  },
  plainSpaces: {
    types: richText,
    sent: '<p>Green&nbsp;tea</p>',
    stored: '<p>Green\u00a0tea</p>',
    change: ofText((html) => html.replaceAll('&nbsp;', '\u00a0')),
  },
  rewrittenHtml: {
    types: richText,
    sent: "<p class='tea' >Green &#38; black</p>",
    stored: '<p class="tea">Green &amp; black</p>',
    change: ofText((html) =>
      html
        .replaceAll(/<[^>]*>/g, (tag) =>
          tag.replaceAll(/'([^'"]*)'/g, '"$1"').replace(/\s+>$/, '>'),
        )
        .replaceAll('&#38;', '&amp;'),
    ),
  },
  styledParagraphs: {
    types: richText,
    sent: '<a href="https://tea.example">Green</a> tea &ndash; <s>black</s>',
    stored:
      '<p class="font_8"><a href="https://tea.example" target="_blank">Green</a> tea – <s>black</s></p>',
    change: ofText((html) => {
      const opened = html.replaceAll(/(<a href="[^"]*")>/g, '$1 target="_blank">');
      const plain = opened.replaceAll('&ndash;', '–');
      return plain === '' || plain.startsWith('<p') ? plain : `<p class="font_8">${plain}</p>`;
    }),
  },
  emptyParagraph: {
    types: richText,
    sent: '',
    stored: '<p></p>\n',
    change: (value) => (value === null || value === '' ? '<p></p>\n' : value),
  },
  finalNewline: {
    types: richText,
    sent: '<p>Green tea</p>',
    stored: '<p>Green tea</p>\n',
    change: ofText((html) => (/[^\n]$/.test(html) ? `${html}\n` : html)),
  },
  instantsInUtc: {
    types: ['DATETIME'],
    sent: { $date: '2026-07-03T16:04:31.123+02:00' },
    stored: { $date: '2026-07-03T14:04:31.123Z' },
    change: ofInstant((instant) =>
      Number.isNaN(Date.parse(instant)) ? instant : new Date(instant).toISOString(),
    ),
  },
  wholeSeconds: {
    types: ['DATETIME'],
    sent: { $date: '2026-07-03T14:04:31.123Z' },
    stored: { $date: '2026-07-03T14:04:31Z' },
    change: ofInstant((instant) => instant.replace(/\.\d+/, '')),
  },
  datesAsInstants: {
    types: ['DATE'],
    sent: '2026-07-03',
    stored: { $date: '2026-07-03T00:00:00.000Z' },
    change: (value) =>
      typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
        ? { $date: `${value}T00:00:00.000Z` }
        : value,
  },
  timesInFull: {
    types: ['TIME'],
    sent: '14:04',
    stored: '14:04:00.000',
    change: ofText((time) =>
      time.replace(
        /^(\d\d:\d\d)(:\d\d)?$/,
        (_all, start, seconds = ':00') => `${start}${seconds}.000`,
      ),
    ),
  },
  urlsWithSlash: {
    types: ['URL'],
    sent: 'https://tea.example',
    stored: 'https://tea.example/',
    change: ofText((url) => (URL.canParse(url) ? new URL(url).href : url)),
  },
  emailsInLowerCase: {
    types: ['EMAIL'],
    sent: 'Maria@Tea.example',
    stored: 'maria@tea.example',
    change: ofText((email) => email.toLowerCase()),
  },
  slugsOfTitles: {
    types: ['SLUG'],
    sent: 'Green Tea',
    stored: 'green-tea',
    change: (value, { title }) => {
      const words = typeof value === 'string' && value !== '' ? value : title;
      return typeof words === 'string' ? words.trim().toLowerCase().replaceAll(/\s+/g, '-') : value;
    },
  },
  importedImages: {
    types: ['IMAGE'],
    sent: 'https://tea.example/green.jpg',
    stored:
      'wix:image://v1/4b1088_bf04552376ad6474f4b989cc497b1d76~mv2.jpg/green.jpg#originWidth=800&originHeight=600',
    change: ofText(inMediaManager),
  },
  tagsOnce: {
    types: ['ARRAY_STRING'],
    sent: ['green', 'tea', 'green'],
    stored: ['green', 'tea'],
    change: (value) => (Array.isArray(value) ? [...new Set(value)] : value),
  },
  fullRichContent: {
    types: ['RICH_CONTENT'],
    sent: { nodes: [{ type: 'PARAGRAPH', nodes: [] }] },
    stored: {
      metadata: { version: 1 },
      documentStyle: {},
      nodes: [{ id: 'node1', type: 'PARAGRAPH', nodes: [] }],
    },
    change: (value) =>
      isObject(value)
        ? { metadata: { version: 1 }, documentStyle: {}, ...value, nodes: withIds(value.nodes) }
        : value,
  },
  fullAddresses: {
    types: ['ADDRESS'],
    sent: { formatted: 'Oslo' },
    stored: {
      location: { latitude: 59.9139, longitude: 10.7522 },
      country: 'NO',
      countryFullname: 'Norway',
      subdivisions: [],
      formatted: 'Oslo',
    },
    change: (value) => (isObject(value) ? { ...geocoded, ...value } : value),
  },
} as const satisfies Readonly<Record<string, Form>>;

export type FormName = keyof typeof forms;

/** A value in the forms that are in force, as the site stores it in a field of a type. */
export function formed(
  value: Json | undefined,
  type: string,
  inForce: readonly FormName[],
  item: JsonObject = {},
): Json | undefined {
  let changed: Json = value ?? null;
  for (const name of inForce) {
    const { types, change }: Form = forms[name];
    if (types.includes(type)) changed = change(changed, item);
  }
  return changed === null ? value : changed;
}

/** A whole item as the site stores it: also the values that nobody edited are written anew. */
export function formedItem(
  item: JsonObject,
  { fields }: Collection,
  inForce: readonly FormName[],
): JsonObject {
  const whole = { ...item };
  for (const { key, type, systemField } of fields) {
    const value = systemField === true ? item[key] : formed(item[key], type, inForce, item);
    if (value !== undefined) whole[key] = value;
  }
  return whole;
}

const geocoded = {
  location: { latitude: 59.9139, longitude: 10.7522 },
  country: 'NO',
  countryFullname: 'Norway',
  subdivisions: [],
};

function ofText(change: (text: string) => string): (value: Json) => Json {
  return (value) => (typeof value === 'string' ? change(value) : value);
}

function ofInstant(change: (instant: string) => string): (value: Json) => Json {
  return (value) => (isDateTime(value) ? { $date: change(value.$date) } : value);
}

function composed(value: Json): Json {
  return typeof value === 'string' ? value.normalize('NFC') : value;
}

function inMediaManager(url: string): string {
  if (!/^https?:/.test(url) || !URL.canParse(url)) return url;
  const name = new URL(url).pathname.split('/').at(-1) || 'image.jpg';
  const id = createHash('sha256').update(url).digest('hex');
  const extension = /\.\w+$/.exec(name)?.[0] ?? '.jpg';
  const media = `${id.slice(0, 6)}_${id.slice(6, 38)}~mv2${extension}`;
  return `wix:image://v1/${media}/${name}#originWidth=800&originHeight=600`;
}

function withIds(nodes: Json | undefined): readonly Json[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node: Json, index) =>
    isObject(node) ? { id: `node${index + 1}`, ...node } : node,
  );
}
