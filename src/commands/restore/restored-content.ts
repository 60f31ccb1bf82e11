import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Content, LocalizationContent } from '../../config/config.ts';
import { localizationColumns } from '../../content/columns.ts';
import { diffRows } from '../../content/diff.ts';
import { languageIn, localizationLayout, textNamedBy } from '../../content/identity.ts';
import { type CollectionSchema, carriedColumns } from '../../content/schema.ts';
import { sideOf, versionsOf } from '../../content/versions.ts';
import type { Table } from '../../csv/table.ts';
import { type KeyedRow, writeTable } from '../../csv/writer.ts';
import { headSide, openContent } from '../../record/content-files.ts';
import { splitLimits } from '../../record/content-record.ts';
import { ifReadable, partName, partPath, type Version } from '../../record/version.ts';
import type { Returning } from '../../report/pull-request/restore.ts';
import { type StagedFiles, stagedFiles } from '../export/staged-files.ts';
import { headContent } from '../read/head-content.ts';
import { nameOf, type Run } from '../run.ts';

/** A content whose files come back as they were. */
export interface RestoredContent extends Returning {
  readonly content: Content;
  /** The files that differ from those of now. */
  readonly files: StagedFiles;
  /** The schema that comes back with a collection's file. */
  readonly schema: CollectionSchema | undefined;
}

export interface ThenAndNow {
  readonly then: Version;
  readonly now: Version;
}

/** Brings a content's files back; `undefined` if there were none then: a content that came later stays. */
export async function restoreContent(
  run: Run,
  content: Content,
  { then, now }: ThenAndNow,
): Promise<RestoredContent | undefined> {
  const old = await then.open(content);
  if (old === undefined) return undefined;
  const current = await ifReadable(now.open(content));
  const folder = placedFolder(run, content, then, old);
  if (content.kind === 'localization' && current !== undefined && isSelection(run)) {
    const placed = openContent(folder, content) ?? old;
    await keepOthers(run, content, { then, now }, { folder, old: placed, current });
  }
  const table = openContent(folder, content) ?? old;
  const schema = await then.schema(content);
  const sides = { head: headSide(table, content), recorded: current && sideOf(current) };
  const { allColumns } = headContent(content, table, sides, schema);
  const changes = [...diffRows(allColumns, versionsOf(allColumns, sides, 'different'))];
  return {
    content,
    schema,
    files: stagedFiles(content, folder, now),
    name: nameOf(content),
    kind: content.kind,
    deletes: content.deletes,
    changes,
    goneFields: goneFields(await ifReadable(now.schema(content)), table.columns),
  };
}

/** A folder with the files of then, at the paths of now, without columns that are no longer configured. */
function placedFolder({ temp }: Run, content: Content, then: Version, old: Table): string {
  const folder = mkdtempSync(join(temp, 'restored-'));
  const there = then.placed(content);
  const isIn = isConfigured(content, old.columns);
  const columns = old.columns.filter(isIn);
  const isWhole = columns.length === old.columns.length;
  const files = isWhole ? old.files : [];
  const moved = files.map((file) => [file, partPath(content, partName(there, file))] as const);
  const schemas =
    content.kind === 'collection' && there.kind === 'collection'
      ? [[there.schemaPath, content.schemaPath] as const]
      : [];
  for (const [from, to] of [...moved, ...schemas]) {
    if (!existsSync(join(then.folder, from))) continue;
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    copyFileSync(join(then.folder, from), join(folder, to));
  }
  if (!isWhole) {
    const rows = [...old.keyless, ...old.rows()].map(({ key, cells }) => {
      return { key, cells: cells.filter((_, i) => isIn(old.columns[i] ?? '')) };
    });
    const path = join(folder, content.path);
    mkdirSync(dirname(path), { recursive: true });
    writeTable(path, columns, rows, splitLimits);
  }
  return folder;
}

/** Tells which columns are neither excluded nor of a language that left the localization. */
function isConfigured(content: Content, columns: readonly string[]): (column: string) => boolean {
  if (content.kind === 'collection') return carriedColumns(undefined, content);
  const languages = new Set(content.languages.map((each) => each.toLowerCase()));
  const { targets = [] } = localizationLayout(columns, content.columns) ?? {};
  const translations = new Set(targets.map((at) => columns[at]));
  return (column) => {
    const language = translations.has(column) ? languageIn(column) : undefined;
    return language === undefined || languages.has(language.toLowerCase());
  };
}

/** Whether the inputs select only some collections: translations of the others stay. */
function isSelection({ config: { contents, managed } }: Run): boolean {
  const count = (list: readonly Content[]) =>
    list.filter(({ kind }) => kind === 'collection').length;
  return count(contents) < count(managed);
}

/** Writes a localization as it is now, with the rows of the selected collections as they were. */
async function keepOthers(
  run: Run,
  content: LocalizationContent,
  { then, now }: ThenAndNow,
  files: { readonly folder: string; readonly old: Table; readonly current: Table },
): Promise<void> {
  const { folder, old, current } = files;
  const tables: Table[] = [];
  for (const collection of run.config.contents.filter(({ kind }) => kind === 'collection')) {
    for (const version of [then, now]) {
      const table = await version.open(collection);
      if (table !== undefined) tables.push(table);
    }
  }
  const isSelected = (key: string) => {
    const [item = ''] = textNamedBy(key) ?? [];
    return tables.some((table) => table.has(item));
  };
  const columns = localizationColumns(current.columns, old.columns, content).map(
    ({ key, type }) => ({ key, type }),
  );
  const sides = { head: sideOf(old), recorded: sideOf(current) };
  const rows = function* (): Generator<KeyedRow> {
    for (const row of versionsOf(columns, sides)) {
      const cells = isSelected(row.key) ? row.head : row.base;
      if (cells !== null) yield { key: row.key, cells };
    }
  };
  const header = columns.map(({ key }) => key);
  writeTable(join(folder, content.path), header, rows(), splitLimits);
}

/** The columns that the schema of now does not have: their values have nowhere to go. */
function goneFields(
  schema: CollectionSchema | undefined,
  columns: readonly string[],
): readonly string[] {
  if (schema === undefined) return [];
  const known = new Set(['_id', ...[...schema.fields, ...schema.omitted].map(({ key }) => key)]);
  return columns.filter((key) => !known.has(key));
}
