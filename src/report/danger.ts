import type { Change, Conflict } from '../content/change.ts';
import { isLimit } from '../content/limits.ts';
import type { Finding } from '../content/rules/finding.ts';
import type { FileResult, Result } from './result.ts';

/** What there is to say of a row, the dangerous first. */
export const kinds = [
  'conflict',
  'removed',
  'error',
  'warning',
  'drift',
  'changed',
  'added',
  'pending',
  'caught-up',
] as const;

export type Kind = (typeof kinds)[number];

/** One thing to say of one row of one file. */
export type Entry =
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'error' | 'warning'; readonly finding: Finding }
  | {
      readonly kind: 'removed' | 'changed' | 'added' | 'drift' | 'pending' | 'caught-up';
      readonly change: Change;
    };

/** A file with the findings in it. */
export interface FileReport {
  /** `undefined`: findings in a file that holds no content, such as the configuration. */
  readonly file: FileResult | undefined;
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** What is wrong in the files, or may be: a limit that is passed is no fault of theirs. */
export function faultsIn({ findings }: Pick<Result, 'findings'>): readonly Finding[] {
  return findings.filter(({ rule }) => !isLimit(rule));
}

/** The limits that are passed. */
export function passedLimits({ findings }: Pick<Result, 'findings'>): readonly Finding[] {
  return findings.filter(({ rule }) => isLimit(rule));
}

/** The files of which there is something to say, the dangerous first. */
export function fileReports(result: Result): readonly FileReport[] {
  const { files } = result;
  const owned = new Map<FileResult, Finding[]>();
  const strays = new Map<string, Finding[]>();
  for (const [path, list] of byPath(faultsIn(result))) {
    const file = ownerOf(files, path);
    if (file === undefined) strays.set(path, list);
    else owned.set(file, [...(owned.get(file) ?? []), ...list]);
  }
  const reports: readonly FileReport[] = [
    ...files.map((file) => ({ file, name: file.name, findings: owned.get(file) ?? [] })),
    ...[...strays].map(([name, list]) => ({ file: undefined, name, findings: list })),
  ];
  return reports
    .filter(isNotable)
    .map((report) => ({ report, rank: rankOf(report) }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ report }) => report);
}

function byPath(findings: readonly Finding[]): ReadonlyMap<string, Finding[]> {
  const paths = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = paths.get(finding.place.file);
    if (list === undefined) paths.set(finding.place.file, [finding]);
    else list.push(finding);
  }
  return paths;
}

/** The file that a path belongs to: itself, its schema, or the folder of a file in parts. */
function ownerOf(files: readonly FileResult[], path: string): FileResult | undefined {
  return files.find((file) => {
    const stem = file.path.replace(/\.csv$/, '');
    return path === file.path || path === `${stem}.schema.json` || path.startsWith(`${stem}/`);
  });
}

function isNotable(report: FileReport): boolean {
  const { file } = report;
  const { added = [], dropped = [], renamed = [] } = file?.columns ?? {};
  const hasOtherColumns = added.length + dropped.length + renamed.length > 0;
  return (
    file?.failure !== undefined ||
    hasOtherColumns ||
    kinds.some((kind) => countOf(report, kind) > 0)
  );
}

function rankOf(report: FileReport): number {
  const first = kinds.findIndex((kind) => countOf(report, kind) > 0);
  return first === -1 ? kinds.length : first;
}

function kindOf({ severity }: Finding): 'error' | 'warning' {
  return severity === 'error' ? 'error' : 'warning';
}

/** How many entries of a kind a file has. */
export function countOf({ file, findings }: FileReport, kind: Kind): number {
  switch (kind) {
    case 'conflict':
      return file?.conflicts.length ?? 0;
    case 'error':
    case 'warning':
      return findings.filter((each) => kindOf(each) === kind).length;
    case 'drift':
    case 'pending':
      return file?.[kind].length ?? 0;
    case 'caught-up':
      return file?.caughtUp?.length ?? 0;
    case 'removed':
    case 'changed':
    case 'added':
      return file?.changes.filter((change) => change.kind === kind).length ?? 0;
  }
}

/** The entries of one kind of a file. */
export function entriesOf({ file, findings }: FileReport, kind: Kind): readonly Entry[] {
  switch (kind) {
    case 'conflict':
      return (file?.conflicts ?? []).map((conflict) => ({ kind, conflict }));
    case 'error':
    case 'warning':
      return findings.filter((each) => kindOf(each) === kind).map((finding) => ({ kind, finding }));
    case 'drift':
    case 'pending':
      return (file?.[kind] ?? []).map((change) => ({ kind, change }));
    case 'caught-up':
      return (file?.caughtUp ?? []).map((change) => ({ kind, change }));
    case 'removed':
    case 'changed':
    case 'added':
      return (file?.changes ?? [])
        .filter((change) => change.kind === kind)
        .map((change) => ({ kind, change }));
  }
}

/**
 * The label of a pull request with this plan: what is most dangerous in it
 * (docs/reviewing-content.md, "The label").
 */
export function labelOf({ files }: Result): PlanLabel {
  if (files.some(({ conflicts }) => conflicts.length > 0)) return 'wix-cms: conflict';
  if (files.some((file) => file.deletes !== 'keep' && hasRemovals(file))) return 'wix-cms: deletes';
  const changes = files.some((file) => file.changes.length > 0);
  return changes ? 'wix-cms: changes' : 'wix-cms: no-changes';
}

/** What a person puts on a pull request to lift the limits for what its plan shows. */
export const approvedLabel = 'wix-cms: approved';

export const planLabels = [
  'wix-cms: conflict',
  'wix-cms: deletes',
  'wix-cms: changes',
  'wix-cms: no-changes',
] as const;

export type PlanLabel = (typeof planLabels)[number];

function hasRemovals({ changes }: FileResult): boolean {
  return changes.some(({ kind }) => kind === 'removed');
}
