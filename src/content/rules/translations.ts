import type { Row, Table } from '../../csv/table.ts';
import type { Place } from '../../errors.ts';
import { type LocalizationLayout, languageOf, textNamedBy } from '../identity.ts';
import { canonicalJson, sameValue } from '../values/value.ts';
import type { Column } from '../versions.ts';
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

/** A localization's file, the columns of its rows, and how those are laid out. */
interface Localization {
  readonly table: Table;
  readonly allColumns: readonly Column[];
  readonly layout: LocalizationLayout | undefined;
}

/**
 * Edits outside the translations of a localization. Rows and other cells follow the site, so such edits
 * are only warnings.
 */
export function misplacedEditCheck(
  { table, allColumns, layout }: Localization,
  sourceOf: SourceOf,
): Check {
  const at = layout?.source ?? -1;
  const header = allColumns[at]?.key ?? '';
  let removed = 0;
  return {
    *row({ key, base, head, recorded, headRow }) {
      if (head === null && base !== null) removed += 1;
      if (head === null || headRow === undefined) return;
      const [item = '', field = ''] = textNamedBy(key) ?? [];
      const source = sourceOf(item, field);
      if (base === null && source === undefined) {
        const words =
          'no file has the item of this row, so the site cannot take its translations, and the next export removes the row. Restore the ID cell if it was edited.';
        yield finding('translation-added', headRow, words);
      }
      const [old, now] = [recorded?.[at], head[at]];
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
    row({ recorded, head, headRow }) {
      const emptied = layout?.targets.filter((at) => head?.[at] === '' && recorded?.[at]) ?? [];
      count += emptied.length;
      if (emptied.length > 0) first ??= headRow;
      return [];
    },
    *end() {
      if (first === undefined) return;
      const words = `${count} emptied ${count === 1 ? 'translation stays' : 'translations stay'} on the site, and the next export brings them back. To empty them there, set empty-translation: clear.`;
      yield finding('translation-emptied', first, words);
    },
  };
}

/** What translators lose by accident: placeholders and tags of the source, and its changes. */
export function translationCheck({ allColumns, layout }: Localization): Check {
  const { source = -1, targets = [] } = layout ?? {};
  const language = (at: number) => languageOf(allColumns[at]?.key ?? '');
  return {
    *row({ head, base, recorded, headRow }) {
      if (head === null || headRow === undefined || source === -1) return;
      const original = head[source] ?? '';
      const filled = targets.filter((at) => head[at]);
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

const placeholder =
  /\{\{[^{}]{1,60}\}\}|\$?\{[\w.-]{1,60}\}|%\([\w.-]{1,60}\)[sd]|%(?:\d\$)?[sd](?![a-z])/g;

/** What a translation has to share with its source. */
const partsIn = {
  placeholder: (text: string) => text.match(placeholder) ?? [],
  tag: (text: string) =>
    (text.match(/<\/?[a-z][a-z0-9-]{0,20}(?=[\s/>])/gi) ?? []).map(
      (tag) => `${tag.toLowerCase()}>`,
    ),
};

function* lostParts(
  source: string,
  text: string,
  language: string,
  place: Place,
): Generator<Finding> {
  const isJson = /^\s*[[{]/.test(source) && canonicalJson(source) !== source;
  for (const rule of isJson ? [] : (['placeholder', 'tag'] as const)) {
    const [parts, others] = [partsIn[rule](source), partsIn[rule](text)];
    const [lost, foreign] = [without(parts, others), without(others, parts)];
    const what = [
      ...(lost.length === 0 ? [] : [`lacks ${lost.join(' ')}`]),
      ...(foreign.length === 0 ? [] : [`has an additional ${foreign.join(' ')}`]),
    ];
    if (what.length === 0) continue;
    const words = `the translation into ${language} ${what.join(' and ')} of its source. Use the ${rule}s of the source.`;
    yield finding(rule, place, words);
  }
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
  { table, layout }: Pick<Localization, 'table' | 'layout'>,
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
