import type { CollectionContent, Content, LocalizationContent } from '../../config/config.ts';
import { type ColumnDiff, diffColumns, diffRow } from '../../content/diff.ts';
import { localizationLayout } from '../../content/identity.ts';
import { cellCheck } from '../../content/rules/cells.ts';
import { findingsOf } from '../../content/rules/check.ts';
import { columnEditsCheck } from '../../content/rules/column-edits.ts';
import { localizationHeaders, lostColumns, unknownColumns } from '../../content/rules/columns.ts';
import {
  type Finding,
  finding,
  firstOfEach,
  headerOf,
  withSeverities,
} from '../../content/rules/finding.ts';
import {
  blankRows,
  damagedKeyCheck,
  duplicateKeys,
  missingKeys,
  nearKeyCheck,
  swappedKeyCheck,
} from '../../content/rules/keys.ts';
import { reKeyedCheck } from '../../content/rules/re-keyed.ts';
import { type Holds, lostReferences, unwrittenCheck } from '../../content/rules/references.ts';
import {
  type EditedSource,
  misplacedEditCheck,
  type SourceOf,
  skippedEmptyCheck,
  staleTranslations,
  translationCheck,
} from '../../content/rules/translations.ts';
import { carriedColumns, formatSchema } from '../../content/schema.ts';
import type { Undone } from '../../content/undo.ts';
import { type Versions, versionsOf } from '../../content/versions.ts';
import { sidesOf } from '../../record/sides.ts';
import type { Sync } from '../../record/sync.ts';
import type { HeadContent } from '../read/head-content.ts';
import { openHeads } from '../read/open-heads.ts';
import type { LiveContent } from '../read/read-contents.ts';
import { oneByOne, type Run } from '../run.ts';

/** Gives any content in git, also one that nobody changed. */
export type OpenContent = (content: Content) => HeadContent | undefined;

/**
 * Validates what git changed (docs/troubleshooting.md, "Rules").
 *
 * @param heads the contents to validate.
 * @param contents all that is configured.
 * @param open gives the files that are referred to.
 * @param undone what the changes take back, which nobody has to be warned of.
 */
export async function validate(
  run: Pick<Run, 'signal'>,
  heads: readonly HeadContent[],
  contents: readonly Content[],
  open: OpenContent,
  undone: ReadonlyMap<HeadContent, Undone> = new Map(),
): Promise<readonly Finding[]> {
  const collections = contents.filter((content) => content.kind === 'collection');
  const holds = holdsIn(collections, open);
  const sourceOf = sourcesIn(collections, open);
  const found = await oneByOne(run, heads, (head) => [
    ...listed(head, validateFile(head, holds, sourceOf, undone.get(head))),
  ]);
  return [
    ...found.flat(),
    ...validateRemovals(heads, collections, open),
    ...validateSources(heads, contents, open),
  ];
}

/** The findings in a file that a report lists, with the severities that the configuration gives them. */
function listed({ content, table }: HeadContent, findings: Iterable<Finding>): Iterable<Finding> {
  return withSeverities(firstOfEach(findings, headerOf(table)), content.rules);
}

/**
 * Columns without a field on the site, whatever the committed schema says: an older schema may have come
 * back with older files, and name fields that were deleted since.
 *
 * @param known what was found in the files already.
 */
export function unknownToSite(
  plans: readonly { readonly head: HeadContent; readonly live: LiveContent }[],
  known: readonly Finding[],
): readonly Finding[] {
  const said = new Set(known.map(({ message }) => message));
  return plans.flatMap(({ head, live: { live, schema } }) => {
    if (schema === undefined) return [];
    const found = unknownColumns(head.table, schema, [...live.positions.keys()]);
    const news = [...found].filter(({ message }) => !said.has(message));
    const warnings = news.map((each) => ({ ...each, severity: 'warning' as const }));
    return [...withSeverities(warnings, head.content.rules)];
  });
}

/**
 * What the site refuses by the schema that it has now, if the committed one is older.
 *
 * @param undone what the changes take back, which nobody has to be warned of.
 */
export function refusedBySite(
  plans: readonly { readonly head: HeadContent; readonly live: LiveContent }[],
  known: readonly Finding[],
  undone: ReadonlyMap<HeadContent, Undone>,
): readonly Finding[] {
  const said = new Set(known.map(({ message }) => message));
  const backs = new Map([...undone].map(([{ content }, { goesBack }]) => [content, goesBack]));
  return plans.flatMap(({ head, live: { schema } }) => {
    const isKnown =
      schema === undefined || (head.schema && formatSchema(schema) === formatSchema(head.schema));
    if (isKnown) return [];
    const goesBack = backs.get(head.content);
    const checks = [cellCheck(head.allColumns, head.sides.head, schema, { goesBack })];
    const news = [...listed(head, findingsOf(checks, editedRows(head)))];
    return news.filter(({ severity, message }) => severity === 'error' && !said.has(message));
  });
}

/**
 * Opens the files that git's changes refer to, and those that refer to them: a reference needs the file of
 * its items, a translation those of its source texts.
 *
 * @param opened the contents that are open already.
 */
export async function openRelated(
  run: Pick<Run, 'signal' | 'config'>,
  sync: Sync,
  touched: readonly HeadContent[],
  opened: readonly HeadContent[],
): Promise<OpenContent> {
  const heads = new Map(opened.map((head) => [head.content, head]));
  const others = run.config.managed.filter(
    (content) => !heads.has(content) && touched.some((head) => isRelated(head, content)),
  );
  const more = await openHeads(run, others, sync.head, (content, table) =>
    sidesOf(sync, content, table, undefined),
  );
  for (const head of more.heads) heads.set(head.content, head);
  return (content) => heads.get(content);
}

function isRelated({ content, schema }: HeadContent, other: Content): boolean {
  if (content.kind === 'localization') return other.kind === 'collection';
  if (other.kind === 'localization')
    return schema?.fields.some(({ translatable }) => translatable) === true;
  if (content.deletes === 'apply') return true;
  return schema?.fields.some(({ references }) => references === other.id) === true;
}

function holdsIn(collections: readonly CollectionContent[], open: OpenContent): Holds {
  return (collection, id) => {
    const content = collections.find((each) => each.id === collection);
    // A file with only some of the items cannot show that there is no such item.
    if (content === undefined || content.filter !== undefined) return undefined;
    return open(content)?.sides.head?.table.has(id);
  };
}

/** Looks up source texts in the files of all collections. */
function sourcesIn(collections: readonly CollectionContent[], open: OpenContent): SourceOf {
  return (item, field) => {
    for (const content of collections) {
      const table = open(content)?.table;
      const row = table?.row(item);
      if (row !== undefined) return { text: row.cells[table?.columns.indexOf(field) ?? -1] };
    }
    return undefined;
  };
}

function* validateFile(
  head: HeadContent,
  holds: Holds,
  sourceOf: SourceOf,
  undone: Undone | undefined,
): Generator<Finding> {
  const { table } = head;
  if (table.bom) {
    const words = 'the file begins with a byte order mark. Save it as UTF-8 without one.';
    yield finding('byte-order-mark', headerOf(table), words);
  }
  yield* blankRows(table);
  yield* duplicateKeys(table, head.content.kind);
  if (head.content.kind === 'collection') {
    yield* validateCollection(head, head.content, holds, undone);
  } else {
    yield* validateLocalization(head, head.content, sourceOf);
  }
}

function* validateCollection(
  head: HeadContent,
  content: CollectionContent,
  holds: Holds,
  undone: Undone | undefined,
): Generator<Finding> {
  const { table, allColumns: columns, sides, schema } = head;
  if (schema !== undefined) {
    const base = sides.recorded?.table.columns;
    yield* unknownColumns(table, schema, base, carriedColumns(undefined, content));
  }
  yield* lostColumns(table, columnDiff(head));
  const checks = [
    damagedKeyCheck,
    cellCheck(columns, sides.head, schema, { holds, goesBack: undone?.goesBack }),
    ...(sides.recorded === undefined
      ? []
      : [
          reKeyedCheck(columns, undone?.goesBack),
          nearKeyCheck(table),
          swappedKeyCheck(columns),
          columnEditsCheck(columns, table, sides.recorded),
          unwrittenCheck(columns, head.columns, schema, content),
        ]),
  ];
  yield* findingsOf(checks, editedRows(head));
}

function* validateLocalization(
  head: HeadContent,
  content: LocalizationContent,
  sourceOf: SourceOf,
): Generator<Finding> {
  const { table, sides } = head;
  const difference = columnDiff(head);
  yield* missingKeys(table);
  yield* localizationHeaders(table, difference, content.languages);
  // A changed header is one finding, not one for each of its cells.
  const allColumns = head.allColumns.filter(({ key }) => !difference.added.includes(key));
  const keys = allColumns.map(({ key }) => key);
  const known = { ...head, allColumns, layout: localizationLayout(keys, content.columns) };
  const checks = [
    misplacedEditCheck(known, sourceOf),
    cellCheck(allColumns, sides.head, undefined),
    translationCheck(known),
    ...(sides.recorded ? [columnEditsCheck(allColumns, table, sides.recorded)] : []),
    ...(content.emptyTranslation === 'skip' ? [skippedEmptyCheck(known)] : []),
  ];
  yield* findingsOf(checks, editedRows(known));
}

function editedRows({ allColumns, sides }: HeadContent): Iterable<Versions> {
  return versionsOf(allColumns, sides, 'different');
}

/** How the columns of a content's file have changed. */
export function columnDiff({ table, sides }: HeadContent): ColumnDiff {
  return diffColumns(sides.recorded?.table.columns ?? table.columns, table.columns);
}

/** References to rows that git removed and whose items the import would delete. */
function* validateRemovals(
  heads: readonly HeadContent[],
  collections: readonly CollectionContent[],
  open: OpenContent,
): Generator<Finding> {
  const removed = new Map<string, ReadonlySet<string>>();
  for (const head of heads) {
    if (head.content.deletes === 'apply') removed.set(head.content.id, removedKeys(head));
  }
  if ([...removed.values()].every(({ size }) => size === 0)) return;
  const isRemoved = (collection: string, id: string) => removed.get(collection)?.has(id) ?? false;
  for (const content of collections) {
    const head = open(content);
    if (head?.schema === undefined || head.sides.head === undefined) continue;
    yield* listed(head, lostReferences(head.sides.head, head.schema, isRemoved));
  }
}

function removedKeys(head: HeadContent): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const row of editedRows(head)) {
    if (row.head === null && row.base !== null) keys.add(row.key);
  }
  return keys;
}

/** Translations whose source text git changed, but not the translation. */
function* validateSources(
  heads: readonly HeadContent[],
  contents: readonly Content[],
  open: OpenContent,
): Generator<Finding> {
  if (contents.every(({ kind }) => kind === 'collection')) return;
  const sources = heads.flatMap((head) => [...editedSources(head)]);
  if (sources.length === 0) return;
  for (const content of contents) {
    const head = content.kind === 'localization' ? open(content) : undefined;
    if (head === undefined) continue;
    const before = head.sides.recorded?.table ?? head.table;
    yield* listed(
      head,
      staleTranslations(head, sources, (key) => before.row(key)?.cells),
    );
  }
}

function* editedSources(head: HeadContent): Generator<EditedSource> {
  const { content, schema, allColumns: columns } = head;
  const fields = (schema?.fields ?? []).flatMap((each) => (each.translatable ? [each.key] : []));
  if (content.kind !== 'collection' || fields.length === 0) return;
  for (const row of editedRows(head)) {
    const change = diffRow(columns, row, row.base, row.head);
    for (const { column } of change?.kind === 'changed' ? change.cells : []) {
      if (!fields.includes(column.key)) continue;
      yield { collection: content.id, item: row.key, field: column.key };
    }
  }
}
