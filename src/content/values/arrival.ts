import { sameForm } from './form.ts';
import { cellText, lostType, type StoredItem } from './stored-item.ts';
import { sameValue } from './value.ts';

/** A cell as an import sent it. */
export interface SentCell {
  readonly field: string;
  readonly type: string;
  readonly text: string;
}

/** What became of a row that was sent. */
export type Arrival =
  | { readonly kind: 'taken'; readonly item: StoredItem; readonly isExact: boolean }
  /** Nothing that git edited is there: the site rejected the row, or a hook reverted it. */
  | { readonly kind: 'nothing' }
  /** The item is missing or empty: the site did not understand the headers. Items may have appeared instead. */
  | { readonly kind: 'elsewhere'; readonly strays?: readonly string[] }
  /** A value has another type than its field. */
  | { readonly kind: 'types-lost'; readonly field: string; readonly as: string };

/**
 * Compares a row that was sent with the item on the site, as the API shows it. A value that is neither what
 * was sent nor what was there before has arrived, in a form of the site's own.
 *
 * @param before the item before the row was sent, if there was one.
 */
export function arrivalOf(
  cells: readonly SentCell[],
  isEdited: (field: string) => boolean,
  item: StoredItem | undefined,
  before: StoredItem | undefined,
): Arrival {
  if (item === undefined) return { kind: 'elsewhere' };
  const arrived = new Set(
    cells.filter(({ field, type, text }) => {
      const stored = cellText(item[field]);
      const isNew = before !== undefined && stored !== '' && stored !== cellText(before[field]);
      return isNew || sameForm(type, text, stored);
    }),
  );
  const filled = cells.filter(({ text }) => text !== '');
  if (filled.length > 0 && !filled.some((cell) => arrived.has(cell))) return { kind: 'elsewhere' };
  const edited = cells.filter(({ field }) => isEdited(field));
  if (edited.length > 0 && !edited.some((cell) => arrived.has(cell))) return { kind: 'nothing' };
  for (const { field, type, text } of filled) {
    const as = lostType(type, text, item[field]);
    if (as !== undefined) return { kind: 'types-lost', field, as };
  }
  const isExact = cells.every(({ field, type, text }) =>
    sameValue(type, text, cellText(item[field])),
  );
  return { kind: 'taken', item, isExact };
}
