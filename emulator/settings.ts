import { setTimeout as delay } from 'node:timers/promises';

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

/**
 * What the emulator does where the vendor's behaviour is unknown, or differs from site to site.
 * Tests may change a setting at any time; it holds from the next request or job step on.
 */
export interface Settings {
  /** Length of the states of a job. */
  jobSteps: JobSteps;
  /** Header cells of a plain export (wix-api.md 3.1). */
  headers: 'key' | 'displayName';
  /** Whether exports begin with EF BB BF, as those of the dashboard do (3.2). */
  bom: boolean;
  /** Whether rows, columns and the keys of JSON cells come in another order every time (3.7). */
  shuffle: boolean;
  /** How multi-references leave in a CSV (3.6). */
  multiReferences: 'empty' | 'ids' | 'absent';
  /** What an import makes of the multi-references of an item that it replaces (3.4, 3.5). */
  importedMultiReferences: 'kept' | 'erased';
  /** Whether exports have a column for fields whose values are stored encrypted (6.2). */
  encryptedFields: 'exported' | 'absent';
  /** Whether `_id` is exported when `fields` does not ask for it (9.25). */
  idAlwaysExported: boolean;
  /** Whether exports hold draft items (9.20). */
  draftsExported: boolean;
  /** Whether CSV cells become the type of their field, or stay text (3.6, type-loss risk). */
  csvTypes: 'schema' | 'text';
  /** What an empty cell becomes (9.12). */
  emptyCell: 'absent' | 'null' | 'text';
  /** What becomes of a column that is no field (3.5). */
  unknownColumns: 'store' | 'ignore';
  /** Whether a row without a required value is rejected. */
  requiredEnforced: boolean;
  /** What a log calls a row of a file (1.11). */
  logIds: 'row' | 'item';
  /** Whether what arrived is logged as well (1.11). */
  successesLogged: boolean;
  /** Number of the first data row in the logs: 0, 1, or 2 when the header counts. */
  csvRowBase: number;
  /** How a job ends that rejected rows (1.6). */
  rejectedRowsEnd: 'COMPLETED' | 'PARTIALLY_SUCCESSFUL';
  /** What a job on an unknown collection does (1.7). */
  unknownCollection: 'failed-job' | 'not-found';
  /** Whether job answers are wrapped in `job` (1.12). `bare` breaks the vendor's SDK. */
  submitAnswer: 'wrapped' | 'bare';
  /** What becomes of a terminated job (1.6). */
  terminated: 'gone' | 'failed';
  /** How Multilingual that is not installed shows (2.1). */
  multilingualMissing: 'precondition' | 'failed-job';
  /** Columns of localization files (2.2). */
  localizationLayout: 'translation-manager' | 'flat';
  /** What an empty translation in an import does (9.6). */
  emptyTranslation: 'keep' | 'clear';
  /** Whether imported translations are visible at once (2.4). */
  importedTranslations: 'published' | 'draft';
  /** Status for a key that is not known (4.1). */
  wrongKeyStatus: 401 | 403;
  /** Above this many API requests in a minute the answer is 429 (5). */
  requestsPerMinute: number;
  /** Page size where the request names none. */
  pageSize: number;
  /** Largest page of the collections list (6.1). */
  collectionsPageLimit: number;
  /** Whether the upload host refuses a body without Content-Length (1.10). */
  uploadNeedsLength: boolean;
  /** How long an upload URL is good for, in milliseconds (1.10). */
  uploadUrlLifetime: number;
  /** Whether download URLs redirect first (1.10). */
  downloadRedirects: boolean;
  /** Reads that do not ask for consistency, and exports, show what the site held this long ago (6.5). */
  readLag: number;
}

export const defaultSettings: Settings = {
  jobSteps: { uninitialized: 2, initializing: 2, inProgress: 4 },
  headers: 'key',
  bom: false,
  shuffle: true,
  multiReferences: 'empty',
  importedMultiReferences: 'kept',
  encryptedFields: 'exported',
  idAlwaysExported: false,
  draftsExported: true,
  csvTypes: 'schema',
  emptyCell: 'absent',
  unknownColumns: 'store',
  requiredEnforced: true,
  logIds: 'row',
  successesLogged: false,
  csvRowBase: 1,
  rejectedRowsEnd: 'COMPLETED',
  unknownCollection: 'failed-job',
  submitAnswer: 'wrapped',
  terminated: 'gone',
  multilingualMissing: 'precondition',
  localizationLayout: 'translation-manager',
  emptyTranslation: 'keep',
  importedTranslations: 'published',
  wrongKeyStatus: 401,
  requestsPerMinute: Number.POSITIVE_INFINITY,
  pageSize: 50,
  collectionsPageLimit: 100,
  uploadNeedsLength: true,
  uploadUrlLifetime: 15 * 60_000,
  downloadRedirects: false,
  readLag: 0,
};
