import type { Content } from '../config/config.ts';
import type { Change } from '../content/change.ts';
import { type ColumnDiff, diffColumns, diffRows } from '../content/diff.ts';
import type { Finding } from '../content/finding.ts';
import { localizationLayout } from '../content/identity.ts';
import { type Excess, excesses, type Limits } from '../content/limits.ts';
import { forwardRow } from '../content/merge.ts';
import { type Column, type Side, versionsOf } from '../content/versions.ts';
import type { Versioned } from './export-content.ts';
import { type HeadContent, openHead } from './import-content.ts';
import { openSide } from './sides.ts';

/** What a pull request does to one content, by its files alone. */
export interface PlannedContent {
  readonly head: HeadContent;
  readonly changes: readonly Change[];
  readonly columns: ColumnDiff;
  /** What was merged earlier and the site has not got yet. */
  readonly pending: readonly Change[];
  readonly excesses: readonly Excess[];
}

/**
 * Compares a content of the pull request with what it started from.
 *
 * @param before the folder with the files that the pull request started from.
 * @param record what git and the site agreed on, and the site as it was last read.
 */
export function planFile(
  content: Content,
  folders: { readonly head: string; readonly before: string | undefined },
  record: Pick<Versioned, 'base' | 'recorded'>,
  limits: Limits,
): PlannedContent | undefined {
  const { before } = folders;
  const head = openHead(content, { head: folders.head, base: before, recorded: undefined });
  if (head === undefined) return undefined;
  const { allColumns: columns, sides } = head;
  const changes = [...diffRows(columns, versionsOf(columns, sides, 'different'))];
  const deletes = content.kind === 'collection' && content.deletes === 'apply';
  const extent = {
    rows: sides.base?.table.size ?? 0,
    deleted: deletes ? changes.filter(({ kind }) => kind === 'removed').length : 0,
    changed: changes.filter(({ kind }) => kind === 'changed').length,
  };
  return {
    head,
    changes,
    columns: diffColumns(sides.base?.table.columns ?? head.table.columns, head.table.columns),
    pending: pendingChanges(content, columns, sides.base, record),
    excesses: excesses(extent, limits),
  };
}

/** What differs between the files before the pull request and what git and the site agree on. */
function pendingChanges(
  content: Content,
  columns: readonly Column[],
  before: Side | undefined,
  record: Pick<Versioned, 'base' | 'recorded'>,
): readonly Change[] {
  const base = openSide(record.base, content);
  if (before === undefined || base === undefined) return [];
  const recorded = openSide(record.recorded, content);
  const sides = { head: before, base, recorded, live: undefined };
  const rows = [...versionsOf(columns, sides, 'different')];
  return [
    ...diffRows(
      columns,
      rows.map((row) => ({ ...row, base: forwardRow(columns, row) })),
    ),
  ];
}

/**
 * The texts in the main language, by the keys of the translations that the pull request changes;
 * `undefined` for a collection.
 */
export function sourcesOf({
  head,
  changes,
}: PlannedContent): ReadonlyMap<string, string> | undefined {
  if (head.content.kind === 'collection') return undefined;
  const source = localizationLayout(head.table.columns)?.source;
  if (source === undefined) return new Map();
  const texts = changes.map(({ key }) => [key, head.table.row(key)?.cells[source] ?? ''] as const);
  return new Map(texts);
}

/** The limits that the merge would pass, as findings: the pull request is red before the merge. */
export function excessFindings({ head, excesses: found }: PlannedContent): readonly Finding[] {
  const file = head.content.path;
  return found.map(({ limit, message }) => ({
    rule: limit,
    severity: 'error',
    place: { file },
    message: `${file}: ${message}. Make smaller changes, or raise the limit in the configuration file.`,
  }));
}
