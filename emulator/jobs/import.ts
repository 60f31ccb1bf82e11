import type { Faults } from '../faults.ts';
import type { Json, JsonObject } from '../json.ts';
import { guidFrom, type Random } from '../random.ts';
import type { Collection, Field } from '../schema.ts';
import type { Settings } from '../settings.ts';
import type { Site, StoredCollection } from '../site.ts';
import { readCell } from './cells.ts';
import { JobFailure, type JobLog, type JobWork, moveEach } from './jobs.ts';
import { MalformedFile, readCsv, readJsonl } from './tables.ts';

export interface ImportSurroundings {
  readonly settings: Settings;
  readonly faults: Faults;
  readonly random: Random;
}

/** A row of the file: what it holds, or why it can not be stored. */
interface Row {
  readonly item: JsonObject;
  readonly refusal: Refusal | undefined;
}

export interface Refusal {
  readonly code: string;
  readonly description: string;
}

/** Largest item, in bytes of JSON (wix-api.md 3.2). */
const largestItem = 500_000;

/** The work of a job that moves an uploaded file into a collection (wix-api.md 1.7, 3.5). */
export function importWork(
  site: Site,
  stored: StoredCollection,
  upload: { readonly content: Buffer; readonly format: string | undefined },
  writePolicy: string,
  surroundings: ImportSurroundings,
): JobWork {
  return async function* (progress) {
    checkCapabilities(stored.schema, writePolicy);
    const rows = await rowsOf(upload, stored.schema, surroundings.settings);
    progress.total(upload.content.length);
    if (writePolicy === 'TRUNCATE_BEFORE') {
      for (const id of [...stored.items.keys()]) site.remove(stored.schema.id, id);
      yield;
    }
    const bytes = Math.floor(upload.content.length / Math.max(1, rows.length));
    yield* moveEach(rows, bytes, progress, (row, index) => {
      const refusal = row.refusal ?? refusalOf(row.item, stored.schema, surroundings);
      if (refusal !== undefined) return refusalLog(refusal, row.item, index, surroundings.settings);
      write(site, stored, row.item, writePolicy, surroundings);
      return undefined;
    });
  };
}

/** Whether a row or an item is refused by a fault or by the rules that hold for every write. */
export function refusalOf(
  item: JsonObject,
  schema: Collection,
  { faults, settings }: Pick<ImportSurroundings, 'faults' | 'settings'>,
): Refusal | undefined {
  const programmed = faults.forRow(schema.id, item);
  if (programmed !== undefined) {
    return { code: programmed.code, description: programmed.description };
  }
  const missing = schema.fields.find(
    ({ key, required }) => required === true && (item[key] ?? '') === '',
  );
  if (settings.requiredEnforced && missing !== undefined) {
    return { code: 'WDE0075', description: `The field ${missing.key} is required.` };
  }
  if (Buffer.byteLength(JSON.stringify(item)) > largestItem) {
    return { code: 'WDE0009', description: 'The item is too large.' };
  }
  return undefined;
}

/** The log of a refused row; what it calls the row is a setting (wix-api.md 1.11). */
export function refusalLog(
  refusal: Refusal,
  item: JsonObject,
  index: number,
  settings: Settings,
): JobLog {
  const id = settings.logIds === 'item' ? item._id : undefined;
  const sourceItemId = typeof id === 'string' ? id : String(index + settings.csvRowBase);
  return { sourceItemId, failure: { ...refusal, data: {} } };
}

/** The rows of an uploaded file, header first, whichever format it has. Throws JobFailure WDH0003. */
export async function recordsOf(upload: {
  readonly content: Buffer;
  readonly format: string | undefined;
}): Promise<{ readonly csv: string[][] } | { readonly jsonl: JsonObject[] }> {
  const { content, format } = upload;
  const isJsonl =
    format === 'JSONL' || (format !== 'CSV' && /^\s*\{/.test(content.toString('utf8', 0, 100)));
  try {
    return isJsonl ? { jsonl: readJsonl(content) } : { csv: await readCsv(content) };
  } catch (error) {
    if (error instanceof MalformedFile) throw new JobFailure('WDH0003', error.message);
    throw error;
  }
}

function checkCapabilities({ id, capabilities }: Collection, writePolicy: string): void {
  const needed = writePolicy === 'TRUNCATE_BEFORE' ? ['BULK_SAVE', 'TRUNCATE'] : ['BULK_SAVE'];
  for (const operation of needed) {
    if (!capabilities.dataOperations.includes(operation)) {
      throw new JobFailure('WDE0119', `The collection ${id} does not support ${operation}.`);
    }
  }
}

async function rowsOf(
  upload: { readonly content: Buffer; readonly format: string | undefined },
  schema: Collection,
  settings: Settings,
): Promise<Row[]> {
  const records = await recordsOf(upload);
  if ('jsonl' in records) {
    return records.jsonl.map((item) => ({ item: writable(item, schema), refusal: undefined }));
  }
  const [header = [], ...rows] = records.csv;
  const columns = header.map((name) => fieldNamed(name, schema, settings));
  return rows.map((cells) => rowOf(cells, columns, schema, settings));
}

function fieldNamed(name: string, schema: Collection, settings: Settings): Field | undefined {
  const known = schema.fields.find((field) =>
    settings.headers === 'displayName' ? field.displayName === name : field.key === name,
  );
  if (known !== undefined) return known;
  return settings.unknownColumns === 'store' ? { key: name, type: 'TEXT' } : undefined;
}

function rowOf(
  cells: readonly string[],
  columns: readonly (Field | undefined)[],
  schema: Collection,
  settings: Settings,
): Row {
  const item: JsonObject = {};
  let refusal: Refusal | undefined;
  for (const [index, field] of columns.entries()) {
    if (field === undefined) continue;
    const read = readField(cells[index] ?? '', field, settings);
    if ('value' in read) setOrDelete(item, field.key, read.value);
    else refusal ??= { code: 'WDE0147', description: `Invalid ${field.key}: ${read.reason}.` };
  }
  return { item: writable(item, schema), refusal };
}

function readField(
  text: string,
  field: Field,
  settings: Settings,
): { readonly value: Json | undefined } | { readonly reason: string } {
  if (text === '') {
    if (field.key === '_id' || settings.emptyCell === 'absent') return { value: undefined };
    return { value: settings.emptyCell === 'null' ? null : '' };
  }
  const typed = settings.csvTypes === 'schema' && isReplaced(field);
  return readCell(text, typed ? field.type : 'TEXT');
}

function setOrDelete(item: JsonObject, key: string, value: Json | undefined): void {
  if (value === undefined) delete item[key];
  else item[key] = value;
}

/** The item without what an import can not set (wix-api.md 3.4): those keep what the site has. */
function writable(item: JsonObject, schema: Collection): JsonObject {
  const fields = new Map(schema.fields.map((field) => [field.key, field]));
  return Object.fromEntries(
    Object.entries(item).filter(([key]) => {
      const field = fields.get(key);
      return key === '_id' || field === undefined || isReplaced(field);
    }),
  );
}

/** Whether an import sets the field; system fields, page links and multi-references it does not. */
function isReplaced(field: Field): boolean {
  return (
    field.systemField !== true && field.type !== 'PAGE_LINK' && field.type !== 'MULTI_REFERENCE'
  );
}

function write(
  site: Site,
  stored: StoredCollection,
  item: JsonObject,
  writePolicy: string,
  { random, settings }: ImportSurroundings,
): void {
  const id = typeof item._id === 'string' && item._id !== '' ? item._id : guidFrom(random);
  const known = stored.items.get(id);
  if (known !== undefined && writePolicy === 'SKIP_EXISTING') return;
  const kept = stored.schema.fields.filter(
    (field) =>
      !isReplaced(field) &&
      (field.type !== 'MULTI_REFERENCE' || settings.importedMultiReferences === 'kept'),
  );
  const keptValues: JsonObject = {};
  for (const { key } of kept) {
    const value = known?.[key];
    if (value !== undefined) keptValues[key] = value;
  }
  site.save(stored.schema.id, { ...keptValues, ...item, _id: id });
}
