import type { Table } from '../../csv/table.ts';
import type { Place } from '../../errors.ts';
import { placeOf } from '../change.ts';
import { type LocalizationLayout, languageOf, textNamedBy } from '../identity.ts';
import { canonicalJson, sameValue } from '../values/value.ts';
import type { Column, Side } from '../versions.ts';
import type { Check } from './check.ts';
import { type Finding, finding, quoted } from './finding.ts';

/**
 * The text of a collection's file that a translation's key names; without `text` where the item has no
 * such cell, `undefined` where no file has the item.
 */
export type SourceOf = (
  item: string,
  field: string,
) => { readonly text: string | undefined } | undefined;

/** A localization's file, and how its columns are laid out. */
interface Laid {
  readonly table: Table;
  readonly layout: LocalizationLayout | undefined;
}

/**
 * Edits of a localization's file outside its translations. Its other cells, and which rows there are,
 * follow the site, so they are worth a remark and keep nothing from the site.
 *
 * @param before the file as it was.
 */
export function misplacedEditCheck(
  { table, layout }: Laid,
  before: Side | undefined,
  sourceOf: SourceOf,
): Check {
  const sourceBefore = sourceTexts({ table, layout }, before);
  const at = layout?.source ?? -1;
  let removed = 0;
  return {
    *row(row) {
      const { key, base, head } = row;
      const place = placeOf(row);
      if (head === null && base !== null) removed += 1;
      if (place === undefined) return;
      const [item = '', field = ''] = textNamedBy(key) ?? [];
      const text = sourceOf(item, field);
      if (base === null && text === undefined) {
        const words =
          'no file has the item of this row, so the site cannot take its translations, and the next export removes the row. Restore the ID cell if it was edited.';
        yield finding('translation-added', place, words);
      }
      const [old, now] = [sourceBefore(key), row.headRow?.cells[at]];
      const isSites = sameText(row.recorded?.[at], now) || sameText(text?.text, now);
      if (old !== undefined && !sameText(old, now) && !isSites) {
        const words = `the cell in ${quoted(table.columns[at] ?? '')} was edited, but only translations come from this file, and the next export brings the site's text back. Edit the text in the file of its collection.`;
        yield finding('source-edited', place, words);
      }
    },
    *end() {
      if (removed === 0) return;
      const rows = removed === 1 ? '1 row' : `${removed} rows`;
      const words = `${rows} left the file. The site keeps the translations, and the next export brings them back: empty a cell to take a translation away.`;
      yield finding('translation-removed', { file: table.files[0] ?? '', line: 1 }, words);
    },
  };
}

/** Translations that were emptied in git, where the configuration leaves such ones on the site. */
export function skippedEmptyCheck({ table, layout }: Laid, before: Side | undefined): Check {
  const targets = (layout?.targets ?? []).map((at) => {
    return { at, was: before?.positions.get(table.columns[at] ?? '') ?? -1 };
  });
  let count = 0;
  let first: Place | undefined;
  return {
    row(row) {
      const old = before?.table.row(row.key)?.cells;
      const emptied = targets.filter(({ at, was }) => row.headRow?.cells[at] === '' && old?.[was]);
      count += emptied.length;
      if (emptied.length > 0) first ??= placeOf(row);
      return [];
    },
    *end() {
      if (first === undefined) return;
      const words = `${count} emptied ${count === 1 ? 'translation stays' : 'translations stay'} on the site, and the next export brings them back. To empty them there, set empty-translation: clear.`;
      yield finding('translation-emptied', first, words);
    },
  };
}

/** The source texts of a file as it was, by the keys of their rows. */
function sourceTexts(
  { table, layout }: Laid,
  before: Side | undefined,
): (key: string) => string | undefined {
  const source = table.columns[layout?.source ?? -1] ?? '';
  const at = before?.positions.get(source) ?? -1;
  return (key) => before?.table.row(key)?.cells[at];
}

/** What translators lose by accident: placeholders and tags of the source, and what changed in it. */
export function translationCheck(
  columns: readonly Column[],
  { table, layout }: Laid,
  before: Side | undefined,
): Check {
  const sourceBefore = sourceTexts({ table, layout }, before);
  const positions = new Map(columns.map(({ key }, i) => [key, i]));
  const at = (position: number) => positions.get(table.columns[position] ?? '') ?? -1;
  const source = layout?.source === undefined ? -1 : at(layout.source);
  if (layout === undefined || source === -1) return { row: () => [] };
  const targets = layout.targets.map(at);
  return {
    *row(row, raw) {
      const place = placeOf(row);
      const { head, base } = row;
      if (head === null || place === undefined) return;
      const original = head[source] ?? '';
      const filled = targets.filter((target) => head[target]);
      const language = (target: number) => languageOf(columns[target]?.key ?? '');
      for (const target of filled.filter((each) => !sameText(base?.[each], head[each]))) {
        yield* lostParts(original, head[target] ?? '', language(target), place);
      }
      const untouched = filled
        .filter((each) => sameText(raw.base?.[each], head[each]))
        .map(language);
      const old = sourceBefore(row.key);
      if (old !== undefined && !sameText(old, original) && untouched.length > 0)
        yield stale(place, 'the source text', untouched);
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

/** `lacks {name} and has an additional {nom}`; `undefined` where both have the same parts. */
function difference(
  source: readonly string[] | null,
  text: readonly string[] | null,
): string | undefined {
  const lost = without(source ?? [], text ?? []);
  const foreign = without(text ?? [], source ?? []);
  if (lost.length + foreign.length === 0) return undefined;
  const words = [
    ...(lost.length === 0 ? [] : [`lacks ${lost.join(' ')}`]),
    ...(foreign.length === 0 ? [] : [`has an additional ${foreign.join(' ')}`]),
  ];
  return words.join(' and ');
}

/** What is left of a list when each entry of the other took one away. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const part of other) counts.set(part, (counts.get(part) ?? 0) + 1);
  return list.filter((part) => {
    const count = counts.get(part) ?? 0;
    counts.set(part, count - 1);
    return count <= 0;
  });
}

/** A field of an item whose text in the main language changes. */
export interface EditedSource {
  readonly collection: string;
  readonly item: string;
  readonly field: string;
}

/**
 * Translations of texts that the pull request changes in a collection's file, and which it leaves
 * as they were. The key of a translation names the item and the field (wix-api.md 2.2); a layout
 * with other keys is not looked at.
 *
 * @param before the row as it was before, by its key; of a row that was not edited, none.
 */
export function* staleTranslations(
  { table, layout }: Laid,
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
    const what = `${field} of the row ${quoted(item)} in ${collection}`;
    yield stale({ file: row.file, line: row.line }, what, languages);
  }
}
