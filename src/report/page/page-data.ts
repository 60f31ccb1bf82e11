import type { CellChange, Change, Conflict } from '../../content/change.ts';
import type { Place } from '../../errors.ts';
import { type Entry, entriesOf, type FileReport, type Kind, kinds } from '../danger.ts';
import { visible } from '../escape.ts';
import { wordsOf } from '../phrases.ts';
import { readable, readablePair } from '../readable.ts';
import { languageOf, type RowName, rowNameOf } from '../row-names.ts';
import { shorten } from '../shorten.ts';
import { diffWords, excerpt } from '../words.ts';
import type { PageCell, PageRow } from './shape.ts';

/** How much of a cell the page shows, in UTF-16 units. */
const cellLength = 2_400;
const nameLength = 200;
const sentenceLength = 1_000;

/** The entries of all files, the dangerous first. */
export function* pageRows(reports: readonly FileReport[]): Generator<PageRow> {
  for (const [kind, name] of kinds.entries()) {
    for (const [file, report] of reports.entries()) {
      for (const entry of entriesOf(report, name)) {
        yield { file, kind, ...contentOf(report, entry) };
      }
    }
  }
}

type RowContent = Omit<PageRow, 'file' | 'kind'>;

function contentOf({ file, name }: FileReport, entry: Entry): RowContent {
  if ('finding' in entry) {
    const { place, rule } = entry.finding;
    const isElsewhere = file !== undefined && place.file !== file.path;
    const title = visible(shorten(wordsOf(entry.finding), sentenceLength));
    const where = isElsewhere ? `${place.file} · ${rule}` : rule;
    return { name: shownName(where), title, ...lineOf(place), cells: [] };
  }
  if (file === undefined) return { name, cells: [] };
  if ('conflict' in entry) {
    return conflictContent(rowNameOf(file, entry.conflict.key), entry.conflict);
  }
  return changeContent(rowNameOf(file, entry.change.key), entry.change, entry.kind);
}

function lineOf(place: Place | undefined): Pick<PageRow, 'line'> {
  return place?.line === undefined ? {} : { line: place.line };
}

function headOf({ item, title }: RowName, place: Place | undefined) {
  const name = shownName(item);
  return { name, ...(title ? { title: shownName(title) } : {}), ...lineOf(place) };
}

function conflictContent(name: RowName, conflict: Conflict): RowContent {
  const { column, base, git, cms, place } = conflict;
  const head = headOf(name, place);
  if (column === undefined) {
    const side = (text: string | undefined) => (text === undefined ? 'removed' : 'changed');
    const words = `This row was ${side(git)} in git and ${side(cms)} on the site.`;
    return { ...head, words, cells: [] };
  }
  const cell = cellOf(name, { column, old: git, new: cms });
  const agreed = base === undefined ? {} : { base: shownText(readable(column.type, base)) };
  return { ...head, cells: [{ ...cell, ...agreed }] };
}

function changeContent(name: RowName, change: Change, kind: Kind): RowContent {
  const words = wholeRowWords(kind, change.kind);
  const cells = change.cells.map((cell) => cellOf(name, cell));
  return { ...headOf(name, change.place), ...(words ? { words } : {}), cells };
}

/** What happened to a row that exists on one side only, where its kind does not say it. */
function wholeRowWords(kind: Kind, change: Change['kind']): string | undefined {
  if (change === 'changed') return undefined;
  if (kind === 'caught-up')
    return change === 'added' ? 'This item is on the site.' : 'This item is gone on the site.';
  if (kind !== 'drift' && kind !== 'pending') return undefined;
  if (kind === 'drift') {
    return change === 'added' ? 'This item is new on the site.' : 'This item is gone on the site.';
  }
  return change === 'added' ? 'This row is not on the site yet.' : 'This row left git.';
}

function cellOf({ field, language }: RowName, { column, old, new: next }: CellChange): PageCell {
  const name =
    field === undefined ? column.key : `${field} · ${language ?? languageOf(column.key)}`;
  return { field: shownName(name), text: textOf(column.type, old, next) };
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
