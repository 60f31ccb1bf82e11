/** A table as the content of a repository and of a site. */
import { copyFileSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../emulator/json.ts';
import type { CollectionSeed } from '../emulator/schema.ts';
import { type HeadContent, headContent } from '../src/commands/read/head-content.ts';
import { type CollectionContent, readConfig } from '../src/config/config.ts';
import { formatSchema, type LiveCollection, schemaOf } from '../src/content/schema.ts';
import { sideOf } from '../src/content/versions.ts';
import { headSide } from '../src/record/content-files.ts';
import { noExports } from '../src/record/exports.ts';
import type { Sync } from '../src/record/sync.ts';
import { noRecord } from '../src/record/sync-record.ts';
import { workingTree } from '../src/record/version.ts';
import type { Git } from '../src/repository/run-git.ts';
import { type Data, fieldsOf, fileOf, rowsOf } from './data.ts';

const nothingNamed = {
  languages: [],
  directory: undefined,
  deletes: undefined,
  writePolicy: undefined,
};

/** The collection that the tables are content of. */
export const content = contentOf('products');

/** A collection as the configuration has it. */
export function contentOf(id: string): CollectionContent {
  const [first] = readConfig(undefined, { ...nothingNamed, collections: [id] }).contents;
  if (first?.kind !== 'collection') throw new Error('A collection was named and is not configured');
  return first;
}

/** The collection as the site describes it. */
export function liveCollection(data: Data): LiveCollection {
  const common = { readOnly: false, required: false, encrypted: false, translatable: false };
  const fields = fieldsOf(data).map(({ key, type }) => ({
    ...common,
    key,
    type,
    displayName: key,
    systemField: key === '_id',
  }));
  return { id: content.id, fields };
}

/** Puts a table and its schema into a folder that mirrors the repository. */
export function placeContent(folder: string, data: Data): void {
  const path = join(folder, content.path);
  mkdirSync(dirname(path), { recursive: true });
  placeFile(fileOf(data), path);
  const schema = schemaOf(liveCollection(data), { fields: undefined, exclude: [] });
  writeFileSync(join(folder, content.schemaPath), formatSchema(schema));
}

/** Nobody writes into the file, so a second name will do; a copy of L takes longer than the work. */
function placeFile(file: string, path: string): void {
  try {
    linkSync(file, path);
  } catch {
    copyFileSync(file, path); // on another disk
  }
}

/** The collection for an emulated site, its items included. */
export function collectionSeed(data: Data): CollectionSeed {
  const fields = fieldsOf(data);
  const items = Array.from(rowsOf(data), (cells) => {
    const values = cells.map((text, i) => typedValue(fields[i]?.type ?? 'TEXT', text));
    return Object.fromEntries(
      values.flatMap((value, i) => (value === undefined ? [] : [[fields[i]?.key ?? '', value]])),
    );
  });
  return { id: content.id, fields: fields.slice(1).map(({ key, type }) => ({ key, type })), items };
}

function typedValue(type: string, text: string): JsonObject[string] | undefined {
  if (text === '') return undefined;
  switch (type) {
    case 'NUMBER':
      return Number(text);
    case 'BOOLEAN':
      return text === 'true';
    case 'DATETIME':
      return { $date: text };
    case 'ARRAY_STRING':
      return JSON.parse(text);
    default:
      return text;
  }
}

/** Git's files and what was agreed, in folders. */
export function syncOf(head: string, base: string): Sync {
  return {
    get git(): Git {
      throw new Error('The files are in folders, not in a repository');
    },
    siteId: '',
    config: {
      directory: '',
      contents: [content],
      managed: [content],
      placeOf: () => undefined,
      limits,
    },
    temp: '',
    branch: 'main',
    tip: '',
    asked: 0,
    head: workingTree(head),
    at: async () => undefined,
    record: { ...noRecord, agreed: workingTree(base) },
    exports: noExports,
    named: undefined,
    endOf: () => undefined,
    warnings: [],
  };
}

const limits = {
  maxDeletes: { kind: 'percent', percent: 10 },
  maxChanges: { kind: 'percent', percent: 50 },
  allowEmpty: false,
} as const;

/** The content as a folder has it, beside what was agreed. */
export async function opened(head: string, base: string | undefined): Promise<HeadContent> {
  const version = workingTree(head);
  const table = await version.open(content);
  if (table === undefined) throw new Error(`${content.path} is not there`);
  const agreed = base === undefined ? undefined : await workingTree(base).open(content, table);
  const sides = { head: headSide(table, content), recorded: agreed && sideOf(agreed) };
  return headContent(content, table, sides, await version.schema(content));
}
