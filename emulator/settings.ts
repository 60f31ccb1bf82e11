import { setTimeout as delay } from 'node:timers/promises';
import type { FormName } from './forms.ts';

/** Time as the emulator sees it. Milliseconds throughout. */
export interface EmulatorClock {
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: EmulatorClock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    delay(milliseconds, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }),
};

/** How long a job stays in each state, in milliseconds. */
interface JobSteps {
  readonly uninitialized: number;
  readonly initializing: number;
  readonly inProgress: number;
}

/** Header cells of a localization file; `{language}` and `{LANGUAGE}` stand for the language's code. */
interface LocalizationColumns {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Columns of which nobody knows what they are for. */
  readonly more?: readonly string[];
}

/**
 * What the emulator does where the vendor's behaviour is unknown, or differs from site to site.
 * Tests may change a setting at any time; it holds from the next request or job step on.
 *
 * The table in README.md is made of these comments. `npm run docs` writes it.
 */
export interface Settings {
  /** How long a job stays in each state, in milliseconds (1.6). */
  jobSteps: JobSteps;

  // Values

  /** The forms in which imports and the Data Items API store values, in this order (3.6, 11). */
  forms: readonly FormName[];
  /** Whether a CSV import gives each value the type of its field, or stores all values as texts (3.6, 9.3). */
  csvTypes: 'schema' | 'text';
  /** What an import stores for an empty cell (9.12). */
  emptyCell: 'absent' | 'null' | 'text';
  /** Whether CSV exports have the milliseconds of date-times, which real exports drop (3.6). */
  exportedMilliseconds: boolean;

  // Columns

  /** The headers of an export (3.1). */
  headers: 'key' | 'displayName';
  /** The headers that an import understands. It does not see an id under another header, so the row becomes a new item (3.1, 11). */
  importHeaders: 'key' | 'displayName' | 'both';
  /** What an import does with a column that is not a field: it stores it as an undeclared property, or ignores it (3.5). */
  unknownColumns: 'store' | 'ignore';
  /** Whether exports have a column for each undeclared property, such as `_manualSort_…` (11). */
  undeclaredProperties: 'exported' | 'absent';
  /** Whether exports have a column for encrypted fields (6.2). */
  encryptedFields: 'exported' | 'absent';
  /** How an export has multi-references: as lists of ids, as an empty column, or not at all (3.6, 11). */
  multiReferences: 'ids' | 'empty' | 'absent';
  /** Whether an export has `_id` even if its `fields` do not ask for it (9.25). */
  idAlwaysExported: boolean;

  // Files

  /** Whether exports begin with a byte order mark (3.2, 11). */
  bom: boolean;
  /** Whether rows, columns and the keys of JSON cells come in another order every time. Otherwise, rows are sorted by `_id`, and columns follow the schema (3.7, 11). */
  shuffle: boolean;
  /** Whether exports have draft items (9.20). */
  draftsExported: boolean;

  // Imports

  /** Whether an import replaces the whole item, or changes only the file's columns (3.5, 11). */
  importedItems: 'replaced' | 'patched';
  /** What an import does to the multi-references of an item that it writes (3.6, 9.13). */
  importedMultiReferences: 'kept' | 'erased' | 'written';
  /** Whether an import rejects a row without a required value (3.2). */
  requiredEnforced: boolean;
  /** How a job ends if it rejected rows (1.6). */
  rejectedRowsEnd: 'COMPLETED' | 'PARTIALLY_SUCCESSFUL';
  /** What a log calls a row of a file (1.11). */
  logIds: 'row' | 'item';
  /** Number of the first data row in the logs: 0, 1, or 2 when the header counts (1.11). */
  csvRowBase: number;
  /** Whether the log also names rows that arrived (1.11). */
  successesLogged: boolean;

  // Data Items

  /** What writing a multi-reference without `saveReferences` does: WDE0303, or nothing (6.4, 11). */
  multiReferencesInItems: 'refused' | 'dropped';

  // Jobs

  /** What a job on an unknown collection does (1.7). */
  unknownCollection: 'failed-job' | 'not-found';
  /** Whether job answers are wrapped in `job`; `bare` breaks the vendor's SDK (1.12). */
  submitAnswer: 'wrapped' | 'bare';
  /** What Query Jobs answers: 200, or a refusal. Older pages of the vendor do not list it (1.4, 11). */
  queryJobsStatus: number;
  /** What happens to a terminated job (1.6). */
  terminated: 'gone' | 'failed';

  // Localizations

  /** Whether localization files have a row per text, or per text and language (2.2). */
  localizationLayout: 'translation-manager' | 'flat';
  /** The headers of the layout with a row per text (2.2). */
  localizationColumns: LocalizationColumns;
  /** What an empty translation in an import does (9.6). */
  emptyTranslation: 'keep' | 'clear';
  /** Whether imported translations are visible at once (2.4). */
  importedTranslations: 'published' | 'draft';
  /** How a job shows that Multilingual is not installed: 428, or a failed job (2.1). */
  multilingualMissing: 'precondition' | 'failed-job';
  /** What a query of the site's languages, which names the main one, answers: 200, or a refusal (2.5). */
  localesStatus: number;

  // The wire

  /** The status for an unknown key (4.1). */
  wrongKeyStatus: 401 | 403;
  /** Above this many API requests in a minute, the answer is 429; Wix allows 200 (5). */
  requestsPerMinute: number;
  /** The page size if the request has none (1.3). */
  pageSize: number;
  /** The largest page of the list of collections (6.1). */
  collectionsPageLimit: number;
  /** Whether the upload host refuses a body without Content-Length with 411 (1.10). */
  uploadNeedsLength: boolean;
  /** How long an upload URL is valid, in milliseconds (1.10). */
  uploadUrlLifetime: number;
  /** Whether download URLs redirect first (1.10). */
  downloadRedirects: boolean;
  /** The scheme of download URLs. With `http` and the option `tls`, only `https` answers (11). */
  downloadScheme: 'as-served' | 'http';
  /** Exports, and reads that do not ask for consistency, show the site as it was this many milliseconds ago (6.5). */
  readLag: number;
}

export const defaultSettings: Settings = {
  jobSteps: { uninitialized: 2, initializing: 2, inProgress: 4 },

  forms: ['emptyParagraph', 'finalNewline', 'instantsInUtc'],
  csvTypes: 'schema',
  emptyCell: 'absent',
  exportedMilliseconds: false,

  headers: 'key',
  importHeaders: 'key',
  unknownColumns: 'store',
  undeclaredProperties: 'exported',
  encryptedFields: 'exported',
  multiReferences: 'ids',
  idAlwaysExported: false,

  bom: true,
  shuffle: false,
  draftsExported: true,

  importedItems: 'replaced',
  importedMultiReferences: 'kept',
  requiredEnforced: true,
  rejectedRowsEnd: 'COMPLETED',
  logIds: 'row',
  csvRowBase: 1,
  successesLogged: false,

  multiReferencesInItems: 'refused',

  unknownCollection: 'failed-job',
  submitAnswer: 'wrapped',
  queryJobsStatus: 200,
  terminated: 'gone',

  localizationLayout: 'translation-manager',
  localizationColumns: {
    id: 'ID (do not edit)',
    source: 'Source language ({LANGUAGE})',
    target: 'Target language ({LANGUAGE})',
  },
  emptyTranslation: 'keep',
  importedTranslations: 'published',
  multilingualMissing: 'precondition',
  localesStatus: 200,

  wrongKeyStatus: 401,
  requestsPerMinute: Number.POSITIVE_INFINITY,
  pageSize: 50,
  collectionsPageLimit: 100,
  uploadNeedsLength: true,
  uploadUrlLifetime: 15 * 60_000,
  downloadRedirects: false,
  downloadScheme: 'as-served',
  readLag: 0,
};
