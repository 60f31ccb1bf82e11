import type { FileResult } from './result.ts';

/** What a person knows a row by. */
export interface RowName {
  /** The item's id, or the whole key where it can not be taken apart. */
  readonly item: string;
  /** The item's title, or of a translation the text in the main language. */
  readonly title: string | undefined;
  /** Of a translation: the field that it translates. */
  readonly field: string | undefined;
  /** Of a translation with one row per language: the language. */
  readonly language: string | undefined;
}

/** Names a row of a file by what its key says (wix-api.md 2.2 for the keys of translations). */
export function rowNameOf(file: FileResult, key: string): RowName {
  const { titles, sources } = file;
  const whole = { item: key, title: titles?.get(key), field: undefined, language: undefined };
  if (sources === undefined) return whole;
  const title = sources.get(key);
  const [item, field, language] = partsOf(key);
  return item === undefined ? { ...whole, title } : { item, title, field, language };
}

/** Item, field and language of a translation's key; nothing of what is no such key. */
function partsOf(key: string): readonly (string | undefined)[] {
  try {
    const parsed: unknown = JSON.parse(key);
    if (Array.isArray(parsed)) return parsed.slice(1, 4).map(textOf);
    if (typeof parsed !== 'object' || parsed === null) return [];
    const { contentId, fieldId } = { contentId: undefined, fieldId: undefined, ...parsed };
    return [textOf(contentId), textOf(fieldId)];
  } catch {
    return [];
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What a column of a translation file is called: the language that its header names. */
export function languageOf(header: string): string {
  return /^Target language \((.+)\)$/i.exec(header)?.[1] ?? header;
}
