import type { Emulator } from '../../emulator/emulator.ts';
import type { Json } from '../../emulator/json.ts';
import type { Result } from '../../src/report/result.ts';
import type { Row, Rows, Sides } from './ledger.ts';
import { proposedBranch } from './proposal.ts';
import { type Speech, speechOf } from './report.ts';
import { runCommand } from './running.ts';
import { recordRef } from './site.ts';
import type { Line } from './tables.ts';
import {
  falseAlarms,
  type Movement,
  missingInGit,
  missingOnSite,
  type Permit,
  refute,
  wrongMoves,
} from './verdict.ts';
import type { Scene } from './world.ts';

/** A run of the action, and what happens meanwhile. */
export interface Running {
  readonly command: 'import' | 'export';
  readonly onConflict: Permit['onConflict'];
  readonly commit: 'push' | 'none' | 'pull-request';
  readonly isSigned?: boolean;
  /** How many commits before the tip of main the run was made for. */
  readonly behind: number;
  /** Cancels the run at its so-manieth request, wait or process. */
  readonly cancelAt?: number;
  /** Somebody merges a change into main at this moment. */
  readonly mergeAt?: number;
  /** Its so-manieth request waits until something else has happened. */
  readonly pauseAt?: number;
}

/** A run that ended, with all that is needed to judge it. */
interface Played {
  readonly running: Running;
  readonly result: Result;
  readonly isCancelled: boolean;
  /** Whether it was made for the tip of main, and nobody else did anything meanwhile. */
  readonly isUndisturbed: boolean;
  /** The lines that it was made for, and all those that it can have seen. */
  readonly head: readonly Line[];
  readonly seen: readonly Line[];
  readonly before: Sides;
  /** What others did meanwhile. */
  readonly breaks: readonly Break[];
  /** The branch of the pull request before. */
  readonly proposed: string | undefined;
}

/** Both sides before and after what somebody else did, and what the pull request proposed then. */
interface Break {
  readonly before: Sides;
  readonly after: Sides;
  readonly proposed: Rows;
}

/** Plays a run, and judges it. */
export async function run(
  scene: Scene,
  running: Running,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<Result> {
  const { emulator, time, repository, config, hub, main, sides, outer } = scene;
  main.merge();
  const commit = main.commitBehind(running.behind);
  const workspace = repository.checkOut(commit, outer ? 'second' : 'first');
  const head = main.linesAt(commit);
  const seen = [...head, ...main.lines()];
  const before = sides();
  const proposed = proposedBranch(scene).tip;
  let moments = 0;
  const breaks: Break[] = [];
  const {
    command,
    commit: mode,
    onConflict,
    isSigned = false,
    cancelAt,
    mergeAt,
    pauseAt,
  } = running;
  const stopPausing = onRequest(emulator, pauseAt, async () => {
    breaks.push(await playMeanwhile(scene, running, seen, meanwhile));
  });
  const result = await runCommand(emulator, time, workspace, {
    inputs: {
      command,
      commit: mode,
      'on-conflict': onConflict,
      'sign-commits': `${isSigned && hub !== undefined}`,
    },
    config,
    hub,
    onMoment(cancel) {
      moments += 1;
      if (moments === cancelAt) cancel();
      if (moments === mergeAt) breaks.push(...mergeMeanwhile(scene, seen));
    },
  });
  stopPausing();
  const isCancelled = cancelAt !== undefined && cancelAt <= moments;
  const isUndisturbed = running.behind === 0 && breaks.length === 0 && outer === undefined;
  const played = {
    running,
    result,
    isCancelled,
    isUndisturbed,
    head,
    seen,
    before,
    breaks,
    proposed,
  };
  judge(scene, played);
  main.merge();
  return result;
}

/** Plays what happens while a run waits. */
async function playMeanwhile(
  scene: Scene,
  running: Running,
  seen: readonly Line[],
  meanwhile: () => Promise<unknown>,
): Promise<Break> {
  const { main, names, sides } = scene;
  names.adopt([...linesOfSite(scene), ...main.lines()], seen);
  const before = sides();
  scene.outer = { head: before.git, running };
  await meanwhile();
  main.merge();
  scene.outer = undefined;
  return { before, after: sides(), proposed: names.gitRows(proposedBranch(scene).lines) };
}

/** Lets the so-manieth request of a run wait until something else has happened. */
function onRequest(
  { faults }: Emulator,
  nth: number | undefined,
  until: () => Promise<void>,
): () => void {
  if (nth === undefined) return () => {};
  // Between an import's last look at its rows and its write, nobody can keep others away: Wix has no
  // conditional write.
  const where = (body: Json | undefined) =>
    !/"fileId"|"dataItemIds"/.test(JSON.stringify(body) ?? '');
  return faults.add({ kind: 'wait', until, match: { nth, where } });
}

/** Somebody edits a title on main while a run is at work. */
function mergeMeanwhile(scene: Scene, seen: readonly Line[]): readonly Break[] {
  const { main, names, sides, editGit, fresh } = scene;
  names.adopt(main.lines(), seen);
  const before = sides();
  const [first, ...rest] = main.lines();
  if (first === undefined || first.id === '') return [];
  const title = `meanwhile ${fresh()}`;
  editGit([{ ...first, cells: { ...first.cells, title } }, ...rest]);
  main.merge();
  return [{ before, after: sides(), proposed: names.gitRows(proposedBranch(scene).lines) }];
}

function linesOfSite({ items }: Scene): readonly Line[] {
  return [...items()].map(([id, { cells }]) => ({ id, cells }));
}

/** Whether a run moved what it may, and left nothing out; then the ledger takes note of it. */
function judge(scene: Scene, played: Played): void {
  const { main, names, ledger, sides } = scene;
  const { running, result, isCancelled, isUndisturbed, before } = played;
  const proposed = proposedBranch(scene);
  names.adopt([...linesOfSite(scene), ...main.lines(), ...proposed.lines], played.seen);
  const { command } = running;
  // Imports read the tip of main, before or after what happened meanwhile, whatever is checked out.
  const head = command === 'import' ? before.git : names.gitRows(played.head);
  const after = sides();
  const speech = speechOf(result, names.of);
  const isWhole = speech.isWhole && !isCancelled;
  judgeMoves(scene, played, { head, after, speech, isWhole });
  if (isWhole && isUndisturbed) {
    const missing = missingAfter(scene, running, before, after, speech);
    refute(missing.map((name) => `${name} was left out`));
    refute(falseAlarms(ledger, before, speech.conflicts));
  }
  if (command === 'export' && proposed.tip !== undefined && proposed.tip !== played.proposed) {
    scene.offered = after.site;
    judgeProposal(scene, played, proposed.tip, after, speech);
  }
  const git = recordedGit(scene);
  if (git !== undefined) ledger.found({ ...before, git }, after);
  const usesCheckout = command === 'import' || running.commit === 'none';
  // Which of the two an import read that was disturbed, nobody knows.
  const read = [...head].filter(
    ([key, row]) => command === 'export' || same(after.git.get(key), row),
  );
  ledger.agree({ git: head, site: after.site }, false);
  ledger.agree({ git: new Map(read), site: after.site }, isWhole && usesCheckout);
  ledger.agree(after, isWhole && (isUndisturbed || !usesCheckout));
}

/** The rows that git had when the run read it that made the record; `undefined` if there is none. */
function recordedGit({ repository, main, names }: Scene): Rows | undefined {
  const record = repository.ref(recordRef);
  const message = record && repository.git('log', '-1', '--format=%B', record);
  const [, seen] = /^Seen: (.+)$/m.exec(message ?? '') ?? [];
  return seen === undefined ? undefined : names.gitRows(main.linesAt(seen));
}

function same(left: Row | undefined, right: Row): boolean {
  return JSON.stringify(left?.cells) === JSON.stringify(right.cells);
}

/** Whether an export proposes what it may. */
function judgeProposal(
  scene: Scene,
  { running, before, breaks, proposed, head }: Played,
  tip: string,
  after: Sides,
  { isReported }: Speech,
): void {
  const { ledger, deletes, repository, main, names } = scene;
  const isIn = (commit: string, other: string) =>
    repository.git('merge-base', commit, other) === commit;
  const fork = repository.git('merge-base', repository.tip(), tip);
  // A branch that was merged begins anew, and has its former tip by way of main.
  const isGrown = proposed !== undefined && isIn(proposed, tip) && !isIn(proposed, fork);
  const from = isGrown ? proposed : fork;
  const all = [before, ...breaks.flatMap((each) => [each.before, each.after]), after];
  const movement = {
    side: 'git',
    before: names.gitRows(main.linesAt(from)),
    after: names.gitRows(main.linesAt(tip)),
    others: all.map(({ site }) => site),
    beside: [
      ...all.map(({ git }) => git),
      ...breaks.map((each) => each.proposed),
      names.gitRows(head),
    ],
    isProposed: true,
  } as const;
  const permit = { onConflict: running.onConflict, deletes, isReported };
  refute(wrongMoves(ledger, movement, permit).map((wrong) => `the pull request: ${wrong}`));
}

/** What became known of a run. */
interface Outcome {
  readonly head: Rows;
  readonly after: Sides;
  readonly speech: Speech;
  readonly isWhole: boolean;
}

/** Whether a run moved what it may. */
function judgeMoves(scene: Scene, played: Played, { head, after, speech, isWhole }: Outcome): void {
  const { ledger, deletes, outer, away } = scene;
  const { running, breaks } = played;
  const isWriting = (side: Running) => side.command === 'import';
  const heads = [
    ...(isWriting(running) ? [head, ...breaks.map((each) => each.after.git)] : []),
    ...(outer && isWriting(outer.running) ? [outer.head] : []),
  ];
  const takesAway = (key: string) =>
    deletes === 'refill' &&
    heads.length > 0 &&
    (!isWhole || outer !== undefined || speech.isUnwritten(key));
  const permit = {
    onConflict: running.onConflict,
    deletes,
    isReported: speech.isReported,
    takesAway,
    comesBack: (key: string) => away.has(key),
  };
  // The job of a run that waits meanwhile goes on.
  const permits: readonly Permit[] = outer
    ? [permit, { ...permit, onConflict: outer.running.onConflict, isReported: () => true }]
    : [permit];
  const moves = movesOf(played, after, [...heads, away]);
  for (const move of moves) {
    const [wrong = [], ...others] = permits.map((each) => wrongMoves(ledger, move, each));
    if (others.every((each) => each.length > 0)) refute(wrong);
  }
  for (const { side, before } of moves) {
    if (side === 'site') noteAway(scene, before, after.site);
  }
}

/** Keeps the rows that are gone from the site and that nobody has removed, until they are back. */
function noteAway({ away, ledger }: Scene, before: Rows, now: Rows): void {
  for (const [key, row] of before) {
    const removal = ledger.removal('git', key);
    // Git removed it before somebody edited it in the CMS: that is a conflict, and the item stays.
    const isMeant = removal !== undefined && ledger.rowLeadsTo(key, row, removal);
    if (!now.has(key) && !isMeant) away.set(key, row);
  }
  for (const key of now.keys()) away.delete(key);
}

/** What moved while a run was at work, but for what others did meanwhile. */
function movesOf(
  { before, breaks }: Played,
  after: Sides,
  heads: readonly Rows[],
): readonly Movement[] {
  const starts = [before, ...breaks.map((each) => each.after)];
  const ends = [...breaks.map((each) => each.before), after];
  const sites = [...starts, after].map(({ site }) => site);
  return starts.flatMap((start, i) => {
    const end = ends[i] ?? after;
    return [
      { side: 'site', before: start.site, after: end.site, others: heads },
      { side: 'git', before: start.git, after: end.git, others: sites },
    ] as const;
  });
}

/** What a run that went well should have brought to the other side, and did not. */
function missingAfter(
  scene: Scene,
  { command, commit, onConflict }: Running,
  before: Sides,
  after: Sides,
  { isReported, isUnwritten }: Speech,
): readonly string[] {
  const { ledger, names } = scene;
  if (command === 'import') return missingOnSite(ledger, before, after, onConflict, isUnwritten);
  if (commit === 'none') return [];
  const isOpen = scene.hub?.pulls.some(({ state }) => state === 'open');
  const git =
    commit === 'pull-request' && isOpen ? names.gitRows(proposedBranch(scene).lines) : after.git;
  return missingInGit(ledger, { ...after, git }, isReported, isUnwritten);
}
