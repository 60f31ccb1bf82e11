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
import { type Locale, listCollections, siteLocales } from '../../wix/collections.ts';
import { nameOf, once, oneByOne, type Run } from '../run.ts';
import { liveSide } from './live-side.ts';
import { atItsSetting, unknownCollection, unknownName, unlistedLanguage } from './names-on-site.ts';
import { type Download, PassingFailure, readSite, type Selection } from './read-site.ts';

/** A content of the site. */
export interface LiveContent {
  readonly content: Content;
  readonly live: Side;
  /** All the fields of the collection; `undefined` for a localization. */
  readonly collection: LiveCollection | undefined;
  /** The fields as the content's file has them; `undefined` for a localization. */
  readonly schema: CollectionSchema | undefined;
}

export interface SiteContents {
  readonly opened: readonly LiveContent[];
  readonly failed: ReadonlyMap<Content, Failure>;
}

export type Collections = ReadonlyMap<string, LiveCollection>;

/** What a site consists of. */
export interface SiteShape {
  readonly collections: Collections;
  /** Its languages, which are asked for once, if a localization is read. */
  readonly locales: () => Promise<readonly Locale[]>;
}

export async function readShape(client: WixClient): Promise<SiteShape> {
  const collections = await listCollections(client);
  return {
    collections: new Map(collections.map((collection) => [collection.id, collection])),
    locales: once(() => siteLocales(client)),
  };
}

export type ReadOptions = SiteShape & Selection;

/**
 * Reads these contents from the site and opens them. Three answers are read again:
 *
 * - none of some rows is there: the site may not have such a filter, so all rows are read.
 * - two columns have one name, such as a `Status` of the user's and one of a plugin (wix-api.md 11): only
 *   the fields that no plugin owns are read.
 * - a service behind the job failed: the content is read once more, as a whole.
 */
export async function readContents(
  run: Run,
  client: WixClient,
  contents: readonly Content[],
  options: ReadOptions,
): Promise<SiteContents> {
  const { collections, rows, ...whole } = options;
  const first = await readOnce(run, client, contents, options);
  const fields = new Map<Content, readonly string[]>();
  const again = [...first].flatMap(([content, read]) => {
    const isDoubled = read instanceof DoubledColumn;
    const collection = isDoubled ? collections.get(nameOf(content)) : undefined;
    if (collection !== undefined) fields.set(content, ownFields(collection));
    const isEmpty = read instanceof Failure || read.live.table.size === 0;
    const isFewRows = rows?.has(content) === true;
    const isRetried = isDoubled || read instanceof PassingFailure || (isFewRows && isEmpty);
    return isRetried ? [content] : [];
  });
  const second =
    again.length === 0 ? [] : await readOnce(run, client, again, { ...whole, collections, fields });
  const opened: LiveContent[] = [];
  const failed = new Map<Content, Failure>();
  for (const [content, read] of new Map([...first, ...second])) {
    if (read instanceof Failure) failed.set(content, atItsSetting(read, content, run.config));
    else opened.push(read);
  }
  return { opened, failed };
}

async function readOnce(
  run: Run,
  client: WixClient,
  contents: readonly Content[],
  options: ReadOptions,
): Promise<ReadonlyMap<Content, LiveContent | Failure>> {
  const { config, onProgress } = run;
  const { collections, locales } = options;
  const known = contents.filter(
    (content) => content.kind === 'localization' || collections.has(content.id),
  );
  const folder = mkdtempSync(join(run.temp, 'live-'));
  const languages = known.some(({ kind }) => kind === 'localization') ? await locales() : [];
  const downloads = await readSite(client, known, options, { folder, onProgress });
  const reads = await oneByOne(run, contents, (content) => {
    const collection = content.kind === 'collection' ? collections.get(content.id) : undefined;
    const download =
      downloads.get(content) ?? unknownCollection(content, config, [...collections.keys()]);
    const read = open(content, download, collection, options);
    const failure =
      read instanceof Failure
        ? unlistedLanguage(content, read, languages, config)
        : unknownName(read, languages, config);
    return [content, failure ?? read] as const;
  });
  return new Map(reads);
}

function open(
  content: Content,
  download: Download | Failure,
  collection: LiveCollection | undefined,
  { rows: some, extent }: Selection,
): LiveContent | Failure {
  if (download instanceof Failure) return download;
  const rows = some?.get(content);
  try {
    const side = liveSide(content, download.path, collection);
    refuseShort(content, side, download.items);
    const isBeyondFilter =
      extent === 'whole' && content.kind === 'collection' && content.filter !== undefined;
    const live = { ...side, ...(rows && { only: rows.keys }), knownOnly: isBeyondFilter };
    const schema =
      content.kind === 'collection' && collection !== undefined
        ? schemaOf(collection, content, exportedReferences(collection, live, rows?.columns))
        : undefined;
    return { content, collection, schema, live };
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

/** A download may end early without an error, and the rows that it lacks must not look removed. */
function refuseShort(content: Content, { table }: Side, items: number): void {
  if (content.kind === 'localization' || table.size >= items) return;
  throw new Failure(
    'api',
    `${nameOf(content)}: the job exported ${items} items, but the download holds ${table.size}, so the file was left as it was. Run the export again.`,
  );
}
