import { existsSync, readFileSync } from 'node:fs';
import type { Content } from '../../config/config.ts';
import { type Finding, finding, quoted, withSeverities } from '../../content/rules/finding.ts';
import { type CollectionSchema, formatSchema, schemaOf } from '../../content/schema.ts';
import type { Version } from '../../record/version.ts';
import { placeOfFile } from '../../repository/working-tree.ts';
import type { HeadContent } from '../read/head-content.ts';
import type { Collections } from '../read/read-contents.ts';

/**
 * Schema files that a pull request changes in another way than an export does. A wrong type in one would
 * let cells through that the site rejects.
 *
 * @param collections what the site has; `undefined` without a key.
 */
export async function schemaEdits(
  heads: readonly HeadContent[],
  head: Version,
  before: Version | undefined,
  collections: Collections | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { content, schema: now } of heads) {
    if (content.kind === 'localization' || now === undefined || before === undefined) continue;
    const file = content.schemaPath;
    const then = await before.schema(content);
    const [old, text] = [before, head].map((version) => schemaText(version, content));
    if (then === undefined || old === text) continue;
    const live = collections?.get(content.id);
    const onSite = live && schemaOf(live, content);
    if (onSite !== undefined && text === formatSchema(onSite)) continue;
    const found = editIn(file, then, now, onSite, text !== formatSchema(now));
    findings.push(...withSeverities(found, content.rules));
  }
  return findings;
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

/** The text of a schema file, in a version that was opened. */
function schemaText({ folder, placed }: Version, content: Content): string | undefined {
  const then = placed(content);
  if (then.kind === 'localization') return undefined;
  const path = placeOfFile(folder, then.schemaPath);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
