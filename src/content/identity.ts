import type { Identity } from '../csv/table.ts';
import { canonicalJson } from './values/value.ts';

/** Identifies the rows of a collection by the column with this header. */
export function itemIdentity(idColumn: string): Identity {
  return {
    columns: (header) => {
      const at = header.indexOf(idColumn);
      return at === -1 ? [] : [at];
    },
    key: ([id = '']) => id,
  };
}

/** Whether a header is that of a file which the CMS's dashboard exported: with display names, and `ID` for `_id`. */
export function isOfDashboard(header: readonly string[]): boolean {
  return header.includes('ID') && !header.includes('_id');
}

export interface LocalizationLayout {
  /** Positions of the cells that identify a row. */
  readonly keys: readonly number[];
  /** Positions of the cells that hold translations; only these may be edited. */
  readonly targets: readonly number[];
  /** Position of the text in the main language, if the layout has one. */
  readonly source: number | undefined;
}

/** How the headers of an unknown layout begin; `*` stands for any text. */
export interface HeaderPatterns {
  readonly id: string;
  readonly source?: string | undefined;
  readonly targets: string;
}

const flatKeys = ['schemaId', 'entityId', 'fieldId', 'locale'];

/**
 * Detects the layout of a localization file from its header: the Translation Manager's columns, or one row
 * per content, field and language (wix-api.md 2.2).
 *
 * @returns `undefined` for a header that fits neither.
 */
export function localizationLayout(
  header: readonly string[],
  patterns?: HeaderPatterns,
): LocalizationLayout | undefined {
  if (patterns !== undefined) return describedLayout(header, patterns);
  const [id] = positions(header, (cell) => /^ID\b/i.test(cell));
  const targets = positions(header, (cell) => /^Target language \(.+\)$/i.test(cell));
  const [source] = positions(header, (cell) => /^Source language\b/i.test(cell));
  if (id !== undefined && targets.length > 0) return { keys: [id], targets, source };
  const keys = flatKeys.map((name) => header.findIndex((cell) => same(cell, name)));
  const values = positions(header, (cell) => same(cell, 'value'));
  if (!keys.includes(-1) && values.length > 0) return { keys, targets: values, source: undefined };
  return undefined;
}

/** The language in brackets at the end of a header. */
export function languageIn(header: string): string | undefined {
  const at = header.lastIndexOf('(');
  return at !== -1 && header.endsWith(')') ? header.slice(at + 1, -1) : undefined;
}

/** The language of a column of translations, or its header. */
export function languageOf(header: string): string {
  return languageIn(header) ?? header;
}

function describedLayout(
  header: readonly string[],
  { id, source, targets }: HeaderPatterns,
): LocalizationLayout | undefined {
  const keys = positions(header, (cell) => beginsLike(cell, id));
  const sources = source === undefined ? [] : positions(header, (cell) => beginsLike(cell, source));
  const found = positions(header, (cell) => beginsLike(cell, targets));
  const others = found.filter((at) => !keys.includes(at) && !sources.includes(at));
  if (keys.length === 0 || others.length === 0) return undefined;
  return { keys, targets: others, source: sources[0] };
}

/** Whether a header begins as a pattern says, whatever the case; `*` stands for any text. */
function beginsLike(cell: string, pattern: string): boolean {
  const text = cell.toLowerCase();
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}

function positions(header: readonly string[], test: (cell: string) => boolean): number[] {
  return header.flatMap((cell, position) => (test(cell) ? [position] : []));
}

function same(cell: string, name: string): boolean {
  return cell.toLowerCase() === name.toLowerCase();
}

/**
 * Identifies the rows of a localization by the ID cell, as JSON whose keys may be in any order (wix-api.md
 * 2.3), or, in the flat layout, by four cells.
 */
export function translationIdentity(patterns: HeaderPatterns | undefined): Identity {
  return {
    columns: (header) => localizationLayout(header, patterns)?.keys ?? [],
    key: (cells) => {
      if (cells.every((cell) => cell === '')) return '';
      return cells.length === 1 ? canonicalJson(cells[0] ?? '') : JSON.stringify(cells);
    },
  };
}

/**
 * The item, the field and, in the flat layout, the language in the key of a localization's row (wix-api.md
 * 2.2).
 */
export function textNamedBy(
  key: string,
): readonly [item: string, field: string, language?: string] | undefined {
  try {
    const id: unknown = JSON.parse(key);
    const [item, field, language] = Array.isArray(id)
      ? id.slice(1, 4)
      : [Object(id).contentId, Object(id).fieldId];
    if (typeof item !== 'string' || typeof field !== 'string') return undefined;
    return typeof language === 'string' ? [item, field, language] : [item, field];
  } catch {
    return undefined;
  }
}
