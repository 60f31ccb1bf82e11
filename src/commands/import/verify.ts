import type { Content } from '../../config/config.ts';
import { removedKeys } from '../../content/change.ts';
import { locateRejections, type Rejection } from '../../content/rejections.ts';
import { quoted } from '../../content/rules/finding.ts';
import { sameForm } from '../../content/values/form.ts';
import { type Mismatch, withoutSecret } from '../../content/values/mismatch.ts';
import { sameValue } from '../../content/values/value.ts';
import { asFailure, Failure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import type { LiveContent } from '../read/read-contents.ts';
import { type ReadOptions, readContents } from '../read/read-contents.ts';
import { nameOf, type Run } from '../run.ts';
import { type AppliedContent, untouched } from './apply.ts';
import type { ContentPlan } from './import-content.ts';
import type { SentFile, SentRows } from './write-content.ts';

/** An applied plan, and what the site made of it. */
export interface VerifiedContent extends AppliedContent {
  /**
   * The site afterwards: as it was read back, or else as it was before. What nobody has seen must not
   * become base.
   */
  readonly after: LiveContent;
  readonly wasReadBack: boolean;
  readonly rejections: readonly Rejection[];
  readonly mismatches: readonly Mismatch[];
}

/** A read right after an import may still show the site as it was (wix-api.md 6.5). */
const waits = [0, 2_000, 5_000];

/**
 * Reads back what was written, or may have been, and compares it with what was meant: a job that
 * failed halfway left rows behind, and to record the site without them would make them look like
 * edits of the CMS.
 *
 * @param verify whether to read; without, the logs of the jobs alone tell what was rejected.
 */
export async function verifyAll(
  run: Run,
  client: WixClient,
  applied: readonly AppliedContent[],
  options: ReadOptions & { readonly verify: boolean },
): Promise<readonly VerifiedContent[]> {
  const written = applied.filter(({ asked }) => asked);
  const verified = new Map<AppliedContent, VerifiedContent>();
  if (!options.verify || run.signal.aborted) {
    return applied.map((each) => presumed(each));
  }
  let waiting = written;
  for (const wait of waits) {
    if (waiting.length === 0) break;
    const outcomes = await readBack(run, client, waiting, wait, options);
    for (const [each, outcome] of outcomes) verified.set(each, outcome);
    waiting = waiting.filter((each) => (verified.get(each)?.mismatches.length ?? 0) > 0);
  }
  return applied.map((each) => verified.get(each) ?? presumed(each));
}

/** Reads contents back once. What cannot be read has arrived all the same, but nobody knows how. */
async function readBack(
  run: Run,
  client: WixClient,
  written: readonly AppliedContent[],
  wait: number,
  options: ReadOptions,
): Promise<ReadonlyMap<AppliedContent, VerifiedContent>> {
  const contents = written.map(({ plan }) => plan.head.content);
  try {
    await run.clock.sleep(wait, run.signal);
    const { opened, failed } = await readContents(run, client, contents, options);
    return new Map(written.map((each) => [each, compared(each, opened, failed)]));
  } catch (error) {
    const failure = asFailure(error);
    return new Map(written.map((each) => [each, unverified(each, failure)]));
  }
}

function compared(
  applied: AppliedContent,
  opened: readonly LiveContent[],
  failed: ReadonlyMap<Content, Failure>,
): VerifiedContent {
  const { content } = applied.plan.head;
  const after = opened.find((live) => live.content === content);
  if (after === undefined) {
    return unverified(applied, failed.get(content));
  }
  const types = typesOf(applied);
  const sent = [...lastSent(applied), ...applied.references];
  const differences = sent.flatMap((file) => differencesOf(file, after, types));
  const mismatches = differences.filter(({ isForm }) => !isForm).map(({ isForm, ...cell }) => cell);
  const rejections = rejectionsOf(applied, new Set(mismatches.map(({ key }) => key)));
  const explained = new Set(rejections.map(({ key }) => key));
  return {
    ...applied,
    after,
    wasReadBack: true,
    removed: removedFrom(after, applied),
    rejections,
    mismatches: mismatches.filter(({ key }) => !explained.has(key)),
    remarks: [...applied.remarks, ...formRemarks(applied, differences)],
  };
}

/** The items that were removed: as Wix said, or where its answer was lost, as the site shows. */
function removedFrom({ live }: LiveContent, { plan, removed }: AppliedContent): readonly string[] {
  const said = new Set(removed);
  return removedKeys(plan.changes).filter((key) => said.has(key) || !live.table.has(key));
}

function rejectionsOf(
  { sent, references }: AppliedContent,
  missing: ReadonlySet<string> | undefined,
): readonly Rejection[] {
  return [...sent, ...references].flatMap(({ rejected, rows }) =>
    locateRejections(rejected, rows, missing),
  );
}

/** The files as they are to be compared: of a row that was sent twice, the last version. */
function lastSent({ sent }: AppliedContent): readonly SentFile[] {
  const later = new Set<string>();
  const files: SentFile[] = [];
  for (const file of [...sent].reverse()) {
    files.unshift({ ...file, rows: file.rows.filter(({ key }) => !later.has(key)) });
    for (const { key } of file.rows) later.add(key);
  }
  return files;
}

/** The field types by which sent and stored texts are compared. */
function typesOf({ plan }: AppliedContent): ReadonlyMap<string, string> {
  const fields = plan.live.collection?.fields ?? [];
  return new Map([...plan.head.columns, ...fields].map(({ key, type }) => [key, type]));
}

/** A cell that the site holds otherwise than it was sent: in a form of its own, or with another value. */
type Difference = Mismatch & { readonly isForm: boolean };

function differencesOf(
  { columns, rows }: SentRows,
  { live }: LiveContent,
  types: ReadonlyMap<string, string>,
): Difference[] {
  return rows.flatMap((row) => {
    const stored = live.table.row(row.key);
    return columns.flatMap((field, i) => {
      const sent = row.cells[i] ?? '';
      const type = types.get(field) ?? 'TEXT';
      const now = stored && (stored.cells[live.positions.get(field) ?? -1] ?? '');
      if (now !== undefined && sameValue(type, sent, now)) return [];
      const isForm = now !== undefined && sameForm(type, sent, now);
      return [{ key: row.key, field, sent, stored: now, place: row.place, isForm }];
    });
  });
}

/** Says in one line that the site stores cells in a form of its own, with an example. */
function formRemarks({ plan }: AppliedContent, differences: readonly Difference[]): string[] {
  const cells = differences
    .filter(({ isForm }) => isForm)
    .map((cell) => withoutSecret(cell, plan.live.collection));
  const [first] = cells;
  if (first === undefined) return [];
  const { key, field, sent, stored = '' } = first;
  const count = cells.length === 1 ? 'a cell' : `${cells.length} cells`;
  const example = `${field} of ${key} was sent as ${quoted(sent)} and is ${quoted(stored)} there`;
  return [
    `${nameOf(plan.head.content)}: the site stores ${count} in its own form: ${example}. The next export brings the form to git.`,
  ];
}

/** A content that could not be read back: its base stays, so that the next run looks again. */
function unverified(applied: AppliedContent, failure: Failure | undefined): VerifiedContent {
  const cause = applied.failure ?? (failure && unverifiedFailure(applied, failure));
  return { ...presumed(applied), failure: cause };
}

function unverifiedFailure({ plan }: AppliedContent, { reason, message, place }: Failure): Failure {
  const name = nameOf(plan.head.content);
  const words = `${name}: written, but could not be read back to compare. ${message} The next import does it.`;
  return new Failure(reason, words, place === undefined ? {} : { place });
}

/** A content that was not read back: the logs of its jobs alone tell what became of it. */
function presumed(applied: AppliedContent): VerifiedContent {
  const rejections = rejectionsOf(applied, undefined);
  return { ...applied, after: applied.plan.live, wasReadBack: false, rejections, mismatches: [] };
}

/** A plan of which nothing was to be written, or nothing could be. */
export function unwritten(plan: ContentPlan): VerifiedContent {
  return presumed(untouched(plan));
}
