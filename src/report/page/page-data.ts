import { languageOf } from '../../content/identity.ts';
import { type Entry, type EntryCell, type Group, kindWords, rowKinds } from '../entries.ts';
import { visible } from '../escape.ts';
import { type RowName, rowNameOf } from '../result.ts';
import { shorten } from '../text.ts';
import { diffWords, excerpt, readable, readablePair } from '../words.ts';
import type { PageCell, PageKind, PageRow } from './shape.ts';

/** How much of a cell the page shows, in UTF-16 units. */
const cellLength = 2_400;
const nameLength = 200;
const sentenceLength = 1_000;

/** The kinds of rows, as the page names them. */
export const pageKinds: readonly PageKind[] = rowKinds.map((kind) => {
  const { title, sides: [left, right] = ['', ''] } = kindWords[kind];
  return { id: kind, title, left, right };
});

/** The entries of all files, the dangerous first. */
export function* pageRows(groups: readonly Group[]): Generator<PageRow> {
  for (const [kind, name] of rowKinds.entries()) {
    for (const [file, { entries }] of groups.entries()) {
      for (const entry of entries.get(name) ?? []) yield { file, kind, ...contentOf(entry) };
    }
  }
}

function contentOf(entry: Entry): Omit<PageRow, 'file' | 'kind'> {
  const { file, key, place, cells, whole, words } = entry;
  const line = place?.line === undefined ? {} : { line: place.line };
  if (file === undefined || key === undefined) {
    const title = visible(shorten(words ?? '', sentenceLength));
    return { name: shownName(whereOf(entry)), title, ...line, cells: [] };
  }
  const name = rowNameOf(file, key);
  const sentence = [whole, words].filter(Boolean).join(' ');
  return {
    name: shownName(name.item),
    ...(name.title ? { title: shownName(name.title) } : {}),
    ...line,
    ...(sentence === '' ? {} : { words: visible(shorten(sentence, sentenceLength)) }),
    cells: cells.map((cell) => cellOf(name, cell)),
  };
}

/** The rule that found something, and the file where that is not the content's own. */
function whereOf({ file, place, finding }: Entry): string {
  const isElsewhere = file !== undefined && place !== undefined && place.file !== file.path;
  return [isElsewhere ? place.file : undefined, finding?.rule].filter(Boolean).join(' · ');
}

function cellOf(
  { field, language }: RowName,
  { column, base, old, new: next }: EntryCell,
): PageCell {
  const name =
    field === undefined ? column.key : `${field} · ${language ?? languageOf(column.key)}`;
  const agreed = base === undefined ? {} : { base: shownText(readable(column.type, base)) };
  return { field: shownName(name), text: textOf(column.type, old, next), ...agreed };
}

function textOf(
  type: string,
  old: string | undefined,
  next: string | undefined,
): readonly string[] {
  if (!old || !next) {
    const text = shownText(readable(type, old || next || ''));
    if (text === '') return [];
    return [`${old ? '-' : '+'}${text}`];
  }
  const stretches = diffWords(...readablePair(type, old, next)).map(({ side, text }) => ({
    side,
    text: side === '=' ? text : shorten(text, cellLength / 3),
  }));
  return excerpt(stretches, cellLength).map(({ side, text }) => side + inLines(text));
}

function shownText(text: string): string {
  return inLines(shorten(text, cellLength));
}

function shownName(text: string): string {
  return visible(shorten(text, nameLength));
}

/** The text with its lines, and with its control and bidi characters made visible. */
function inLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
