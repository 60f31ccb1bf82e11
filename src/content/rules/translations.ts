import type { Row, Table } from '../../csv/table.ts';
import type { Place } from '../../errors.ts';
import { type LocalizationLayout, languageOf, textNamedBy } from '../identity.ts';
import { canonicalJson, sameValue } from '../values/value.ts';
import type { Check } from './check.ts';
import { type Finding, finding, headerOf, quoted } from './finding.ts';

/**
 * The source text of a translation, by item and field, in the collections' files; `undefined` if no file
 * has the item, without `text` if the item has no such cell.
 */
export type SourceOf = (
  item: string,
  field: string,
) => { readonly text: string | undefined } | undefined;

/** A localization's file and its layout. The checked rows have the same columns. */
interface Localization {
  readonly table: Table;
  readonly layout: LocalizationLayout | undefined;
}

/**
 * Edits outside the translations of a localization. Rows and other cells follow the site, so such edits
 * are only warnings.
 *
 * @param strange columns that another finding is about.
 */
export function misplacedEditCheck(
  { table, layout }: Localization,
  sourceOf: SourceOf,
  strange: ReadonlySet<string>,
): Check {
  const header = table.columns[layout?.source ?? -1] ?? '';
  const at = strange.has(header) ? -1 : table.columns.indexOf(header);
  let removed = 0;
  return {
    *row({ key, base, head, recorded, headRow }) {
      if (head === null && base !== null) removed += 1;
      if (headRow === undefined) return;
      const [item = '', field = ''] = textNamedBy(key) ?? [];
      const source = sourceOf(item, field);
      if (base === null && source === undefined) {
        const words =
          'no file has the item of this row, so the site cannot take its translations, and the next export removes the row. Restore the ID cell if it was edited.';
        yield finding('translation-added', headRow, words);
      }
      const [old, now] = [recorded?.[at], headRow.cells[at]];
      if (old !== undefined && !sameText(old, now) && !sameText(source?.text, now)) {
        const words = `the cell in ${quoted(header)} was edited, but only translations come from this file, and the next export brings the site's text back. Edit the text in the file of its collection.`;
        yield finding('source-edited', headRow, words);
      }
    },
    *end() {
      if (removed === 0) return;
      const rows = removed === 1 ? '1 row' : `${removed} rows`;
      const words = `${rows} left the file. The site keeps the translations, and the next export brings them back: to remove a translation, empty its cell.`;
      yield finding('translation-removed', headerOf(table), words);
    },
  };
}

/** Translations that git emptied, where the configuration keeps them on the site. */
export function skippedEmptyCheck({ layout }: Localization): Check {
  let count = 0;
  let first: Row | undefined;
  return {
    row({ recorded, headRow }) {
      const emptied = layout?.targets.filter((at) => headRow?.cells[at] === '' && recorded?.[at]);
      count += emptied?.length ?? 0;
      if (emptied?.length) first ??= headRow;
      return [];
    },
    *end() {
      if (first === undefined) return;
      const words = `${count} emptied ${count === 1 ? 'translation stays' : 'translations stay'} on the site, and the next export brings them back. To empty them there, set empty-translation: clear.`;
      yield finding('translation-emptied', first, words);
    },
  };
}

/**
 * What translators lose by accident: placeholders and tags of the source, and its changes.
 *
 * @param strange columns that another finding is about.
 */
export function translationCheck(
  { table: { columns }, layout }: Localization,
  strange: ReadonlySet<string>,
): Check {
  const isKnown = (at: number) => !strange.has(columns[at] ?? '');
  const { source = -1, targets = [] } = layout ?? {};
  if (source === -1 || !isKnown(source)) return { row: () => [] };
  const checked = targets.filter(isKnown);
  const language = (at: number) => languageOf(columns[at] ?? '');
  return {
    *row({ head, base, recorded, headRow }) {
      if (head === null || headRow === undefined) return;
      const original = head[source] ?? '';
      const filled = checked.filter((at) => head[at]);
      for (const at of filled.filter((each) => !sameText(base?.[each], head[each]))) {
        yield* lostParts(original, head[at] ?? '', language(at), headRow);
      }
      const untouched = filled.filter((at) => sameText(recorded?.[at], head[at])).map(language);
      const old = recorded?.[source];
      if (old !== undefined && !sameText(old, original) && untouched.length > 0)
        yield stale(headRow, 'the source text', untouched);
    },
  };
}

function sameText(left: string | undefined, right: string | undefined): boolean {
  return left === right || (left !== undefined && sameValue('TEXT', left, right ?? ''));
}

function stale(place: Place, what: string, languages: readonly string[]): Finding {
  const words = `${what} changed, but the translation into ${languages.join(', ')} did not. Check it.`;
  return finding('stale-translation', place, words);
}

function* lostParts(
  source: string,
  text: string,
  language: string,
  place: Place,
): Generator<Finding> {
  if (isJson(source)) return;
  const placeholders = difference(source.match(placeholder), text.match(placeholder));
  if (placeholders !== undefined) {
    const words = `the translation into ${language} ${placeholders} of its source. Use those of the source.`;
    yield finding('placeholder', place, words);
  }
  const tags = difference(tagsIn(source), tagsIn(text));
  if (tags !== undefined) {
    const words = `the translation into ${language} ${tags} of its source. Use the tags of the source.`;
    yield finding('tag', place, words);
  }
}

const placeholder =
  /\{\{[^{}]{1,60}\}\}|\$?\{[\w.-]{1,60}\}|%\([\w.-]{1,60}\)[sd]|%(?:\d\$)?[sd](?![a-z])/g;

function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && canonicalJson(text) !== text;
}

function tagsIn(text: string): readonly string[] {
  const tags = text.match(/<\/?[a-z][a-z0-9-]{0,20}(?=[\s/>])/gi) ?? [];
  return tags.map((tag) => `${tag.toLowerCase()}>`);
}

/** Such as `lacks {name} and has an additional {nom}`; `undefined` if both have the same parts. */
function difference(
  source: readonly string[] | null,
  text: readonly string[] | null,
): string | undefined {
  const [lost, foreign] = [without(source ?? [], text ?? []), without(text ?? [], source ?? [])];
  const words = [
    ...(lost.length === 0 ? [] : [`lacks ${lost.join(' ')}`]),
    ...(foreign.length === 0 ? [] : [`has an additional ${foreign.join(' ')}`]),
  ];
  return words.length === 0 ? undefined : words.join(' and ');
}

/** The entries of a list that the other list does not have, each counted. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const part of other) counts.set(part, (counts.get(part) ?? 0) + 1);
  return list.filter((part) => {
    const count = counts.get(part) ?? 0;
    counts.set(part, count - 1);
    return count <= 0;
  });
}

/** A field of an item that git edits. */
export interface EditedSource {
  readonly collection: string;
  readonly item: string;
  readonly field: string;
}

/**
 * Translations that stay while the pull request changes their source texts in a collection's file. Only
 * for keys that name the item and the field (wix-api.md 2.2).
 *
 * @param before the cells of a row before the pull request, by its key.
 */
export function* staleTranslations(
  { table, layout }: Localization,
  sources: Iterable<EditedSource>,
  before: (key: string) => readonly string[] | undefined,
): Generator<Finding> {
  if (layout === undefined || layout.keys.length !== 1) return;
  for (const { collection, item, field } of sources) {
    const key = JSON.stringify({ contentId: item, fieldId: field, sequencePath: [] });
    const row = table.row(key);
    const old = before(key);
    const untouched = layout.targets.filter((at) => row?.cells[at] && row.cells[at] === old?.[at]);
    if (row === undefined || untouched.length === 0) continue;
    const languages = untouched.map((at) => languageOf(table.columns[at] ?? ''));
    yield stale(row, `${field} of the row ${quoted(item)} in ${collection}`, languages);
  }
}
