import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../../config/config.ts';
import { DoubledColumn, ownFields } from '../../content/download.ts';
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
import { type Locale, siteLocales } from '../../wix/locales.ts';
import { nameOf, once, oneByOne, type Run } from '../run.ts';
import { liveSide } from './live-side.ts';
import { atItsSetting, unknownCollection, unknownName } from './names-on-site.ts';
import { type Extent, readSite, type Selection, type SiteRead } from './read-site.ts';

/** A content of the site, read and opened. */
export interface LiveContent {
  readonly content: Content;
  readonly live: Side;
  /** All the fields of the collection; `undefined` for a localization. */
  readonly collection: LiveCollection | undefined;
  /** The fields as the content's file has them; `undefined` for a localization. */
  readonly schema: CollectionSchema | undefined;
}

/** The site's contents as they were just read. */
export interface SiteContents {
  readonly opened: readonly LiveContent[];
  /** The contents that could not be read, and why. */
  readonly failed: ReadonlyMap<Content, Failure>;
}

export type Collections = ReadonlyMap<string, LiveCollection>;

/** What a site consists of. */
export interface SiteShape {
  /** By their ids. */
  readonly collections: Collections;
  /** Its languages; asked for once, where a localization is read. */
  readonly locales: () => Promise<readonly Locale[]>;
}

export async function readShape(client: WixClient): Promise<SiteShape> {
  const collections = await listCollections(client);
  return {
    collections: new Map(collections.map((collection) => [collection.id, collection])),
    locales: once(() => siteLocales(client)),
  };
}

/** How contents are read. */
export interface ReadOptions extends SiteShape {
  readonly extent: Extent;
  /** The contents of which some rows alone are read. */
  readonly rows?: ReadonlyMap<Content, RowsToRead>;
}

/** Some rows of a content. */
export interface RowsToRead {
  readonly keys: ReadonlySet<string>;
  /** The columns that are recorded of the content: few rows may show nothing in some of them. */
  readonly columns: readonly string[];
}

/**
 * Reads these contents from the site and opens what it answered. Two of the answers are read again:
 *
 * - some rows, none of which is there: a site that has no such filter. All rows are read.
 * - two columns of one name, such as a `Status` of the user's and one of a plugin (wix-api.md 11). The
 *   fields that no plugin owns are read.
 */
export async function readContents(
  run: Run,
  client: WixClient,
  contents: readonly Content[],
  options: ReadOptions,
): Promise<SiteContents> {
  const first = await readOnce(run, client, contents, options);
  const fields = new Map(
    contents.flatMap((content) => {
      const isDoubled = first.failed.get(content) instanceof DoubledColumn;
      const collection = isDoubled ? options.collections.get(nameOf(content)) : undefined;
      return collection === undefined ? [] : [[content, ownFields(collection)]];
    }),
  );
  const isRead = (content: Content) =>
    !fields.has(content) &&
    (options.rows?.has(content) !== true ||
      first.opened.some((each) => each.content === content && each.live.table.size > 0));
  const unread = contents.filter((content) => !isRead(content));
  if (unread.length === 0) return first;
  const { rows, ...whole } = options;
  const second = await readOnce(run, client, unread, whole, fields);
  const opened = [...first.opened.filter(({ content }) => isRead(content)), ...second.opened];
  const failed = [...first.failed].filter(([content]) => isRead(content));
  return {
    opened: opened.sort((a, b) => contents.indexOf(a.content) - contents.indexOf(b.content)),
    failed: new Map([...failed, ...second.failed]),
  };
}

async function readOnce(
  run: Run,
  client: WixClient,
  contents: readonly Content[],
  options: ReadOptions,
  fields: Selection['fields'] = new Map(),
): Promise<SiteContents> {
  const { collections, extent, rows = new Map<Content, RowsToRead>() } = options;
  const known = contents.filter((content) => isKnown(content, collections));
  const folder = mkdtempSync(join(run.temp, 'live-'));
  const { onProgress } = run;
  const items = new Map([...rows].map(([content, { keys }]) => [content, keys]));
  const isTranslated = known.some(({ kind }) => kind === 'localization');
  const locales = isTranslated ? await options.locales() : [];
  const reads = await readSite(client, known, { extent, items, fields, folder, onProgress });
  const opened: LiveContent[] = [];
  const failed = new Map<Content, Failure>();
  await oneByOne(run, contents, (content) => {
    const collection = content.kind === 'collection' ? collections.get(content.id) : undefined;
    const read = reads.get(content);
    const outcome =
      read === undefined
        ? unknownCollection(content, run.config, [...collections.keys()])
        : open(content, read, collection, rows.get(content));
    const failure =
      outcome instanceof Failure
        ? atItsSetting(outcome, content, run.config)
        : unknownName(outcome, locales, run.config);
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
  rows: RowsToRead | undefined,
): LiveContent | Failure {
  if (read.kind === 'failed') return read.failure;
  try {
    const side = liveSide(content, read.path, collection);
    refuseShort(content, side, read.items);
    const live = rows === undefined ? side : { ...side, only: rows.keys };
    return { content, collection, schema: schemaFor(content, collection, live, rows), live };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!(error instanceof CsvError)) return error;
    return new Failure(
      'api',
      `${nameOf(content)}: the downloaded export is damaged (line ${error.place?.line}: ${error.message}), so the file was left as it was. Run the export again.`,
      { cause: error },
    );
  }
}

function schemaFor(
  content: Content,
  collection: LiveCollection | undefined,
  live: Side,
  rows: RowsToRead | undefined,
): CollectionSchema | undefined {
  return content.kind === 'collection' && collection !== undefined
    ? schemaOf(collection, content, exportedReferences(collection, live, rows?.columns))
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
