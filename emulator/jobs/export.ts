import { invalid } from '../http/failures.ts';
import type { Body } from '../http/request.ts';
import { comparison, meets, type SortEntry, sortOf } from '../items/filter.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  textAt,
  textsAt,
  valueAt,
} from '../json.ts';
import { type Random, shuffled } from '../random.ts';
import { type Collection, type Field, pageLink } from '../schema.ts';
import type { Settings } from '../settings.ts';
import { itemsAsOf, type StoredCollection } from '../site.ts';
import { type Cell, cellOf, withKeysMoved } from './cells.ts';
import { JobFailure, type JobWork, moveEach } from './jobs.ts';
import { csvBody, jsonlBody } from './tables.ts';

export interface ExportSurroundings {
  readonly settings: Settings;
  readonly random: Random;
  readonly now: () => number;
}

/** Throws 400 for an aggregation that the emulator does not know (wix-api.md 1.8). */
export function checkAggregation(source: JsonObject): void {
  for (const [index, stage] of stagesOf(source).entries()) {
    const [kind = 'nothing', ...others] = isObject(stage) ? Object.keys(stage) : [];
    if (others.length > 0 || !['filter', 'sort', 'skip', 'limit'].includes(kind)) {
      const path = 'source.wixDataCollection.aggregationQuery.aggregationPipeline.stages';
      const description = `must be one of filter, sort, skip, limit; the emulator has no ${kind}`;
      throw invalid([{ field: `${path}[${index}]`, description, violatedRule: 'OTHER' }]);
    }
  }
}

/** The work of a job that writes a collection into a file (wix-api.md 1.7, 3). */
export function exportWork(
  stored: StoredCollection,
  source: JsonObject,
  file: { readonly format: 'CSV' | 'JSONL'; fill(body: Body): void },
  surroundings: ExportSurroundings,
): JobWork {
  return async function* (progress) {
    const { settings, random } = surroundings;
    if (stagesOf(source).length > 0 && stored.schema.collectionType !== 'NATIVE') {
      throw new JobFailure('WDH0001', 'Aggregations run on native collections alone.');
    }
    const items = itemsToExport(stored, source, surroundings);
    progress.total(items.length);
    yield;
    const columns = columnsToExport(stored.schema, items, source, surroundings);
    const mover = settings.shuffle ? random : undefined;
    if (file.format === 'CSV') {
      const rows = cellRows(stored.schema, items, columns, settings, mover);
      const header = columns.map((column) => column.header);
      file.fill(await csvBody(header, rows, settings.bom));
    } else {
      const exported = columns.filter(
        ({ type }) => type !== 'MULTI_REFERENCE' || settings.multiReferences === 'ids',
      );
      const objects = items.map((item) => jsonItem(stored.schema, item, exported));
      file.fill(jsonlBody(objects.map((object) => withKeysMoved(object, mover) as JsonObject)));
    }
    yield* moveEach(items, 1, progress, () => undefined);
  };
}

interface Column {
  readonly key: string;
  readonly header: string;
  readonly type: string;
}

function itemsToExport(
  stored: StoredCollection,
  source: JsonObject,
  { settings, random, now }: ExportSurroundings,
): JsonObject[] {
  const filter = source.filter ?? objectAt(source, 'filterQuery').filter;
  const seen = itemsAsOf(stored, now() - settings.readLag);
  const wanted = [...seen.values()].filter(
    (item) => meets(item, filter) && (settings.draftsExported || item._publishStatus !== 'DRAFT'),
  );
  const mixed = settings.shuffle
    ? shuffled(wanted, random)
    : wanted.toSorted(comparison([{ fieldName: '_id', order: 'ASC' }]));
  return stagesOf(source).reduce<JsonObject[]>(throughStage, mixed);
}

function throughStage(items: JsonObject[], stage: Json): JsonObject[] {
  if (!isObject(stage)) return items;
  if (stage.filter !== undefined) return items.filter((item) => meets(item, stage.filter));
  if (stage.sort !== undefined) {
    const sort: SortEntry[] = sortOf(objectAt(stage, 'sort').values, 1000);
    return items.toSorted(comparison(sort));
  }
  if (stage.skip !== undefined) return items.slice(Number(stage.skip));
  return items.slice(0, Number(stage.limit));
}

function stagesOf(source: JsonObject): readonly Json[] {
  return listAt(source, 'aggregationQuery.aggregationPipeline.stages') ?? [];
}

function columnsToExport(
  schema: Collection,
  items: readonly JsonObject[],
  source: JsonObject,
  { settings, random }: ExportSurroundings,
): Column[] {
  const mapped = listAt(source, 'aggregationQuery.fields');
  if (mapped !== undefined && mapped.length > 0) {
    return mapped.map((field) => mappedColumn(schema, field));
  }
  const others = settings.undeclaredProperties === 'exported' ? undeclared(schema, items) : [];
  const all = [...schema.fields, ...others].filter(
    ({ type, encrypted }) =>
      (settings.multiReferences !== 'absent' || type !== 'MULTI_REFERENCE') &&
      (settings.encryptedFields !== 'absent' || encrypted !== true),
  );
  const wanted = textsAt(source, 'filterQuery.fields') ?? textsAt(source, 'fields') ?? [];
  const chosen = all.filter(
    ({ key }) =>
      wanted.length === 0 || wanted.includes(key) || (key === '_id' && settings.idAlwaysExported),
  );
  const columns = chosen.map((field) => ({
    key: field.key,
    header: settings.headers === 'key' ? field.key : (field.displayName ?? field.key),
    type: field.type,
  }));
  return settings.shuffle ? shuffled(columns, random) : columns;
}

function mappedColumn(schema: Collection, field: Json): Column {
  const key = textAt(field, 'key') ?? '';
  const known = schema.fields.find((one) => one.key === key);
  return { key, header: textAt(field, 'displayName') ?? key, type: known?.type ?? 'ANY' };
}

/** Properties that items hold although no field declares them: Wix Data enforces no schema. */
function undeclared(schema: Collection, items: readonly JsonObject[]): Field[] {
  const declared = new Set(schema.fields.map(({ key }) => key));
  const found = new Set<string>();
  for (const item of items) for (const key in item) found.add(key);
  return [...found]
    .filter((key) => !declared.has(key))
    .map((key) => ({
      key,
      type: 'ANY',
      displayName: key.startsWith('_manualSort_') ? 'Manual sort' : key,
    }));
}

function* cellRows(
  schema: Collection,
  items: readonly JsonObject[],
  columns: readonly Column[],
  settings: Settings,
  mover: Random | undefined,
): Generator<Cell[]> {
  for (const item of items) {
    yield columns.map(({ key, type }) =>
      cellOf(
        cellValue(schema, item, key, type, settings),
        type,
        mover,
        settings.exportedMilliseconds,
      ),
    );
  }
}

function cellValue(
  schema: Collection,
  item: JsonObject,
  key: string,
  type: string,
  settings: Settings,
): Json | undefined {
  if (type === 'MULTI_REFERENCE' && settings.multiReferences === 'empty') return undefined;
  if (type === 'PAGE_LINK') return item[key] ?? pageLink(schema, item);
  // Everything inside an item is JSON.
  return (key in item ? item[key] : valueAt(item, key)) as Json | undefined;
}

function jsonItem(schema: Collection, item: JsonObject, columns: readonly Column[]): JsonObject {
  const object: JsonObject = {};
  for (const { key, header, type } of columns) {
    const value = type === 'PAGE_LINK' ? (item[key] ?? pageLink(schema, item)) : item[key];
    if (value !== undefined) object[header] = value;
  }
  return object;
}
