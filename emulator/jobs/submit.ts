import { invalid, type Violation } from '../http/failures.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../json.ts';

/** A Submit Job request that was found valid (wix-api.md 1.7). */
export interface Submission {
  readonly name: string;
  readonly source: JsonObject;
  readonly destination: JsonObject;
  readonly sourceSiteId: string | undefined;
  readonly destinationSiteId: string | undefined;
  readonly from:
    | { readonly collection: string; readonly query: JsonObject }
    | { readonly languages: readonly string[] }
    | { readonly fileId: string; readonly format: string | undefined };
  readonly to:
    | { readonly collection: string; readonly writePolicy: string }
    | { readonly languages: readonly string[] }
    | { readonly format: 'CSV' | 'JSONL'; readonly fileName: string };
}

/** Checks a Submit Job request; throws 400 with every violation. */
export function submissionOf(payload: JsonObject): Submission {
  const source = objectAt(payload, 'source');
  const destination = objectAt(payload, 'destination');
  const violations = [
    ...siteViolations(payload),
    ...memberViolations(source, 'source', ['wixDataCollection', 'localization', 'file']),
    ...memberViolations(destination, 'destination', ['wixDataCollection', 'localization', 'file']),
    ...sourceViolations(source),
    ...destinationViolations(destination),
    ...lengthViolation(payload.name, 'name', 1024),
  ];
  if (violations.length > 0) throw invalid(violations);
  return {
    name: textAt(payload, 'name') ?? '',
    source,
    destination,
    sourceSiteId: textAt(payload, 'sourceSiteId'),
    destinationSiteId: textAt(payload, 'destinationSiteId'),
    from: fromOf(source),
    to: toOf(destination),
  };
}

function fromOf(source: JsonObject): Submission['from'] {
  if (isObject(source.file)) {
    return { fileId: textAt(source.file, 'fileId') ?? '', format: textAt(source.file, 'format') };
  }
  if (isObject(source.localization)) return { languages: languagesOf(source.localization) };
  const query = objectAt(source, 'wixDataCollection');
  return { collection: textAt(query, 'collectionId') ?? '', query };
}

function toOf(destination: JsonObject): Submission['to'] {
  if (isObject(destination.localization))
    return { languages: languagesOf(destination.localization) };
  if (isObject(destination.file)) {
    const format = destination.file.format === 'JSONL' ? 'JSONL' : 'CSV';
    const fileName = textAt(destination.file, 'fileName') ?? `export.${format.toLowerCase()}`;
    return { format, fileName };
  }
  const collection = objectAt(destination, 'wixDataCollection');
  return {
    collection: textAt(collection, 'collectionId') ?? '',
    writePolicy: textAt(collection, 'writePolicy') ?? 'OVERWRITE',
  };
}

function siteViolations(payload: JsonObject): Violation[] {
  if (payload.sourceSiteId === undefined || payload.destinationSiteId === undefined) return [];
  return [
    {
      field: 'destinationSiteId',
      description: 'must not be set together with sourceSiteId',
      violatedRule: 'OTHER',
    },
  ];
}

function memberViolations(
  value: JsonObject,
  field: string,
  members: readonly string[],
): Violation[] {
  const set = members.filter((member) => isObject(value[member]));
  if (set.length === 1) return [];
  return [
    {
      field,
      description: `must have exactly one of ${members.join(', ')}`,
      violatedRule: set.length === 0 ? 'REQUIRED' : 'OTHER',
    },
  ];
}

function sourceViolations(source: JsonObject): Violation[] {
  const { wixDataCollection, localization, file } = source;
  return [
    ...(isObject(file) ? textViolations(file.fileId, 'source.file.fileId', 512) : []),
    ...(isObject(file) && file.format !== undefined
      ? enumViolations(file.format, 'source.file.format', ['CSV', 'JSONL', 'UNKNOWN'])
      : []),
    ...(isObject(localization) ? languageViolations(localization, 'source.localization') : []),
    ...(isObject(wixDataCollection) ? collectionSourceViolations(wixDataCollection) : []),
  ];
}

function collectionSourceViolations(source: JsonObject): Violation[] {
  const path = 'source.wixDataCollection';
  const violations = textViolations(source.collectionId, `${path}.collectionId`, 256);
  if (source.filterQuery !== undefined && source.aggregationQuery !== undefined) {
    const description = 'must not be set together with filterQuery';
    violations.push({ field: `${path}.aggregationQuery`, description, violatedRule: 'OTHER' });
  }
  return violations;
}

function destinationViolations(destination: JsonObject): Violation[] {
  const { wixDataCollection, localization, file } = destination;
  return [
    ...(isObject(file)
      ? enumViolations(file.format, 'destination.file.format', ['CSV', 'JSONL'])
      : []),
    ...(isObject(file) ? lengthViolation(file.fileName, 'destination.file.fileName', 512) : []),
    ...(isObject(localization) ? languageViolations(localization, 'destination.localization') : []),
    ...(isObject(wixDataCollection) ? collectionDestinationViolations(wixDataCollection) : []),
  ];
}

function collectionDestinationViolations(destination: JsonObject): Violation[] {
  const path = 'destination.wixDataCollection';
  const policies = ['OVERWRITE', 'SKIP_EXISTING', 'TRUNCATE_BEFORE'];
  return [
    ...textViolations(destination.collectionId, `${path}.collectionId`, 256),
    ...(destination.writePolicy === undefined
      ? []
      : enumViolations(destination.writePolicy, `${path}.writePolicy`, policies)),
  ];
}

function languageViolations(localization: JsonObject, path: string): Violation[] {
  const field = `${path}.languages`;
  const languages = listAt(localization, 'languages') ?? [];
  if (languages.length < 2) {
    return [{ field, description: 'must have at least 2 entries', violatedRule: 'MIN_LENGTH' }];
  }
  if (languages.length > 64) {
    return [{ field, description: 'must have at most 64 entries', violatedRule: 'MAX_LENGTH' }];
  }
  return languages
    .filter((tag) => typeof tag !== 'string' || !/^[a-z]{2}(-[A-Z]{2})?$/.test(tag))
    .map((tag) => ({
      field,
      description: `has ${JSON.stringify(tag)}, which is not a language tag`,
      violatedRule: 'FORMAT',
    }));
}

function textViolations(value: Json | undefined, field: string, most: number): Violation[] {
  if (typeof value !== 'string' || value === '') {
    return [{ field, description: 'must not be empty', violatedRule: 'REQUIRED' }];
  }
  return lengthViolation(value, field, most);
}

function lengthViolation(value: Json | undefined, field: string, most: number): Violation[] {
  if (typeof value !== 'string' || value.length <= most) return [];
  const description = `must be at most ${most} characters long`;
  return [{ field, description, violatedRule: 'MAX_LENGTH' }];
}

function enumViolations(
  value: Json | undefined,
  field: string,
  allowed: readonly string[],
): Violation[] {
  if (typeof value === 'string' && allowed.includes(value)) return [];
  if (value === undefined) {
    return [{ field, description: 'must not be empty', violatedRule: 'REQUIRED' }];
  }
  return [{ field, description: `must be one of ${allowed.join(', ')}`, violatedRule: 'OTHER' }];
}

function languagesOf(localization: JsonObject): readonly string[] {
  return (listAt(localization, 'languages') ?? []).map(String);
}
