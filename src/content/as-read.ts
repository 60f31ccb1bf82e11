import type { LiveCollection } from './schema.ts';
import type { Cells, Side } from './versions.ts';

/** The types whose texts in an export are what the API gives, or can be told from it. */
const plainTypes: ReadonlySet<string> = new Set([
  'BOOLEAN',
  'EMAIL',
  'NUMBER',
  'RICH_TEXT',
  'SLUG',
  'TEXT',
]);

/**
 * Whether an item is still as an export had it, as far as the API tells: by the time of its last
 * change, in whole seconds as exports have it (wix-api.md 3.6), and by its texts, numbers and
 * booleans, which tell of a change within that second.
 *
 * @param positions of the field keys in the export's records.
 * @param item as the API gives it.
 */
export function isAsRead(
  { fields }: LiveCollection,
  { positions }: Pick<Side, 'positions'>,
  read: Cells,
  item: Readonly<Record<string, unknown>>,
): boolean {
  const textOf = (field: string) => {
    const position = positions.get(field);
    return position === undefined ? undefined : (read[position] ?? '');
  };
  const [then, now] = [secondOf(textOf('_updatedDate')), secondOf(dateIn(item._updatedDate))];
  if (then !== undefined && now !== undefined && then !== now) return false;
  const plain = fields.filter(({ type, encrypted }) => plainTypes.has(type) && !encrypted);
  return plain.every(({ key }) => {
    const text = textOf(key);
    return text === undefined || isSame(text, item[key]);
  });
}

function dateIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || !('$date' in value)) return '';
  return String(value.$date);
}

function secondOf(date: string | undefined): number | undefined {
  const milliseconds = Date.parse(date ?? '');
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1_000);
}

function isSame(text: string, value: unknown): boolean {
  if (value === undefined || value === null) return text === '';
  if (typeof value === 'number') return Number(text) === value;
  return text === String(value);
}
