import type { Content } from '../../config/config.ts';
import type { Change } from '../../content/change.ts';
import { type ColumnDiff, diffRow } from '../../content/diff.ts';
import { type Excess, excesses, type Limits } from '../../content/limits.ts';
import { idsIn } from '../../content/rules/references.ts';
import { type Sides, versionsOf } from '../../content/versions.ts';
import { deletedFromNowOn, pendingChanges, startsDeleting } from '../compare/pending.ts';
import { importable } from '../compare/plan.ts';
import { columnDiff } from '../compare/validate.ts';
import type { HeadContent } from '../read/head-content.ts';

/** What the files of a pull request change in one content. */
export interface FilePlan {
  /** Its recorded side is what the pull request started from. */
  readonly head: HeadContent;
  /** The same content beside the real record. */
  readonly agreed: Sides;
  /** What the merge changes on the site. */
  readonly changes: readonly Change[];
  /** What the merge brings to git and the site has already, as from an export's pull request. */
  readonly caughtUp: readonly Change[];
  /** All that the pull request changes, and the items that its settings allow to delete. */
  readonly edits: readonly Change[];
  readonly columns: ColumnDiff;
  /** What was merged earlier and not imported yet. */
  readonly pending: readonly Change[];
  readonly excesses: readonly Excess[];
  /** The titles or source texts of the rows that change, by their keys. */
  readonly titles: ReadonlyMap<string, string>;
}

/** @param before the content as it was configured before the pull request. */
export function planFile(
  head: HeadContent,
  agreed: Sides,
  limits: Limits,
  before: Content | undefined,
): FilePlan {
  const compared = compare(head);
  const pending = pendingChanges(head, agreed);
  const deleted = startsDeleting(before, head.content) ? deletedFromNowOn(head, pending) : [];
  const changes = [...compared.changes, ...deleted];
  return {
    head,
    agreed,
    ...compared,
    changes,
    edits: [...compared.edits, ...deleted],
    columns: columnDiff(head),
    pending: pending.filter((change) => !deleted.includes(change)),
    excesses: excessesOf(head, changes, limits),
  };
}

function excessesOf(
  { content, sides }: HeadContent,
  changes: readonly Change[],
  limits: Limits,
): readonly Excess[] {
  // The rows of a localization come and go with the items.
  const isCounted = ({ kind }: Change) => content.kind === 'collection' || kind !== 'removed';
  const rows = sides.recorded?.table.size ?? 0;
  return excesses({ rows, changes: changes.filter(isCounted), deletes: content.deletes }, limits);
}

/**
 * A plan without the cells of columns that the site does not have, because an import does not send them.
 *
 * @param onSite the same content, merged with the site; `undefined` if it was not read.
 */
export function sendable(
  plan: FilePlan,
  onSite: { readonly head: HeadContent } | undefined,
  limits: Limits,
): FilePlan {
  if (onSite === undefined || onSite.head.columns.length === plan.head.columns.length) return plan;
  const sent = (change: Change) => importable(onSite.head, change) ?? [];
  const [changes, edits] = [plan.changes.flatMap(sent), plan.edits.flatMap(sent)];
  return { ...plan, changes, edits, excesses: excessesOf(plan.head, changes, limits) };
}

function compare(head: HeadContent): Pick<FilePlan, 'changes' | 'caughtUp' | 'edits' | 'titles'> {
  const { allColumns: columns, sides } = head;
  const changes: Change[] = [];
  const caughtUp: Change[] = [];
  const edits: Change[] = [];
  const titles = new Map<string, string>();
  const name = titleName(head);
  const titleAt = columns.findIndex(({ key }) => key === name);
  for (const row of versionsOf(columns, sides, 'different')) {
    const { recorded, base, head: ours } = row;
    const change = importable(head, diffRow(columns, row, base, ours));
    const known = diffRow(columns, row, recorded, base);
    const edit =
      known === undefined ? change : importable(head, diffRow(columns, row, recorded, ours));
    if (change !== undefined) changes.push(change);
    if (known !== undefined) caughtUp.push(known);
    if (edit !== undefined) edits.push(edit);
    // An empty one, too, so that nobody looks the row up again.
    if (edit !== undefined) titles.set(row.key, (ours ?? base)?.[titleAt] ?? '');
  }
  return { changes, caughtUp, edits, titles };
}

/** The titles of a plan's rows, and of other rows in git. */
export function withTitles(
  plan: FilePlan,
  rows: readonly { readonly key: string }[],
): ReadonlyMap<string, string> {
  const others = rows.map(({ key }) => [key, titleOf(plan, key)] as const);
  return new Map([...others, ...plan.titles].filter(([, title]) => title !== ''));
}

/** The titles of the items that the cells of a plan refer to, by field key and id. */
export function referencedTitles(
  { head: { schema }, changes, caughtUp, pending }: FilePlan,
  all: readonly FilePlan[],
  drift: readonly Change[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const cells = [...changes, ...caughtUp, ...pending, ...drift].flatMap((change) => change.cells);
  const titles = new Map<string, ReadonlyMap<string, string>>();
  for (const { key, type, references } of schema?.fields ?? []) {
    const target = all.find(
      ({ head: { content } }) => content.kind === 'collection' && content.id === references,
    );
    if (target === undefined) continue;
    const texts = cells.flatMap((cell) => (cell.column.key === key ? [cell.old, cell.new] : []));
    const ids = new Set(texts.flatMap((text) => idsIn(type, text ?? '')));
    const named = [...ids].map((id) => [id, titleOf(target, id)] as const);
    titles.set(key, new Map(named.filter(([, title]) => title !== '')));
  }
  return titles;
}

function titleOf({ head, titles }: FilePlan, key: string): string {
  const at = head.table.columns.indexOf(titleName(head) ?? '');
  return titles.get(key) ?? head.table.row(key)?.cells[at] ?? '';
}

const textTypes: ReadonlySet<string> = new Set(['TEXT', 'SLUG']);

/**
 * The column with the titles of rows: the source texts of a localization; in a collection, `title` or
 * `name`, as Wix calls the first field, else the first text.
 */
function titleName({ content, table, layout, allColumns }: HeadContent): string | undefined {
  if (content.kind === 'localization') return table.columns[layout?.source ?? -1];
  const texts = allColumns.flatMap(({ key, type }) =>
    key !== '_id' && textTypes.has(type) ? [key] : [],
  );
  return ['title', 'name'].find((name) => texts.includes(name)) ?? texts[0];
}
