import { isDeepStrictEqual } from 'node:util';
import type { Place } from '../../errors.ts';
import { valueProblem } from '../rules/value-rules.ts';
import { type LiveCollection, whyUnsent } from '../schema.ts';
import type { Cells, Side } from '../versions.ts';
import { sameForm } from './form.ts';
import { isJsonType, sameValue } from './value.ts';

/** An item as the API gives it: values of the types that the site stores. */
export type StoredItem = Readonly<Record<string, unknown>>;

/** A stored value as the text of a cell. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  return '$date' in value ? String(value.$date) : JSON.stringify(value);
}

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
 * Whether an item is still as an export had it, as far as the API shows: by the time of its last
 * change, in whole seconds as exports have it (wix-api.md 3.6), and by its texts, numbers and
 * booleans, which show a change within that second.
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
 * How the site stores a value, where that is not what its field holds: a file import may leave
 * numbers as texts, and the text of an export does not show it (wix-api.md 3.6, "type-loss risk").
 *
 * @param sent the cell as it was sent.
 * @returns `text`, `number`…; `undefined` where the value has its type, or the cell had none.
 */
export function lostType(type: string, sent: string, stored: unknown): string | undefined {
  const isRight =
    typeTests.get(type) ?? (isJsonType(type) && type !== 'ANY' ? isObject : undefined);
  if (isRight === undefined || sent === '' || stored === undefined || stored === null) {
    return undefined;
  }
  if (isRight(stored) || valueProblem(type, sent) !== undefined) return undefined;
  return typeof stored === 'string' ? 'text' : typeof stored;
}

const typeTests: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['NUMBER', (value: unknown) => typeof value === 'number'],
  ['BOOLEAN', (value: unknown) => typeof value === 'boolean'],
  ['DATETIME', isObject],
]);

/**
 * The values of an item that are not of their fields' types, as JSON by field key: `"4"` where a number
 * is stored as a text. An export shows 4 for both.
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

function isObject(value: unknown): boolean {
  return typeof value === 'object';
}

/** A value that an item held and that an import took, though no row speaks of it. */
export interface LostValue {
  readonly field: string;
  readonly kind: 'multi-reference' | 'encrypted' | 'undeclared';
  /** As the API gave it; of a multi-reference, the ids. */
  readonly value: unknown;
  /** As a report may show it: ids or a text; nothing of a secret. */
  readonly held: readonly string[];
}

/**
 * What an item has lost by an import that does not carry it: multi-references, values that are stored
 * encrypted, and properties that no field declares, such as `_manualSort_…` (wix-api.md 11). A
 * multi-reference is lost when it is empty: an import does not empty it by half, and an edit in the
 * CMS meanwhile leaves something else behind.
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

/** A value that an item held before an import, and that is gone. */
export interface Loss {
  readonly key: string;
  readonly field: string;
  /** Ids or a text; nothing where the value is a secret. */
  readonly held: readonly string[];
  readonly place: Place | undefined;
}

/** What an item holds that an import may take. */
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

/** The ids in a stored multi-reference, whose items come whole where they are shown. */
function referencedIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(idOf) : [];
}

function idOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return unknownId;
  const id = '_id' in entry ? entry._id : 'id' in entry ? entry.id : undefined;
  return typeof id === 'string' ? id : unknownId;
}

/** Something is there, and that it goes must be seen even if nobody can read what it is. */
const unknownId = '?';

/** The date-time fields that an import has cut to seconds though git did not edit them. */
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

/** Whether the export that was read shows what an item holds there. */
export function isExported({ table, positions }: Side, key: string, field: string): boolean {
  return (table.row(key)?.cells[positions.get(field) ?? -1] ?? '') !== '';
}
