import type { Limits } from '../content/limits.ts';
import { Failure, type Place } from '../errors.ts';
import { inList, nearest } from '../io/did-you-mean.ts';
import { isDeviceName, isSafePath } from '../io/paths.ts';
import { Claims } from './claims.ts';
import {
  type CollectionDefinition,
  type Definition,
  type LocalizationDefinition,
  noLimits,
} from './definition.ts';
import { wrongOperator } from './filter.ts';
import { checkedInputs, type PlaceOf, parseConfig } from './parse.ts';

/** The configuration of a run: complete, with the inputs laid over the file. */
export interface Config {
  readonly directory: string;
  /** What the run works with: collections, then localizations, in their order. */
  readonly contents: readonly Content[];
  /** All that is configured; the inputs may select a part. */
  readonly managed: readonly Content[];
  /** Where the file configures a content or a setting of it, such as `['exclude', 0]`; `undefined` for an input. */
  readonly placeOf: (content: Content, setting?: Setting) => Place | undefined;
  readonly limits: Limits;
}

export type Setting = readonly (string | number)[];

export type Content = CollectionContent | LocalizationContent;

export type CollectionContent = Settings<CollectionDefinition> & {
  readonly kind: 'collection';
  /** The CSV file, relative to the repository. */
  readonly path: string;
  readonly schemaPath: string;
};

export type LocalizationContent = Settings<LocalizationDefinition> & {
  readonly kind: 'localization';
  readonly path: string;
  /** Its rows and their items follow the collections: an import writes translations alone. */
  readonly deletes: 'keep';
  readonly writePolicy: 'overwrite';
};

/** The settings of an entry, but for its file, by their names in the code: `write-policy` is `writePolicy`. */
type Settings<Defined> = {
  readonly [Name in keyof Omit<Defined, 'file'> as Camel<Name>]: Defined[Name];
};

type Camel<Name> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

export interface ConfigInputs {
  readonly collections: readonly string[];
  readonly languages: readonly string[];
  readonly directory: string | undefined;
  readonly deletes: CollectionContent['deletes'] | undefined;
  readonly writePolicy: CollectionContent['writePolicy'] | undefined;
}

interface Entry {
  readonly content: Content;
  /** `collections[0]`, or the input that names it. */
  readonly name: string;
  readonly placeOf: (setting: Setting) => Place | undefined;
}

/** Reads the configuration: the file, if there is one, under the inputs. A failure names the setting and its line. */
export function readConfig(
  source: { readonly file: string; readonly text: string } | undefined,
  inputs: ConfigInputs,
): Config {
  const file = source && parseConfig(source.file, source.text);
  const { collections, languages } = inputs;
  const localizations = languages.length === 0 ? [] : [{ languages }];
  const named = [...new Set(collections)];
  const settings = file?.values ?? checkedInputs({ collections: named, localizations });
  const directory = inputs.directory ?? settings.directory;
  const words = unsafe(directory);
  if (words !== undefined) {
    throw failure({ name: 'directory', placeOf: () => file?.placeOf(['directory']) }, words);
  }
  const entries = entriesOf(settings, directory, inputs, file?.placeOf);
  refuseWrong(entries);
  const byContent = new Map(entries.map((entry) => [entry.content, entry]));
  return {
    directory,
    contents: selected(entries, inputs).map(({ content }) => content),
    managed: [...byContent.keys()],
    placeOf: (content, setting = []) => byContent.get(content)?.placeOf(setting),
    limits: limitsOf(settings.limits),
  };
}

function limitsOf(limits: Definition['limits'] = noLimits): Limits {
  return {
    maxDeletes: limitOf(limits['max-deletes']),
    maxChanges: limitOf(limits['max-changes']),
    allowEmpty: limits['allow-empty'],
  };
}

function limitOf(limit: number | string): Limits['maxDeletes'] {
  if (typeof limit === 'number') return { kind: 'count', count: limit };
  return { kind: 'percent', percent: Number(limit.slice(0, -1)) };
}

export const defaultLimits: Limits = limitsOf();

const inputOf = { collections: 'collections', localizations: 'languages' } as const;

function entriesOf(
  { collections = [], localizations = [] }: Definition,
  directory: string,
  inputs: ConfigInputs,
  placeOf: PlaceOf | undefined,
): readonly Entry[] {
  const contents = {
    collections: collections.map((each) => collectionContent(each, directory, inputs)),
    localizations: localizations.map((each) => localizationContent(each, directory)),
  };
  return (['collections', 'localizations'] as const).flatMap((list) =>
    contents[list].map((content, i) => ({
      content,
      name: placeOf === undefined ? `The input ${inputOf[list]}` : `${list}[${i}]`,
      placeOf: (setting: Setting) => placeOf?.([list, i, ...setting]),
    })),
  );
}

function collectionContent(
  { file, ...defined }: CollectionDefinition,
  directory: string,
  inputs: ConfigInputs,
): CollectionContent {
  const settings = settingsOf(defined);
  const path = `${directory}/${file ?? `collections/${settings.id.replaceAll('/', '-')}.csv`}`;
  return {
    ...settings,
    kind: 'collection',
    path,
    schemaPath: path.replace(/\.csv$/, '.schema.json'),
    writePolicy: inputs.writePolicy ?? settings.writePolicy,
    deletes: inputs.deletes ?? settings.deletes,
  };
}

function localizationContent(
  { file, ...defined }: LocalizationDefinition,
  directory: string,
): LocalizationContent {
  const path = `${directory}/${file ?? `localizations/${defined.languages[0]}.csv`}`;
  const fixed = { deletes: 'keep', writePolicy: 'overwrite' } as const;
  return { ...settingsOf(defined), kind: 'localization', path, ...fixed };
}

function settingsOf<Defined extends object>(defined: Defined): Settings<Defined> {
  const camel = (name: string) => name.replace(/-./g, ([, letter = '']) => letter.toUpperCase());
  const named = Object.entries(defined).map(([name, value]) => [camel(name), value]);
  // The type renames the members in the same way.
  return Object.fromEntries(named) as Settings<Defined>;
}

function refuseWrong(entries: readonly Entry[]): void {
  const claims = new Claims();
  const collections = new Map<string, string>();
  for (const entry of entries) {
    const { content, placeOf } = entry;
    // `["teas"]`, `- teas` or `*`, as lists are written elsewhere.
    const isOdd = !isSafePath(content.path) && deviceIn(content.path) === undefined;
    if (placeOf([]) === undefined && content.kind === 'collection' && isOdd) {
      const words = ` has ${JSON.stringify(content.id)}, which is not a collection id. Write only ids, with commas or line breaks between them.`;
      throw failure(entry, words);
    }
    const words = wrongIn(content) ?? wrongBeside(entry, claims, collections);
    if (words !== undefined) throw failure(entry, words);
  }
}

/** What is wrong with a content, as words after the name of its entry. */
function wrongIn(content: Content): string | undefined {
  const words = unsafe(content.path);
  if (words !== undefined) return words;
  if (!content.path.endsWith('.csv')) {
    return `: the file "${content.path}" should end with .csv. Rename it.`;
  }
  if (content.kind === 'localization') {
    const languages = content.languages.map((each) => each.toLowerCase());
    const twice = languages.find((each, i) => languages.indexOf(each) !== i);
    return twice && `: the language ${twice} is listed twice. Remove one.`;
  }
  return wrongSelection(content) ?? wrongPolicy(content);
}

function wrongSelection({ fields, exclude, filter }: CollectionContent): string | undefined {
  if (fields?.length === 0) return ': fields is empty. Leave it out to keep all of them.';
  if (exclude.includes('_id')) {
    return ': exclude lists _id, which identifies every row. Remove it from the list.';
  }
  const words = wrongOperator(filter);
  return words && `: ${words}`;
}

function wrongPolicy(content: CollectionContent): string | undefined {
  if (content.writePolicy !== 'truncate-before') return undefined;
  if (content.filter !== undefined || content.fields !== undefined) {
    return ': truncate-before would delete what lies outside filter and fields. Use overwrite, or keep the whole collection in git.';
  }
  return content.deletes === 'apply'
    ? undefined
    : ': truncate-before deletes items, so it needs deletes: apply. Set it, or use overwrite.';
}

/** File systems take names of 255 bytes, and a schema that is being written has the longest ending. */
const longestName = 255 - '.schema.json.0123456789ab.tmp'.length;

/** Why a path, which may come from the id of a collection, cannot be one of the repository. */
function unsafe(path: string): string | undefined {
  const device = deviceIn(path);
  if (device !== undefined) {
    return `: Windows keeps the name "${device}" for a device, so nobody could check it out there. Choose another name in the configuration file.`;
  }
  if (!isSafePath(path)) {
    return `: "${path}" is not a path inside the repository. Name a plain relative path.`;
  }
  const long = path.split('/').find((name) => Buffer.byteLength(name) > longestName);
  return (
    long &&
    `: the name "${long}" has more than ${longestName} bytes, too many for a file. Choose a shorter one in the configuration file.`
  );
}

function deviceIn(path: string): string | undefined {
  return path.split('/').find(isDeviceName);
}

/** What is wrong with a content beside those before it. Two entries of one collection would undo each other's edits. */
function wrongBeside(
  { content, name }: Entry,
  claims: Claims,
  collections: Map<string, string>,
): string | undefined {
  const id = content.kind === 'collection' ? content.id : name;
  const other = collections.get(id);
  if (other !== undefined && other !== name) {
    return `: the collection ${id} is in ${other} already. Keep each collection in one entry.`;
  }
  collections.set(id, name);
  const owner = claims.take(content.path, name);
  return (
    owner &&
    ` and ${owner} both write ${content.path} or into its parts. Give one of them another file.`
  );
}

function failure({ name, placeOf }: Omit<Entry, 'content'>, words: string): Failure {
  const place = placeOf([]);
  const where = place === undefined ? '' : `${place.file} line ${place.line}: `;
  return new Failure('config', `${where}${name}${words}`, place && { place });
}

/** The entries that the inputs select, with all their settings, such as `exclude`. */
function selected(
  entries: readonly Entry[],
  { collections, languages }: ConfigInputs,
): readonly Entry[] {
  const chosen = [
    ...collections.map((id) => chosenEntry(entries, 'collections', [id])),
    ...(languages.length === 0 ? [] : [chosenEntry(entries, 'languages', languages)]),
  ];
  const kinds = new Set(chosen.map(({ content }) => content.kind));
  const found = entries.filter((entry) => !kinds.has(entry.content.kind) || chosen.includes(entry));
  if (found.length > 0) return found;
  throw new Failure(
    'config',
    'Nothing is configured. Name collections in the input collections, or in .github/wix-cms.yml.',
  );
}

/** The entry of a collection, or of a localization with these languages and main language. */
function chosenEntry(
  entries: readonly Entry[],
  input: 'collections' | 'languages',
  names: readonly string[],
): Entry {
  const known = entries.flatMap((entry) => {
    const { content } = entry;
    const own = content.kind === 'collection' ? [content.id] : content.languages;
    return (content.kind === 'collection') === (input === 'collections') ? [{ entry, own }] : [];
  });
  const found = known.find(
    ({ own }) => own[0] === names[0] && names.every((name) => own.includes(name)),
  );
  if (found !== undefined) return found.entry;
  const name = names.join(', ');
  const others = known.map(({ own }) => own.join(', '));
  const near = nearest(name, others);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  const list = others.length === 0 ? 'none' : inList(others);
  throw new Failure(
    'config',
    `The input ${input} names ${name}, which the configuration file does not have.${hint} It has: ${list}. Add it to the file, or correct the input.`,
  );
}
