/** What any command needs. Nobody has seen the names of the boxes (wix-api.md 11). */
const tickPermissions =
  'Tick all permissions under "Wix Data" for the API key, in the API Keys Manager of Wix.';

const multilingual =
  'Check that Wix Multilingual is on and has these languages, and that the collection is translatable.';
const notMultilingual = ['WDE0157', 'WDE0158', 'WDE0161', 'WDE0162', 'WDE0174', 'WDE0175'];

/** What to do about the codes of requests, jobs and rows (wix-api.md 1.13 and 4.3). */
export const remedies: ReadonlyMap<string, string> = new Map(
  Object.entries({
    WDH0000: 'Run again; if it happens again, report the job id to Wix.',
    WDH0001: 'Check the ids, fields and languages in the configuration.',
    WDH0002: 'Another service of Wix failed: run again later.',
    WDH0003:
      'Wix cannot read the data, or does not support a value in it. Correct what its words name, and run again; for an import into a collection, try upload-format: jsonl.',
    WDE0009: 'An item is too large: Wix takes 500 kB. Shorten it.',
    WDE0014:
      'The quota per minute is used up: lower the input requests-per-minute, or run again in a minute.',
    WDE0024: 'A field was deleted: remove its column, or restore it in the CMS.',
    WDE0025:
      'The collection does not exist: correct its id in the configuration, or create it in the CMS.',
    WDE0026:
      'The collection was deleted: remove it from the configuration, or restore it in the CMS.',
    WDE0027: tickPermissions,
    WDE0028: 'Wix took too long: run again later.',
    WDE0091: "The site's storage is full: free some, or upgrade its plan.",
    WDE0110: 'Add the CMS to the site: it is not installed (dashboard, CMS).',
    WDE0117:
      "Copy the input site-id again from this site's dashboard; check that the key was made for this site, and that api-key is the key alone, without Bearer before it.",
    WDE0119:
      'This collection does not allow this operation, as most collections of Wix apps do not: remove it from the configuration.',
    WDE0120:
      'The source of the collection does not allow this operation: remove it from the configuration.',
    WDE0122: 'The quota of processing time is used up: run again in a minute.',
    WDE0123: 'Another item has this value in a field whose values are unique: change one.',
    MULTILINGUAL_NOT_INSTALLED:
      'Add the Wix Multilingual app to the site, and the languages in it.',
    ...Object.fromEntries(notMultilingual.map((code) => [code, multilingual])),
    // Answers without a known code.
    'HTTP 401':
      'Check that the input api-key holds a whole, valid API key of the site owner, without a prefix.',
    'HTTP 403': `${tickPermissions} Check that it was made for this site, in the account that owns the site.`,
    'HTTP 404': 'Check the input api-url, and the ids in the configuration.',
    'HTTP 413': 'It is too large for Wix. Split the edit into several pull requests.',
    'HTTP 428': 'Check that the CMS, and Wix Multilingual for translations, are on.',
    'HTTP 429': 'Lower the input requests-per-minute, or run again in a minute.',
  }),
);
