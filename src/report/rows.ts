import { columnsOf, type Entry, type EntryCell, type Kind } from './entries.ts';
import { code, htmlText } from './escape.ts';
import { fieldOf, rowNameOf } from './result.ts';
import { counted, joined, shorten } from './text.ts';
import { diffWords, excerpt, readable, readablePair, type Stretch, sideOf } from './words.ts';

const cellLength = 240;
const nameLength = 80;
const sentenceLength = 600;
const changedCells = 20;
const wholeRowCells = 6;

/** One entry as `<tr>` elements of the table of its kind, on one line. */
export function entryRow(entry: Entry): string {
  const { kind, cells = [], whole, words } = entry;
  const sentence = words !== undefined && code(words, sentenceLength);
  const width = columnsOf(kind).length - 1;
  const across = (html: string) => `<td${width === 1 ? '' : ` colspan="${width}"`}>${html}</td>`;
  const rows = whole === undefined ? cellRows(entry, sentence) : [];
  const hidden = cells.length - rows.length;
  if (rows.length === 0) {
    const content = whole !== undefined && kind !== 'conflict' && fieldsOf(cells);
    rows.push(across(joined('<br>', [whole, sentence, content])));
  } else if (hidden > 0) rows.push(across(`and ${counted(hidden, 'more field')}`));
  const span = rows.length === 1 ? '' : ` rowspan="${rows.length}"`;
  const head = `<td${span}>${headOf(entry)}</td>`;
  return rows.map((row, i) => `<tr>${i === 0 ? head : ''}${row}</tr>`).join('');
}

/** For each cell its field and its texts, with the sentence about the row below the last one. */
function cellRows({ kind, file, key = '', cells = [] }: Entry, sentence: string | false): string[] {
  const name = file && rowNameOf(file, key);
  return cells.slice(0, changedCells).map((cell) => {
    const { key: column } = cell.column;
    const field = (name ? fieldOf(name, column) : [column]).map((each) => code(each, nameLength));
    const html = [field.join('<br>'), ...sidesOf(kind, cell)].join('</td><td>');
    return `<td>${joined('<br>', [html, sentence])}</td>`;
  });
}

/** The first column: a row's title, key and line in git; or where a finding is. */
function headOf({ file, key, place, finding }: Entry): string {
  const line = place?.line;
  if (file !== undefined && key !== undefined) {
    const { item, title } = rowNameOf(file, key);
    const name = code(item, nameLength);
    const bold = title && `<b>${code(title, nameLength)}</b>`;
    return joined('<br>', [bold, name, line !== undefined && `line ${line}`]);
  }
  const path = finding !== undefined && file !== undefined && finding.place.file;
  const isElsewhere = path && path !== file?.path;
  return joined('<br>', [isElsewhere && code(path, nameLength), line?.toString()]);
}

/** The cells of a whole row, each on a line. */
function fieldsOf(cells: readonly EntryCell[]): string {
  const fields = cells.filter(({ column }) => column.key !== '_id');
  const lines = fields.slice(0, wholeRowCells).map(({ column, old, new: text }) => {
    const value = shorten(readable(column.type, text ?? old ?? ''), cellLength);
    return `${code(column.key, nameLength)}: <code>${lined(value)}</code>`;
  });
  const hidden = fields.length - lines.length;
  if (hidden > 0) lines.push(`and ${counted(hidden, 'more field')}`);
  return lines.length === 0 ? 'empty' : lines.join('<br>');
}

/** The old and the new text, with the words marked that only one of them has; of a conflict, the base first. */
function sidesOf(kind: Kind, { column, base, old, new: next }: EntryCell): readonly string[] {
  const isConflict = kind === 'conflict';
  const text = (each: string | undefined) => cellText(column.type, each);
  const agreed = isConflict ? [text(base)] : [];
  if (!old || !next) return [...agreed, text(old), text(next)];
  const words = diffWords(...readablePair(column.type, old, next));
  const before = marked(sideOf(words, '-'), isConflict ? 'ins' : 'del');
  return [...agreed, before, marked(sideOf(words, '+'), 'ins')];
}

function cellText(type: string, text: string | undefined): string {
  if (text === undefined) return 'no such row';
  return text === '' ? 'empty' : `<code>${lined(shorten(readable(type, text), cellLength))}</code>`;
}

function marked(stretches: readonly Stretch[], mark: 'del' | 'ins'): string {
  const html = excerpt(stretches, cellLength).map(({ side, text }) =>
    side === '=' ? lined(text) : `<${mark}>${lined(text, '↵<br>')}</${mark}>`,
  );
  return `<code>${html.join('')}</code>`;
}

/** A text as HTML with its lines. `end` makes the end of a line visible that was added or removed. */
function lined(text: string, end = '<br>'): string {
  return text.split('\n').map(htmlText).join(end);
}
