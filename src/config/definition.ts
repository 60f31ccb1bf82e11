import * as v from 'valibot';

/**
 * The configuration file, defined once: this types it, validates it, and is published as
 * `schema/wix-cms.schema.json` for editors.
 */

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
const fieldKeys = v.array(v.pipe(v.string(), v.minLength(1)));

const limit = v.union([
  v.pipe(v.number(), v.integer(), v.minValue(0)),
  v.pipe(v.string(), v.regex(/^\d{1,3}%$/, 'should be a number or a percentage such as 10%')),
]);

export const writePolicies = ['overwrite', 'skip-existing', 'truncate-before'] as const;
export const deletePolicies = ['keep', 'apply'] as const;

/** What a setting is where the file does not say. */
export const defaults = {
  directory: 'content',
  exclude: [],
  'write-policy': 'overwrite',
  deletes: 'keep',
  'upload-format': 'csv',
  'id-column': '_id',
  'max-deletes': '10%',
  'max-changes': '50%',
  'allow-empty': false,
} as const;

/** An optional setting. Its default is for editors: what the file leaves out stays left out. */
function described<const Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
  value?: (typeof defaults)[keyof typeof defaults],
) {
  const more = value === undefined ? {} : { default: value };
  return v.optional(v.pipe(schema, v.metadata({ description, ...more })));
}

const collection = v.strictObject({
  id: v.pipe(id, v.description("The collection's id, such as products or Stores/Products.")),
  file: described(
    path,
    'The CSV file, under directory. Default: collections/<id>.csv, every / in the id as -.',
  ),
  filter: described(
    v.record(v.string(), v.unknown()),
    'Only the items that match this filter, in the API query language, such as { status: { $eq: published } }.',
  ),
  fields: described(fieldKeys, 'Only these fields. Default: every field that a CSV can carry.'),
  exclude: described(
    fieldKeys,
    'Fields that never enter git. Default: none beyond system fields, page links, multi-references and encrypted fields, which never do.',
    defaults.exclude,
  ),
  'write-policy': described(
    v.picklist(writePolicies),
    'What an import does to items: overwrite (default), skip-existing, or truncate-before.',
    defaults['write-policy'],
  ),
  deletes: described(
    v.picklist(deletePolicies),
    'What a row removed in git does to its item: keep (default) leaves it, apply removes it.',
    defaults.deletes,
  ),
  'upload-format': described(
    v.picklist(['csv', 'jsonl']),
    'How edits are uploaded: csv (default), or jsonl with values typed by the schema.',
    defaults['upload-format'],
  ),
  'id-column': described(
    v.pipe(v.string(), v.minLength(1)),
    'The header that holds the item id. Default: _id.',
    defaults['id-column'],
  ),
});

const localization = v.strictObject({
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
    v.description('The main language, then those it is translated to; as the site names them.'),
  ),
  file: described(path, 'The CSV file, under directory. Default: localizations/<main>.csv.'),
});

const limits = v.strictObject({
  'max-deletes': described(
    limit,
    "How many rows a run may remove unasked. Default: 10% of the file's rows, never fewer than 3 nor more than 500.",
    defaults['max-deletes'],
  ),
  'max-changes': described(
    limit,
    "How many rows a run may change unasked. Default: 50% of the file's rows, never fewer than 20.",
    defaults['max-changes'],
  ),
  'allow-empty': described(
    v.boolean(),
    'Whether a file may lose all its rows. Default: false.',
    defaults['allow-empty'],
  ),
});

const whole = v.strictObject({
  directory: described(path, 'Where the files live. Default: content.', defaults.directory),
  collections: described(
    v.array(v.union([v.pipe(id, v.description('Short for { id }.')), collection])),
    'The collections to keep in git.',
  ),
  localizations: described(v.array(localization), 'The localizations to keep in git.'),
  limits: described(limits, 'What a run may do unasked.'),
});

/** The names of all settings, for whoever mistypes one. */
export const settingNames: readonly string[] = [whole, collection, localization, limits].flatMap(
  ({ entries }) => Object.keys(entries),
);

export const definition = v.pipe(
  whole,
  v.title('wix-cms-sync configuration'),
  v.description(
    'Which content of a Wix site is kept in git, and how. Lies at .github/wix-cms.yml.',
  ),
);

export type Definition = v.InferOutput<typeof definition>;
export type CollectionDefinition = v.InferOutput<typeof collection>;
