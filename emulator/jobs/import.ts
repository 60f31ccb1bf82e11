import type { Faults } from '../faults.ts';
import { formedItem } from '../forms.ts';
import { type Json, type JsonObject, only } from '../json.ts';
import { guidFrom, type Random } from '../random.ts';
import { type Refusal, refusalOf } from '../refusals.ts';
import { allows, type Collection, type DataOperation, type Field } from '../schema.ts';
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

/** A row of the file: what it holds, or why it cannot be stored. */
interface Row {
  readonly item: JsonObject;
  /** The fields that the file speaks of, those with empty cells included. */
  readonly keys: readonly string[];
  readonly refusal: Refusal | undefined;
}

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
      write(site, stored, row, writePolicy, surroundings);
      return undefined;
    });
  };
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

function checkCapabilities(collection: Collection, writePolicy: string): void {
  const needed: readonly DataOperation[] =
    writePolicy === 'TRUNCATE_BEFORE' ? ['BULK_SAVE', 'TRUNCATE'] : ['BULK_SAVE'];
  for (const operation of needed) {
    if (!allows(collection, operation)) {
      const message = `The collection ${collection.id} does not support ${operation}.`;
      throw new JobFailure('WDE0119', message);
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
    return records.jsonl.map((item) => ({ item, keys: Object.keys(item), refusal: undefined }));
  }
  const [header = [], ...rows] = records.csv;
  const columns = header.map((name) => fieldNamed(name, schema, settings));
  return rows.map((cells) => rowOf(cells, columns, settings));
}

function fieldNamed(name: string, schema: Collection, settings: Settings): Field | undefined {
  const known = schema.fields.find(
    ({ key, displayName }) =>
      (settings.importHeaders !== 'displayName' && key === name) ||
      (settings.importHeaders !== 'key' && displayName === name),
  );
  if (known !== undefined) return known;
  // A property may have any name, but for those that the server keeps to itself.
  const reserved = schema.fields.some(({ key, systemField }) => key === name && systemField);
  if (reserved || settings.unknownColumns === 'ignore') return undefined;
  return { key: name, type: 'TEXT' };
}

function rowOf(
  cells: readonly string[],
  columns: readonly (Field | undefined)[],
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
  return { item, keys: columns.flatMap((field) => field?.key ?? []), refusal };
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
  const typed = settings.csvTypes === 'schema' && !isServerSet(field);
  return readCell(text, typed ? field.type : 'TEXT');
}

function setOrDelete(item: JsonObject, key: string, value: Json | undefined): void {
  if (value === undefined) delete item[key];
  else item[key] = value;
}

/** Whether the server alone sets the field: system fields and page links (wix-api.md 3.4). */
function isServerSet({ systemField, type }: Field): boolean {
  return systemField === true || type === 'PAGE_LINK';
}

function write(
  site: Site,
  stored: StoredCollection,
  row: Row,
  writePolicy: string,
  { random, settings }: ImportSurroundings,
): void {
  const { _id } = row.item;
  const id = typeof _id === 'string' && _id !== '' ? _id : guidFrom(random);
  const known = stored.items.get(id);
  if (known !== undefined && writePolicy === 'SKIP_EXISTING') return;
  const fields = new Map(stored.schema.fields.map((field) => [field.key, field]));
  const isWritten = (key: string): boolean => {
    const field = fields.get(key);
    if (field === undefined) return true;
    if (field.type !== 'MULTI_REFERENCE') return !isServerSet(field);
    return settings.importedMultiReferences === 'written';
  };
  const isKept = (key: string): boolean => {
    if (fields.get(key)?.type === 'MULTI_REFERENCE' && !isWritten(key)) {
      return settings.importedMultiReferences === 'kept';
    }
    if (!isWritten(key)) return true;
    return settings.importedItems === 'patched' && !row.keys.includes(key);
  };
  const item = { ...only(known ?? {}, isKept), ...only(row.item, isWritten), _id: id };
  site.save(stored.schema.id, formedItem(item, stored.schema, settings.forms));
}
