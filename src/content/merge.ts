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
 * What git and the site agree on now; `null`: both lack the row. Examples, with `a` recorded:
 *
 * - The CMS changed a to b, an export offered b, and git has b: b is agreed, whatever the CMS did since.
 * - The same, but the offer was merged and reverted before any run looked: git's past has b, so b is
 *   agreed, and the revert is an edit of git.
 * - An import sent b and was cut off: b is agreed once the site has b, or the job says that it applied b.
 * - An import emptied the collection and was cut off, and git has removed the row: nothing is agreed by
 *   that. The next import brings the row back, and then decides about git's removal.
 */
export function agreedNow(columns: readonly Column[], row: RowVersions): Cells | null {
  const isAway = takenAway(columns, row) !== undefined;
  const seen = isAway ? { ...row, live: undefined } : row;
  const arrived = row.sent.reduce<Cells | null>(
    (agreed, transit) => afterTransit(columns, agreed, transit, seen),
    row.recorded,
  );
  const taken = row.offered.length === 0 ? arrived : afterOffered(columns, seen, arrived);
  return afterBoth(columns, seen, taken);
}

/** What arrived at the site, because its job says so or the site shows it. */
function afterTransit(
  columns: readonly Column[],
  agreed: Cells | null,
  { fate, cells, job }: Transit,
  { head, live }: Pick<RowVersions, 'head' | 'live'>,
): Cells | null {
  // Git never had these cells.
  if (fate === 'kept' || fate === 'risked' || fate === 'unclear') return agreed;
  if (fate === 'removed') return live === null ? null : agreed;
  const isApplied = job?.end === 'applied';
  // A row that was not agreed is agreed as a whole.
  if (isApplied ? agreed === null && cells.includes(undefined) : !live) return agreed;
  return columns.map(({ type }, i) => {
    const text = cells[i];
    // No job carries multi-references: they are written after it.
    const isSent = isApplied && type !== 'MULTI_REFERENCE';
    // Git went from a to b and back to a, and the site from a, or from b, to c: better a conflict.
    const mayHaveArrived =
      job?.end === 'over' &&
      isText(type, agreed?.[i], head?.[i]) &&
      !isText(type, agreed?.[i], live?.[i]);
    const hasArrived = isSent || mayHaveArrived || isText(type, text, live?.[i]);
    return (hasArrived ? text : undefined) ?? agreed?.[i] ?? '';
  });
}

/** What arrived in git: at its tip, or in a commit before. */
function afterOffered(
  columns: readonly Column[],
  row: RowVersions,
  before: Cells | null,
): Cells | null {
  const { head, past, offered } = row;
  let agreed = before;
  for (const git of [...past, head]) {
    if (git === null) {
      if (offered.some(({ fate }) => fate === 'removed')) agreed = null;
    } else if (agreed === null) {
      agreed = takenRow(columns, git, row);
    } else {
      agreed = takenCells(columns, git, row, agreed);
    }
  }
  return agreed;
}

/**
 * A row that git took from an offer. It came whole, so if cells differ now, somebody has corrected them.
 * Of several offers, git took the one that is most like its row. If two are, it is the one that is less like
 * the site's row: better a conflict than a lost edit.
 */
function takenRow(columns: readonly Column[], git: Cells, row: RowVersions): Cells | null {
  const { offered, live } = row;
  const likeness = ({ cells }: Transit, other: Cells | null | undefined) =>
    columns.filter(({ type }, i) => isText(type, cells[i], other?.[i])).length;
  const [best] = offered
    .filter(isWhole)
    .sort(
      (left, right) =>
        likeness(right, git) - likeness(left, git) || likeness(left, live) - likeness(right, live),
    );
  if (best === undefined) return null;
  const taken = columns.map((_, i) => best.cells[i] ?? git[i] ?? '');
  return takenCells(columns, git, row, taken);
}

/**
 * Whether a whole row was offered. After the record was lost, single cells may be offered of a row that
 * nobody has agreed on: they say nothing about its other cells.
 */
function isWhole({ fate, cells }: Transit): boolean {
  return fate !== 'removed' && !cells.includes(undefined);
}

/**
 * Git took each cell that equals an offer. If it took one cell of an offer and another one differs,
 * somebody has corrected the other one, because git merges whole lines.
 */
function takenCells(
  columns: readonly Column[],
  git: Cells,
  { head, live, offered }: RowVersions,
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
    // Git may have taken any of these offers. An offer without this cell was not corrected in it.
    const texts = offered
      .filter(({ cells }) =>
        cells.some((each, at) => isNews(at) && isText(columns[at]?.type ?? '', each, git[at])),
      )
      .map(({ cells }) => cells[i] ?? agreed[i] ?? '');
    const [first = agreed[i] ?? ''] = texts;
    if (texts.every((text) => isText(type, text, first))) return first;
    // Take one that neither side has now, or else what git made of it: better a conflict than a lost edit.
    const isNowhere = (text: string) =>
      ![head, live].some((cells) => cells && isText(type, text, cells[i]));
    return [...texts, git[i] ?? ''].find(isNowhere) ?? first;
  });
}

function isText(type: string, text: string | undefined, other: string | undefined): boolean {
  return text !== undefined && sameValue(type, text, other ?? '');
}

/** What both have, however it came. A row without a base is agreed only if all its cells are the same. */
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
 * The offers of a row that git may still take. A cell's offers end when git took one of them, and not when
 * the sides agree for another reason: the pull request may still be merged.
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
  if (isGone) return [];
  const isThere = recorded === null && history.some((git) => git !== null);
  const isTaken = columns.map(({ type }, i) =>
    offered.some(({ cells }) => history.some((git) => git && isText(type, cells[i], git[i]))),
  );
  return offered
    .filter((offer) => !(isThere && isWhole(offer)))
    .map((offer) => ({
      ...offer,
      cells: offer.cells.map((text, i) => (isTaken[i] ? undefined : text)),
    }))
    .filter(({ fate, cells }) => fate === 'removed' || cells.some((text) => text !== undefined));
}

/**
 * What was sent and may still arrive: the site does not show it, its job is not over, and the run that
 * submits the job may still be alive.
 *
 * @param now milliseconds since the epoch.
 */
export function stillSent(
  columns: readonly Column[],
  row: RowVersions,
  now: number,
): readonly Transit[] {
  return row.sent
    .filter((transit) => isOpen(columns, row, transit, now))
    .map((transit) => (isRefill(transit) ? outOfTime(transit) : transit));
}

function isOpen(
  columns: readonly Column[],
  row: RowVersions,
  transit: Transit,
  now: number,
): boolean {
  const { live, sent } = row;
  const { fate, cells, job } = transit;
  if (fate === 'unclear') {
    return (row.head !== null || live !== null) && agreedNow(columns, row) === null;
  }
  // The next import brings the row and its references back, whenever that is.
  if (!live && isRefill(transit)) return takersAway(sent).includes(transit);
  if (fate === 'risked') return isAtRisk(columns, row) && job?.end !== 'unsent';
  // A run removes rows after its job is over.
  const isOver = job?.end !== undefined && (fate !== 'removed' || job.end === 'unsent');
  if (isOver || (job?.until ?? 0) < now) return false;
  if (live === undefined) return true;
  // A row looks the same before it is taken away and brought back.
  if (fate !== 'written') return fate !== 'removed' || live !== null;
  const isSeen = live?.every(
    (text, i) => cells[i] === undefined || isText(columns[i]?.type ?? '', cells[i], text),
  );
  return !isSeen;
}

/** Whether an import has yet to bring back multi-references that a job emptied, maybe with their row. */
function isAtRisk(columns: readonly Column[], row: RowVersions): boolean {
  const { live, sent } = row;
  if (live === null) return takersAway(sent).length > 0;
  return live === undefined || live !== beforeEmptied(columns, row);
}

/** A job that is over takes nothing away any more: once the row is back, whoever removes it means it. */
function outOfTime({ job, ...row }: Transit): Transit {
  return { ...row, job: job?.end === undefined ? job : { ...job, until: 0 } };
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
    .filter((each) => isRefill(each) && each.job?.end !== 'applied' && each.job?.end !== 'unsent');
}

/**
 * The row that an import took away, because it emptied the collection and was cut off before it brought
 * the row back. Nobody removed it in the CMS.
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
 * The site's row with the multi-references that it had before an import's job emptied them, if the import
 * was cut off before it wrote them back. Nobody emptied them in the CMS, unless git has done so since.
 */
export function beforeEmptied(
  columns: readonly Column[],
  { head, live, recorded, sent }: RowVersions,
): RowVersions['live'] {
  const risked = sent.filter(({ fate, job }) => fate === 'risked' && job?.end !== 'unsent');
  if (!live || risked.length === 0) return live;
  const cells = live.map((text, i) => {
    const had = risked.findLast((each) => each.cells[i] !== undefined)?.cells[i];
    const isEmpty = (cell = '') => isText(columns[i]?.type ?? '', '', cell);
    const isGits = head !== null && isEmpty(head[i]) && !isEmpty(recorded?.[i]);
    return had !== undefined && isEmpty(text) && !isGits ? had : text;
  });
  return cells.every((text, i) => text === live[i]) ? live : cells;
}

/** The offers of a row after an export: those that git may still take, and the new ones that differ. */
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

/** `unclear`: the record was lost, so a row of one side may be new there, or removed on the other side. */
export type RowChangedBy = ChangedBy | 'unclear';

/** A cell that differs between git and the site, and who changed it. */
export interface CellDifference {
  readonly column: Column;
  /** `undefined`: they never agreed on the row. */
  readonly base: string | undefined;
  readonly head: string;
  readonly live: string;
  readonly changedBy: ChangedBy;
}

/** How git's row compares with the site's, and who added, removed or changed it. */
export type RowMerge =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'differs'; readonly cells: readonly CellDifference[] }
  /** Git added it, or the CMS removed it; `both`: git has changed it as well. */
  | { readonly kind: 'only-git'; readonly head: Cells; readonly changedBy: RowChangedBy }
  /** The CMS added it, or git removed it; `both`: the CMS has changed it as well. */
  | { readonly kind: 'only-cms'; readonly live: Cells; readonly changedBy: RowChangedBy };

/**
 * Merges one row three ways, cell by cell. Without a base, both have changed each cell that differs,
 * because nobody can tell who did.
 */
export function mergeRow(
  columns: readonly Column[],
  base: Cells | null,
  head: Cells | null,
  live: Cells | null,
  isUnclear = false,
): RowMerge {
  const changedBy = (row: Cells, [here, there]: readonly ['git' | 'cms', 'git' | 'cms']) => {
    if (base === null) return isUnclear ? 'unclear' : here;
    return sameRow(columns, base, row) ? there : 'both';
  };
  if (head === null) {
    if (live === null) return { kind: 'agreed' };
    return { kind: 'only-cms', live, changedBy: changedBy(live, ['cms', 'git']) };
  }
  if (live === null) {
    return { kind: 'only-git', head, changedBy: changedBy(head, ['git', 'cms']) };
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
