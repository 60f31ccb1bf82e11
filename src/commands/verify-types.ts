import type { Mismatch } from '../content/mismatch.ts';
import { lostType } from '../content/stored-types.ts';
import { Failure } from '../errors.ts';
import type { WixClient } from '../wix/client.ts';
import { type StoredItem, storedItems } from '../wix/items.ts';
import type { Run } from './run.ts';
import type { VerifiedContent } from './verify.ts';
import type { SentRow } from './write-content.ts';

/** How many of the rows that were written to a collection are looked at. */
const sample = 100;

/**
 * Looks at some of the items that were written, for values that arrived with another type than
 * their field's. Where the key may not read items, the log says that nobody looked.
 */
export async function verifyTypes(
  run: Run,
  client: WixClient,
  verified: readonly VerifiedContent[],
): Promise<readonly VerifiedContent[]> {
  const checked: VerifiedContent[] = [];
  for (const each of verified) {
    const mismatches = run.signal.aborted ? [] : await typeMismatches(run, client, each);
    checked.push({ ...each, mismatches: [...each.mismatches, ...mismatches] });
  }
  return checked;
}

async function typeMismatches(
  run: Run,
  client: WixClient,
  { plan, sent, rejections }: VerifiedContent,
): Promise<readonly Mismatch[]> {
  const { content } = plan.head;
  const rejected = new Set(rejections.map(({ key }) => key));
  const latest = new Map(
    sent.flatMap(({ columns, rows }) => rows.map((row) => [row.key, { columns, row }] as const)),
  );
  const written = [...latest.values()].filter(({ row }) => !rejected.has(row.key)).slice(0, sample);
  if (content.kind !== 'collection' || written.length === 0) return [];
  const types = new Map(plan.live.collection?.fields.map(({ key, type }) => [key, type]));
  try {
    const items = await storedItems(
      client,
      content.id,
      written.map(({ row }) => row.key),
    );
    return written.flatMap(({ columns, row }) => {
      const item = items.get(row.key);
      return item === undefined ? [] : mismatchesOf(content.id, columns, row, item, types);
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    run.log.info(`${content.id}: the types of stored values were not checked: ${error.message}`);
    return [];
  }
}

function mismatchesOf(
  collection: string,
  columns: readonly string[],
  { key, cells, place }: SentRow,
  item: StoredItem,
  types: ReadonlyMap<string, string>,
): readonly Mismatch[] {
  return columns.flatMap((field, i) => {
    const text = cells[i] ?? '';
    const found = lostType(types.get(field) ?? '', text, item[field]);
    if (found === undefined) return [];
    const hint = `It is stored as ${found}. Set upload-format: jsonl for ${collection}, and write the cell again.`;
    return [{ key, field, sent: text, stored: text, place, hint }];
  });
}
