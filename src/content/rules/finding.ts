import type { Table } from '../../csv/table.ts';
import { onOneLine, type Place } from '../../errors.ts';

type Severity = 'error' | 'warning' | 'remark';

/** The configuration cannot switch a fixed rule: nothing works without it, or it has settings of its own. */
type Described = readonly [Severity, about: string, fixed?: 'fixed'];

/**
 * What validation looks for. An error is certain and fails the run; a warning may be an error; a remark
 * only informs.
 */
export const rules = {
  unreadable: ['error', 'the file is not strict CSV', 'fixed'],
  'unreadable-base': ['warning', 'the file cannot be compared', 'fixed'],
  delimiter: ['error', 'the cells are not separated by commas', 'fixed'],
  'conflict-marker': ['error', 'a merge left its markers in the file', 'fixed'],
  'byte-order-mark': ['warning', 'the file begins with a byte order mark'],
  'blank-row': ['remark', 'a row is empty, so it is left out'],
  'dashboard-export': ['remark', 'the file is an export of the dashboard'],
  'duplicate-key': ['error', 'two rows have the same key', 'fixed'],
  'missing-key': ['warning', 'a translation has no ID'],
  'damaged-key': ['error', 'a spreadsheet rewrote an item id, or it holds invisible characters'],
  'near-key': [
    'warning',
    'the id of a new row differs from that of another row only in case or spaces',
  ],
  're-keyed': ['error', 'a row got another id, and is otherwise the same'],
  'possibly-re-keyed': ['warning', 'a row got another id, and is otherwise mostly the same'],
  'unknown-column': [
    'remark',
    'the collection has no field with this key, so the column is not sent',
  ],
  'misspelled-column': ['error', 'a header differs from a field only in case or spaces'],
  'localization-header': ['error', 'a header of a localization was changed'],
  'dropped-column': ['warning', 'a column left the file'],
  'emptied-column': ['warning', 'most cells of a column went empty'],
  required: ['error', 'a required field is empty'],
  'type-number': ['error', 'a cell is not a number'],
  'type-boolean': ['error', 'a cell is neither true nor false'],
  'type-date': ['error', 'a cell is not a date'],
  'type-datetime': ['error', 'a cell is not a date and time'],
  'type-time': ['error', 'a cell is not a time'],
  'type-url': ['error', 'a cell is not a URL'],
  'type-email': ['error', 'a cell is not an email address'],
  'type-media': ['error', 'a cell is not a file of the Media Manager'],
  'type-json': ['error', 'a cell is not the JSON that its field takes'],
  length: ['error', 'a text or a list is too short or too long'],
  range: ['error', 'a number is too small or too large'],
  'too-large': ['error', 'a row is too large for Wix'],
  'replacement-character': ['error', 'characters were lost in a conversion'],
  'lost-letters': ['warning', 'a text has only question marks for its letters'],
  'damaged-encoding': ['error', 'a program read the UTF-8 file in another encoding'],
  'spreadsheet-error': ['error', 'a cell has the error of a failed formula'],
  formula: ['warning', 'a cell got the formula of a spreadsheet'],
  'escaped-text': ['warning', 'a program added escapes or marks to a text'],
  'blank-text': ['warning', 'a cell holds only blanks or invisible characters'],
  'invisible-character': ['warning', 'a cell got invisible characters'],
  'unseen-change': ['remark', 'a text changed only in invisible characters'],
  'null-word': ['warning', 'an empty cell became a word such as nan or NULL'],
  'scientific-number': ['warning', 'a spreadsheet rounded a long number'],
  'rewritten-number': ['warning', 'a spreadsheet rewrote a text as a number'],
  'rewritten-date': ['warning', 'a spreadsheet rewrote a text as a date'],
  'price-jump': ['warning', 'a number changed by more than half'],
  'text-shrunk': ['warning', 'a text lost four fifths or more'],
  'lost-accents': ['warning', 'several cells of a column lost their accents'],
  'mass-flip': ['warning', 'a status or visibility changed for many rows'],
  'filled-column': ['warning', 'many different cells of a column became the same'],
  'shuffled-column': ['warning', 'the cells of a column moved to other rows'],
  'swapped-key': ['warning', 'the ids moved to other rows'],
  'link-password': ['warning', 'a link has a password'],
  'host-changed': ['warning', 'a link leads to another host'],
  'unmanaged-file': ['warning', 'a file in the directory is not in the configuration', 'fixed'],
  'emptied-file': ['warning', 'a file lost all its rows, and their items stay'],
  'missing-file': ['warning', 'a file in the configuration is gone'],
  'schema-edited': ['error', 'a schema file was edited by hand'],
  'unknown-name': ['error', 'the configuration has a name that the site does not have', 'fixed'],
  'settings-changed': ['warning', 'the pull request changes the configuration', 'fixed'],
  'not-writable': ['error', 'no import can write to the collection', 'fixed'],
  'read-only': ['warning', 'an edited cell is one that imports do not write'],
  'dangling-reference': ['error', 'a reference points to no row'],
  'source-edited': ['warning', 'a cell other than a translation was edited'],
  'translation-added': ['warning', 'a translation has no item in any file'],
  'translation-removed': ['warning', 'rows left a localization'],
  'translation-emptied': ['remark', 'emptied translations stay on the site, as configured'],
  placeholder: ['warning', 'a translation has other placeholders'],
  tag: ['warning', 'a translation has other HTML tags'],
  'stale-translation': ['warning', 'the source changed, the translation did not'],
  'max-deletes': ['error', 'more rows would be deleted than is allowed', 'fixed'],
  'max-changes': ['error', 'more rows would change than is allowed', 'fixed'],
  'allow-empty': ['error', 'a file would lose all its rows', 'fixed'],
} as const satisfies Readonly<Record<string, Described>>;

export type Rule = keyof typeof rules;

/** The rules whose severity the configuration may set. */
// The object has no other keys.
export const switchableRules = (Object.keys(rules) as Rule[]).filter((rule) => !rules[rule][2]);

export type RuleSettings = { readonly [Name in Rule]?: 'error' | 'warning' | 'off' | undefined };

/** Gives findings the severities that the configuration sets. */
export function* withSeverities(
  findings: Iterable<Finding>,
  settings: RuleSettings,
): Generator<Finding> {
  for (const found of findings) {
    const severity = settings[found.rule] ?? found.severity;
    if (severity !== 'off') yield { ...found, severity };
  }
}

/** So many findings of a rule in a file are listed: nobody reads more, and a report of a million takes long. */
const mostOfARule = 1_000;

/**
 * How many findings each rule has in a file, if they are too many to list, then the first ones. Ids to map back
 * are all there.
 */
export function* firstOfEach(findings: Iterable<Finding>, place: Place): Generator<Finding> {
  const counts = new Map<Rule, number>();
  const listed: Finding[] = [];
  for (const found of findings) {
    const count = (counts.get(found.rule) ?? 0) + (found.moved === undefined ? 1 : 0);
    counts.set(found.rule, count);
    if (count <= mostOfARule) listed.push(found);
  }
  for (const [rule, count] of counts) {
    if (count <= mostOfARule) continue;
    const words = `${rule} found ${count} cells or rows. Only the first ${mostOfARule} are listed. Correct them all, and run again.`;
    yield finding(rule, place, words);
  }
  yield* listed;
}

/** Something that validation found in a file. Only errors fail the run. */
export interface Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly place: Place;
  /** What is wrong, where, and what to do about it, in one line. */
  readonly message: string;
  /** The old and the new id of a row, to map it back. */
  readonly moved?: { readonly from: string; readonly to: string };
}

/**
 * A finding whose message begins with its place, which may be a row.
 *
 * @param words what is wrong and what to do about it.
 */
export function finding(rule: Rule, { file, line, column }: Place, words: string): Finding {
  const message = onOneLine(`${file}${line === undefined ? '' : ` line ${line}`}: ${words}`);
  return { rule, severity: rules[rule][0], place: { file, line, column }, message };
}

/** Where a table has its header. */
export function headerOf({ files: [file = ''] }: Table): Place {
  return { file, line: 1 };
}

/** A cell's text as a message quotes it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
