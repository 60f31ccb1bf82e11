import { type Entry, type EntryCell, type Group, kindWords, rowKinds } from '../entries.ts';
import { visible } from '../escape.ts';
import { fieldOf, type RowName, rowNameOf } from '../result.ts';
import { joined, shorten } from '../text.ts';
import { diffWords, excerpt, readable, readablePair } from '../words.ts';
import type { PageCell, PageKind, PageRow } from './shape.ts';

/** How much of a cell the page shows, in UTF-16 units. */
const cellLength = 2_400;
const nameLength = 200;
const sentenceLength = 1_000;

export const pageKinds: readonly PageKind[] = rowKinds.map((kind) => {
  const { title, sides: [left, right] = ['', ''] } = kindWords[kind];
  return { id: kind, title, left, right };
});

/** The entries of all files, the dangerous first, each to be laid out only if the page shows it. */
export function* pageRows(groups: readonly Group[]): Generator<() => PageRow> {
  for (const [kind, name] of rowKinds.entries()) {
    for (const [file, { entries }] of groups.entries()) {
      for (const entry of entries.get(name) ?? []) {
        yield () => ({ file, kind, ...contentOf(entry) });
      }
    }
  }
}

function contentOf(entry: Entry): Omit<PageRow, 'file' | 'kind'> {
  const { file, key, place, cells = [], whole, words } = entry;
  const line = place?.line;
  const sentence = shown(joined(' ', [whole, words]), sentenceLength);
  if (file === undefined || key === undefined) {
    return { name: shown(whereOf(entry), nameLength), title: sentence, line, cells: [] };
  }
  const name = rowNameOf(file, key);
  return {
    name: shown(name.item, nameLength),
    title: shown(name.title ?? '', nameLength) || undefined,
    line,
    words: sentence || undefined,
    cells: cells.map((cell) => cellOf(name, cell)),
  };
}

/** The rule that found something, and the file, if that is not the content's own. */
function whereOf({ file, place, finding }: Entry): string {
  const isElsewhere = file !== undefined && place !== undefined && place.file !== file.path;
  return joined(' · ', [isElsewhere && place.file, finding?.rule]);
}

function cellOf(name: RowName, { column, base, old, new: next }: EntryCell): PageCell {
  return {
    field: shown(fieldOf(name, column.key).join(' · '), nameLength),
    text: textOf(column.type, old, next),
    base:
      base === undefined ? undefined : inLines(shorten(readable(column.type, base), cellLength)),
  };
}

function textOf(
  type: string,
  old: string | undefined,
  next: string | undefined,
): readonly string[] {
  if (!old || !next) {
    const text = inLines(shorten(readable(type, old || next || ''), cellLength));
    return text === '' ? [] : [`${old ? '-' : '+'}${text}`];
  }
  const stretches = diffWords(...readablePair(type, old, next)).map(({ side, text }) => ({
    side,
    text: side === '=' ? text : shorten(text, cellLength / 3),
  }));
  return excerpt(stretches, cellLength).map(({ side, text }) => side + inLines(text));
}

function shown(text: string, length: number): string {
  return visible(shorten(text, length));
}

/** The text with its lines, and with its invisible characters made visible. */
function inLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
