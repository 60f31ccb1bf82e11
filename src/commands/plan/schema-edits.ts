import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, finding, quoted, withSeverities } from '../../content/rules/finding.ts';
import {
  type CollectionSchema,
  formatSchema,
  parseSchema,
  schemaOf,
} from '../../content/schema.ts';
import type { HeadContent } from '../import/import-content.ts';
import type { Collections } from '../read/read-contents.ts';

/**
 * Schema files that a pull request changes, and not as an export does. The cells are checked by them, so
 * a field of another type lets through what the site rejects.
 *
 * @param before the folder with the files that the pull request started from.
 * @param collections what the site has; `undefined` without a key.
 */
export function schemaEdits(
  heads: readonly HeadContent[],
  head: string,
  before: string | undefined,
  collections: Collections | undefined,
): readonly Finding[] {
  return heads.flatMap(({ content, schema: now }) => {
    if (content.kind === 'localization' || now === undefined || before === undefined) return [];
    const file = content.schemaPath;
    const [old, text] = [before, head].map((folder) => textOf(join(folder, file)));
    if (old === undefined || old === text) return [];
    const live = collections?.get(content.id);
    const onSite = live && schemaOf(live, content);
    if (onSite !== undefined && text === formatSchema(onSite)) return [];
    const found = editIn(file, parseSchema(old, file), now, onSite, text !== formatSchema(now));
    return [...withSeverities(found, content.rules)];
  });
}

function* editIn(
  file: string,
  old: CollectionSchema,
  now: CollectionSchema,
  onSite: CollectionSchema | undefined,
  isByHand: boolean,
): Generator<Finding> {
  const [before, live] = [old, onSite].map((schema) => typesIn(schema));
  const changed = now.fields.filter(({ key, type }) => (before?.get(key) ?? type) !== type);
  const wrong = changed.find(({ key, type }) => onSite !== undefined && live?.get(key) !== type);
  const edit = wrong ?? changed[0];
  if (edit !== undefined) {
    const from = quoted(before?.get(edit.key) ?? '');
    const words = `the field ${edit.key} is ${quoted(edit.type)} and was ${from}, but exports write this file, and the type is set in the CMS. Restore the file from git.`;
    const severity = wrong === undefined ? 'warning' : 'error';
    yield { ...finding('schema-edited', { file }, words), severity };
  } else if (isByHand) {
    const words = 'exports write this file, and this is not what they write. Restore it from git.';
    yield { ...finding('schema-edited', { file }, words), severity: 'warning' };
  }
}

function typesIn(schema: CollectionSchema | undefined): ReadonlyMap<string, string> {
  return new Map(schema?.fields.map(({ key, type }) => [key, type]));
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
