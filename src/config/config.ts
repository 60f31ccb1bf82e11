import type { HeaderPatterns } from '../content/identity.ts';
import type { Limits } from '../content/limits.ts';
import type { RuleSettings } from '../content/rules/finding.ts';
import { Failure, type Place } from '../errors.ts';
import { inList, nearest } from '../io/did-you-mean.ts';
import { isSafePath } from '../io/paths.ts';
import { Claims } from './claims.ts';
import {
  type CollectionDefinition,
  type Definition,
  defaults,
  type LocalizationDefinition,
} from './definition.ts';
import { type PlaceOf, parseConfig } from './parse.ts';

/** The configuration of a run: complete, with the inputs laid over the file. */
export interface Config {
  /** The folder of the files, relative to the repository. */
  readonly directory: string;
  /** What the run works with: collections, then localizations, in their order. */
  readonly contents: readonly Content[];
  /** All that is configured, of which the inputs may select a part. */
  readonly managed: readonly Content[];
  /**
   * Where the file configures a content, or one of its settings; `undefined` where an input does.
   *
   * @param setting such as `['exclude', 0]`.
   */
  readonly placeOf: (content: Content, setting?: Setting) => Place | undefined;
  readonly limits: Limits;
}

/** The path of a setting in the entry of a content. */
export type Setting = readonly (string | number)[];

/** Something of the site that is kept in one file. */
export type Content = CollectionContent | LocalizationContent;

export interface CollectionContent {
  readonly kind: 'collection';
  readonly id: string;
  /** The CSV file, relative to the repository. */
  readonly path: string;
  readonly schemaPath: string;
  readonly filter: Readonly<Record<string, unknown>> | undefined;
  readonly fields: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly writePolicy: 'overwrite' | 'skip-existing' | 'truncate-before';
  readonly deletes: 'keep' | 'apply';
  readonly uploadFormat: 'csv' | 'jsonl';
  readonly idColumn: string;
  /** What the headers of an import are made of; `auto`: what the first row shows that the site takes. */
  readonly importHeaders: 'auto' | 'key' | 'display-name';
  readonly multiReferences: 'auto' | 'read' | 'omit';
  readonly rules: RuleSettings;
}

export interface LocalizationContent {
  readonly kind: 'localization';
  /** The main language first. */
  readonly languages: readonly string[];
  readonly path: string;
  /** How the headers of a layout begin that is not one of the known ones. */
  readonly columns: HeaderPatterns | undefined;
  readonly emptyTranslation: 'clear' | 'skip';
  readonly rules: RuleSettings;
}

/** The inputs that select among the file's entries, or stand in for its settings. */
export interface ConfigInputs {
  readonly collections: readonly string[];
  readonly languages: readonly string[];
  readonly directory: string | undefined;
  readonly deletes: CollectionContent['deletes'] | undefined;
  readonly writePolicy: CollectionContent['writePolicy'] | undefined;
}

/** A content as it is configured, and where. */
interface Entry {
  readonly content: Content;
  /** What messages call it: `collections[0]`, or the input that names it. */
  readonly name: string;
  readonly placeOf: (setting: Setting) => Place | undefined;
}

/**
 * Reads the configuration: the file, if there is one, under the inputs.
 *
 * @throws Failure that names the setting and its line.
 */
export function readConfig(
  source: { readonly file: string; readonly text: string } | undefined,
  inputs: ConfigInputs,
): Config {
  const file = source && parseConfig(source.file, source.text);
  const settings = file?.values ?? namedInInputs(inputs);
  const directory = inputs.directory ?? settings.directory ?? defaults.directory;
  refusePath(directory, file?.placeOf(['directory']), 'directory');
  const entries = entriesOf(settings, directory, inputs, file?.placeOf);
  refuseCollisions(entries);
  const byContent = new Map(entries.map((entry) => [entry.content, entry]));
  return {
    directory,
    contents: selected(entries, inputs).map(({ content }) => content),
    managed: [...byContent.keys()],
    placeOf: (content, setting = []) => byContent.get(content)?.placeOf(setting),
    limits: limitsOf(settings.limits),
  };
}

function limitsOf(limits: Definition['limits'] = {}): Limits {
  return {
    maxDeletes: limitOf(limits['max-deletes'] ?? defaults['max-deletes']),
    maxChanges: limitOf(limits['max-changes'] ?? defaults['max-changes']),
    allowEmpty: limits['allow-empty'] ?? defaults['allow-empty'],
  };
}

/** Without a file, the inputs name all there is. */
function namedInInputs({ collections, languages }: ConfigInputs): Definition {
  return {
    collections: [...collections],
    localizations: languages.length === 0 ? [] : [{ languages: [...languages] }],
  };
}

function entriesOf(
  settings: Definition,
  directory: string,
  inputs: ConfigInputs,
  placeOf: PlaceOf | undefined,
): readonly Entry[] {
  const entry = (list: 'collections' | 'localizations', i: number, content: Content): Entry => ({
    content,
    name: placeOf === undefined ? `The input ${inputOf[list]}` : `${list}[${i}]`,
    placeOf: (setting) => placeOf?.([list, i, ...setting]),
  });
  const collections = (settings.collections ?? []).map((each, i) => {
    const own = typeof each === 'string' ? { id: each } : each;
    return entry('collections', i, collectionContent(own, directory, inputs));
  });
  const localizations = (settings.localizations ?? []).map((own, i) =>
    entry('localizations', i, localizationContent(own, directory)),
  );
  return [...collections, ...localizations];
}

const inputOf = { collections: 'collections', localizations: 'languages' } as const;

function collectionContent(
  settings: CollectionDefinition,
  directory: string,
  inputs: ConfigInputs,
): CollectionContent {
  const { id, file, filter, fields, exclude, rules = {} } = settings;
  const path = `${directory}/${file ?? `collections/${id.replaceAll('/', '-')}.csv`}`;
  return {
    kind: 'collection',
    id,
    path,
    schemaPath: path.replace(/\.csv$/, '.schema.json'),
    filter,
    fields,
    exclude: exclude ?? defaults.exclude,
    writePolicy: inputs.writePolicy ?? settings['write-policy'] ?? defaults['write-policy'],
    deletes: inputs.deletes ?? settings.deletes ?? defaults.deletes,
    uploadFormat: settings['upload-format'] ?? defaults['upload-format'],
    idColumn: settings['id-column'] ?? defaults['id-column'],
    importHeaders: settings['import-headers'] ?? defaults['import-headers'],
    multiReferences: settings['multi-references'] ?? defaults['multi-references'],
    rules,
  };
}

function localizationContent(
  settings: LocalizationDefinition,
  directory: string,
): LocalizationContent {
  const { languages, file, columns, rules = {} } = settings;
  return {
    kind: 'localization',
    languages,
    path: `${directory}/${file ?? `localizations/${languages[0]}.csv`}`,
    columns,
    emptyTranslation: settings['empty-translation'] ?? defaults['empty-translation'],
    rules,
  };
}

/** Refuses entries that cannot be, by themselves or beside each other. */
function refuseCollisions(entries: readonly Entry[]): void {
  const claims = new Claims();
  const collections = new Map<string, string>();
  for (const { content, name, placeOf } of entries) {
    const place = placeOf([]);
    if (content.kind === 'localization') refuseLanguages(content.languages, name, place);
    refusePath(content.path, place, name);
    if (content.kind === 'collection') {
      refuseTwice(collections, content.id, name, place);
      refuseTruncation(content, name, place);
    }
    claim(claims, content, name, place);
  }
}

/**
 * The entries that the inputs select, with all their settings: an input that dropped an `exclude` would
 * put confidential cells into git for ever.
 */
function selected(entries: readonly Entry[], inputs: ConfigInputs): readonly Entry[] {
  const { collections, languages } = inputs;
  const chosen = new Set(collections.map((id) => collectionEntry(entries, id)));
  if (languages.length > 0) chosen.add(localizationEntry(entries, languages));
  const isOpen = { collection: collections.length === 0, localization: languages.length === 0 };
  const found = entries.filter((entry) => isOpen[entry.content.kind] || chosen.has(entry));
  if (found.length > 0) return found;
  throw new Failure(
    'config',
    'Nothing is configured. Name collections in the input collections, or in .github/wix-cms.yml.',
  );
}

function collectionEntry(entries: readonly Entry[], id: string): Entry {
  const ids = entries.flatMap(({ content }) => (content.kind === 'collection' ? content.id : []));
  const entry = entries.find(({ content }) => content.kind === 'collection' && content.id === id);
  return entry ?? refuseUnconfigured('collections', id, ids);
}

/** The localization of these languages; it may have more, which stay in its file. */
function localizationEntry(entries: readonly Entry[], languages: readonly string[]): Entry {
  const [main = ''] = languages;
  const lists = entries.flatMap(({ content }) =>
    content.kind === 'localization' ? [content.languages] : [],
  );
  const entry = entries.find(
    ({ content }) =>
      content.kind === 'localization' &&
      content.languages[0] === main &&
      languages.every((language) => content.languages.includes(language)),
  );
  const names = lists.map((list) => list.join(', '));
  return entry ?? refuseUnconfigured('languages', languages.join(', '), names);
}

function refuseUnconfigured(
  input: 'collections' | 'languages',
  name: string,
  known: readonly string[],
): never {
  const near = nearest(name, known);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  const list = known.length === 0 ? 'none' : inList(known);
  throw new Failure(
    'config',
    `The input ${input} names ${name}, which the configuration file does not have.${hint} It has: ${list}. Add it to the file, or correct the input.`,
  );
}

function failure(at: Place | undefined, words: string): Failure {
  const beginning = at === undefined ? '' : `${at.file} line ${at.line}: `;
  return new Failure('config', `${beginning}${words}`, at === undefined ? {} : { place: at });
}

function refusePath(path: string, at: Place | undefined, setting: string): void {
  if (!isSafePath(path)) {
    throw failure(
      at,
      `${setting}: "${path}" is not a path inside the repository. Name a plain relative path.`,
    );
  }
  if (setting !== 'directory' && !path.endsWith('.csv')) {
    throw failure(at, `${setting}: the file "${path}" should end with .csv. Rename it.`);
  }
}

/** Two contents must not write one file: by name, as parts in a folder, or as a schema. */
function claim(claims: Claims, { path }: Content, setting: string, at: Place | undefined): void {
  const owner = claims.take(path, setting);
  if (owner === undefined) return;
  throw failure(
    at,
    `${setting} and ${owner} both write ${path} or into its parts. Give one of them another file.`,
  );
}

/** An import replaces items whole, so two entries of one collection would undo each other's edits. */
function refuseTwice(
  entries: Map<string, string>,
  id: string,
  setting: string,
  at: Place | undefined,
): void {
  const other = entries.get(id);
  entries.set(id, setting);
  if (other === undefined) return;
  throw failure(
    at,
    `${setting}: the collection ${id} is in ${other} already. Keep each collection in one entry.`,
  );
}

function refuseTruncation(
  content: CollectionContent,
  setting: string,
  at: Place | undefined,
): void {
  if (content.writePolicy !== 'truncate-before') return;
  if (content.filter !== undefined || content.fields !== undefined) {
    throw failure(
      at,
      `${setting}: truncate-before would delete what lies outside filter and fields. Use overwrite, or keep the whole collection in git.`,
    );
  }
  if (content.deletes !== 'apply') {
    throw failure(
      at,
      `${setting}: truncate-before deletes items, so it needs deletes: apply. Set it, or use overwrite.`,
    );
  }
}

function refuseLanguages(
  languages: readonly string[],
  setting: string,
  at: Place | undefined,
): void {
  if (languages.length < 2 || languages.length > 64) {
    throw failure(
      at,
      `${setting}: a localization needs two to 64 languages, the main one first; found ${languages.length}. Name the main language and those it is translated to.`,
    );
  }
  const twice = languages.find((language, i) => languages.indexOf(language) !== i);
  if (twice !== undefined)
    throw failure(at, `${setting}: the language ${twice} stands twice. Remove one.`);
}

function limitOf(limit: number | string): Limits['maxDeletes'] {
  if (typeof limit === 'number') return { kind: 'count', count: limit };
  return { kind: 'percent', percent: Number(limit.slice(0, -1)) };
}

/** The limits of a repository whose configuration sets none. */
export const defaultLimits: Limits = limitsOf();
