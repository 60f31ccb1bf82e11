import type { Change } from '../content/change.ts';
import type { Section } from './budget.ts';
import { changeRow, conflictRow, contentRow } from './entry-rows.ts';
import { code } from './escape.ts';
import { countsIn, type FileResult, type Result } from './result.ts';
import { countsRow, findingRow, lossRow, mismatchRow, rejectionRow, sentenceRow } from './rows.ts';
import { shorten } from './shorten.ts';

/** All that a run has to say, row by row: the files in numbers, then the dangerous, then the rest. */
export function sectionsOf(result: Result): readonly Section[] {
  return [numbers(result), ...dangers(result), ...remarks(result), ...contents(result)];
}

function numbers({ files }: Result): Section {
  const active = files.filter(isActive);
  return {
    title: 'Files',
    note: '',
    columns: [
      'Content',
      'Added',
      'Changed',
      'Removed',
      'Rejected',
      'Conflicts',
      'Pending',
      'Drift',
    ],
    unit: 'file',
    total: active.length,
    rows: lazily(active, (file) => countsRow(file, numbersOf(file))),
  };
}

/** Whether there is anything to tell of a file. */
export function isActive(file: FileResult): boolean {
  const { failure, mismatches, losses } = file;
  const counts = [mismatches.length, losses.length, ...numbersOf(file)];
  return failure !== undefined || counts.some((count) => count > 0);
}

function numbersOf(file: FileResult): readonly number[] {
  const { added, changed, removed } = countsIn(file);
  const { rejections, conflicts, pending, drift } = file;
  const rest = [rejections, conflicts, pending, drift].map(({ length }) => length);
  return [added, changed, removed, ...rest];
}

function dangers({ command, files }: Result): readonly Section[] {
  return [
    {
      title: 'Files left as they were',
      note: '',
      columns: ['Content', 'Why'],
      unit: 'file',
      ...over(files, ({ failure }) => (failure ? [failure.message] : []), sentenceRow),
    },
    {
      title: 'Conflicts',
      note:
        command === 'export'
          ? 'Git and the site both changed these cells. The files keep the value of git.'
          : 'Git and the site both changed these cells, to different values.',
      columns: ['Content', 'Row', 'Field', 'Last agreed', 'In git', 'On the site'],
      unit: 'conflict',
      ...over(files, ({ conflicts }) => conflicts, named(conflictRow)),
    },
    {
      title: 'Rejected by Wix',
      note: 'These rows did not arrive.',
      columns: ['Content', 'Row', 'Code', 'What Wix says'],
      unit: 'row',
      ...over(files, ({ rejections }) => rejections, rejectionRow),
    },
    {
      title: 'Stored differently than sent',
      note: 'Wix accepted these rows, but the site holds something else.',
      columns: ['Content', 'Row', 'Field', 'Sent', 'On the site'],
      unit: 'cell',
      ...over(files, ({ mismatches }) => mismatches, mismatchRow),
    },
    {
      title: 'Lost in the import',
      note: 'Imports do not carry these fields, and this one has emptied them, or changed what is encrypted.',
      columns: ['Content', 'Row', 'Field', 'What it held'],
      unit: 'value',
      ...over(files, ({ losses }) => losses, lossRow),
    },
    {
      title: 'Removed',
      note: '',
      columns: ['Content', 'Row', 'What it held'],
      unit: 'row',
      ...over(files, changesThat('removed'), named(contentRow)),
    },
  ];
}

function remarks({ files, findings, warnings }: Result): readonly Section[] {
  const notes = [...warnings, ...files.flatMap((file) => file.remarks)];
  const errors = findings.filter(({ severity }) => severity === 'error');
  const doubts = findings.filter(({ severity }) => severity !== 'error');
  return [
    {
      title: 'Errors in the files',
      note: '',
      columns: ['File', 'Line', 'What is wrong'],
      unit: 'error',
      total: errors.length,
      rows: lazily(errors, findingRow),
    },
    {
      title: 'Warnings',
      note: '',
      columns: ['File', 'Line', 'What may be wrong'],
      unit: 'warning',
      total: doubts.length,
      rows: lazily(doubts, findingRow),
    },
    {
      title: 'Notes',
      note: '',
      columns: ['About this run'],
      unit: 'remark',
      total: notes.length,
      rows: lazily(notes, (line) => `<tr><td>${code(shorten(line, 1_000))}</td></tr>`),
    },
  ];
}

function contents({ files }: Result): readonly Section[] {
  return [
    {
      title: 'Changed',
      note: '',
      columns: ['Content', 'Row', 'Field', 'Before', 'After'],
      unit: 'row',
      ...over(files, changesThat('changed'), named(changeRow)),
    },
    {
      title: 'Added',
      note: '',
      columns: ['Content', 'Row', 'What it holds'],
      unit: 'row',
      ...additions(files),
    },
    {
      title: 'Pending: edited in git, not yet on the site',
      note: 'These edits stay in git. An import brings them to the site.',
      columns: ['Content', 'Row', 'Field', 'On the site', 'In git'],
      unit: 'row',
      ...over(files, ({ pending }) => pending, named(changeRow)),
    },
    {
      title: 'Drift: edited on the site, not yet in git',
      note: 'These edits stay on the site. An export brings them to git.',
      columns: ['Content', 'Row', 'Field', 'In git', 'On the site'],
      unit: 'row',
      ...over(files, ({ drift }) => drift, named(changeRow)),
    },
  ];
}

/** An export lists the first rows that it adds, and counts the others, which the files hold. */
function additions(files: readonly FileResult[]): Pick<Section, 'total' | 'rows' | 'elsewhere'> {
  const { total: listed, rows } = over(files, changesThat('added'), named(contentRow));
  const total = files.reduce((sum, { unlisted }) => sum + unlisted, listed);
  return { total, rows, ...(total > listed ? { elsewhere: 'the files' } : {}) };
}

function changesThat(wanted: Change['kind']): (file: FileResult) => readonly Change[] {
  return ({ changes }) => changes.filter(({ kind }) => kind === wanted);
}

/** A row with the name of its content ahead. */
function named<T>(
  row: (file: FileResult, entry: T, leads: readonly string[]) => string,
): (file: FileResult, entry: T) => string {
  return (file, entry) => row(file, entry, [code(file.name)]);
}

/** What the files hold of one kind, each with its file's name. */
function over<T>(
  files: readonly FileResult[],
  listOf: (file: FileResult) => readonly T[],
  row: (file: FileResult, entry: T) => string,
): Pick<Section, 'total' | 'rows'> {
  const entries = files.flatMap((file) => listOf(file).map((entry) => ({ file, entry })));
  return { total: entries.length, rows: lazily(entries, ({ file, entry }) => row(file, entry)) };
}

function* lazily<T>(entries: readonly T[], row: (entry: T) => string): Generator<string> {
  for (const entry of entries) yield row(entry);
}
