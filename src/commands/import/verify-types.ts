import type { Mismatch } from '../../content/mismatch.ts';
import { canLoseType, lostType } from '../../content/stored-types.ts';
import { Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { mostStored, type StoredItem, storedItems } from '../../wix/items.ts';
import { nameOf, type Run } from '../run.ts';
import type { VerifiedContent } from './verify.ts';
import type { SentRow } from './write-content.ts';

/**
 * Looks at some of the items that were written, for values that arrived with another type than
 * their field's. How Wix takes a type is the same in all collections, so one is enough for each.
 * Where the key may not read items, the log says that nobody looked.
 */
export async function verifyTypes(
  run: Run,
  client: WixClient,
  verified: readonly VerifiedContent[],
): Promise<readonly VerifiedContent[]> {
  const checked: VerifiedContent[] = [];
  const known = new Set<string>();
  for (const each of verified) {
    const written = run.signal.aborted ? [] : writtenRows(each);
    const cells = typedCells(each, written).filter(({ type }) => !known.has(type));
    const items = cells.length === 0 ? undefined : await itemsOf(run, client, each, written);
    const mismatches = cells.flatMap((cell) => mismatchOf(each, cell, items) ?? []);
    const wrong = new Set(mismatches.map(({ type }) => type));
    for (const { type, row, field } of cells) {
      const isThere = (items?.get(row.key)?.[field] ?? null) !== null;
      if (isThere && !wrong.has(type)) known.add(type);
    }
    checked.push({ ...each, mismatches: [...each.mismatches, ...mismatches] });
  }
  return checked;
}

/** The first of the rows that were written to a collection, as they were sent last. */
function writtenRows({ plan, sent, rejections }: VerifiedContent): readonly SentCells[] {
  if (plan.head.content.kind !== 'collection') return [];
  const rejected = new Set(rejections.map(({ key }) => key));
  const latest = new Map(
    sent.flatMap(({ columns, rows }) => rows.map((row) => [row.key, { columns, row }] as const)),
  );
  return [...latest.values()].filter(({ row }) => !rejected.has(row.key)).slice(0, mostStored);
}

interface SentCells {
  readonly columns: readonly string[];
  readonly row: SentRow;
}

/** A cell whose value can lose its type. */
interface TypedCell {
  readonly row: SentRow;
  readonly field: string;
  readonly type: string;
  readonly text: string;
}

function typedCells(
  { plan }: VerifiedContent,
  written: readonly SentCells[],
): readonly TypedCell[] {
  const types = new Map(plan.live.collection?.fields.map(({ key, type }) => [key, type]));
  return written.flatMap(({ columns, row }) =>
    columns.flatMap((field, i) => {
      const [type = '', text = ''] = [types.get(field), row.cells[i]];
      return text !== '' && canLoseType(type) ? [{ row, field, type, text }] : [];
    }),
  );
}

async function itemsOf(
  run: Run,
  client: WixClient,
  { plan }: VerifiedContent,
  written: readonly SentCells[],
): Promise<ReadonlyMap<string, StoredItem> | undefined> {
  const name = nameOf(plan.head.content);
  const keys = written.map(({ row }) => row.key);
  try {
    return await storedItems(client, name, keys);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    run.log.info(`${name}: the types of stored values were not checked: ${error.message}`);
    return undefined;
  }
}

function mismatchOf(
  { plan }: VerifiedContent,
  { row, field, type, text }: TypedCell,
  items: ReadonlyMap<string, StoredItem> | undefined,
): (Mismatch & { readonly type: string }) | undefined {
  const found = lostType(type, text, items?.get(row.key)?.[field]);
  if (found === undefined) return undefined;
  const name = nameOf(plan.head.content);
  const hint = `It is stored as ${found}. Set upload-format: jsonl for ${name}, and write the cell again.`;
  return { key: row.key, field, sent: text, stored: text, place: row.place, hint, type };
}
