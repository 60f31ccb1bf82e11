import type { Row, Table } from '../csv/table.ts';
import type { Finding } from './finding.ts';
import { localizationLayout } from './identity.ts';
import { mergeRow } from './merge.ts';
import type { CollectionSchema, FieldSchema } from './schema.ts';
import { valueProblem } from './value-rules.ts';
import type { Column, Versions } from './versions.ts';

/** Keys that stand more than once: which of the rows would win is anybody's guess. */
export function duplicateKeys(table: Table): readonly Finding[] {
  return table.duplicates.map(({ key, places }) => {
    const [first, second = first] = places;
    const lines = places.map(({ line }) => line).join(', ');
    return {
      rule: 'duplicate-key',
      severity: 'error',
      place: { file: second?.file ?? '', ...(second === undefined ? {} : { line: second.line }) },
      message: `${second?.file} line ${second?.line}: the key "${key}" stands on the lines ${lines}. Keep one of them.`,
    };
  });
}

/** Columns of a collection's file that no field of the collection goes by. */
export function unknownColumns(table: Table, schema: CollectionSchema): readonly Finding[] {
  const known = new Set(['_id', ...schema.fields.map(({ key }) => key)]);
  const omitted = new Map(schema.omitted.map(({ key, reason }) => [key, reason]));
  const file = table.files[0] ?? '';
  return table.columns.flatMap((column) => {
    if (known.has(column)) return [];
    const reason = omitted.get(column);
    return [
      {
        rule: 'unknown-column',
        severity: 'warning' as const,
        place: { file, line: 1 },
        message:
          reason === undefined
            ? `${file} line 1: the collection has no field "${column}". Correct the name, or add the field in the CMS.`
            : `${file} line 1: the column "${column}" is ${reason}, so it is not imported. Remove it.`,
      },
    ];
  });
}

/** Checks the cells that git changed, or all cells of rows that base lacks, against the schema. */
export function* invalidCells(
  columns: readonly Column[],
  schema: CollectionSchema,
  rows: Iterable<Versions>,
): Generator<Finding> {
  const fields = new Map(schema.fields.map((field) => [field.key, field]));
  const checks = columns.map(({ key }) => fields.get(key));
  for (const row of rows) {
    const { headRow, head, base } = row;
    if (head === null || headRow === undefined) continue;
    for (const [i, field] of checks.entries()) {
      const cell = head[i] ?? '';
      if (field === undefined || (base !== null && base[i] === cell)) continue;
      yield* cellFindings(field, cell, headRow);
    }
  }
}

function* cellFindings(field: FieldSchema, cell: string, row: Row): Generator<Finding> {
  const place = { file: row.file, line: row.line };
  const where = `${row.file} line ${row.line}`;
  if (cell === '') {
    if (!field.required) return;
    const message = `${where}: ${field.key} is empty, but the field is required. Fill it in.`;
    yield { rule: 'required', severity: 'error', place, message };
    return;
  }
  const problem = valueProblem(field.type, cell);
  if (problem === undefined) return;
  const message = `${where}: ${field.key} is ${JSON.stringify(shortened(cell))}, but ${problem}`;
  yield { rule: `type-${field.type.toLowerCase()}`, severity: 'error', place, message };
}

function shortened(cell: string): string {
  return cell.length > 60 ? `${cell.slice(0, 59)}…` : cell;
}

/**
 * Edits of a localization's file outside its translations: its other cells, and which rows there
 * are, come from the CMS alone.
 */
export function* misplacedEdits(
  columns: readonly Column[],
  header: readonly string[],
  rows: Iterable<Versions>,
): Generator<Finding> {
  const targets = new Set(localizationLayout(header)?.targets.map((position) => header[position]));
  for (const { base, head, headRow } of rows) {
    if (headRow === undefined) continue;
    const place = { file: headRow.file, line: headRow.line };
    const where = `${headRow.file} line ${headRow.line}`;
    if (base === null) {
      const message = `${where}: this row was added in git, but only Wix adds rows to a localization. Remove it, or restore the ID cell if that was edited.`;
      yield { rule: 'translation-added', severity: 'error', place, message };
      continue;
    }
    const merge = mergeRow(columns, base, head, base);
    if (merge.kind !== 'differs') continue;
    for (const { column } of merge.cells) {
      if (targets.has(column.key)) continue;
      const message = `${where}: the cell in "${column.key}" was edited, but only translations can be. Restore it.`;
      yield { rule: 'source-edited', severity: 'error', place, message };
    }
  }
}
