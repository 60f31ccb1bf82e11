import type { JsonObject } from './json.ts';
import { mirrorReferences } from './pairs.ts';
import { guidFrom, type Random } from './random.ts';
import { type Collection, type CollectionSeed, collectionFrom, hasDrafts } from './schema.ts';

/** A collection and what it holds. */
export interface StoredCollection {
  readonly schema: Collection;
  /** Items by id, as typed JSON with their system fields. */
  readonly items: Map<string, JsonObject>;
  /** What `items` held before each of the latest writes, oldest first; kept only while reads lag. */
  readonly past: { readonly until: number; readonly items: ReadonlyMap<string, JsonObject> }[];
}

/** The translation of one field of one item into one language (wix-api.md 2.4). */
interface Translation {
  readonly itemId: string;
  readonly field: string;
  readonly language: string;
  readonly text: string;
  readonly published: boolean;
}

interface Locale {
  readonly id: string;
  readonly languageCode: string;
  readonly displayName: string;
  readonly primaryLocale: boolean;
  readonly visibility: 'VISIBLE' | 'HIDDEN';
}

/** What a test or a demo says about a site. */
export interface SiteSeed {
  readonly id?: string;
  readonly collections?: readonly CollectionSeed[];
  /** Languages of the site, the main one first. None: Multilingual is not installed. */
  readonly languages?: readonly string[];
  readonly translations?: readonly (Omit<Translation, 'published'> & {
    readonly published?: boolean;
  })[];
}

/** One Wix site: what it holds, and the hands of the person who edits it in the CMS. */
export interface Site {
  readonly id: string;
  readonly collections: Map<string, StoredCollection>;
  readonly translations: Map<string, Translation>;
  locales: readonly Locale[];
  /** A collection by id; throws when the site has none of that id. */
  collection(id: string): StoredCollection;
  addCollection(seed: CollectionSeed): StoredCollection;
  /** Adds an item, with a generated id when it has none; answers what is stored. */
  insert(collectionId: string, item: JsonObject): JsonObject;
  /** Changes some fields of an item; a field set to undefined is removed. */
  edit(
    collectionId: string,
    itemId: string,
    changes: Readonly<Record<string, JsonObject[string] | undefined>>,
  ): JsonObject;
  remove(collectionId: string, itemId: string): void;
  /** Replaces an item whole, or adds it; the server-set fields stay as they are or are set. */
  save(collectionId: string, item: JsonObject): JsonObject;
  /** Sets a translation; an empty text removes it. */
  translate(
    itemId: string,
    field: string,
    language: string,
    text: string,
    published?: boolean,
  ): void;
  /** The text of a translation, published or not. */
  translation(itemId: string, field: string, language: string): string | undefined;
}

const owner = '1d0ec4a3-62f0-4a9a-9d1a-3f0b7a5c2e11';

interface Surroundings {
  readonly now: () => number;
  readonly random: Random;
  /** How far back reads may look, in milliseconds. */
  readonly lag: () => number;
}

/** A site with what the seed says. */
export function createSite(seed: SiteSeed, surroundings: Surroundings): Site {
  const site: Site = {
    id: seed.id ?? guidFrom(surroundings.random),
    locales: (seed.languages ?? []).map(locale),
    ...createCollections(surroundings),
    ...createTranslations(),
  };
  for (const added of seed.collections ?? []) site.addCollection(added);
  for (const { itemId, field, language, text, published } of seed.translations ?? []) {
    site.translate(itemId, field, language, text, published);
  }
  return site;
}

type Translations = Pick<Site, 'translations' | 'translate' | 'translation'>;
type Collections = Omit<Site, 'id' | 'locales' | keyof Translations>;

function createCollections(surroundings: Surroundings): Collections {
  const collections = new Map<string, StoredCollection>();

  const collection = (id: string): StoredCollection => {
    const stored = collections.get(id);
    if (stored === undefined) throw new Error(`The emulated site has no collection ${id}.`);
    return stored;
  };

  const itemOf = (collectionId: string, itemId: string): JsonObject => {
    const item = collection(collectionId).items.get(itemId);
    if (item === undefined) throw new Error(`${collectionId} has no item ${itemId}.`);
    return item;
  };

  const save = (collectionId: string, item: JsonObject): JsonObject => {
    const stored = collection(collectionId);
    const known = typeof item._id === 'string' ? stored.items.get(item._id) : undefined;
    const whole = store(stored, item, surroundings);
    mirrorReferences(collections, stored.schema, known, whole);
    return whole;
  };

  return {
    collections,
    collection,
    addCollection(added) {
      const schema = collectionFrom(added, surroundings.now());
      const stored = { schema, items: new Map(), past: [] };
      collections.set(added.id, stored);
      for (const item of added.items ?? []) store(stored, item, surroundings);
      // Its items may refer to those of other collections, and these to its own.
      for (const { schema: each, items } of collections.values()) {
        for (const item of items.values()) mirrorReferences(collections, each, undefined, item);
      }
      return stored;
    },
    insert: save,
    edit(collectionId, itemId, changes) {
      const changed = { ...itemOf(collectionId, itemId) };
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) delete changed[key];
        else changed[key] = value;
      }
      return save(collectionId, changed);
    },
    remove(collectionId, itemId) {
      const gone = itemOf(collectionId, itemId);
      const stored = collection(collectionId);
      remember(stored, surroundings);
      stored.items.delete(itemId);
      mirrorReferences(collections, stored.schema, gone, undefined);
    },
    save,
  };
}

/** Keeps what a collection holds before it is written to, for reads that lag. */
function remember({ past, items }: StoredCollection, { now, lag }: Surroundings): void {
  while (past[0] !== undefined && past[0].until < now() - lag()) past.shift();
  // Writes of one moment are one version: reads cannot look in between.
  if (lag() > 0 && past.at(-1)?.until !== now()) {
    past.push({ until: now(), items: new Map(items) });
  }
}

/** Writes an item whole, with the fields that the server sets. */
function store(stored: StoredCollection, item: JsonObject, surroundings: Surroundings): JsonObject {
  remember(stored, surroundings);
  const { now, random } = surroundings;
  const id = typeof item._id === 'string' && item._id !== '' ? item._id : guidFrom(random);
  const date = { $date: new Date(now()).toISOString() };
  const known = stored.items.get(id);
  const whole = {
    _createdDate: known?._createdDate ?? date,
    _owner: known?._owner ?? owner,
    ...(hasDrafts(stored.schema) && { _publishStatus: known?._publishStatus ?? 'PUBLISHED' }),
    ...item,
    _updatedDate: date,
    _id: id,
  };
  stored.items.set(id, whole);
  return whole;
}

function createTranslations(): Translations {
  const translations = new Map<string, Translation>();
  return {
    translations,
    translate(itemId, field, language, text, published = true) {
      const key = translationKey(itemId, field, language);
      if (text === '') translations.delete(key);
      else translations.set(key, { itemId, field, language, text, published });
    },
    translation: (itemId, field, language) =>
      translations.get(translationKey(itemId, field, language))?.text,
  };
}

/** The items as they were `lag` milliseconds ago. */
export function itemsAsOf(stored: StoredCollection, time: number): ReadonlyMap<string, JsonObject> {
  return stored.past.find((version) => version.until > time)?.items ?? stored.items;
}

/** The key of a translation in `Site.translations`. */
export function translationKey(itemId: string, field: string, language: string): string {
  return JSON.stringify([itemId, field, language]);
}

function locale(id: string, index: number): Locale {
  const languageCode = id.split('-')[0] ?? id;
  const displayName = new Intl.DisplayNames(['en'], { type: 'language' }).of(id) ?? id;
  return { id, languageCode, displayName, primaryLocale: index === 0, visibility: 'VISIBLE' };
}
