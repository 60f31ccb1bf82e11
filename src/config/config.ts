import { Failure, type Place } from '../errors.ts';
import { isSafePath } from '../io/paths.ts';
import { Claims } from './claims.ts';
import { type CollectionDefinition, type Definition, defaults } from './definition.ts';
import { type PlaceOf, parseConfig } from './parse.ts';

/** The configuration of a run: complete, with the inputs laid over the file. */
export interface Config {
  /** The folder of the files, relative to the repository. */
  readonly directory: string;
  /** Collections, then localizations, in their order. */
  readonly contents: readonly Content[];
  /** Where the file configures a content; `undefined` where an input does. */
  readonly placeOf: (content: Content) => Place | undefined;
  readonly limits: {
    readonly maxDeletes: Limit;
    readonly maxChanges: Limit;
    readonly allowEmpty: boolean;
  };
}

type Limit =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

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
}

interface LocalizationContent {
  readonly kind: 'localization';
  /** The main language first. */
  readonly languages: readonly string[];
  readonly path: string;
}

/** The inputs that stand in for the file's settings. */
export interface ConfigInputs {
  readonly collections: readonly string[];
  readonly languages: readonly string[];
  readonly directory: string | undefined;
  readonly deletes: CollectionContent['deletes'] | undefined;
  readonly writePolicy: CollectionContent['writePolicy'] | undefined;
}

/** Settings, and where each of them was made. */
interface Settings {
  readonly values: Definition;
  readonly placeOf: PlaceOf | undefined;
}

/** Where a setting was made, looked up once somebody is told of it: a file may hold thousands. */
type Where = () => Place | undefined;

/**
 * Reads the configuration: the file, if there is one, under the inputs.
 *
 * @throws Failure that names the setting and its line.
 */
export function readConfig(
  source: { readonly file: string; readonly text: string } | undefined,
  inputs: ConfigInputs,
): Config {
  const parsed: Settings =
    source === undefined
      ? { values: {}, placeOf: undefined }
      : parseConfig(source.file, source.text);
  const settings = withInputs(parsed, inputs);
  const directory = settings.values.directory ?? defaults.directory;
  refusePath(directory, () => settings.placeOf?.(['directory']), 'directory');
  const entries = entriesOf(settings, directory, inputs);
  if (entries.size === 0) {
    throw new Failure(
      'config',
      'Nothing is configured. Name collections in the input collections, or in .github/wix-cms.yml.',
    );
  }
  const { limits } = settings.values;
  return {
    directory,
    contents: [...entries.keys()],
    placeOf: (content) => entries.get(content)?.(),
    limits: {
      maxDeletes: limitOf(limits?.['max-deletes'] ?? defaults['max-deletes']),
      maxChanges: limitOf(limits?.['max-changes'] ?? defaults['max-changes']),
      allowEmpty: limits?.['allow-empty'] ?? defaults['allow-empty'],
    },
  };
}

function withInputs({ values, placeOf }: Settings, inputs: ConfigInputs): Settings {
  const { collections, languages, directory } = inputs;
  return {
    placeOf,
    values: {
      ...values,
      ...(collections.length > 0 ? { collections: [...collections] } : {}),
      ...(languages.length > 0 ? { localizations: [{ languages: [...languages] }] } : {}),
      ...(directory === undefined ? {} : { directory }),
    },
  };
}

/** The contents in their order, and where each is configured. */
function entriesOf(
  { values, placeOf }: Settings,
  directory: string,
  inputs: ConfigInputs,
): ReadonlyMap<Content, Where> {
  const contents = new Map<Content, Where>();
  const claims = new Claims();
  const add = (content: Content, setting: string, at: Where) => {
    refusePath(content.path, at, setting);
    claim(claims, content, setting, at);
    contents.set(content, at);
  };
  const entries = new Map<string, number>();
  for (const [i, entry] of (values.collections ?? []).entries()) {
    const isInput = inputs.collections.length > 0;
    const setting = isInput ? 'The input collections' : `collections[${i}]`;
    const at = () => (isInput ? undefined : placeOf?.(['collections', i]));
    const settings = typeof entry === 'string' ? { id: entry } : entry;
    const content = collectionContent(settings, directory, inputs);
    refuseTwice(entries, content, [setting, i], at);
    refuseTruncation(content, setting, at);
    add(content, setting, at);
  }
  for (const [i, { languages, file }] of (values.localizations ?? []).entries()) {
    const isInput = inputs.languages.length > 0;
    const setting = isInput ? 'The input languages' : `localizations[${i}]`;
    const at = () => (isInput ? undefined : placeOf?.(['localizations', i]));
    refuseLanguages(languages, setting, at);
    const path = `${directory}/${file ?? `localizations/${languages[0]}.csv`}`;
    add({ kind: 'localization', languages, path }, setting, at);
  }
  return contents;
}

function collectionContent(
  settings: CollectionDefinition,
  directory: string,
  inputs: ConfigInputs,
): CollectionContent {
  const { id, file, filter, fields, exclude } = settings;
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
  };
}

function failure(where: Where, words: string): Failure {
  const at = where();
  const beginning = at === undefined ? '' : `${at.file} line ${at.line}: `;
  return new Failure('config', `${beginning}${words}`, at === undefined ? {} : { place: at });
}

function refusePath(path: string, at: Where, setting: string): void {
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
function claim(claims: Claims, { path }: Content, setting: string, at: Where): void {
  const owner = claims.take(path, setting);
  if (owner === undefined) return;
  throw failure(
    at,
    `${setting} and ${owner} both write ${path} or into its parts. Give one of them another file.`,
  );
}

/** An import replaces items whole, so two entries of one collection would undo each other's edits. */
function refuseTwice(
  entries: Map<string, number>,
  { id }: CollectionContent,
  [setting, entry]: readonly [name: string, entry: number],
  at: Where,
): void {
  const other = entries.get(id);
  entries.set(id, entry);
  if (other === undefined) return;
  throw failure(
    at,
    `${setting}: the collection ${id} is in collections[${other}] already. Keep each collection in one entry.`,
  );
}

function refuseTruncation(content: CollectionContent, setting: string, at: Where): void {
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

function refuseLanguages(languages: readonly string[], setting: string, at: Where): void {
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

function limitOf(limit: number | string): Limit {
  if (typeof limit === 'number') return { kind: 'count', count: limit };
  return { kind: 'percent', percent: Number(limit.slice(0, -1)) };
}
