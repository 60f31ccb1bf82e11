import type { Place } from '../errors.ts';
import {
  type Entry,
  type EntryCell,
  entriesOf,
  errorKinds,
  type Kind,
  kindCounts,
  kindWords,
} from './entries.ts';
import { logLine } from './escape.ts';
import type { Result } from './result.ts';
import { capitalized, counted, joined, quoted, shorten } from './text.ts';

/** A remark that GitHub shows on a line of a file, or on the run. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  /** One line of plain text, which names the place, because the log shows nothing else. */
  readonly message: string;
  readonly place?: Place;
}

/** GitHub shows so many of each level for a step, and drops the rest. */
const perLevel = 10;

/** UTF-16 units of a message; and of a lost value in it, which may be a list of ids. */
const messageLength = 1_000;
const lossLength = 750;

/** What there is to say, the dangerous first. Of more than ten of a level, the tenth counts the rest. */
export function annotationsOf(result: Result): readonly Annotation[] {
  const entries = entriesOf(result);
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const ofLevel = entries.filter((entry) => levelOf(entry, result) === level);
    if (ofLevel.length <= perLevel) return ofLevel.map((entry) => annotation(entry, level));
    const shown = ofLevel.slice(0, perLevel - 1).map((entry) => annotation(entry, level));
    return [...shown, leftOut(ofLevel.slice(perLevel - 1), level)];
  });
}

function levelOf({ kind, finding }: Entry, result: Result): Annotation['level'] | undefined {
  const { command, status, failureReason } = result;
  const isMild =
    (kind === 'limit' && finding?.severity !== 'error') ||
    (kind === 'conflict' && command === 'export') ||
    (kind === 'rejection' && status === 'partial' && failureReason === undefined);
  if (isMild || kind === 'warning' || kind === 'note') return 'warning';
  if (errorKinds.has(kind)) return 'error';
  return kind === 'undo' || finding !== undefined ? 'notice' : undefined;
}

function leftOut(hidden: readonly Entry[], level: Annotation['level']): Annotation {
  const counts = kindCounts((kind) => hidden.filter((entry) => entry.kind === kind).length);
  return {
    level,
    title: counted(hidden.length, `more ${level}`),
    message: `Not shown here: ${counts}. Read the job summary, or the JSON report (output report-json).`,
  };
}

function annotation(entry: Entry, level: Annotation['level']): Annotation {
  const { kind, file, reason, finding } = entry;
  const place = entry.place ?? (file && reason !== 'config' ? { file: file.path } : undefined);
  const message = finding?.message ?? withPlace(messageOf(entry), place);
  return {
    level,
    title: reason ?? finding?.rule ?? capitalized(kindWords[kind].one),
    message: shorten(logLine(shorten(message, 2 * messageLength)), messageLength),
    ...(place && { place }),
  };
}

function withPlace(message: string, place: Place | undefined): string {
  if (place === undefined || message.includes(place.file)) return message;
  const line = place.line === undefined ? '' : ` line ${place.line}`;
  return `${place.file}${line}: ${message}`;
}

function messageOf({ kind, file, key, cells = [], whole, words = '' }: Entry): string {
  if (file === undefined || kind === 'failure') return words;
  const [cell] = cells;
  const said = cell === undefined || whole !== undefined ? whole : cellInWords(kind, cell);
  const row = key === undefined ? '' : `row ${quoted(key)}: `;
  return `${file.name}, ${row}${joined(' ', [said, words])}`;
}

function cellInWords(kind: Kind, cell: EntryCell): string {
  const { column, base, old, new: next } = cell;
  const { key: field } = column;
  if (kind === 'conflict') {
    const agreed = base === undefined ? 'was never agreed' : `was ${quoted(base)}`;
    /**
     * @cause A conflict: git and the CMS both changed this cell.
     * @remedy Write the site's value into the file, or import with `on-conflict: git`: see
     * [conflicts and drift](conflicts-and-drift.md#conflicts).
     */
    return `${field} ${agreed}; in git it is ${inWords(old)}, on the site ${inWords(next)}.`;
  }
  if (kind === 'loss') {
    /**
     * @cause A multi-reference or an encrypted value was lost in the import.
     * @remedy Put it back in the CMS: see
     * [what is left out](files.md#what-is-left-out).
     */
    return `${field} had ${quoted(old ?? '', lossLength)} before this import, which does not carry it; now it is ${next === '' ? 'empty' : next}.`;
  }
  /**
   * @cause The job did not report this row, and the site does not have it.
   * @remedy Run the import again. If that does not help, look for the item in the CMS.
   */
  if (next === undefined) return 'the site does not have the row.';
  /**
   * @cause The site keeps the value of a cell that arrives empty.
   * @remedy Empty it in the CMS. If it is a translation, set `empty-translation: skip`, too.
   */
  if (old === '') {
    return `${field} was sent empty, but the site still has ${quoted(next)}. Empty it in the CMS.`;
  }
  /**
   * @cause Wix stored another value than it was sent, or somebody edited the cell in the meantime.
   * @remedy The next export brings the site's value to git. If git's was right, edit the cell again in the
   * CMS.
   */
  return `${field} was sent as ${inWords(old)}, but the site has ${quoted(next)}.`;
}

function inWords(text: string | undefined): string {
  return text === undefined ? 'removed' : quoted(text);
}
