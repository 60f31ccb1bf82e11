import { isJsonType } from '../value.ts';

/** What is wrong with the text of a filled cell, and how to mend it; `undefined` if nothing is. */
export function valueProblem(type: string, text: string): string | undefined {
  const rule = rules.get(type);
  if (rule !== undefined) return rule.test(text) ? undefined : rule.remedy;
  if (isJsonType(type) && type !== 'ANY') return jsonProblem(type, text);
  return undefined;
}

interface ValueRule {
  readonly test: (text: string) => boolean;
  readonly remedy: string;
}

const day = /^(\d{4})-(\d\d)-(\d\d)$/;
const instant = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** The cell formats of wix-api.md 3.6. */
const rules: ReadonlyMap<string, ValueRule> = new Map([
  rule(
    'NUMBER',
    /^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/,
    /**
     * @cause Spreadsheets rewrite numbers and dates when a file is opened by a double-click.
     * @remedy Restore what it was, and open the file
     * [as text](editing-content.md#with-a-spreadsheet).
     */
    'the field is a number. Write digits with a point, such as 1234.5.',
  ),
  rule('BOOLEAN', /^(true|false)$/, 'the field is a boolean. Write true or false.'),
  rule('DATE', isDay, 'the field is a date. Write it as 2026-07-31.'),
  rule(
    'DATETIME',
    (text) => isDay(instant.exec(text)?.[1] ?? ''),
    'the field is a date and time. Write it as 2026-07-31T14:05:00Z.',
  ),
  rule(
    'TIME',
    /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/,
    'the field is a time. Write it as 14:05:00.000.',
  ),
  rule(
    'URL',
    (text) => isWebAddress(text) || /^(ftp:\/\/|mailto:|sms:|tel:)\S+$/i.test(text),
    'the field is a URL. Begin it with https://, http://, ftp://, mailto:, sms: or tel:.',
  ),
  rule('EMAIL', isEmail, 'the field is an email address. Write it as name@example.com.'),
  ...['IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT'].map((type) => {
    const scheme = new RegExp(`^(wix:)?${type}://v1/\\S`, 'i');
    const own = `wix:${type.toLowerCase()}://v1/`;
    return rule(
      type,
      (text) => scheme.test(text) || isWebAddress(text),
      `the field holds a file of the media manager. Begin it with ${own}, or with https:// for a public file.`,
    );
  }),
]);

function rule(
  type: string,
  test: RegExp | ((text: string) => boolean),
  remedy: string,
): readonly [string, ValueRule] {
  return [type, { remedy, test: test instanceof RegExp ? (text) => test.test(text) : test }];
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

/** A name, one `@`, and a domain with a point amid it. */
function isEmail(text: string): boolean {
  const [name = '', domain = '', ...more] = text.split('@', 3);
  return name !== '' && more.length === 0 && domain.slice(1, -1).includes('.') && !/\s/.test(text);
}

function isDay(text: string): boolean {
  const [, year, month, date] = day.exec(text) ?? [];
  if (year === undefined) return false;
  const days = daysIn(Number(year), Number(month));
  return Number(date) >= 1 && Number(date) <= days;
}

/** How many days a month has; none where there is no such month. */
function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return isLeap ? 29 : 28;
}

function jsonProblem(type: string, text: string): string | undefined {
  const lists = type.startsWith('ARRAY') || type.startsWith('MULTI') || type === 'MEDIA_GALLERY';
  const example = lists ? '["one","two"]' : '{"key":"value"}';
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const fits = lists ? Array.isArray(value) : isObject;
    return fits
      ? undefined
      : `the field holds ${lists ? 'a list' : 'an object'}. Write ${example}.`;
  } catch {
    return `the field holds JSON, which this is not. Write it like ${example}.`;
  }
}
