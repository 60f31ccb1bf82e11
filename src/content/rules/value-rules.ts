import { isJsonType } from '../values/value.ts';
import type { Rule } from './finding.ts';

/** What is wrong with the text of a filled cell, and how to correct it. */
export function valueProblem(type: string, text: string): readonly [Rule, string] | undefined {
  const rule = rules.get(type);
  if (rule !== undefined) return rule[1](text) ? undefined : [rule[0], rule[2]];
  const words = isJsonType(type) && type !== 'ANY' ? jsonProblem(type, text) : undefined;
  if (words !== undefined) return ['type-json', words];
  return mediaLists.includes(type) && !mediaIn(text).every(isMedia)
    ? [
        'type-media',
        'each file in it is one of the Media Manager, which begins with wix:image://v1/ or the like, or a public one with https://. Correct the others.',
      ]
    : undefined;
}

type ValueRule = readonly [Rule, isFine: (text: string) => boolean, remedy: string];

const instant =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

/** The cell formats of wix-api.md 3.6. */
const rules = new Map<string, ValueRule>(
  Object.entries({
    NUMBER: [
      'type-number',
      (text) =>
        /^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)),
      /**
       * @cause Spreadsheets rewrite numbers and dates when a file is opened by a double-click.
       * @remedy Restore what it was, and open the file
       * [as text](editing-content.md#with-a-spreadsheet).
       */
      'the field is a number. Write digits with a point, such as 1234.5.',
    ],
    BOOLEAN: [
      'type-boolean',
      (text) => /^(true|false)$/i.test(text),
      'the field is a boolean. Write true or false.',
    ],
    DATE: ['type-date', isDay, 'the field is a date. Write it as 2026-07-31.'],
    DATETIME: [
      'type-datetime',
      (text) => isDay(instant.exec(text)?.[1] ?? ''),
      'the field is a date and time. Write it as 2026-07-31T14:05:00Z.',
    ],
    TIME: [
      'type-time',
      (text) => /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/.test(text),
      'the field is a time. Write it as 14:05:00.000.',
    ],
    URL: [
      'type-url',
      (text) => isWebAddress(text) || /^(ftp:\/\/|mailto:|sms:|tel:)\S+$/i.test(text),
      'the field is a URL. Begin it with https://, http://, ftp://, mailto:, sms: or tel:, and write no spaces in it.',
    ],
    EMAIL: ['type-email', isEmail, 'the field is an email address. Write it as name@example.com.'],
    IMAGE: mediaRule('image'),
    VIDEO: mediaRule('video'),
    AUDIO: mediaRule('audio'),
    DOCUMENT: mediaRule('document'),
  }),
);

function mediaRule(kind: string): ValueRule {
  const own = new RegExp(`^(wix:)?${kind}://v1/\\S`, 'i');
  return [
    'type-media',
    (text) => own.test(text) || isWebAddress(text),
    `the field holds a file of the Media Manager. Begin it with wix:${kind}://v1/, or with https:// for a public file.`,
  ];
}

const mediaLists: readonly string[] = ['MEDIA_GALLERY', 'ARRAY_DOCUMENT'];

/** The files in a list: `["wix:document://v1/…"]`, `[{"src":"wix:image://v1/…"}]`. */
function mediaIn(list: string): readonly unknown[] {
  const entries: readonly unknown[] = JSON.parse(list);
  return entries.flatMap((each) =>
    typeof each === 'object' && each !== null ? ('src' in each ? [each.src] : []) : [each],
  );
}

function isMedia(file: unknown): boolean {
  return (
    /^(wix:)?(image|video|audio|document|vector):\/\/v1\/\S/i.test(String(file)) ||
    isWebAddress(String(file))
  );
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

/** A name, one `@`, and a domain with a point in it. */
function isEmail(text: string): boolean {
  const [name = '', domain = '', ...more] = text.split('@', 3);
  return (
    name !== '' && more.length === 0 && domain.slice(1, -1).includes('.') && !/[\s:;,<>]/.test(text)
  );
}

/** Whether the calendar has the day: 2024-02-29, but not 2023-02-29. */
function isDay(text: string): boolean {
  if (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/.test(text)) return true;
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00Z`) : undefined;
  return (
    date !== undefined && Number.isFinite(date.getTime()) && date.toISOString().startsWith(text)
  );
}

function jsonProblem(type: string, text: string): string | undefined {
  const lists = type.startsWith('ARRAY') || type.startsWith('MULTI') || type === 'MEDIA_GALLERY';
  const example = lists ? '["one","two"]' : '{"key":"value"}';
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!lists) return isObject ? undefined : `the field holds an object. Write ${example}.`;
    const ofTexts = type === 'ARRAY_STRING' || type === 'MULTI_REFERENCE';
    const fits =
      Array.isArray(value) && value.every((each) => !ofTexts || typeof each === 'string');
    return fits
      ? undefined
      : `the field holds a list${ofTexts ? ' of texts' : ''}. Write ${example}.`;
  } catch {
    return `the field holds JSON, which this is not. Write it like ${example}.`;
  }
}
