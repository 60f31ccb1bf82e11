import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectionContent, Content } from '../../config/config.ts';
import type { Change, Conflict } from '../../content/change.ts';
import { translationColumns } from '../../content/columns.ts';
import type { FileRow } from '../../content/export-plan.ts';
import type { NamedChanges } from '../../content/fingerprint.ts';
import { type LocalizationLayout, localizationLayout } from '../../content/identity.ts';
import { type ImportPolicy, mergeIntoCms, type Write } from '../../content/import-plan.ts';
import { forwardRow, mergeRow } from '../../content/merge.ts';
import { type CollectionSchema, carriedColumns, parseSchema } from '../../content/schema.ts';
import { type Column, type Reach, type Sides, versionsOf, within } from '../../content/versions.ts';
import { CsvError } from '../../csv/errors.ts';
import { sameBytes } from '../../csv/same-bytes.ts';
import type { Table } from '../../csv/table.ts';
import { Failure } from '../../errors.ts';
import type { ImportInputs } from '../../inputs.ts';
import { placeOfFile } from '../../repository/working-tree.ts';
import { type LiveContent, sidesOf, type Versioned } from '../export/export-content.ts';
import { openContent, pathsIn } from '../read/sides.ts';

/** A content as git holds it, beside what git and the site last agreed on. */
export interface HeadContent {
  readonly content: Content;
  readonly table: Table;
  readonly sides: Sides;
  /** The columns that an import may write, and those of the key. */
  readonly columns: readonly Column[];
  /** All the columns of the file that are not left out by the configuration. */
  readonly allColumns: readonly Column[];
  /** The schema committed beside the file. */
  readonly schema: CollectionSchema | undefined;
  /** How the columns of a localization are laid out. */
  readonly layout: LocalizationLayout | undefined;
}

/** Changes under the name and the policy that fingerprints know their content by. */
export function namedChanges(content: Content, changes: readonly Change[]): NamedChanges {
  if (content.kind === 'localization') {
    return { name: content.path, changes, policy: { deletes: 'keep', writePolicy: 'overwrite' } };
  }
  const { id: name, deletes, writePolicy } = content;
  return { name, changes, policy: { deletes, writePolicy } };
}

/** How an import treats one content. */
export function policyOf(
  inputs: Pick<ImportInputs, 'onConflict' | 'reconcile'>,
  content: Content,
): ImportPolicy {
  const { onConflict, reconcile } = inputs;
  if (content.kind === 'localization') {
    return { onConflict, reconcile, deletes: 'keep', writePolicy: 'overwrite' };
  }
  const { deletes, writePolicy } = content;
  return { onConflict, reconcile, deletes, writePolicy };
}

/**
 * Whether head is, to the last byte, what git and the site agreed on: then there is nothing to
 * import, and nothing to learn from it.
 */
export function isSettled(content: Content, { head, base, sent }: Versioned): boolean {
  if (base === undefined || (sent !== undefined && namesIn(sent, content).length > 0)) return false;
  return namesIn(head, content).length > 0 && haveSameFiles(content, head, base);
}

/** Whether a content's files are the same in two folders that mirror the repository. */
export function haveSameFiles(content: Content, left: string, right: string): boolean {
  const [files, others] = [namesIn(left, content), namesIn(right, content)];
  if (files.length !== others.length) return false;
  return files.every((file) => sameBytes(join(left, file), join(right, file)));
}

/** The paths of a content's files; none where whoever opens them will say what is wrong. */
function namesIn(folder: string, content: Content): readonly string[] {
  try {
    return pathsIn(folder, content);
  } catch (error) {
    if (error instanceof CsvError || error instanceof Failure) return [];
    throw error;
  }
}

/** Opens a content's head; `undefined` where git has no such file, so it is not managed. */
export function openHead(content: Content, folders: Versioned): HeadContent | undefined {
  const table = openContent(folders.head, content);
  return table === undefined ? undefined : headContent(content, table, folders);
}

/** A content's head, whose file was opened, beside the other versions of it. */
export function headContent(content: Content, table: Table, folders: Versioned): HeadContent {
  const schema = committedSchema(content, folders.head);
  const sides = sidesOf(content, table, folders, undefined);
  if (content.kind === 'collection') {
    const columns = fieldColumns(content, table, schema);
    return { content, table, sides, schema, layout: undefined, columns, allColumns: columns };
  }
  const layout = localizationLayout(table.columns, content.columns);
  const allColumns = translationColumns(table.columns, layout);
  const { keys = [], targets = [] } = layout ?? {};
  const columns = allColumns.filter((_, i) => keys.includes(i) || targets.includes(i));
  return { content, table, sides, schema, layout, columns, allColumns };
}

function committedSchema(content: Content, folder: string): CollectionSchema | undefined {
  if (content.kind === 'localization') return undefined;
  const path = placeOfFile(folder, content.schemaPath);
  if (!existsSync(path)) return undefined;
  return parseSchema(readFileSync(path, 'utf8'), content.schemaPath);
}

/** The columns of head that the configuration does not leave out. */
function fieldColumns(
  content: CollectionContent,
  table: Table,
  schema: CollectionSchema | undefined,
): readonly Column[] {
  const types = new Map(schema?.fields.map(({ key, type }) => [key, type]));
  const known = schema ?? { collection: content.id, fields: [], omitted: [] };
  return table.columns
    .filter(carriedColumns(known, content))
    .map((key) => ({ key, type: types.get(key) ?? 'TEXT' }));
}

/** Whether git holds anything that the site might not: what base does not tell is settled. */
export function isTouched(head: HeadContent, policy: ImportPolicy): boolean {
  const { allColumns: columns, sides } = head;
  if (policy.reconcile === 'all' || head.table.duplicates.length > 0) return true;
  // What an earlier import sent may have arrived unseen: then git may have to take it back.
  if (sides.sent !== undefined) return true;
  for (const row of versionsOf(columns, sides, 'different')) {
    const base = forwardRow(columns, row);
    if (row.head === null && (policy.deletes === 'keep' || base === null)) continue;
    if (mergeRow(columns, base, row.head, base).kind !== 'agreed') return true;
  }
  return false;
}

/** What an import does to one content of the site, decided before anything is written. */
export interface ContentPlan {
  readonly head: HeadContent;
  readonly live: LiveContent;
  readonly sides: Sides;
  readonly writes: readonly Write[];
  /** What base becomes in the rows to be written, once they have arrived. */
  readonly sent: readonly FileRow[];
  readonly changes: readonly Change[];
  readonly drift: readonly Change[];
  readonly conflicts: readonly Conflict[];
  /** Rows that left git and whose items stay. */
  readonly orphans: number;
}

/** Merges head into the site's content as it was just read. */
export function planContent(
  head: HeadContent,
  live: LiveContent,
  policy: ImportPolicy,
): ContentPlan {
  const known = { ...head, columns: head.columns.filter(({ key }) => isWritten(live, key)) };
  const { columns } = known;
  const sides = { ...head.sides, live: live.live };
  // An import that empties the collection first has to bring the equal rows as well.
  const extent = policy.writePolicy === 'truncate-before' ? 'all' : 'different';
  const writes: Write[] = [];
  const sent: FileRow[] = [];
  const changes: Change[] = [];
  const drift: Change[] = [];
  const conflicts: Conflict[] = [];
  let orphans = 0;
  const rows = within(reachOf(head.content), versionsOf(columns, sides, extent));
  for (const row of mergeIntoCms(columns, rows, policy)) {
    if (row.write !== undefined) writes.push(row.write);
    if (row.write !== undefined && row.sent !== undefined) {
      sent.push({ key: row.write.key, cells: row.sent });
    }
    if (row.change !== undefined) changes.push(row.change);
    if (row.drift !== undefined) drift.push(row.drift);
    if (row.orphan) orphans += 1;
    conflicts.push(...row.conflicts);
  }
  const needed = changes.length > 0 ? { writes, sent } : { writes: [], sent: [] };
  return { head: known, live, sides, ...needed, changes, drift, conflicts, orphans };
}

/**
 * Whether an import writes a column: what neither the site's schema nor its export has would be stored
 * in every item, and references that are read only stay as they are.
 */
function isWritten({ content, live, collection }: LiveContent, key: string): boolean {
  if (content.kind === 'localization') return true;
  const field = collection?.fields.find((each) => each.key === key);
  if (field?.type === 'MULTI_REFERENCE') {
    return content.multiReferences === 'auto' && !field.readOnly;
  }
  return field !== undefined || live.positions.has(key);
}

/** Whether an import empties the collection before it fills it. */
export function isTruncating(content: Content): boolean {
  return content.kind === 'collection' && content.writePolicy === 'truncate-before';
}

/** An import reads whole collections, of which a filter leaves items to the CMS alone. */
export function reachOf(content: Content): Reach {
  return content.kind === 'collection' && content.filter !== undefined ? 'known-only' : 'all';
}
