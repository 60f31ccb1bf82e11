import type { Transit } from './transit.ts';
import { sameValue } from './values/value.ts';
import type { Cells, Column } from './versions.ts';

/** All that is known of one row. `null`: that version lacks the row. */
export interface RowVersions {
  /** Git's row. */
  readonly head: Cells | null;
  /** The site's row; `undefined` where the site was not read. */
  readonly live: Cells | null | undefined;
  /** What git and the site last agreed on, as it is recorded. */
  readonly recorded: Cells | null;
  /** The row in the commits since the record saw the branch, oldest first, without `head`. */
  readonly past: readonly (Cells | null)[];
  /** What exports have offered to git. */
  readonly offered: readonly Transit[];
  /** What imports have sent to the site. */
  readonly sent: readonly Transit[];
}

/**
 * What git and the site agree on by now, `null` where that is no row. Examples, with `a` recorded:
 *
 * - The CMS went a → b, an export offered b, git holds b: b arrived in git, so b is agreed, whatever
 *   the CMS has done since.
 * - The same, but the offer was merged and reverted before any run looked: git's past holds b, so b
 *   is agreed and the revert is an edit of git.
 * - An import sent b and was cut off: once the site holds b, or the job says that it applied b, b is
 *   agreed.
 * - An import took the row away, and git has removed it: neither has it, but the next import is to bring it
 *   back, and what git did to it is decided then.
 */
export function agreedNow(columns: readonly Column[], row: RowVersions): Cells | null {
  const arrived = row.sent.reduce<Cells | null>(
    (agreed, transit) => afterTransit(columns, agreed, transit, row.live),
    row.recorded,
  );
  const taken = row.offered.length === 0 ? arrived : afterOffered(columns, row, arrived);
  return takenAway(columns, row) === undefined ? afterBoth(columns, row, taken) : taken;
}

/** What arrived at the site, because its job says so or the site shows it. */
function afterTransit(
  columns: readonly Column[],
  agreed: Cells | null,
  { fate, cells, job }: Transit,
  live: RowVersions['live'],
): Cells | null {
  // Git never had it.
  if (fate === 'kept') return agreed;
  if (fate === 'removed') return live === null ? null : agreed;
  const isApplied = job?.end === 'applied';
  // A row that was not agreed is agreed as a whole.
  if (isApplied ? agreed === null && cells.includes(undefined) : !live) return agreed;
  return columns.map(({ type }, i) => {
    const text = cells[i];
    const hasArrived = isApplied || isText(type, text, live?.[i]);
    return (hasArrived ? text : undefined) ?? agreed?.[i] ?? '';
  });
}

/** What arrived in git: now, or in one of the commits before. */
function afterOffered(
  columns: readonly Column[],
  { head, live, past, offered }: RowVersions,
  before: Cells | null,
): Cells | null {
  let agreed = before;
  for (const git of [...past, head]) {
    if (git === null) {
      if (offered.some(({ fate }) => fate === 'removed')) agreed = null;
    } else if (agreed === null) {
      agreed = takenRow(columns, git, offered, live);
    } else {
      agreed = takenCells(columns, git, offered, live, agreed);
    }
  }
  return agreed;
}

/**
 * A row that was offered to git, and that git has by now: it came whole, so where it differs from the
 * offer, somebody has corrected it since. Of several offers, the one that is most like git's row.
 */
function takenRow(
  columns: readonly Column[],
  git: Cells,
  offered: readonly Transit[],
  live: RowVersions['live'],
): Cells | null {
  const likeness = ({ cells }: Transit) =>
    columns.filter(({ type }, i) => isText(type, cells[i], git[i])).length;
  const offers = offered.filter(({ fate }) => fate !== 'removed').reverse();
  const [best] = offers.sort((left, right) => likeness(right) - likeness(left));
  if (best === undefined) return null;
  const taken = columns.map((_, i) => best.cells[i] ?? git[i] ?? '');
  return takenCells(columns, git, offered, live, taken);
}

/**
 * Each cell of git that holds an offer was taken from it. Where git took one cell of an offer and
 * another one differs, somebody has corrected the other one: git merges whole lines, so nobody takes
 * half of a row unseen.
 */
function takenCells(
  columns: readonly Column[],
  git: Cells,
  offered: readonly Transit[],
  live: RowVersions['live'],
  agreed: Cells,
): Cells {
  const isTaken = columns.map(({ type }, i) =>
    offered.some(({ cells }) => isText(type, cells[i], git[i])),
  );
  const isNews = (at: number) =>
    isTaken[at] === true && !isText(columns[at]?.type ?? '', agreed[at], git[at]);
  if (!isTaken.includes(true)) return agreed;
  return columns.map(({ type }, i) => {
    if (isTaken[i]) return git[i] ?? '';
    if (isText(type, agreed[i], git[i])) return agreed[i] ?? '';
    // Any of these offers may be the one that git took. One that lacks the cell was not corrected in it.
    const texts = offered
      .filter(({ cells }) =>
        cells.some((each, at) => isNews(at) && isText(columns[at]?.type ?? '', each, git[at])),
      )
      .map(({ cells }) => cells[i] ?? agreed[i] ?? '');
    // Where they differ, a conflict says so: what the site holds now is not taken for what git had.
    return texts.find((text) => !isText(type, live?.[i], text)) ?? texts[0] ?? agreed[i] ?? '';
  });
}

function isText(type: string, text: string | undefined, other: string | undefined): boolean {
  return text !== undefined && sameValue(type, text, other ?? '');
}

/**
 * What both hold, however it came. A row that nobody has agreed on yet is agreed once all its cells
 * are the same: half of them would claim too much.
 */
function afterBoth(
  columns: readonly Column[],
  { head, live }: RowVersions,
  agreed: Cells | null,
): Cells | null {
  if (live === undefined) return agreed;
  if (head === null || live === null) return head === live ? null : agreed;
  const isSame = columns.map(({ type }, i) => sameValue(type, head[i] ?? '', live[i] ?? ''));
  if (agreed === null) return isSame.every(Boolean) ? head : null;
  if (!isSame.includes(true)) return agreed;
  return head.map((cell, i) => (isSame[i] ? cell : (agreed[i] ?? '')));
}

/**
 * The offers of a row that git may still take. An offer ends only where git took one of that cell's
 * offers: that the sides agree for another reason does not stop a late merge.
 *
 * @internal
 */
export function stillOffered(
  columns: readonly Column[],
  { head, past, offered, recorded }: RowVersions,
): readonly Transit[] {
  if (offered.length === 0) return offered;
  const history = [...past, head];
  const isGone = history.includes(null) && offered.some(({ fate }) => fate === 'removed');
  const isThere = recorded === null && history.some((git) => git !== null);
  if (isGone || isThere) return [];
  const isTaken = columns.map(({ type }, i) =>
    offered.some(({ cells }) => history.some((git) => git && isText(type, cells[i], git[i]))),
  );
  return offered
    .map((offer) => ({
      ...offer,
      cells: offer.cells.map((text, i) => (isTaken[i] ? undefined : text)),
    }))
    .filter(({ fate, cells }) => fate === 'removed' || cells.some((text) => text !== undefined));
}

/**
 * The rows on their way to the site that may still arrive: of a job that is not known to be over,
 * submitted by a run that may still live, and not seen on the site.
 *
 * @param now milliseconds since the epoch.
 */
export function stillSent(
  columns: readonly Column[],
  { live, sent }: RowVersions,
  now: number,
): readonly Transit[] {
  return sent.filter((transit) => {
    const { fate, cells, job } = transit;
    // The row is brought back, however long that takes.
    if (live === null && isRefill(transit)) return takersAway(sent).includes(transit);
    // A run removes rows once its job is over.
    const isOver = job?.end !== undefined && fate !== 'removed';
    if (isOver || (job?.until ?? 0) < now) return false;
    if (live === undefined) return true;
    // A row that is emptied and refilled looks the same before.
    if (fate !== 'written') return fate !== 'removed' || live !== null;
    const isSeen = live?.every(
      (text, i) => cells[i] === undefined || isText(columns[i]?.type ?? '', cells[i], text),
    );
    return !isSeen;
  });
}

function isRefill({ fate }: Transit): boolean {
  return fate === 'refilled' || fate === 'kept';
}

/** The jobs that may have taken a row away, unless a later one has removed it because git did. */
function takersAway(sent: readonly Transit[]): readonly Transit[] {
  const removed = sent.findLastIndex(
    ({ fate, job }) => fate === 'removed' && job?.end === 'applied',
  );
  return sent
    .slice(removed + 1)
    .filter((transit) => isRefill(transit) && transit.job?.end !== 'applied');
}

/**
 * The row as the site held it, or was to get it, where an import emptied the collection and never came
 * to it: nobody removed it in the CMS.
 */
export function takenAway(
  columns: readonly Column[],
  { live, sent }: RowVersions,
): Cells | undefined {
  const away = live === null ? takersAway(sent) : [];
  if (away.length === 0) return undefined;
  return columns.map((_, i) => {
    return away.findLast(({ cells }) => cells[i] !== undefined)?.cells[i] ?? '';
  });
}

/**
 * The offers of a row after an export has made more: those that git may still take, and the new ones
 * that say anything else. Once a removal is offered, it is not offered again.
 */
export function offeredAfter(
  columns: readonly Column[],
  row: RowVersions,
  offers: readonly Transit[],
): readonly Transit[] {
  const open = stillOffered(columns, row);
  const isOpen = (offer: Transit) =>
    offer.fate === 'removed'
      ? open.some(({ fate }) => fate === 'removed')
      : columns.every(({ type }, i) => {
          const text = offer.cells[i];
          return text === undefined || open.some(({ cells }) => isText(type, cells[i], text));
        });
  return [...open, ...offers.filter((offer) => !isOpen(offer))];
}

export type ChangedBy = 'git' | 'cms' | 'both';

/** A cell that git and the site do not agree on, and who changed it since they did. */
export interface CellDifference {
  readonly column: Column;
  /** `undefined` where they never agreed on the row. */
  readonly base: string | undefined;
  readonly head: string;
  readonly live: string;
  readonly changedBy: ChangedBy;
}

/** How a row stands between git and the site, and who added, removed or changed it. */
export type RowMerge =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'differs'; readonly cells: readonly CellDifference[] }
  /** Git added it, or the CMS removed it; `both`: git has changed it as well. */
  | { readonly kind: 'only-git'; readonly head: Cells; readonly changedBy: ChangedBy }
  /** The CMS added it, or git removed it; `both`: the CMS has changed it as well. */
  | { readonly kind: 'only-cms'; readonly live: Cells; readonly changedBy: ChangedBy };

/**
 * Merges one row three ways, cell by cell. A row that was never agreed on and that both sides have is
 * their agreement where they are equal, and a conflict in every cell where they are not: nobody can
 * tell who changed it.
 *
 * @param base what git and the site agree on now.
 */
export function mergeRow(
  columns: readonly Column[],
  base: Cells | null,
  head: Cells | null,
  live: Cells | null,
): RowMerge {
  if (head === null) {
    if (live === null) return { kind: 'agreed' };
    const removedBy = sameRow(columns, base, live) ? 'git' : 'both';
    return { kind: 'only-cms', live, changedBy: base === null ? 'cms' : removedBy };
  }
  if (live === null) {
    const removedBy = sameRow(columns, base, head) ? 'cms' : 'both';
    return { kind: 'only-git', head, changedBy: base === null ? 'git' : removedBy };
  }
  const cells = columns.flatMap((column, i) => {
    const [ours = '', theirs = ''] = [head[i], live[i]];
    const isSame = sameValue(column.type, ours, theirs);
    return isSame ? [] : [differenceOf(column, base?.[i], ours, theirs)];
  });
  return cells.length === 0 ? { kind: 'agreed' } : { kind: 'differs', cells };
}

function differenceOf(
  column: Column,
  base: string | undefined,
  head: string,
  live: string,
): CellDifference {
  const git = base === undefined || !sameValue(column.type, base, head);
  const cms = base === undefined || !sameValue(column.type, base, live);
  const changedBy = git && cms ? 'both' : git ? 'git' : 'cms';
  return { column, base, head, live, changedBy };
}

/** Whether two versions of a row hold the same values, or both lack it. */
export function sameRow(
  columns: readonly Column[],
  left: Cells | null,
  right: Cells | null,
): boolean {
  if (left === null || right === null) return left === right;
  return columns.every(({ type }, i) => sameValue(type, left[i] ?? '', right[i] ?? ''));
}
