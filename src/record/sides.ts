import type { Content } from '../config/config.ts';
import { typedColumns } from '../content/columns.ts';
import { isDerivedId, type WaitingIds } from '../content/new-rows.ts';
import { transitColumns, transitsFrom } from '../content/transit.ts';
import { type Cells, type Side, type Sides, sideOf } from '../content/versions.ts';
import type { Table } from '../csv/table.ts';
import { headSide } from './content-files.ts';
import { pastOf, proposalOf } from './past.ts';
import type { Sync } from './sync.ts';

/** The versions of a content that are compared, where git has a file of it. */
export async function sidesOf(
  sync: Sync,
  content: Content,
  table: Table,
  live: Side | undefined,
): Promise<Sides> {
  const { record, named, endOf } = sync;
  const agreed = await (named ?? record.agreed)?.open(content, table);
  const [offered, sent] =
    named === undefined ? [await record.offered(content), await record.sent(content)] : [[], []];
  const past = offered.length === 0 ? [] : await pastOf(sync, content);
  const waiting = table.keyless.length === 0 ? undefined : waitingIds(table, agreed, sent);
  const sides: Sides = {
    head: headSide(table, content, waiting),
    recorded: agreed && sideOf(agreed),
    live,
    past,
    offered,
    sent,
    endOf,
    // An export leaves the schema beside the file.
    isPastLost: agreed === undefined && (await sync.head.schema(content)) !== undefined,
  };
  return { ...sides, proposal: await proposalOf(sync, content, sides) };
}

/** The ids that rows have got, and git does not have yet. */
function waitingIds(table: Table, agreed: Table | undefined, sent: readonly Cells[]): WaitingIds {
  const waiting = new Map<string, ReadonlyMap<string, string>>();
  const isWaiting = (key: string) => isDerivedId(key) && !table.has(key);
  const keys = transitColumns(sent[0] ?? []);
  const transits = transitsFrom(sent, typedColumns(keys));
  for (const [key, row] of transits) {
    const written = row.findLast(({ fate }) => fate === 'written' || fate === 'refilled');
    if (written === undefined || !isWaiting(key)) continue;
    waiting.set(key, new Map(keys.map((column, i) => [column, written.cells[i] ?? ''])));
  }
  for (const { key, cells } of agreed?.rows() ?? []) {
    if (!isWaiting(key)) continue;
    waiting.set(key, new Map(agreed?.columns.map((column, i) => [column, cells[i] ?? ''])));
  }
  return waiting;
}
