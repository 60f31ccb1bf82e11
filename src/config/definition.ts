import * as v from 'valibot';
import { rules as ruleTable, switchableRules } from '../content/rules/finding.ts';

/** The configuration file, defined once: for its type, its validation and `schema/wix-cms.schema.json`. */

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
const headerPattern = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const fieldKeys = v.array(v.pipe(v.string(), v.minLength(1)));

const limitWords = 'should be a whole number or a percentage such as 10%';
const limit = v.union([
  v.pipe(v.number(), v.integer(limitWords), v.minValue(0, limitWords)),
  v.pipe(v.string(), v.regex(/^\d{1,3}%$/, limitWords)),
]);

export const writePolicies = ['overwrite', 'skip-existing', 'truncate-before'] as const;
export const deletePolicies = ['keep', 'apply'] as const;
/** An optional setting with this description and default. */
function described<
  const Schema extends v.GenericSchema,
  const Value extends v.InferInput<Schema> | undefined = undefined,
>(schema: Schema, description: string, value?: Value) {
  // Without a value, `Value` is `undefined`.
  return v.pipe(v.optional<Schema, Value>(schema, value as Value), v.description(description));
}

const rules = described(
  v.strictObject(
    Object.fromEntries(
      switchableRules.map((rule) => [
        rule,
        described(v.picklist(['error', 'warning', 'off']), `Finds that ${ruleTable[rule][1]}.`),
      ]),
    ),
  ),
  'The severity of validation rules: error, warning or off, such as { price-jump: off }.',
  {},
);

/** A `v.record` leaves out fields called `constructor` or `prototype`. */
const filter = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'should be settings, each as "name: value"',
);

const collection = v.strictObject(
  {
    id: v.pipe(id, v.description("The collection's id, such as products or Stores/Products.")),
    file: described(
      path,
      'The CSV file, under directory. Default: collections/<id>.csv, with - for every / in the id.',
    ),
    filter: described(
      filter,
      'Only the items that match this filter, in the API query language, such as { status: { $eq: published } }.',
    ),
    fields: described(fieldKeys, 'Only these fields. Default: every field that a CSV can carry.'),
    exclude: described(
      fieldKeys,
      'Fields that never enter git, in addition to system fields, page links and encrypted fields.',
      [] as string[],
    ),
    'write-policy': described(
      v.picklist(writePolicies),
      'What an import does to items: overwrite (default), skip-existing, or truncate-before.',
      'overwrite',
    ),
    deletes: described(
      v.picklist(deletePolicies),
      'What a row removed in git does to its item: keep (default) leaves it, apply removes it.',
      'keep',
    ),
    'upload-format': described(
      v.picklist(['csv', 'jsonl']),
      'How an import sends edits: as csv (default), or as jsonl, which has typed values.',
      'csv',
    ),
    'id-column': described(
      v.pipe(v.string(), v.minLength(1)),
      'The header of the column with the item ids. Default: _id.',
      '_id',
    ),
    columns: described(
      v.record(headerPattern, fieldKeys),
      'Which fields the columns of one name are, from left to right, such as { Status: [status, state] }.',
    ),
    'import-headers': described(
      v.picklist(['auto', 'key', 'display-name']),
      'The headers that the site expects in an import: key, display-name, or auto (default), which finds out with the first row.',
      'auto',
    ),
    'multi-references': described(
      v.picklist(['auto', 'read', 'omit']),
      'What to do with multi-references: auto (default) writes them if exports have them, read keeps them in git but never writes them, omit leaves them out.',
      'auto',
    ),
    rules,
  },
  'should be the id of a collection, or settings such as { id: products, deletes: apply }',
);

const shortCollection = v.pipe(
  id,
  v.description('Short for { id }.'),
  v.transform((each) => v.parse(collection, { id: each })),
);

const localization = v.strictObject(
  {
    languages: v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.regex(
            /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})?$/,
            'should be a language tag such as en or pt-BR',
          ),
        ),
      ),
      v.minLength(2, 'should name two to 64 languages, the main one first'),
      v.maxLength(64, 'should name two to 64 languages, the main one first'),
      v.description(
        'The main language, then the languages to translate into, spelled as the site spells them.',
      ),
    ),
    file: described(path, 'The CSV file, under directory. Default: localizations/<main>.csv.'),
    columns: described(
      v.strictObject({
        id: v.pipe(headerPattern, v.description('How the headers of the ids begin.')),
        source: described(headerPattern, 'How the header of the source texts begins.'),
        targets: v.pipe(headerPattern, v.description('How the headers of the translations begin.')),
      }),
      'How the headers of the ids, source texts and translations begin, if the action does not know the layout. A * stands for any text.',
    ),
    'empty-translation': described(
      v.picklist(['clear', 'skip']),
      'What an emptied translation does: clear (default) empties it on the site, skip leaves it there.',
      'clear',
    ),
    rules,
  },
  'should be settings such as { languages: [en, fr] }',
);

const limits = v.strictObject({
  'max-deletes': described(
    limit,
    "How many rows a run may remove unasked. Default: 10% of the file's rows, never fewer than 3 nor more than 500.",
    '10%',
  ),
  'max-changes': described(
    limit,
    "How many rows a run may change unasked. Default: 50% of the file's rows, never fewer than 20.",
    '50%',
  ),
  'allow-empty': described(
    v.boolean(),
    'Whether a file may lose all its rows. Default: false.',
    false,
  ),
});

const whole = v.strictObject({
  directory: described(path, 'The folder of the files. Default: content.', 'content'),
  collections: described(
    v.array(v.union([collection, shortCollection])),
    'The collections to keep in git.',
  ),
  localizations: described(v.array(localization), 'The localizations to keep in git.'),
  limits: described(limits, 'What a run may do unasked.'),
});

export const settingNames: readonly string[] = [
  ...[whole, collection, localization, limits].flatMap(({ entries }) => Object.keys(entries)),
  ...switchableRules,
];

export const definition = v.pipe(
  whole,
  v.title('wix-cms-sync configuration'),
  v.description(
    'Which content of a Wix site to keep in git, and how. The file .github/wix-cms.yml.',
  ),
);

export type Definition = v.InferOutput<typeof definition>;

export const noLimits = v.parse(limits, {});

export type CollectionDefinition = v.InferOutput<typeof collection>;
export type LocalizationDefinition = v.InferOutput<typeof localization>;
