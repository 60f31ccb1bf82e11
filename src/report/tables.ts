import { languageOf } from '../content/identity.ts';
import {
  columnsOf,
  countIn,
  type Entry,
  type EntryCell,
  type Group,
  type Kind,
  kindWords,
  rowKinds,
  usedKinds,
} from './entries.ts';
import { code, htmlText } from './escape.ts';
import { namesIn } from './result.ts';
import { counted, joined, numberInWords, shorten } from './text.ts';
import { diffWords, excerpt, readable, readablePair, type Stretch, sideOf } from './words.ts';

const nameLength = 80;
const sentenceLength = 600;

/** How much of the entries a report shows. Lengths are in UTF-16 units. */
interface Extract {
  readonly room: number;
  /** So many entries share a section. */
  readonly batch?: number;
  /** The length of a cell; and how many cells of a row that changed, or that was added or removed. */
  readonly length: number;
  readonly changed: number;
  readonly whole: number;
}

/** The files with how many entries of each kind they have: as many as there is room for, the rest counted. */
export function filesTable(
  groups: readonly Group[],
  nameOf: (group: Group, position: number) => string,
  room = Number.POSITIVE_INFINITY,
): string {
  if (groups.length === 0) return '';
  const used = usedKinds(groups);
  const titles = used.map((kind) => `<th align="right">${kindWords[kind].title}</th>`).join('');
  const rows = fitting(groups, room - titles.length - 150, (group, i) => {
    const counts = used.map((kind) => countIn([group], kind));
    const cells = counts.map((n) => `<td align="right">${n === 0 ? '' : numberInWords(n)}</td>`);
    return `<tr><td>${nameOf(group, i)}</td>${cells.join('')}</tr>`;
  });
  const hidden = groups.length - rows.length;
  const more = `<tr><td colspan="${used.length + 1}">and ${counted(hidden, 'more file')}</td></tr>`;
  const head = `<tr><th align="left">File</th>${titles}</tr>`;
  return table(head, hidden > 0 ? [...rows, more] : rows);
}

/**
 * The entries of each kind and file, the most dangerous kinds first: the rows that there is room for, and how
 * many are left.
 */
export function* sectionsOf(groups: readonly Group[], extract: Extract) {
  const { batch = Number.POSITIVE_INFINITY } = extract;
  let { room } = extract;
  for (const kind of rowKinds) {
    for (const group of groups) {
      const entries = group.entries.get(kind) ?? [];
      const frame = 400 + code(group.name, nameLength).length;
      for (let at = 0; at < entries.length; at += batch) {
        const some = entries.slice(at, at + batch);
        const rows = fitting(some, room - frame, (entry) => entryRow(entry, extract));
        if (rows.length > 0) room -= frame + rows.join('\n').length;
        yield { kind, group, rows, left: some.length - rows.length };
      }
    }
  }
}

/** The entries of a kind, from their rows. */
export function entriesTable(kind: Kind, rows: readonly string[]): string {
  const headers = columnsOf(kind).map((column) => `<th align="left">${column}</th>`);
  return table(`<tr>${headers.join('')}</tr>`, rows);
}

function table(head: string, rows: readonly string[]): string {
  return ['<table>', head, ...rows, '</table>'].join('\n');
}

/** Renders lines up to the first one that does not fit: most rows of a large plan do not. */
export function fitting<T>(
  list: readonly T[],
  room: number,
  render: (each: T, position: number) => string,
): string[] {
  const shown: string[] = [];
  let left = room;
  for (const [i, each] of list.entries()) {
    const line = render(each, i);
    left -= line.length + 1;
    if (left < 0) break;
    shown.push(line);
  }
  return shown;
}

/** One entry as `<tr>` elements of the table of its kind, on one line. */
function entryRow(entry: Entry, extract: Extract): string {
  const { kind, cells = [], whole, words } = entry;
  const width = columnsOf(kind).length - 1;
  const across = (html: string) => `<td${width === 1 ? '' : ` colspan="${width}"`}>${html}</td>`;
  const rows = whole === undefined ? cellRows(entry, extract) : [];
  const hidden = cells.length - rows.length;
  if (rows.length === 0) {
    const content = whole !== undefined && kind !== 'conflict' && fieldsOf(cells, extract);
    rows.push(across(joined('<br>', [whole, words && code(words, sentenceLength), content])));
  } else if (hidden > 0) rows.push(across(`and ${counted(hidden, 'more field')}`));
  const span = rows.length === 1 ? '' : ` rowspan="${rows.length}"`;
  const head = `<td${span}>${headOf(entry)}</td>`;
  return rows.map((row, i) => `<tr>${i === 0 ? head : ''}${row}</tr>`).join('');
}

/** The field and the texts of each cell. */
function cellRows({ kind, file, key = '', cells = [] }: Entry, extract: Extract): string[] {
  const [, field, language] = file === undefined ? [] : namesIn(file, key);
  return cells.slice(0, extract.changed).map((cell) => {
    const { key: column } = cell.column;
    const names = field === undefined ? [column] : [field, language ?? languageOf(column)];
    const name = names.map((each) => code(each, nameLength)).join('<br>');
    const html = [name, ...sidesOf(kind, cell, extract.length)];
    return `<td>${html.join('</td><td>')}</td>`;
  });
}

/** The first column: a row's title, key and line in git; or where a finding is, and by which rule. */
function headOf({ file, key, place, finding }: Entry): string {
  const named = (name: string | undefined) => name && code(name, nameLength);
  const line = place?.line;
  if (file !== undefined && key !== undefined) {
    const [item] = namesIn(file, key);
    const title = named((file.sources ?? file.titles)?.get(key));
    return joined('<br>', [title && `<b>${title}</b>`, named(item), line && `line ${line}`]);
  }
  const path = finding?.place.file === file?.path ? undefined : file && finding?.place.file;
  return joined('<br>', [named(path), line?.toString(), named(finding?.rule)]);
}

/** The cells of a whole row, each on a line. */
function fieldsOf(cells: readonly EntryCell[], { length, whole }: Extract): string {
  const fields = cells.filter(({ column }) => column.key !== '_id');
  const lines = fields.slice(0, whole).map(({ column, old, new: text }) => {
    return `${code(column.key, nameLength)}: ${laidOut(column.type, text ?? old ?? '', length)}`;
  });
  const hidden = fields.length - lines.length;
  if (hidden > 0) lines.push(`and ${counted(hidden, 'more field')}`);
  return lines.length === 0 ? 'empty' : lines.join('<br>');
}

/** The old and the new text, with the words marked that only one of them has; of a conflict, the base first. */
function sidesOf(kind: Kind, cell: EntryCell, length: number): readonly string[] {
  const { column, base, old, new: next } = cell;
  const text = (each: string | undefined) => {
    if (each === undefined) return 'no such row';
    return each === '' ? 'empty' : laidOut(column.type, each, length);
  };
  const isConflict = kind === 'conflict';
  const agreed = isConflict ? [text(base)] : [];
  if (!old || !next) return [...agreed, text(old), text(next)];
  const words = diffWords(...readablePair(column.type, old, next));
  const before = marked(excerpt(sideOf(words, '-'), length), isConflict ? 'ins' : 'del');
  return [...agreed, before, marked(excerpt(sideOf(words, '+'), length), 'ins')];
}

function laidOut(type: string, text: string, length: number): string {
  return `<code>${lined(shorten(readable(type, text), length))}</code>`;
}

function marked(stretches: readonly Stretch[], mark: 'del' | 'ins'): string {
  const html = stretches.map(({ side, text }) =>
    side === '=' ? lined(text) : `<${mark}>${lined(text, '↵<br>')}</${mark}>`,
  );
  return `<code>${html.join('')}</code>`;
}

/** A text as HTML with its lines. `end` makes the end of a line visible that was added or removed. */
function lined(text: string, end = '<br>'): string {
  return text.split('\n').map(htmlText).join(end);
}
