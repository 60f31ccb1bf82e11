import type { Content } from '../../config/config.ts';
import { diffRows } from '../../content/diff.ts';
import { sameRow } from '../../content/merge.ts';
import type { Finding } from '../../content/rules/finding.ts';
import { type Side, versionsOf } from '../../content/versions.ts';
import type { ImportInputs } from '../../inputs.ts';
import { sidesOf } from '../../record/sides.ts';
import { isSettled, type Sync } from '../../record/sync.ts';
import { isTruncating, keysOnTheWay } from '../compare/plan.ts';
import { undoneBy } from '../compare/undone.ts';
import { type OpenContent, openRelated, validate } from '../compare/validate.ts';
import type { HeadContent } from '../read/head-content.ts';
import { type Heads, openHeads } from '../read/open-heads.ts';
import type { RowsToRead } from '../read/read-site.ts';
import { strayFiles } from '../read/stray-files.ts';
import { oneByOne, type Run } from '../run.ts';

/** What git may have that the site lacks. */
export interface Edits {
  /** The contents that the record does not know as settled. */
  readonly heads: readonly HeadContent[];
  /** Those in which git changed something. */
  readonly touched: readonly HeadContent[];
  /** The rows to read of contents that are not read as a whole. */
  readonly rows: ReadonlyMap<Content, RowsToRead>;
  /** What is wrong in the files that git touched. */
  readonly findings: readonly Finding[];
}

/** Finds what git may have that the site lacks, and validates it, without a request to Wix. */
export async function findEdits(run: Run, inputs: ImportInputs, sync: Sync): Promise<Edits> {
  const opened = await openUnsettled(run, inputs, sync);
  const { heads } = opened;
  const isAll = inputs.reconcile === 'all';
  const found = await run.log.step('Looking for what git changed', () =>
    oneByOne(run, heads, (head) => [head, isAll ? 'all' : rowsToRead(head)] as const),
  );
  const touched = found.flatMap(([head, rows]) => (rows === undefined ? [] : head));
  const related = await openRelated(run, sync, touched, heads);
  const agreed = sync.named ?? sync.record.agreed;
  return {
    heads,
    touched,
    rows: new Map(
      found.flatMap(([{ content }, rows]) => (typeof rows === 'object' ? [[content, rows]] : [])),
    ),
    findings: [
      ...opened.findings,
      ...(await strayFiles(run, sync, opened, agreed, run.environment.event.before)),
      ...(await validateEdits(run, sync, touched, related)),
    ],
  };
}

/** Validates as the plan did: an edit that takes an earlier change back may break some rules. */
async function validateEdits(
  run: Run,
  sync: Sync,
  touched: readonly HeadContent[],
  related: OpenContent,
): Promise<readonly Finding[]> {
  const found = await validate(run, touched, run.config.contents, related);
  if (!found.some(({ severity }) => severity === 'error')) return found;
  const edited = touched.map((head) => {
    const { allColumns, sides } = head;
    return { head, edits: [...diffRows(allColumns, versionsOf(allColumns, sides, 'different'))] };
  });
  const undone = await undoneBy(run, sync, edited, { files: sync.head, side: 'head' });
  return undone.size === 0 ? found : validate(run, touched, run.config.contents, related, undone);
}

/** Opens the contents that may have something in git that the site lacks. */
async function openUnsettled(run: Run, { reconcile }: ImportInputs, sync: Sync): Promise<Heads> {
  const unsettled = [];
  for (const content of run.config.contents) {
    if (reconcile === 'all' || !(await isSettled(sync, content))) unsettled.push(content);
  }
  const opened = await openHeads(run, unsettled, sync.head, (content, table) =>
    sidesOf(sync, content, table, undefined),
  );
  for (const { path } of opened.missing) {
    run.log.info(`${path} is not in git, so it is not imported.`);
  }
  return opened;
}

/** If git changed at most this many rows of a large collection, an import reads only their items. */
const few = 500;
const large = 1_000;

/**
 * The rows that an import has to read, because git may have something that the site lacks; `undefined` if
 * there are none.
 */
function rowsToRead(head: HeadContent): RowsToRead | 'all' | undefined {
  const { content, table, sides, allColumns: columns } = head;
  if (table.duplicates.length > 0) return 'all';
  const { recorded } = sides;
  const most = mostReadAlone(content, recorded);
  const left = new Set<string>();
  // What an earlier import sent may have arrived unseen, and git may have reverted it since. The same
  // goes for an export's value that git took, and reverted before any run looked.
  const taken = sides.past?.length ? sides.offered : [];
  const touched = new Set([...keysOnTheWay(sides.sent), ...keysOnTheWay(taken)]);
  const isTooMuch = () => touched.size > 0 && touched.size + left.size > most;
  for (const { key, base, head: git } of versionsOf(columns, sides, 'different')) {
    if (isTooMuch()) break;
    const hasLeft = git === null && (content.deletes === 'keep' || base === null);
    if (hasLeft) left.add(key);
    else if (!sameRow(columns, base, git)) touched.add(key);
  }
  if (touched.size === 0) return undefined;
  if (isTooMuch() || recorded === undefined) return 'all';
  // One more row shows the site's columns, if all that git changed are new to the site.
  const [first] = recorded.table.rows();
  const keys = new Set([...touched, ...left, ...(first === undefined ? [] : [first.key])]);
  return { keys, columns: [...recorded.positions.keys()] };
}

function mostReadAlone(content: Content, recorded: Side | undefined): number {
  const isLarge = content.kind === 'collection' && (recorded?.table.size ?? 0) >= large;
  return isLarge && !isTruncating(content) ? few : 0;
}
