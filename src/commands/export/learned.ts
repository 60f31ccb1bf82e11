import { type Departure, noTransits, transitsOf } from '../../content/transit.ts';
import { type Sides, sideOf } from '../../content/versions.ts';
import { joinRows } from '../../csv/join.ts';
import type { Table } from '../../csv/table.ts';
import { recordColumns } from '../../record/columns.ts';
import { openContent } from '../../record/content-files.ts';
import type { Learned } from '../../record/content-record.ts';
import { sidesOf } from '../../record/sides.ts';
import type { Sync } from '../../record/sync.ts';
import { partName, partsOf, type Source } from '../../record/version.ts';
import type { MergedContent } from './export-content.ts';
import type { Merged } from './merge-contents.ts';

/** What an export learns when it offers contents to git: in a pull request, a push or the working tree. */
export async function learnedOfOffers(sync: Sync, merged: Merged): Promise<readonly Learned[]> {
  // Nobody has agreed to the files of the working tree.
  const git = sync.head.commit === undefined ? await sync.at(sync.tip) : sync.head;
  return Promise.all(
    merged.contents.map(async (each) => {
      const { content, live } = each.live;
      const isMerged = git === sync.head;
      const table = isMerged ? each.head : await git?.open(content);
      if (git === undefined || table === undefined) {
        return learnedOfFirst(sync, merged.staging, each);
      }
      const there = { ...sync, head: git };
      const sides = isMerged ? each.sides : await sidesOf(there, content, table, live);
      return learnedOf(each, sides, partsOf(git, content), each.offers);
    }),
  );
}

/** What an export learns when the branch moves together with the record. */
export function learnedOfPush(sync: Sync, merged: Merged): readonly Learned[] {
  return merged.contents.map((each) => {
    const { live, sides } = each;
    const table = openContent(merged.staging, live.content, each.head);
    const past = sides.head === undefined ? [] : [...(sides.past ?? []), sides.head];
    // The export has given ids to rows that had none.
    const head = table && { ...sideOf(table), derived: sides.head?.derived };
    const pushed: Sides = { ...sides, past, head };
    return learnedOf(each, pushed, stagedParts(sync, each));
  });
}

/**
 * A file that git does not have yet counts as agreed: whatever git makes of it is git's edit. What an
 * earlier proposal had stays an offer, because it may still be merged.
 */
async function learnedOfFirst(
  sync: Sync,
  staging: string,
  merged: MergedContent,
): Promise<Learned> {
  const { content, live } = merged.live;
  const table = openContent(staging, content);
  const sides = table ? await sidesOf(sync, content, table, live) : merged.sides;
  const before = sides.recorded?.table;
  const offers = before && table ? formerProposal(before, table) : new Map();
  return learnedOf(merged, sides, stagedParts(sync, merged), offers);
}

/** What an earlier proposal had and this one does not. */
function formerProposal(before: Table, now: Table): ReadonlyMap<string, Departure> {
  const offers = new Map<string, Departure>();
  for (const { key, row } of joinRows([before, now], 'different')) {
    const [then, proposed] = [row(0), row(1)];
    if (then === undefined) continue;
    const cells = before.columns.flatMap((column, i) => {
      const text = then.cells[i] ?? '';
      const isSame = proposed?.cells[now.columns.indexOf(column)] === text;
      return isSame ? [] : [[column, text] as const];
    });
    offers.set(key, { fate: 'written', cells: new Map(cells) });
  }
  return offers;
}

function learnedOf(
  { live: { content, schema } }: MergedContent,
  sides: Sides,
  head: Learned['head'],
  offers: ReadonlyMap<string, Departure> = new Map(),
): Learned {
  const columns = recordColumns(content, sides, schema);
  const transits = transitsOf(columns, offers);
  return { content, columns, sides, head, offers: transits, notes: noTransits };
}

/** The merged files of a content; those that did not change are git's own. */
function stagedParts(sync: Sync, { live: { content }, staged }: MergedContent): Learned['head'] {
  const parts = new Map<string, Source>(partsOf(sync.head, content));
  for (const [path, file] of staged) {
    if (content.kind === 'collection' && path === content.schemaPath) continue;
    const part = partName(content, path);
    if (file === null) parts.delete(part);
    else parts.set(part, { file });
  }
  return parts;
}
