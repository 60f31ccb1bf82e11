import type { Change } from './change.ts';

/** How much a run may do unasked: a number of rows, or a share of the base rows. */
type Limit =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

export interface Limits {
  readonly maxDeletes: Limit;
  readonly maxChanges: Limit;
  /** Whether a file may lose all its rows. */
  readonly allowEmpty: boolean;
}

/** How many rows a run touches in one file. */
export interface Extent {
  readonly rows: number;
  /** How many rows leave the file, whatever becomes of their items. */
  readonly gone: number;
  /** The keys of those whose items are deleted. */
  readonly deleted: readonly string[];
  readonly changed: readonly string[];
}

/** A limit that a run would pass, with its arithmetic. */
export interface Excess {
  readonly limit: 'max-deletes' | 'max-changes' | 'allow-empty';
  readonly message: string;
}

const names: ReadonlySet<string> = new Set(['max-deletes', 'max-changes', 'allow-empty']);

/** Whether a rule is about a limit, and not about a mistake in a file. */
export function isLimit(rule: string): rule is Excess['limit'] {
  return names.has(rule);
}

/** The extent of changes; additions are no danger. */
export function extentOf(
  rows: number,
  changes: readonly Change[],
  deletes: 'keep' | 'apply',
): Extent {
  const keysOf = (kind: Change['kind']) =>
    changes.filter((change) => change.kind === kind).map(({ key }) => key);
  const removed = keysOf('removed');
  const deleted = deletes === 'apply' ? removed : [];
  return { rows, gone: removed.length, deleted, changed: keysOf('changed') };
}

/**
 * The limits that these changes of one file would pass (docs/limits.md). A percentage always allows a few
 * rows: 3 deletes, 20 changes; and never more than 500 deletes.
 */
export function excesses(extent: Extent, limits: Limits): readonly Excess[] {
  const { rows, gone, deleted, changed } = extent;
  const found: Excess[] = [];
  if (rows > 0 && gone >= rows && !limits.allowEmpty) {
    found.push({
      limit: 'allow-empty',
      /**
       * @cause The change is larger than the limits allow.
       * @remedy Restore the rows, or approve the change: see [limits](limits.md).
       */
      message: `all ${rows} rows would be gone; allow-empty is false`,
    });
  }
  const deletes = allowance(limits.maxDeletes, rows, { least: 3, most: 500 });
  if (deleted.length > deletes.count) {
    found.push({
      limit: 'max-deletes',
      /**
       * @cause The change is larger than the limits allow.
       * @remedy Restore the rows, or approve the change: see [limits](limits.md).
       */
      message: `${deleted.length} of ${rows} rows would be gone (${named(deleted)}); max-deletes allows ${deletes.words}`,
    });
  }
  const changes = allowance(limits.maxChanges, rows, { least: 20, most: Number.POSITIVE_INFINITY });
  if (changed.length > changes.count) {
    found.push({
      limit: 'max-changes',
      /**
       * @cause The change is larger than the limits allow.
       * @remedy Make fewer changes at once, or approve them: see [limits](limits.md).
       */
      message: `${changed.length} of ${rows} rows would change (${named(changed)}); max-changes allows ${changes.words}`,
    });
  }
  return found;
}

const namedRows = 5;

/** The first of the rows, and how many more there are. */
function named(keys: readonly string[]): string {
  const first = keys
    .slice(0, namedRows)
    .map((key) => (key.length > 60 ? `${key.slice(0, 57)}...` : key));
  const more = keys.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}

function allowance(
  limit: Limit,
  rows: number,
  bounds: { readonly least: number; readonly most: number },
): { readonly count: number; readonly words: string } {
  if (limit.kind === 'count') return { count: limit.count, words: String(limit.count) };
  const share = Math.floor((rows * limit.percent) / 100);
  const count = Math.min(Math.max(share, bounds.least), bounds.most);
  const note =
    count === share ? '' : count > share ? `, but at least ${count}` : `, but at most ${count}`;
  return { count, words: `${count} (${limit.percent}% of ${rows} is ${share}${note})` };
}
