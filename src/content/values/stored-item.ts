import { isDeepStrictEqual } from 'node:util';
import type { Place } from '../../errors.ts';
import { valueProblem } from '../rules/value-rules.ts';
import { type LiveCollection, whyUnsent } from '../schema.ts';
import type { Cells, Side } from '../versions.ts';
import { sameForm } from './form.ts';
import { isJsonType, sameValue } from './value.ts';

/** An item as the API returns it. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** A stored value as the text of a cell. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  return '$date' in value ? String(value.$date) : JSON.stringify(value);
}

/** The types whose texts in an export follow from what the API returns. */
const plainTypes: ReadonlySet<string> = new Set([
  'BOOLEAN',
  'EMAIL',
  'NUMBER',
  'RICH_TEXT',
  'SLUG',
  'TEXT',
]);

/**
 * Whether an item is still as an export had it: the time of its last change, in the whole seconds of
 * exports (wix-api.md 3.6), and its texts, numbers and booleans are the same.
 *
 * @param positions of the field keys in the export's records.
 */
export function isAsRead(
  { fields }: LiveCollection,
  { positions }: Pick<Side, 'positions'>,
  read: Cells,
  item: StoredItem,
): boolean {
  const textOf = (field: string) => {
    const position = positions.get(field);
    return position === undefined ? undefined : (read[position] ?? '');
  };
  const [then, now] = [secondOf(textOf('_updatedDate')), secondOf(cellText(item._updatedDate))];
  if (then !== undefined && now !== undefined && then !== now) return false;
  const plain = fields.filter(({ type, encrypted }) => plainTypes.has(type) && !encrypted);
  return plain.every(({ key, type }) => {
    const text = textOf(key);
    return text === undefined || sameValue(type, text, cellText(item[key]));
  });
}

function secondOf(date: string | undefined): number | undefined {
  const milliseconds = Date.parse(date ?? '');
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1_000);
}

/**
 * The type of a stored value if it is not that of its field: a file import may leave numbers as texts, and
 * an export does not show it (wix-api.md 3.6, "type-loss risk").
 *
 * @returns `text`, `number`…; `undefined` if the type is right, or the cell was wrong already.
 */
export function lostType(type: string, sent: string, stored: unknown): string | undefined {
  const right = typeInJson(type);
  const isEmpty = sent === '' || stored === undefined || stored === null;
  if (isEmpty || right === undefined || typeof stored === right) return undefined;
  if (valueProblem(type, sent) !== undefined) return undefined;
  return typeof stored === 'string' ? 'text' : typeof stored;
}

function typeInJson(type: string): string | undefined {
  if (type === 'NUMBER' || type === 'BOOLEAN') return type.toLowerCase();
  return type === 'DATETIME' || (isJsonType(type) && type !== 'ANY') ? 'object' : undefined;
}

/**
 * The values of an item that have a wrong type, as JSON by field key: `"4"` if a number is stored as a
 * text. An export shows 4 for both.
 */
export function mistypedValues(
  { fields }: LiveCollection,
  item: StoredItem,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { key, type, encrypted } of fields) {
    const value = item[key];
    const isMistyped = !encrypted && lostType(type, cellText(value), value) !== undefined;
    if (isMistyped) values.set(key, JSON.stringify(value));
  }
  return values;
}

/** A value that an import may have taken from an item, though its file does not carry the field. */
export interface LostValue {
  readonly field: string;
  readonly kind: 'multi-reference' | 'encrypted' | 'undeclared';
  /** As the API returned it; for a multi-reference, the ids. */
  readonly value: unknown;
  /** Ids or a text, as a report may show them; nothing for a secret. */
  readonly held: readonly string[];
}

/**
 * What an item lost by an import that does not carry it: multi-references, encrypted values, and
 * properties without a field, such as `_manualSort_…` (wix-api.md 11). A multi-reference is lost only if
 * it is empty: other differences are edits in the CMS.
 */
export function lostValues(
  collection: LiveCollection,
  before: StoredItem,
  after: StoredItem,
): readonly LostValue[] {
  return atStake(collection, before).filter(({ field, kind, value }) =>
    kind === 'multi-reference'
      ? referencedIn(after[field]).length === 0
      : !isDeepStrictEqual(value, after[field]),
  );
}

/** A value that an item had before an import, and has no more. */
export interface Loss {
  readonly key: string;
  readonly field: string;
  /** Ids or a text; nothing for a secret. */
  readonly held: readonly string[];
  readonly place: Place | undefined;
}

/** What an import may take from an item. */
export function atStake({ fields }: LiveCollection, item: StoredItem): readonly LostValue[] {
  const known = new Map(fields.map((field) => [field.key, field]));
  return Object.entries(item).flatMap(([field, value]): LostValue[] => {
    const declared = known.get(field);
    if (cellText(value) === '' || field === '_id' || systemKeys.has(field)) return [];
    if (declared === undefined) {
      return [{ field, kind: 'undeclared', value, held: [cellText(value)] }];
    }
    if (declared.type === 'MULTI_REFERENCE' && !declared.systemField) {
      const ids = referencedIn(value);
      return ids.length === 0 ? [] : [{ field, kind: 'multi-reference', value: ids, held: ids }];
    }
    if (!declared.encrypted || whyUnsent(declared) !== undefined) return [];
    return [{ field, kind: 'encrypted', value, held: [] }];
  });
}

const systemKeys: ReadonlySet<string> = new Set(['_createdDate', '_updatedDate', '_owner']);

/** The ids in a stored multi-reference, which may have whole items. */
function referencedIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(idOf) : [];
}

function idOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return unknownId;
  const id = '_id' in entry ? entry._id : 'id' in entry ? entry.id : undefined;
  return typeof id === 'string' ? id : unknownId;
}

/** An entry that nobody can read: its loss must show all the same. */
const unknownId = '?';

/** Date-times that an import cut to seconds, though git did not edit them. */
export function cutTimes(
  { fields }: LiveCollection,
  isEdited: (field: string) => boolean,
  before: StoredItem,
  after: StoredItem,
): readonly string[] {
  const times = fields.filter(({ key, type }) => type === 'DATETIME' && !isEdited(key));
  return times.flatMap(({ key, systemField }) => {
    const [then, now] = [cellText(before[key]), cellText(after[key])];
    const isCut = !sameValue('DATETIME', then, now) && sameForm('DATETIME', then, now);
    return isCut && !systemField ? [key] : [];
  });
}

/** Whether an export shows a value of the field. */
export function isExported({ table, positions }: Side, key: string, field: string): boolean {
  return (table.row(key)?.cells[positions.get(field) ?? -1] ?? '') !== '';
}
