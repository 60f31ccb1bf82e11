import { type Change, removedKeys } from './change.ts';

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

/** What a run does to one file. */
interface FileChanges {
  /** How many rows the file has. */
  readonly rows: number;
  readonly changes: readonly Change[];
  /** What becomes of the items of removed rows. */
  readonly deletes: 'keep' | 'apply';
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

/**
 * The limits that these changes of one file would pass (docs/limits.md); additions are no danger. A
 * percentage always allows a few rows: 3 deletes, 20 changes; and never more than 500 deletes.
 */
export function excesses(
  { rows, changes, deletes }: FileChanges,
  limits: Limits,
): readonly Excess[] {
  const removed = removedKeys(changes);
  const deleted = deletes === 'apply' ? removed : [];
  const changed = changes.filter(({ kind }) => kind === 'changed').map(({ key }) => key);
  const mayDelete = allowance(limits.maxDeletes, rows, 3, 500);
  const mayChange = allowance(limits.maxChanges, rows, 20, Number.POSITIVE_INFINITY);
  /**
   * @cause The change is larger than the limits allow.
   * @remedy Make a smaller change, or approve it: see [limits](limits.md).
   */
  const found = [
    rows > 0 &&
      removed.length >= rows &&
      !limits.allowEmpty && {
        limit: 'allow-empty' as const,
        message: `all ${rows} rows would be gone; allow-empty is false`,
      },
    deleted.length > mayDelete.count && {
      limit: 'max-deletes' as const,
      message: `${deleted.length} of ${rows} rows would be gone (${named(deleted)}); max-deletes allows ${mayDelete.words}`,
    },
    changed.length > mayChange.count && {
      limit: 'max-changes' as const,
      message: `${changed.length} of ${rows} rows would change (${named(changed)}); max-changes allows ${mayChange.words}`,
    },
  ];
  return found.filter((excess) => excess !== false);
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

function allowance(limit: Limit, rows: number, least: number, most: number) {
  if (limit.kind === 'count') return { count: limit.count, words: String(limit.count) };
  const share = Math.floor((rows * limit.percent) / 100);
  const count = Math.min(Math.max(share, least), most);
  const note =
    count === share ? '' : count > share ? `, but at least ${count}` : `, but at most ${count}`;
  return { count, words: `${count} (${limit.percent}% of ${rows} is ${share}${note})` };
}
