import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../../config/config.ts';
import {
  type CollectionSchema,
  exportedReferences,
  type LiveCollection,
  schemaOf,
} from '../../content/schema.ts';
import type { Side } from '../../content/versions.ts';
import { CsvError } from '../../csv/errors.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { listCollections } from '../../wix/collections.ts';
import type { LiveContent } from '../export/export-content.ts';
import { nameOf, oneByOne, type Run } from '../run.ts';
import { liveSide } from './live-side.ts';
import { atItsSetting, unknownCollection, unknownName } from './names-on-site.ts';
import { type Extent, readSite, type SiteRead } from './read-site.ts';

/** The site's contents as they were just read. */
export interface SiteContents {
  readonly opened: readonly LiveContent[];
  /** The contents that could not be read, and why. */
  readonly failed: ReadonlyMap<Content, Failure>;
}

export type Collections = ReadonlyMap<string, LiveCollection>;

/** The collections of the site by their ids. */
export async function readCollections(client: WixClient): Promise<Collections> {
  const collections = await listCollections(client);
  return new Map(collections.map((collection) => [collection.id, collection]));
}

/** How contents are read. */
export interface ReadOptions {
  readonly collections: Collections;
  readonly extent: Extent;
}

/** Reads these contents from the site and opens what it answered. */
export async function readContents(
  run: Run,
  client: WixClient,
  contents: readonly Content[],
  options: ReadOptions,
): Promise<SiteContents> {
  const { collections, extent } = options;
  const known = contents.filter((content) => isKnown(content, collections));
  const folder = mkdtempSync(join(run.temp, 'live-'));
  const { onProgress } = run;
  const reads = await readSite(client, known, { extent, folder, onProgress });
  const opened: LiveContent[] = [];
  const failed = new Map<Content, Failure>();
  await oneByOne(run, contents, (content) => {
    const collection = content.kind === 'collection' ? collections.get(content.id) : undefined;
    const read = reads.get(content);
    const outcome =
      read === undefined
        ? unknownCollection(content, run.config, [...collections.keys()])
        : open(content, read, collection);
    const failure =
      outcome instanceof Failure
        ? atItsSetting(outcome, content, run.config)
        : unknownName(outcome, run.config);
    if (failure !== undefined) failed.set(content, failure);
    else if (!(outcome instanceof Failure)) opened.push(outcome);
  });
  return { opened, failed };
}

function isKnown(content: Content, collections: Collections): boolean {
  return content.kind === 'localization' || collections.has(content.id);
}

function open(
  content: Content,
  read: SiteRead,
  collection: LiveCollection | undefined,
): LiveContent | Failure {
  if (read.kind === 'failed') return read.failure;
  try {
    const live = liveSide(content, read.path, collection);
    refuseShort(content, live, read.items);
    return { content, collection, schema: schemaFor(content, collection, live), live };
  } catch (error) {
    if (error instanceof Failure) return error;
    if (!(error instanceof CsvError)) throw error;
    return new Failure(
      'api',
      `${nameOf(content)}: the downloaded export is damaged (line ${error.line}: ${error.message}), so the file was left as it was. Run the export again.`,
      { cause: error },
    );
  }
}

function schemaFor(
  content: Content,
  collection: LiveCollection | undefined,
  live: Side,
): CollectionSchema | undefined {
  return content.kind === 'collection' && collection !== undefined
    ? schemaOf(collection, content, exportedReferences(collection, live))
    : undefined;
}

/** A download may end early without a sign of it, and the rows it lacks must not look removed. */
function refuseShort(content: Content, { table }: Side, items: number): void {
  if (content.kind === 'localization' || table.size >= items) return;
  throw new Failure(
    'api',
    `${nameOf(content)}: the job exported ${items} items, but the download holds ${table.size}, so the file was left as it was. Run the export again.`,
  );
}
