import type { Table } from '../../csv/table.ts';
import { inList, nearest } from '../../io/did-you-mean.ts';
import type { ColumnDiff } from '../diff.ts';
import { isOfDashboard, languageOf } from '../identity.ts';
import { type CollectionSchema, isLeftOut } from '../schema.ts';
import { type Finding, finding, headerOf, quoted } from './finding.ts';

/**
 * Columns of a collection's file that neither the collection nor base has.
 *
 * @param isCarried whether the configuration of now leaves a column in the file. The schema may still say of
 * one that it was left out.
 */
export function* unknownColumns(
  table: Table,
  schema: CollectionSchema,
  base: readonly string[] = [],
  isCarried: (column: string) => boolean = () => false,
): Generator<Finding> {
  const header = table.header ?? table.columns;
  // A remark says what is left out.
  if (isOfDashboard(header)) return;
  const keys = ['_id', ...schema.fields.map(({ key }) => key)];
  const known = new Set([...keys, ...base]);
  const fields = new Map([...base, ...keys].map((key) => [unspaced(key), key]));
  for (const column of header.filter((each) => !known.has(each))) {
    const field = fields.get(unspaced(column));
    if (field === undefined) {
      const reason = schema.omitted.find(({ key }) => key === column)?.reason;
      const words =
        isCarried(column) && isLeftOut(reason)
          ? `the column ${quoted(column)} was left out by the configuration until now, so it is not imported yet. Merge the change of the configuration, run an export, which brings the column, and then edit it.`
          : unknownWords(column, reason, keys);
      yield finding('unknown-column', headerOf(table), words);
    } else {
      const words = `the header ${quoted(column)} differs from the field ${quoted(field)} only in case or spaces. Write ${field}.`;
      yield finding('misspelled-column', headerOf(table), words);
    }
  }
}

function unknownWords(column: string, omitted: string | undefined, keys: readonly string[]) {
  if (column === '') return 'a column has no name, so it is not sent. Delete it, or name a field.';
  const name = quoted(column);
  if (omitted !== undefined) {
    return `the column ${name} is ${omitted}, so it is not imported. Remove it.`;
  }
  const near = nearest(column, keys);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return `the collection has no field ${name}, so the column is not sent.${hint} Correct the name, or add the field in the CMS and export.`;
}

/** A header or an id without case, blanks and invisible characters. */
export function unspaced(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}\p{Cc}]/gu, '');
}

/** Columns of base that are gone. */
export function lostColumns(table: Table, { dropped }: ColumnDiff): readonly Finding[] {
  const names = new Set((table.header ?? table.columns).map(unspaced));
  // A misspelled one is reported by `unknownColumns`.
  const gone = dropped.filter((column) => !names.has(unspaced(column)));
  return gone.map((column) => {
    const words = `the column ${quoted(column)} is gone. The site keeps its values, but git does not. Restore it, or exclude it in the configuration.`;
    return finding('dropped-column', headerOf(table), words);
  });
}

/**
 * Headers of a localization that git has changed or added, which Wix does not know, or else languages that
 * left it, though the configuration has them.
 */
export function* localizationHeaders(
  table: Table,
  { added, dropped }: ColumnDiff,
  languages: readonly string[],
): Generator<Finding> {
  for (const column of added) {
    if (dropped.length > 0) {
      const words = `the header ${quoted(column)} is new, and ${inList(dropped.map(quoted))} is gone, but Wix knows its columns by their headers. Restore the header.`;
      yield finding('localization-header', headerOf(table), words);
    } else {
      const words = `the column ${quoted(column)} was added in git, but Wix makes the columns of a localization. Remove it; for another language, add it in the configuration and export.`;
      yield finding('unknown-column', headerOf(table), words);
    }
  }
  const configured = new Set(languages.map((language) => language.toLowerCase()));
  for (const column of added.length === 0 ? dropped : []) {
    if (!configured.has(languageOf(column).toLowerCase())) continue;
    const words = `the column ${quoted(column)} is gone. The site keeps its texts, and the next export brings them back. Restore it, or take the language out of the configuration.`;
    yield finding('dropped-column', headerOf(table), words);
  }
}
