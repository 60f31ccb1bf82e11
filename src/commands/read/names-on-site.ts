import type { CollectionContent, Config, Content, Setting } from '../../config/config.ts';
import { filteredFields } from '../../config/filter.ts';
import { languageIn, localizationLayout } from '../../content/identity.ts';
import type { Finding } from '../../content/rules/finding.ts';
import { Failure } from '../../errors.ts';
import { inList, nearest } from '../../io/did-you-mean.ts';
import type { Locale } from '../../wix/collections.ts';
import { Refusal } from '../../wix/failures.ts';
import { nameOf } from '../run.ts';
import type { Collections, LiveContent } from './read-contents.ts';

type Places = Pick<Config, 'placeOf'>;

/** The failure for a collection that the site does not have. */
export function unknownCollection(
  content: Content,
  config: Places,
  known: readonly string[],
): Failure {
  const hint = suggestion(nameOf(content), known);
  const words = `the site has no such collection.${hint} Correct its id, or create it in the CMS.`;
  return failureAt(config, content, [], words);
}

/**
 * The first name in the settings of a content that the site does not have. With a wrong name in `exclude`,
 * a confidential field would come to git for ever.
 */
export function unknownName(
  { content, collection, live }: LiveContent,
  locales: readonly Locale[],
  config: Places,
): Failure | undefined {
  if (content.kind === 'localization') {
    return unknownLanguage(content, locales, live.table.columns, config);
  }
  const fields = collection?.fields.map(({ key }) => key) ?? [];
  const told = new Set(fieldsOfColumns(content));
  // Exports also have properties without a field.
  const exported = [...live.positions.keys()].filter((key) => !told.has(key));
  const known = [...new Set([...fields, ...exported])];
  const [first] = unknownFields(content, known);
  return first && unknownField(content, first, known, config);
}

/**
 * The names in the configuration that the site does not have, without reading items. No list has
 * properties without a field, so a field counts only if another one has a similar name.
 */
export function unknownNames(config: Config, collections: Collections): readonly Finding[] {
  const failures = config.contents.flatMap((content) => {
    if (content.kind === 'localization') return [];
    const fields = collections.get(content.id)?.fields.map(({ key }) => key);
    if (fields === undefined) return unknownCollection(content, config, [...collections.keys()]);
    const misspelled = unknownFields(content, fields).find(({ name }) => nearest(name, fields));
    return misspelled === undefined ? [] : unknownField(content, misspelled, fields, config);
  });
  return failures.map(({ message, place = { file: config.directory } }) => ({
    rule: 'unknown-name',
    severity: 'error',
    message,
    place,
  }));
}

/** Where a setting of a content names a field. */
interface NamedField {
  readonly setting: 'columns' | 'exclude' | 'fields' | 'filter';
  readonly at: number;
  readonly name: string;
}

function unknownFields(
  content: CollectionContent,
  known: readonly string[],
): readonly NamedField[] {
  // Plugins have hidden fields, whose names begin with _.
  const filter = filteredFields(content.filter).filter((name) => !name.startsWith('_'));
  const named = {
    columns: fieldsOfColumns(content),
    exclude: content.exclude,
    fields: content.fields ?? [],
    filter,
  };
  const settings = ['columns', 'exclude', 'fields', 'filter'] as const;
  return settings
    .flatMap((setting) => named[setting].map((name, at) => ({ setting, at, name })))
    .filter(({ name }) => !known.includes(name));
}

function fieldsOfColumns({ columns = {} }: CollectionContent): readonly string[] {
  return Object.values(columns).flat();
}

function unknownField(
  content: CollectionContent,
  { setting, at, name }: NamedField,
  known: readonly string[],
  config: Places,
): Failure {
  const words = `${setting} names "${name}", but the collection has no such field.${suggestion(name, known)} Correct the name.`;
  return failureAt(config, content, [setting, at], words);
}

/**
 * The main language of the site, if another one is named first: an import would write texts of the main
 * language as that one's. The site says which language is the main one, or else the header of the export
 * does.
 */
function otherMain(
  [first = '']: readonly string[],
  locales: readonly Locale[],
  source: string | undefined,
): string | undefined {
  const named = locales.filter(({ id, languageCode }) =>
    [id, languageCode ?? id].some((name) => isSameLanguage(name, first)),
  );
  const main = locales.find(({ primaryLocale }) => primaryLocale);
  if (main !== undefined && named.length > 0) return named.includes(main) ? undefined : main.id;
  return source === undefined || isSameLanguage(source, first) ? undefined : source;
}

/** Languages that the site or the export does not have. */
function unknownLanguage(
  content: Content & { readonly kind: 'localization' },
  locales: readonly Locale[],
  header: readonly string[],
  config: Places,
): Failure | undefined {
  const { targets = [], source } = localizationLayout(header, content.columns) ?? {};
  const main = otherMain(content.languages, locales, languageIn(header[source ?? -1] ?? ''));
  const [first = '', ...others] = content.languages;
  if (main !== undefined) {
    const words = `the main language of the site is ${main}, but ${first} is named first. Name ${main} first.`;
    return failureAt(config, content, ['languages', 0], words);
  }
  const given = targets.flatMap((at) => languageIn(header[at] ?? '') ?? []);
  const isGiven = (name: string) => given.some((each) => isSameLanguage(each, name));
  const name = given.length === 0 ? undefined : others.find((each) => !isGiven(each));
  if (name === undefined) return undefined;
  const words = `the export has no language "${name}".${suggestion(name, given)} Correct it, or add it to the site.`;
  return failureAt(config, content, ['languages', content.languages.indexOf(name)], words);
}

/** The language to blame for a failed or refused job: the site lacks it, or spells it differently. */
export function unlistedLanguage(
  content: Content,
  failure: Failure,
  locales: readonly Locale[],
  config: Places,
): Failure | undefined {
  // Wix takes `fr`, and not `FR`.
  const isRefused = failure instanceof Refusal && failure.status === 400;
  const isBlamed = isRefused || failure.reason === 'job-failed';
  if (content.kind === 'collection' || !isBlamed) return undefined;
  const known = locales.flatMap(({ id, languageCode }) => [id, languageCode ?? id]);
  const isKnown = (name: string) =>
    known.some((each) => (isRefused ? each === name : isSameLanguage(each, name)));
  const at = content.languages.findIndex((name) => known.length > 0 && !isKnown(name));
  const name = content.languages[at];
  if (name === undefined) return undefined;
  const words = `the site has no language "${name}".${suggestion(name, [...new Set(known)])} Correct it, or add it to the site.`;
  return failureAt(config, content, ['languages', at], words);
}

function isSameLanguage(left: string, right: string): boolean {
  return left.toLowerCase().replace('_', '-') === right.toLowerCase().replace('_', '-');
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return `${hint} The site has: ${known.length === 0 ? 'none' : inList(known)}.`;
}

/** A failed localization is mostly about its languages, and its file may not be there yet. */
export function atItsSetting(reason: Failure, content: Content, config: Places): Failure {
  const place = config.placeOf(content, ['languages']);
  if (content.kind === 'collection' || reason.place !== undefined || place === undefined) {
    return reason;
  }
  return new Failure(reason.reason, reason.message, { place, cause: reason });
}

function failureAt(config: Places, content: Content, setting: Setting, words: string): Failure {
  const place = config.placeOf(content, setting);
  const where = place === undefined ? '' : `${place.file} line ${place.line}: `;
  return new Failure('config', `${where}${nameOf(content)}: ${words}`, { place });
}
