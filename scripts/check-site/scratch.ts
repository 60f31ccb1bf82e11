import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { typedLine } from '../../src/content/delta.ts';
import type { KeyedRow } from '../../src/csv/writer.ts';
import { Failure } from '../../src/errors.ts';
import { createWixClient, type WixClient } from '../../src/wix/client.ts';
import { createCollection } from '../../src/wix/collections.ts';
import { Refusal } from '../../src/wix/failures.ts';
import { uploadFile } from '../../src/wix/files.ts';
import { Items, type StoredItem } from '../../src/wix/items.ts';
import {
  type EndedJob,
  explainEnd,
  followJobs,
  type Rejection,
  readRejections,
  submitJob,
} from '../../src/wix/jobs.ts';
import type { Connection } from './requests.ts';

/** A collection made for the check. */
export interface Scratch {
  readonly client: WixClient;
  readonly id: string;
}

const named = (key: string, type: string) => ({ key, displayName: `The ${key}`, type });

/** The fields of each. No media: what an import brings into the media manager would stay there. */
export const fields = [
  named('title', 'TEXT'),
  named('note', 'TEXT'),
  named('story', 'RICH_TEXT'),
  named('price', 'NUMBER'),
  named('fresh', 'BOOLEAN'),
  named('day', 'DATE'),
  named('listed', 'DATETIME'),
  named('opens', 'TIME'),
  named('page', 'URL'),
  named('words', 'ARRAY_STRING'),
  named('body', 'RICH_CONTENT'),
  named('place', 'ADDRESS'),
];

/** A client of the site, which says what Wix refuses in the words of the action. */
export function clientOf(connection: Connection): WixClient {
  const log = { info: () => {}, warning: () => {}, debug: () => {} };
  const deadline = connection.clock.now() + 10 * 60_000;
  return createWixClient({ ...connection, log, deadline, requestsPerMinute: 150 });
}

export function newScratch(client: WixClient): Scratch {
  return { client, id: `WixCmsSyncCheck${randomUUID().slice(0, 8)}` };
}

/**
 * Makes a collection that the site's owner alone sees.
 *
 * @param friends the collection that its multi-reference refers to; without it, it has none.
 */
export async function makeScratch({ client, id }: Scratch, friends?: Scratch): Promise<void> {
  const reference = friends && {
    ...named('friends', 'MULTI_REFERENCE'),
    typeMetadata: { multiReference: { referencedCollectionId: friends.id } },
  };
  await createCollection(client, {
    id,
    displayName: id,
    fields: reference === undefined ? fields : [...fields, reference],
  });
}

/** Removes a collection with its items; whether it is gone. */
export async function removeScratch({ client, id }: Scratch): Promise<boolean> {
  const request = { method: 'DELETE', path: `/wix-data/v2/collections/${id}` } as const;
  try {
    await client.json({ ...request, what: `remove the collection ${id}` });
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error instanceof Refusal && error.status === 404;
  }
}

/** How a file is written: as CSV with one of two kinds of headers, or as JSON lines. */
export type Way = 'key' | 'display-name' | 'lines';

/** A row to import, by the keys of fields. */
export type Row = Readonly<Record<string, string>> & { readonly _id: string };

/** What became of an import. */
export interface ImportEnd {
  /** In a few words, such as `COMPLETED, 2 arrived, 1 rejected, 1 in the log`. */
  readonly words: string;
  readonly rejections: readonly Rejection[];
}

/** Imports rows, and waits for the end. A job that fails is an answer like another. */
export async function importRows(
  { client, id }: Scratch,
  way: Way,
  ...rows: readonly Row[]
): Promise<ImportEnd> {
  const format = way === 'lines' ? 'JSONL' : 'CSV';
  const fileId = await upload(client, `check.${format.toLowerCase()}`, textOf(way, rows));
  const job = await submitJob(client, {
    name: `wix-cms-sync check ${randomUUID()}`,
    source: { file: { fileId, format } },
    destination: { wixDataCollection: { collectionId: id, writePolicy: 'OVERWRITE' } },
  });
  for await (const end of followJobs(client, [job])) return endOf(client, end);
  throw new Error(`The job ${job.id} was followed without coming to an end`);
}

async function endOf(client: WixClient, end: EndedJob): Promise<ImportEnd> {
  const { id, status, successful, rejected, logged = 'an unknown number' } = end.job;
  if (end.kind === 'failed' || end.kind === 'vanished') {
    return { words: explainEnd(end), rejections: [] };
  }
  const words = `${status}, ${successful} arrived, ${rejected} rejected, ${logged} in the log`;
  return { words, rejections: await readRejections(client, id) };
}

async function upload(client: WixClient, name: string, text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'check-site-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, text);
    return await uploadFile(client, path, name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A column for whatever any of the rows names. */
function textOf(way: Way, rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  const records: readonly KeyedRow[] = rows.map((row) => ({
    key: row._id,
    cells: columns.map((column) => row[column] ?? ''),
  }));
  if (way === 'lines') return records.map((row) => `${typedLine(columns, row, types)}\n`).join('');
  const headers = way === 'key' ? columns : columns.map(displayNameOf);
  return stringify([headers, ...records.map(({ cells }) => cells)]);
}

function displayNameOf(column: string): string {
  if (column === '_id') return 'ID';
  return fields.find(({ key }) => key === column)?.displayName ?? column;
}

/** An item as it is now; asked for once more where it is not there yet (wix-api.md 6.5). */
export async function readBack(
  { client, id }: Scratch,
  item: string,
  references: readonly string[] = [],
): Promise<StoredItem | undefined> {
  for (const wait of [0, 2_000]) {
    await client.clock.sleep(wait, client.signal);
    const found = (await new Items(client, id).stored([item], references)).get(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
