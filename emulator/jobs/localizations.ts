import type { Faults } from '../faults.ts';
import { formed } from '../forms.ts';
import type { Body } from '../http/request.ts';
import { type Json, type JsonObject, textAt } from '../json.ts';
import { type Random, shuffled } from '../random.ts';
import type { Refusal } from '../refusals.ts';
import { translatableKeys } from '../schema.ts';
import type { Settings } from '../settings.ts';
import type { Site, StoredCollection } from '../site.ts';
import { withKeysMoved } from './cells.ts';
import { recordsOf, refusalLog } from './import.ts';
import { JobFailure, type JobWork, moveEach } from './jobs.ts';
import { csvBody, jsonlBody } from './tables.ts';

interface Surroundings {
  readonly settings: Settings;
  readonly faults: Faults;
  readonly random: Random;
}

/** A text of the site that can be translated. */
interface Source {
  readonly stored: StoredCollection;
  readonly itemId: string;
  readonly field: string;
  readonly type: string;
  readonly text: string;
}

/** A translation that a file brings. */
interface Arrival {
  readonly itemId: string;
  readonly field: string;
  readonly language: string;
  readonly text: string;
}

/** The work of a job that writes the site's translations into a file (wix-api.md 2.2). */
export function exportLocalizationsWork(
  site: Site,
  languages: readonly string[],
  file: { readonly format: 'CSV' | 'JSONL'; fill(body: Body): void },
  { settings, random }: Surroundings,
): JobWork {
  return async function* (progress) {
    checkLanguages(site, languages);
    const found = sourcesOf(site);
    const sources = settings.shuffle ? shuffled(found, random) : found;
    progress.total(sources.length);
    yield;
    const table =
      settings.localizationLayout === 'flat'
        ? flatTable(site, sources, languages)
        : managerTable(site, sources, languages, settings, random);
    if (file.format === 'CSV') {
      const rows = table.rows.map((row) => row.map((text) => (text === '' ? null : text)));
      file.fill(await csvBody(table.header, rows, settings.bom));
    } else {
      file.fill(jsonlBody(table.rows.map((row) => rowObject(table.header, row))));
    }
    yield* moveEach(sources, 1, progress, () => undefined);
  };
}

/** The work of a job that moves an uploaded file into the site's translations. */
export function importLocalizationsWork(
  site: Site,
  languages: readonly string[],
  upload: { readonly content: Buffer; readonly format: string | undefined },
  { settings, faults }: Surroundings,
): JobWork {
  return async function* (progress) {
    checkLanguages(site, languages);
    const rows = arrivalsOf(await tableOf(upload), languages, settings);
    progress.total(upload.content.length);
    const bytes = Math.floor(upload.content.length / Math.max(1, rows.length));
    yield* moveEach(rows, bytes, progress, (arrivals, index) => {
      const refusal = refusalOf(site, arrivals, faults);
      if (refusal !== undefined) return refusalLog(refusal, {}, index, settings);
      for (const arrival of arrivals ?? []) store(site, arrival, settings);
      return undefined;
    });
  };
}

function checkLanguages(site: Site, languages: readonly string[]): void {
  if (site.locales.length === 0) {
    throw new JobFailure(
      'WDH0002',
      'MULTILINGUAL_NOT_INSTALLED: Wix Multilingual is not installed.',
    );
  }
  const unknown = languages.filter((id) => !site.locales.some((locale) => locale.id === id));
  if (unknown.length > 0) {
    throw new JobFailure('WDH0001', `The site has no language ${unknown.join(', ')}.`);
  }
}

function sourcesOf(site: Site): Source[] {
  return [...site.collections.values()].flatMap((stored) =>
    [...stored.items.entries()].flatMap(([itemId, item]) =>
      translatableKeys(stored.schema).flatMap((field) => {
        const text = textOf(item[field]);
        const type = stored.schema.fields.find(({ key }) => key === field)?.type ?? 'TEXT';
        return text === '' ? [] : [{ stored, itemId, field, type, text }];
      }),
    ),
  );
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The five-column layout of the Translation Manager, one target column per further language. */
function managerTable(
  site: Site,
  sources: readonly Source[],
  [main = '', ...others]: readonly string[],
  { shuffle, localizationColumns: { id, source, target, more = [] } }: Settings,
  random: Random,
): Table {
  const mover = shuffle ? random : undefined;
  return {
    header: [
      id,
      'Content type',
      'Element type',
      ...more,
      headerFor(source, main),
      ...others.map((language) => headerFor(target, language)),
    ],
    rows: sources.map(({ stored, itemId, field, type, text }) => [
      JSON.stringify(withKeysMoved({ contentId: itemId, fieldId: field, sequencePath: [] }, mover)),
      stored.schema.displayName,
      type.startsWith('RICH') ? 'RichText' : 'PlainText',
      ...more.map((name) => `${name} of ${field}`),
      text,
      ...others.map((language) => site.translation(itemId, field, language) ?? ''),
    ]),
  };
}

function headerFor(template: string, language: string): string {
  return template
    .replaceAll('{language}', language)
    .replaceAll('{LANGUAGE}', language.toUpperCase());
}

/** One row per text and language. */
function flatTable(site: Site, sources: readonly Source[], languages: readonly string[]): Table {
  return {
    header: ['schemaId', 'entityId', 'fieldId', 'locale', 'value'],
    rows: sources.flatMap(({ stored, itemId, field, text }) =>
      languages.map((language, index) => [
        stored.schema.id,
        itemId,
        field,
        language,
        index === 0 ? text : (site.translation(itemId, field, language) ?? ''),
      ]),
    ),
  };
}

async function tableOf(upload: {
  readonly content: Buffer;
  readonly format: string | undefined;
}): Promise<Table> {
  const records = await recordsOf(upload);
  if ('csv' in records) {
    const [header = [], ...rows] = records.csv;
    return { header, rows };
  }
  const header = Object.keys(records.jsonl[0] ?? {});
  return { header, rows: records.jsonl.map((row) => header.map((name) => textOf(row[name]))) };
}

/** What each row brings; undefined for a row whose ID cannot be read. Throws WDH0003 for other columns. */
function arrivalsOf(
  { header, rows }: Table,
  [main = '', ...others]: readonly string[],
  { localizationColumns }: Settings,
): (Arrival[] | undefined)[] {
  if (header.includes('entityId') && header.includes('locale')) {
    return rows.map((row) => flatArrivals(header, row, main, others));
  }
  const id = header.indexOf(localizationColumns.id);
  if (id === -1) throw new JobFailure('WDH0003', 'The file has no ID column.');
  const targets = others.map((language) => ({
    language,
    at: header.indexOf(headerFor(localizationColumns.target, language)),
  }));
  return rows.map((row) => {
    const key = parsedId(row[id] ?? '');
    if (key === undefined) return undefined;
    return targets
      .filter(({ at }) => at !== -1)
      .map(({ language, at }) => ({ ...key, language, text: row[at] ?? '' }));
  });
}

function flatArrivals(
  header: readonly string[],
  row: readonly string[],
  main: string,
  others: readonly string[],
): Arrival[] | undefined {
  const cell = (name: string) => row[header.indexOf(name)] ?? '';
  const [itemId, field, language] = [cell('entityId'), cell('fieldId'), cell('locale')];
  if (language === main) return [];
  if (itemId === '' || field === '' || !others.includes(language)) return undefined;
  return [{ itemId, field, language, text: cell('value') }];
}

function parsedId(cell: string): { itemId: string; field: string } | undefined {
  try {
    const parsed: Json = JSON.parse(cell);
    const itemId = textAt(parsed, 'contentId');
    const field = textAt(parsed, 'fieldId');
    return itemId === undefined || field === undefined ? undefined : { itemId, field };
  } catch {
    return undefined;
  }
}

function refusalOf(
  site: Site,
  arrivals: readonly Arrival[] | undefined,
  faults: Faults,
): Refusal | undefined {
  if (arrivals === undefined) return { code: 'WDE0080', description: 'The ID cannot be read.' };
  for (const { itemId, field, text } of arrivals) {
    const stored = [...site.collections.values()].find(({ items }) => items.has(itemId));
    if (stored === undefined)
      return { code: 'WDE0073', description: `There is no item ${itemId}.` };
    if (!translatableKeys(stored.schema).includes(field)) {
      return { code: 'WDE0157', description: `The field ${field} is not translatable.` };
    }
    const programmed = faults.forRow(stored.schema.id, { _id: itemId, [field]: text });
    if (programmed !== undefined) {
      return { code: programmed.code, description: programmed.description };
    }
  }
  return undefined;
}

function store(site: Site, { itemId, field, language, text }: Arrival, settings: Settings): void {
  if (text === '' && settings.emptyTranslation === 'keep') return;
  const stored = [...site.collections.values()].find(({ items }) => items.has(itemId));
  const type = stored?.schema.fields.find(({ key }) => key === field)?.type ?? 'TEXT';
  const asStored = text === '' ? text : textOf(formed(text, type, settings.forms));
  const published = settings.importedTranslations === 'published';
  site.translate(itemId, field, language, asStored, published);
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function rowObject(header: readonly string[], row: readonly string[]): JsonObject {
  return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
}
