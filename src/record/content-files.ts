import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CollectionContent, Content } from '../config/config.ts';
import { dashboardColumns } from '../content/download.ts';
import { isOfDashboard, itemIdentity, translationIdentity } from '../content/identity.ts';
import { type WaitingIds, withDerivedIds } from '../content/new-rows.ts';
import { unspaced } from '../content/rules/columns.ts';
import { type CollectionSchema, parseSchema } from '../content/schema.ts';
import { type Side, sideOf } from '../content/versions.ts';
import { tableFiles } from '../csv/files.ts';
import type { Identity } from '../csv/table.ts';
import { openTable, refuseDuplicateHeaders, type Table } from '../csv/table.ts';
import { Failure } from '../errors.ts';
import { isPartName } from '../io/paths.ts';
import { placeOfFile, resolveInside } from '../repository/working-tree.ts';

/** How the rows of a content's files are identified. */
function identityOf(content: Content): Identity {
  return content.kind === 'collection' ? itemIdentity('_id') : translationIdentity(content.columns);
}

/** The files of a content below a folder that mirrors the repository. */
export function filesOf(folder: string, { path }: Content): readonly string[] {
  return tableFiles(resolveInside(folder, path), folder);
}

/** Whether a path is a content's file, one of its parts, or its schema. */
export function isOf(content: Content, path: string): boolean {
  return isFileOf(content, path) || (content.kind === 'collection' && path === content.schemaPath);
}

/** The stems of the contents that may own a path: by its name, or by the folder of a part. */
export function stemsOf(path: string): readonly string[] {
  return [path.replace(/\.(csv|schema\.json)$/, ''), dirname(path)];
}

/** Finds the content that owns a path, without a look at each. */
export function ownersAmong(contents: readonly Content[]): (path: string) => Content | undefined {
  const byStem = new Map(contents.map((content) => [stemOf(content), content]));
  return (path) => {
    const near = stemsOf(path).map((stem) => byStem.get(stem));
    return near.find((content) => content !== undefined && isOf(content, path));
  };
}

/** The path without its ending: the folder of the parts. */
export function stemOf({ path }: Content): string {
  return path.replace(/\.csv$/, '');
}

/** Whether a path is a content's file, or one of its parts. */
export function isFileOf(content: Content, path: string): boolean {
  const folder = `${stemOf(content)}/`;
  return (
    path === content.path || (path.startsWith(folder) && isPartName(path.slice(folder.length)))
  );
}

/** Opens a content's file, or its parts, below a folder. What is equal in `like` is not read twice. */
export function openContent(folder: string, content: Content, like?: Table): Table | undefined {
  const files = filesOf(folder, content);
  if (files.length === 0) return undefined;
  const identity = identityOf(content);
  const table = openTable(files, identity, folder, like);
  if (identity.columns(table.columns).length > 0) {
    refuseDuplicateHeaders(table);
    return respelled(table, schemaIn(folder, content));
  }
  const converted = dashboardTable(folder, content, table);
  if (converted !== undefined) return converted;
  refuseDuplicateHeaders(table);
  throw withoutKeys(content, table);
}

/**
 * Takes a header that differs from a field only in case or spaces for that field, so that no edit below it
 * gets lost.
 */
function respelled(table: Table, schema: CollectionSchema | undefined): Table {
  const { columns } = table;
  const missing = schema?.fields.filter(({ key }) => !columns.includes(key)) ?? [];
  const fields = new Map(missing.map(({ key }) => [unspaced(key), key]));
  const known = new Set(schema?.fields.map(({ key }) => key));
  const meant = columns.map((name) =>
    known.has(name) ? name : (fields.get(unspaced(name)) ?? name),
  );
  const isClear = new Set(meant).size === meant.length;
  const isSame = meant.every((name, i) => name === columns[i]);
  return isSame || !isClear ? table : { ...table, columns: meant, header: columns };
}

/** An export of the dashboard in the place of a committed file, under the keys of its fields. */
function dashboardTable(
  folder: string,
  content: Content,
  { columns: header, files: [file = ''] }: Table,
): Table | undefined {
  const schema = schemaIn(folder, content);
  if (content.kind === 'localization') return undefined;
  if (schema === undefined && isOfDashboard(header)) throw withoutSchema(content, file);
  const columns = schema && dashboardColumns(header, schema, { file, columns: content.columns });
  if (columns === undefined) return undefined;
  const table = openTable(filesOf(folder, content), itemIdentity('ID'), folder);
  return { ...table, columns, header };
}

function withoutSchema({ schemaPath }: CollectionContent, file: string): Failure {
  /**
   * @cause The file was in the repository before the first export, or somebody deleted its schema file.
   * @remedy See [moving from CSV exports of the dashboard](moving-from.md#from-csv-exports-of-the-dashboard).
   */
  const message = `${file} line 1: this looks like an export of the dashboard, and there is no ${schemaPath} to say which fields its headers name. Move it out of the repository and run an export, which writes both files. Then put yours in the place of the CSV file, in a pull request.`;
  return new Failure('validation', message, { place: { file, line: 1 } });
}

export function schemaIn(folder: string, content: Content): CollectionSchema | undefined {
  if (content.kind === 'localization') return undefined;
  const path = placeOfFile(folder, content.schemaPath);
  if (!existsSync(path)) return undefined;
  return parseSchema(readFileSync(path, 'utf8'), content.schemaPath);
}

/** Without keys, every row would be new, and an import would create all items again. */
function withoutKeys(content: Content, { columns, files: [file = ''] }: Table): Failure {
  const column = content.kind === 'collection' ? 'column _id' : 'ID column';
  const near = columns.find((name) => /^_?id$/i.test(name.replaceAll(/[\s\p{Cf}]/gu, '')));
  if (content.kind === 'collection' && near !== undefined) {
    const words = `${file} line 1: the header ${JSON.stringify(near)} is not _id. If it is the column of the ids, write _id, without anything invisible before it.`;
    return new Failure('validation', words, { place: { file, line: 1 } });
  }
  // git-lfs, docs/spec.md
  const isPointer = columns[0]?.startsWith('version https://git-lfs.github.com/spec/');
  const message = isPointer
    ? `${file} line 1: this is a Git LFS pointer, but git must have the content itself. Take the CSV files out of LFS with git lfs migrate export; large ones are split.`
    : `${file} line 1: the ${column} is missing, so no row can be told from a new one. Restore it from git.`;
  return new Failure('validation', message, { place: { file, line: 1 } });
}

/** Git's rows as a side of the comparison; rows without an id get derived ones, or one that is `waiting`. */
export function headSide(table: Table, content: Content, waiting?: WaitingIds): Side {
  if (content.kind === 'localization' || table.keyless.length === 0) return sideOf(table);
  const whole = withDerivedIds(content.id, table, waiting);
  const derived = new Set([...whole.rows()].flatMap(({ key }) => (table.has(key) ? [] : [key])));
  return { ...sideOf(whole), derived };
}
