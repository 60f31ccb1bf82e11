import type { Change } from '../../src/content/change.ts';
import type { FileResult, Result } from '../../src/report/result.ts';
import { aChange, aConflict, aFile, aFinding, aResult } from './samples.ts';

const teas = 'content/collections/teas.csv';
const french = 'content/localizations/en.csv';

/** The result of a pull request's plan that found nothing, but for what is given. */
export function aPlan(overrides: Partial<Result> = {}): Result {
  return aResult({ command: 'plan', commitPlanned: 'c0ffee', ...overrides });
}

/** A plan of a tea shop's pull request, with something of every kind. */
export function samplePlan(): Result {
  return aPlan({
    status: 'failed',
    failureReason: 'conflict',
    files: [teaFile(), originFile(), translationFile()],
    findings: [
      aFinding({
        place: { file: 'content/collections/origins.csv', line: 4, column: 3 },
        message:
          'content/collections/origins.csv line 4: altitude is "ca. 840", but the field is a number. Write 840.',
      }),
      aFinding({
        rule: 'stale-translation',
        severity: 'warning',
        place: { file: french, line: 12 },
        message: `${french} line 12: the source changed, but the translation into FR did not. Check it.`,
      }),
    ],
    commitPlanned: '3f2c1a9d5be07c64818e2f90aa31c7d05b6e4f12',
    fingerprint: '9b1de2c04f7a53e8860c1fd2b7739ae45c20fd816e93ab475d08c6127fe3ab90',
  });
}

function teaFile(): FileResult {
  return aFile({
    name: 'teas',
    path: teas,
    deletes: 'apply',
    columns: {
      added: ['badge'],
      dropped: ['internalNotes'],
    },
    orphans: 2,
    titles: new Map([
      ['assam-black-first-flush-whole-leaf', 'Assam Black, First Flush, Whole Leaf'],
      ['5b0f7f8e-3a3c-4c39-9d6e-1f6b0c1f2a11', 'Uva White, Winter, Gold Tips'],
    ]),
    changes: teaChanges(),
    drift: [teaChange('fujian-white-autumn-broken-leaf', 131, [['price', 'NUMBER', '14', '15.5']])],
    pending: [
      teaChange('uva-green-winter-whole-leaf', 350, [['inStock', 'BOOLEAN', 'true', 'false']]),
    ],
    conflicts: [
      aConflict({
        key: 'assam-green-second-flush-gold-tips',
        column: { key: 'title', type: 'TEXT' },
        base: 'Assam Green, Second Flush',
        git: 'Assam Green, Second Flush, Gold Tips',
        cms: 'Assam Green, 2nd Flush',
        place: { file: teas, line: 23 },
      }),
    ],
  });
}

function teaChanges(): readonly Change[] {
  return [
    teaChange('assam-black-first-flush-whole-leaf', 3, [
      ['price', 'NUMBER', '11.5', '12'],
      [
        'description',
        'RICH_TEXT',
        '<p>Black tea from <strong>Assam</strong>.</p><p>Steep for 4 minutes.</p>',
        '<p>Black tea from <strong>Assam</strong>.</p><p>Steep for 3 minutes, no longer.</p>',
      ],
      ['tags', 'ARRAY_STRING', '["black","first flush"]', '["black","first flush","new"]'],
    ]),
    teaChange('5b0f7f8e-3a3c-4c39-9d6e-1f6b0c1f2a11', 214, [['inStock', 'BOOLEAN', '', 'true']]),
    teaChange('darjeeling-green-monsoon-gold-tips', 97, [['story', 'TEXT', story, edited]]),
    {
      kind: 'added',
      key: 'yunnan-oolong-spring-whole-leaf',
      place: { file: teas, line: 360 },
      cells: [
        cell('title', 'TEXT', undefined, 'Yunnan Oolong, Spring, Whole Leaf'),
        cell('price', 'NUMBER', undefined, '18'),
        cell('origin', 'REFERENCE', undefined, 'yunnan'),
        cell('tags', 'ARRAY_STRING', undefined, '["oolong","spring"]'),
      ],
    },
    {
      kind: 'removed',
      key: 'shizuoka-black-monsoon-gold-tips',
      place: undefined,
      cells: [
        cell('title', 'TEXT', 'Shizuoka Black, Monsoon, Gold Tips', undefined),
        cell('price', 'NUMBER', '9', undefined),
      ],
    },
  ];
}

function originFile(): FileResult {
  return aFile({
    name: 'origins',
    path: 'content/collections/origins.csv',
    changes: [teaChange('fujian', 4, [['altitude', 'NUMBER', '840', 'ca. 840']])],
  });
}

function translationFile(): FileResult {
  const key =
    '{"contentId":"assam-black-first-flush-whole-leaf","fieldId":"title","sequencePath":[]}';
  return aFile({
    name: 'localization en, fr, de',
    path: french,
    sources: new Map([[key, 'Assam Black, First Flush, Whole Leaf']]),
    changes: [
      teaChange(key, 12, [
        [
          'Target language (FR)',
          'TEXT',
          'Thé noir Assam, First Flush',
          'Thé noir d’Assam, First Flush, feuilles entières',
        ],
        ['Target language (DE)', 'TEXT', '', 'Schwarzer Tee Assam, First Flush, ganze Blätter'],
      ]),
    ],
  });
}

function cell(key: string, type: string, old: string | undefined, next: string | undefined) {
  return { column: { key, type }, old, new: next };
}

function teaChange(
  key: string,
  line: number,
  cells: readonly (readonly [field: string, type: string, old: string, next: string])[],
): Change {
  return aChange({
    key,
    place: { file: teas, line },
    cells: cells.map(([field, type, old, next]) => cell(field, type, old, next)),
  });
}

const story =
  'The garden lies on the steep northern slopes above the river, where the monsoon arrives late and leaves slowly. The pickers walk up before sunrise. Leaves are withered on racks of bamboo, rolled by hand, and fired over oak. Nothing has changed here since 1911, and the family would like to keep it so.';
const edited = story.replace('over oak', 'over beech').replace('1911', '1908');

/** A plan with so many changed rows, for budgets and for the page. */
export function largePlan(rows: number): Result {
  const changes = Array.from({ length: rows }, (_, i) =>
    teaChange(`tea-${i}`, i + 2, [
      ['title', 'TEXT', `Assam Black number ${i}`, `Assam Green number ${i}`],
      ['price', 'NUMBER', '11.5', '12'],
    ]),
  );
  return aPlan({ files: [aFile({ name: 'teas', path: teas, changes })] });
}
