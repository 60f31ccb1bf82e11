import { parse } from 'csv-parse/sync';
import { valueProblem } from '../../src/content/rules/value-rules.ts';
import {
  ask,
  at,
  type Connection,
  type ExportAnswer,
  exportFrom,
  type Finding,
} from './requests.ts';

/** A field of the collection that is asked about. */
export interface SiteField {
  readonly key: string;
  readonly displayName: string;
  readonly type: string;
}

/** The fields in an answer about a collection; none where it is not one. */
export function fieldsOf(body: unknown): readonly SiteField[] {
  const fields = at(at(body, 'collection') ?? body, 'fields');
  if (!Array.isArray(fields)) return [];
  return fields.map((field) => ({
    key: String(at(field, 'key') ?? ''),
    displayName: String(at(field, 'displayName') ?? ''),
    type: String(at(field, 'type') ?? ''),
  }));
}

/** The records of a downloaded CSV, the header first; none without a file. */
export function recordsOf({ file }: ExportAnswer): readonly (readonly string[])[] {
  if (file === undefined || file.status !== 200) return [];
  return parse(file.bytes, { bom: true, relaxColumnCount: true });
}

/** Where an export has a field, under its key or its display name; -1 where it has not. */
export function columnOf(
  header: readonly string[],
  { key, displayName }: Pick<SiteField, 'key' | 'displayName'>,
): number {
  return header.findIndex((cell) => cell === key || cell === displayName);
}

/** Columns such as those of plugins, which an import would have to bring back (wix-api.md 3.3). */
export function columnFinding(header: readonly string[], fields: readonly SiteField[]): Finding {
  const known = new Set(fields.flatMap(({ key, displayName }) => [key, displayName]));
  const others = header.filter((cell) => !known.has(cell) && cell !== '_id' && cell !== 'ID');
  const twice = header.filter((cell, i) => header.indexOf(cell) !== i);
  return {
    question: 'Which columns are not fields, and which come twice?',
    answer: `${names(others)}; ${names(twice)}`,
  };
}

/** How many filled cells have the form that the action expects of their field's type (wix-api.md 3.6). */
export function cellFinding(answer: ExportAnswer, fields: readonly SiteField[]): Finding {
  const [header = [], ...rows] = recordsOf(answer);
  const counts = new Map<string, { filled: number; fitting: number }>();
  for (const field of fields) {
    const { type } = field;
    const column = columnOf(header, field);
    const cells = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    if (cells.length === 0) continue;
    const { filled, fitting } = counts.get(type) ?? { filled: 0, fitting: 0 };
    const fits = cells.filter((cell) => valueProblem(type, cell) === undefined).length;
    counts.set(type, { filled: filled + cells.length, fitting: fitting + fits });
  }
  const said = [...counts].map(([type, { filled, fitting }]) => `${type} ${fitting} of ${filled}`);
  return { question: 'How many cells have the expected form?', answer: names(said) };
}

/** What an export as JSON lines makes of each type, which is how `upload-format: jsonl` writes it. */
export async function lineFinding(
  connection: Connection,
  collection: string,
  fields: readonly SiteField[],
): Promise<Finding> {
  const source = { wixDataCollection: { collectionId: collection } };
  const { job, file } = await exportFrom(connection, source, 'JSONL');
  const lines = (file?.bytes.toString() ?? '').split('\n').filter((line) => line !== '');
  const question = 'What does an export as JSON lines contain?';
  if (lines.length === 0)
    return { question, answer: `no lines (${at(job, 'status') ?? 'refused'})` };
  return { question, answer: kindsOf(lines.map(parsed), fields) };
}

/** What the items of the API hold, by which the types of what an import wrote are looked at. */
export async function itemFinding(
  connection: Connection,
  collection: string,
  fields: readonly SiteField[],
): Promise<Finding> {
  const query = { filter: {}, paging: { limit: 100, offset: 0 } };
  const publishPluginOptions = { includeDraftItems: true };
  const { status, body } = await ask(connection, '/wix-data/v2/items/query', {
    dataCollectionId: collection,
    query,
    consistentRead: true,
    publishPluginOptions,
  });
  const listed = at(body, 'dataItems');
  const question = 'What do items from the API contain?';
  if (status !== 200 || !Array.isArray(listed))
    return { question, answer: `nothing (HTTP ${status})` };
  return {
    question,
    answer: kindsOf(
      listed.map((item) => at(item, 'data')),
      fields,
    ),
  };
}

/**
 * Whether multi-references can be read, by which an import sees whether it took any away: 50 items
 * at once, as it reads them, and then more, which one page of Wix says is refused (wix-api.md 6.4).
 */
export async function* referenceFindings(
  connection: Connection,
  collection: string,
  fields: readonly SiteField[],
): AsyncGenerator<Finding> {
  const multi = fields.filter(({ type }) => type === 'MULTI_REFERENCE').map(({ key }) => key);
  if (multi.length === 0) return;
  const read = (keys: readonly string[], limit: number) =>
    ask(connection, '/wix-data/v2/items/query', {
      dataCollectionId: collection,
      query: { filter: {}, paging: { limit, offset: 0 } },
      includeReferences: keys.map((field) => ({ field, limit: 50 })),
      consistentRead: true,
      publishPluginOptions: { includeDraftItems: true },
    });
  for (const key of multi) {
    const { status, body } = await read([key], 50);
    const items = listIn(at(body, 'dataItems'));
    const referring = items.filter((item) => listIn(at(item, 'data', key)).length > 0).length;
    const answer =
      status === 200 ? `${referring} of ${items.length} items refer` : `no (HTTP ${status})`;
    yield { question: `Can the MULTI_REFERENCE ${key} be read?`, answer };
  }
  const { status, body } = await read(multi, 100);
  const items = `${multi.length} fields of ${listIn(at(body, 'dataItems')).length} items`;
  yield {
    question: 'Can all multi-references of many items be read at once?',
    answer: status === 200 ? items : `no (HTTP ${status})`,
  };
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The kinds of values that fields of each type have: no content, only what it is made of. */
export function kindsOf(
  items: readonly unknown[],
  fields: readonly Pick<SiteField, 'key' | 'type'>[],
): string {
  const kinds = new Map<string, Set<string>>();
  for (const { key, type } of [
    { key: '_id', type: '_id' },
    ...fields.filter(({ key }) => key !== '_id'),
  ]) {
    for (const item of items) {
      const value = at(item, key);
      if (value === undefined) continue;
      kinds.set(type, (kinds.get(type) ?? new Set()).add(kindOf(value)));
    }
  }
  return names([...kinds].map(([type, some]) => `${type} ${[...some].join(' or ')}`));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text';
  if (typeof value !== 'object') return typeof value;
  return at(value, '$date') === undefined ? 'object' : '{$date}';
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Names as an answer, or that there are none. */
export function names(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ');
}
