import { removedKeys } from '../../content/change.ts';
import { locateRejections, type Rejection } from '../../content/rejections.ts';
import { quoted } from '../../content/rules/finding.ts';
import { sameForm } from '../../content/values/form.ts';
import { type Mismatch, withoutSecret } from '../../content/values/mismatch.ts';
import { sameValue } from '../../content/values/value.ts';
import { formatRecord } from '../../csv/format.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import type { Plan } from '../compare/plan.ts';
import { type LiveContent, type ReadOptions, readContents } from '../read/read-contents.ts';
import { nameOf, type Run } from '../run.ts';
import type { Outcome } from './outcome.ts';

/** A read right after an import may still show the site as it was (wix-api.md 6.5). */
const waits = [0, 2_000, 5_000];

/**
 * Reads back what was written, or may have been, and compares it with what was sent. A job that failed
 * halfway has written rows, which would look like edits in the CMS if the record did not have them.
 *
 * @param options.verify whether to read; if not, only the logs of the jobs show what was rejected.
 */
export async function verifyAll(
  run: Run,
  client: WixClient,
  outcomes: readonly Outcome[],
  options: ReadOptions & { readonly verify: boolean },
): Promise<readonly Outcome[]> {
  const verified = new Map(
    outcomes.map((each) => {
      const after = asShown(each);
      return [each, after ? compared(each, after) : byLogs(each)];
    }),
  );
  if (!options.verify || run.signal.aborted) return [...verified.values()];
  let waiting = outcomes.filter((each) => each.asked && !verified.get(each)?.after);
  for (const wait of waits) {
    if (waiting.length === 0) break;
    const read = await readBack(run, client, waiting, wait, options);
    for (const each of waiting) verified.set(each, read(each));
    waiting = waiting.filter((each) => verified.get(each)?.mismatches.length);
  }
  return [...verified.values()];
}

/**
 * The site as it was read, with the only row that was written, if its item has shown that all of it arrived:
 * it need not be read back. A new row must be, because exports may not have drafts (wix-api.md 9.20).
 */
function asShown({ plan, sent, isShown, failure }: Outcome): LiveContent | undefined {
  const [file, ...files] = sent;
  const [row, ...rows] = file?.rows ?? [];
  const isAll = files.length + rows.length + removedKeys(plan.changes).length === 0;
  if (!isShown || !isAll || !file || !row || failure !== undefined) return undefined;
  const { live } = plan.live;
  const { table, positions } = live;
  const { key } = row;
  const before = table.row(key);
  if (before === undefined) return undefined;
  const cells = [...before.cells];
  for (const [i, field] of file.columns.entries()) {
    const at = positions.get(field);
    if (at !== undefined) cells[at] = row.cells[i] ?? '';
  }
  const now = { ...before, cells, bytes: Buffer.from(formatRecord(cells)) };
  const rowOf = (each: string) => (each === key ? now : table.row(each));
  return { ...plan.live, live: { ...live, only: new Set([key]), table: { ...table, row: rowOf } } };
}

/** Reads contents back once; gives the outcome of each. */
async function readBack(
  run: Run,
  client: WixClient,
  written: readonly Outcome[],
  wait: number,
  options: ReadOptions,
): Promise<(outcome: Outcome) => Outcome> {
  const contents = written.map(({ plan }) => plan.head.content);
  const site = await run.clock
    .sleep(wait, run.signal)
    .then(() => readContents(run, client, contents, options))
    .catch(asFailure);
  if (site instanceof Failure) return (each) => unverified(each, site);
  const found = new Map(site.opened.map((live) => [live.content, live]));
  return (each) => {
    const { content } = each.plan.head;
    const after = found.get(content);
    return after ? compared(each, after) : unverified(each, site.failed.get(content));
  };
}

function compared(outcome: Outcome, after: LiveContent): Outcome {
  const { plan, remarks } = outcome;
  const fields = [...plan.head.columns, ...(plan.live.collection?.fields ?? [])];
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  const typeOf = (field: string) => types.get(field) ?? 'TEXT';
  // A new source text of a translation comes with its collection, which was written before.
  const follows = new Set(
    plan.head.allColumns.flatMap(({ key, owner }) => (owner === 'site' ? key : [])),
  );
  const differences = differencesOf(outcome, after, typeOf).filter(
    ({ field, stored }) => stored === undefined || !follows.has(field),
  );
  const isForm = ({ field, sent, stored }: Mismatch) =>
    stored !== undefined && sameForm(typeOf(field), sent, stored);
  const others = differences.filter((each) => !isForm(each));
  const rejections = rejectionsOf(outcome, new Set(others.map(({ key }) => key)));
  const explained = new Set(rejections.map(({ key }) => key));
  // If the answer to a removal was lost, the site shows what is gone.
  const removed = new Set(outcome.removed);
  const isGone = (key: string) => removed.has(key) || !after.live.table.has(key);
  return {
    ...outcome,
    after,
    removed: removedKeys(plan.changes).filter(isGone),
    rejections,
    mismatches: others.filter(({ key }) => !explained.has(key)),
    remarks: [...remarks, ...formRemarks(plan, differences.filter(isForm))],
  };
}

function rejectionsOf(
  { sent }: Outcome,
  missing: ReadonlySet<string> | undefined,
): readonly Rejection[] {
  return sent.flatMap(({ rejected, rows }) => locateRejections(rejected, rows, missing));
}

/** The rows that the site lacks, and the cells that are not as they were sent the last time. */
function differencesOf(
  { sent }: Outcome,
  { live }: LiveContent,
  typeOf: (field: string) => string,
): readonly Mismatch[] {
  const differences = new Map<string, Mismatch>();
  for (const { columns, rows } of sent) {
    for (const { key, cells, place } of rows) {
      const row = live.table.row(key);
      for (const [i, field] of columns.entries()) {
        const text = cells[i] ?? '';
        const stored = row && (row.cells[live.positions.get(field) ?? -1] ?? '');
        const found = { key, field, sent: text, stored, place };
        differences.delete(cellOf(found));
        const isSame = stored !== undefined && sameValue(typeOf(field), text, stored);
        if (!isSame) differences.set(cellOf(found), found);
      }
    }
  }
  return [...differences.values()];
}

/** What differs: a cell, or a row that the site lacks. */
function cellOf({ key, field, stored }: Mismatch): string {
  return stored === undefined ? key : `${key}\0${field}`;
}

/** Says in one line, with an example, that the site stores cells in its own form. */
function formRemarks(plan: Plan, differences: readonly Mismatch[]): readonly string[] {
  const [first] = differences;
  if (first === undefined) return [];
  const { key, field, sent, stored = '' } = withoutSecret(first, plan.live.collection);
  const count = differences.length === 1 ? 'a cell' : `${differences.length} cells`;
  const example = `${field} of ${key} was sent as ${quoted(sent)} and is ${quoted(stored)} there`;
  return [
    `${nameOf(plan.head.content)}: the site stores ${count} in its own form: ${example}. The next export brings the form to git.`,
  ];
}

/** A content that could not be read back: the next import compares. */
function unverified(outcome: Outcome, cause: Failure | undefined): Outcome {
  const logged = byLogs(outcome);
  if (outcome.failure !== undefined || cause === undefined) return logged;
  const { reason, message, place } = cause;
  const name = nameOf(outcome.plan.head.content);
  const words = `${name}: written, but could not be read back to compare. ${message} The next import does it.`;
  return { ...logged, failure: new Failure(reason, words, { place }) };
}

/** A content that was not read back: only the logs of its jobs show what was rejected. */
function byLogs(outcome: Outcome): Outcome {
  return { ...outcome, rejections: rejectionsOf(outcome, undefined) };
}
