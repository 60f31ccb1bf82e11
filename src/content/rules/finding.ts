import { onOneLine, type Place } from '../../errors.ts';

/**
 * What validation looks for. An error is certain and fails the run; a warning is worth a look; a
 * remark only says what becomes of something. The configuration switches all but the fixed ones.
 */
export const rules = {
  unreadable: { severity: 'error', about: 'the file is not strict CSV', fixed: true },
  'unreadable-base': { severity: 'warning', about: 'the file cannot be compared', fixed: true },
  delimiter: { severity: 'error', about: 'the cells are not separated by commas', fixed: true },
  'conflict-marker': {
    severity: 'error',
    about: 'a merge left its markers in the file',
    fixed: true,
  },
  'byte-order-mark': { severity: 'warning', about: 'the file begins with a byte order mark' },
  'blank-row': { severity: 'remark', about: 'a row holds nothing, so it is left out' },
  'dashboard-export': {
    severity: 'remark',
    about: 'the file is an export of the dashboard',
  },
  'duplicate-key': { severity: 'error', about: 'two rows have the same key', fixed: true },
  'missing-key': { severity: 'warning', about: 'a translation has no ID' },
  'damaged-key': {
    severity: 'error',
    about: 'a spreadsheet rewrote an item id, or it holds invisible characters',
  },
  're-keyed': { severity: 'error', about: 'a row got another id and is otherwise the same' },
  'possibly-re-keyed': {
    severity: 'warning',
    about: 'a row got another id and is otherwise mostly the same',
  },
  'unknown-column': {
    severity: 'remark',
    about: 'no field of the collection has this key, so the column is not sent',
  },
  'misspelled-column': {
    severity: 'error',
    about: 'a header is that of a field but for case or blanks',
  },
  'localization-header': { severity: 'error', about: 'a header of a localization was renamed' },
  'dropped-column': { severity: 'warning', about: 'a column left the file' },
  'renamed-column': { severity: 'warning', about: 'a column got another name' },
  'emptied-column': { severity: 'warning', about: 'most cells of a column went empty' },
  required: { severity: 'error', about: 'a required field is empty' },
  'type-number': { severity: 'error', about: 'a cell is not a number' },
  'type-boolean': { severity: 'error', about: 'a cell is neither true nor false' },
  'type-date': { severity: 'error', about: 'a cell is not a date' },
  'type-datetime': { severity: 'error', about: 'a cell is not a date and time' },
  'type-time': { severity: 'error', about: 'a cell is not a time' },
  'type-url': { severity: 'error', about: 'a cell is not a URL' },
  'type-email': { severity: 'error', about: 'a cell is not an email address' },
  'type-media': { severity: 'error', about: 'a cell is not a file of the media manager' },
  'type-json': { severity: 'error', about: 'a cell is not the JSON that its field holds' },
  length: { severity: 'error', about: 'a text or a list is too short or too long' },
  range: { severity: 'error', about: 'a number is too small or too large' },
  'too-large': { severity: 'error', about: 'a row is larger than Wix takes' },
  'replacement-character': { severity: 'error', about: 'characters were lost in a conversion' },
  'damaged-encoding': {
    severity: 'error',
    about: 'a program read the UTF-8 of the file in another encoding',
  },
  'scientific-number': { severity: 'warning', about: 'a spreadsheet rounded a long number' },
  'rewritten-number': { severity: 'warning', about: 'a spreadsheet rewrote a text as a number' },
  'rewritten-date': { severity: 'warning', about: 'a spreadsheet rewrote a text as a date' },
  'price-jump': { severity: 'warning', about: 'a number changed by more than half' },
  'text-shrunk': { severity: 'warning', about: 'a text lost four fifths or more' },
  'mass-flip': { severity: 'warning', about: 'a status or visibility changed for many rows' },
  'host-changed': { severity: 'warning', about: 'a link leads to another host' },
  'unmanaged-file': {
    severity: 'warning',
    about: 'nothing manages a file below the directory',
    fixed: true,
  },
  'emptied-file': {
    severity: 'warning',
    about: 'a file lost all its rows, and their items stay',
  },
  'missing-file': { severity: 'warning', about: 'a file of the content is gone' },
  'schema-edited': { severity: 'error', about: 'a schema file was edited by hand' },
  'unknown-name': {
    severity: 'error',
    about: 'the configuration names what the site does not have',
    fixed: true,
  },
  'settings-changed': {
    severity: 'warning',
    about: 'the pull request changes the configuration',
    fixed: true,
  },
  'not-writable': {
    severity: 'error',
    about: 'no import can write to the collection',
    fixed: true,
  },
  'dangling-reference': { severity: 'error', about: 'a reference points to no row' },
  'source-edited': { severity: 'warning', about: 'a cell other than a translation was edited' },
  'translation-added': { severity: 'warning', about: 'no file has the item of a translation' },
  'translation-removed': { severity: 'warning', about: 'rows left a localization' },
  'translation-emptied': {
    severity: 'remark',
    about: 'emptied translations stay on the site, as the configuration has it',
  },
  placeholder: { severity: 'warning', about: 'a translation has other placeholders' },
  tag: { severity: 'warning', about: 'a translation has other HTML tags' },
  'stale-translation': {
    severity: 'warning',
    about: 'the source changed, the translation did not',
  },
  'max-deletes': {
    severity: 'error',
    about: 'more rows would be deleted than is allowed',
    fixed: true,
  },
  'max-changes': {
    severity: 'error',
    about: 'more rows would change than is allowed',
    fixed: true,
  },
  'allow-empty': { severity: 'error', about: 'a file would lose all its rows', fixed: true },
} as const satisfies Readonly<Record<string, Described>>;

interface Described {
  readonly severity: Severity;
  readonly about: string;
  /** Whether nothing could go on without it, or other settings than `rules` are about it. */
  readonly fixed?: true;
}

type Severity = 'error' | 'warning' | 'remark';

export type Rule = keyof typeof rules;

/** The rules whose severity the configuration may set. */
export const switchableRules: readonly Rule[] = ruleNames().filter((rule) => !isFixed(rule));

function ruleNames(): readonly Rule[] {
  // Only the names that the object was written with are there.
  return Object.keys(rules) as Rule[];
}

function isFixed(rule: Rule): boolean {
  return 'fixed' in rules[rule];
}

/** Severities as the configuration sets them for one content. */
export type RuleSettings = { readonly [Name in Rule]?: 'error' | 'warning' | 'off' | undefined };

/** Findings with the severities that the configuration sets. */
export function* withSeverities(
  findings: Iterable<Finding>,
  settings: RuleSettings,
): Generator<Finding> {
  for (const found of findings) {
    const severity = settings[found.rule] ?? found.severity;
    if (severity !== 'off') yield { ...found, severity };
  }
}

/** Something that validation found in a file. Errors fail the run; warnings do not. */
export interface Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly place: Place;
  /** What is wrong, where, and what to do about it, in one line. */
  readonly message: string;
  /** A row that got another id: the mapping that keeps the former one. */
  readonly moved?: { readonly from: string; readonly to: string };
}

/**
 * A finding whose message begins with its place.
 *
 * @param words what is wrong and what to do about it.
 */
export function finding(rule: Rule, place: Place, words: string): Finding {
  const where = place.line === undefined ? place.file : `${place.file} line ${place.line}`;
  const message = onOneLine(`${where}: ${words}`);
  return { rule, severity: rules[rule].severity, place, message };
}

/** A cell's text as a message quotes it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
