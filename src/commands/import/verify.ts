import { removedKeys } from '../../content/change.ts';
import { locateRejections, type Rejection } from '../../content/rejections.ts';
import { quoted } from '../../content/rules/finding.ts';
import { sameForm } from '../../content/values/form.ts';
import { type Mismatch, withoutSecret } from '../../content/values/mismatch.ts';
import { sameValue } from '../../content/values/value.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { type LiveContent, type ReadOptions, readContents } from '../read/read-contents.ts';
import { nameOf, type Run } from '../run.ts';
import type { AppliedContent } from './apply.ts';

/** A read right after an import may still show the site as it was (wix-api.md 6.5). */
const waits = [0, 2_000, 5_000];

/**
 * Reads back what was written, or may have been, and compares it with what was sent. A job that
 * failed halfway left rows behind: if the record did not have them, they would look like edits of the CMS.
 *
 * @param verify whether to read; without, the logs of the jobs alone show what was rejected.
 */
export async function verifyAll(
  run: Run,
  client: WixClient,
  applied: readonly AppliedContent[],
  options: ReadOptions & { readonly verify: boolean },
): Promise<readonly AppliedContent[]> {
  const verified = new Map(applied.map((each) => [each, byLogs(each)]));
  const isRead = options.verify && !run.signal.aborted;
  let waiting = isRead ? applied.filter(({ asked }) => asked) : [];
  for (const wait of waits) {
    if (waiting.length === 0) break;
    const outcomes = await readBack(run, client, waiting, wait, options);
    for (const [each, outcome] of outcomes) verified.set(each, outcome);
    waiting = waiting.filter((each) => (verified.get(each)?.mismatches.length ?? 0) > 0);
  }
  return [...verified.values()];
}

/** Reads contents back once. */
async function readBack(
  run: Run,
  client: WixClient,
  written: readonly AppliedContent[],
  wait: number,
  options: ReadOptions,
): Promise<ReadonlyMap<AppliedContent, AppliedContent>> {
  const contents = written.map(({ plan }) => plan.head.content);
  try {
    await run.clock.sleep(wait, run.signal);
    const { opened, failed } = await readContents(run, client, contents, options);
    const outcomes = written.map((each) => {
      const { content } = each.plan.head;
      const after = opened.find((live) => live.content === content);
      const outcome = after ? compared(each, after) : unverified(each, failed.get(content));
      return [each, outcome] as const;
    });
    return new Map(outcomes);
  } catch (error) {
    const failure = asFailure(error);
    return new Map(written.map((each) => [each, unverified(each, failure)]));
  }
}

function compared(applied: AppliedContent, after: LiveContent): AppliedContent {
  const { plan, removed, remarks } = applied;
  const differences = differencesOf(applied, after);
  const [forms, others] = [true, false].map((isForm) =>
    differences.filter((each) => each.isForm === isForm).map(({ isForm: _, ...cell }) => cell),
  );
  const rejections = rejectionsOf(applied, new Set(others?.map(({ key }) => key)));
  const explained = new Set(rejections.map(({ key }) => key));
  // Where the answer to a removal was lost, the site shows what is gone.
  const isGone = (key: string) => removed.includes(key) || !after.live.table.has(key);
  return {
    ...applied,
    after,
    removed: removedKeys(plan.changes).filter(isGone),
    rejections,
    mismatches: others?.filter(({ key }) => !explained.has(key)) ?? [],
    remarks: [...remarks, ...formRemarks(applied, forms ?? [])],
  };
}

function rejectionsOf(
  { sent }: AppliedContent,
  missing: ReadonlySet<string> | undefined,
): readonly Rejection[] {
  return sent.flatMap(({ rejected, rows }) => locateRejections(rejected, rows, missing));
}

/** A cell that the site holds otherwise than it was sent: in a form of its own, or with another value. */
type Difference = Mismatch & { readonly isForm: boolean };

/** Compares the cells as they were sent last: a row may be sent twice. */
function differencesOf(
  { plan, sent }: AppliedContent,
  { live }: LiveContent,
): readonly Difference[] {
  const fields = [...plan.head.columns, ...(plan.live.collection?.fields ?? [])];
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  const differences = new Map<string, Difference>();
  for (const { columns, rows } of sent) {
    const layout = columns.map((field) => ({
      field,
      type: types.get(field) ?? 'TEXT',
      position: live.positions.get(field) ?? -1,
    }));
    for (const { key, cells, place } of rows) {
      const row = live.table.row(key);
      for (const [i, { field, type, position }] of layout.entries()) {
        const text = cells[i] ?? '';
        const stored = row && (row.cells[position] ?? '');
        const cell = `${key}\0${field}`;
        differences.delete(cell);
        const isIn = (same: typeof sameValue) => stored !== undefined && same(type, text, stored);
        if (isIn(sameValue)) continue;
        differences.set(cell, { key, field, sent: text, stored, place, isForm: isIn(sameForm) });
      }
    }
  }
  return [...differences.values()];
}

/** Says in one line that the site stores cells in a form of its own, with an example. */
function formRemarks({ plan }: AppliedContent, differences: readonly Mismatch[]): string[] {
  const [first] = differences;
  if (first === undefined) return [];
  const { key, field, sent, stored = '' } = withoutSecret(first, plan.live.collection);
  const count = differences.length === 1 ? 'a cell' : `${differences.length} cells`;
  const example = `${field} of ${key} was sent as ${quoted(sent)} and is ${quoted(stored)} there`;
  return [
    `${nameOf(plan.head.content)}: the site stores ${count} in its own form: ${example}. The next export brings the form to git.`,
  ];
}

/** A content that could not be read back: its base stays, so that the next run compares. */
function unverified(applied: AppliedContent, cause: Failure | undefined): AppliedContent {
  const logged = byLogs(applied);
  if (applied.failure !== undefined || cause === undefined) return logged;
  const { reason, message, place } = cause;
  const name = nameOf(applied.plan.head.content);
  const words = `${name}: written, but could not be read back to compare. ${message} The next import does it.`;
  return { ...logged, failure: new Failure(reason, words, { place }) };
}

/** A content that was not read back: the logs of its jobs alone show what was rejected. */
function byLogs(applied: AppliedContent): AppliedContent {
  return { ...applied, rejections: rejectionsOf(applied, undefined) };
}
