import { exporting, type Publishing } from './exporting.ts';
import { endJob, importing } from './importing.ts';
import type { LedgerRow } from './ledger.ts';
import { close, correct, merge } from './proposals.ts';
import { lifetime } from './reading.ts';
import {
  cell,
  haveSameTexts,
  isAway,
  ProtocolWorld,
  type Setting,
  type SideName,
  sameTexts,
  shown,
} from './world.ts';

/** What a step may be, and how often it comes up among the others. */
const weights = {
  edit: 4,
  row: 1,
  revert: 1,
  import: 2,
  export: 3,
  'go on': 3,
  finish: 2,
  'cut off': 1,
  job: 1,
  merge: 2,
  correct: 1,
  close: 1,
  hours: 1,
};

type Kind = keyof typeof weights;

const kinds = Object.entries(weights).flatMap(([kind, weight]) =>
  Array.from({ length: weight }, () => kind as Kind),
);

/** One step of a history as a number, so that it can be left out and the others mean the same. */
type Step = number;

const length = 16;

interface History {
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

const usual = { deletes: 'apply', writePolicy: 'overwrite' } as const;
const policies = [
  usual,
  usual,
  usual,
  { deletes: 'keep', writePolicy: 'overwrite' },
  { deletes: 'apply', writePolicy: 'truncate-before' },
] as const;

/**
 * Plays the histories of so many seeds. As a program, `node play.ts <seed> <histories>`, it prints the same.
 *
 * @returns the first one that goes wrong, made as short as it can be, as a list of what happens; empty
 * where none does.
 */
export function firstWrong(seed: number, histories: number): readonly string[] {
  const found = foundAfter(seed, histories);
  if (found === undefined) return [];
  const each = seed + found - 1;
  return [`PROTOCOL_SEED=${each}`, ...shrunk(historyOf(each))];
}

/** How many histories it takes until one goes wrong; `undefined` where none does. */
export function foundAfter(seed: number, histories: number): number | undefined {
  for (let count = 1; count <= histories; count += 1) {
    if (play(historyOf(seed + count - 1)) !== undefined) return count;
  }
  return undefined;
}

/** The steps of the history of a seed. */
function historyOf(seed: number): History {
  const random = randomOf(seed);
  const steps = Array.from({ length }, () => {
    const kind = random() % kinds.length;
    return kind + kinds.length * (random() % 1_048_576);
  });
  return {
    steps,
    setting: {
      ...(policies[seed % policies.length] ?? usual),
      trims: seed % 2 === 1,
      keepsBranch: seed % 4 < 2,
    },
  };
}

function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Plays a history and lets everything settle; gives what went wrong. */
function play({ setting, steps }: History, say?: (line: string) => void): string | undefined {
  const world = new ProtocolWorld(setting, say);
  for (const step of steps) {
    if (world.isFull) break;
    playStep(world, step);
    if (world.isBeyond) return undefined;
    if (world.wrong.length > 0) return world.wrong[0];
  }
  settle(world);
  return world.isBeyond ? undefined : world.wrong[0];
}

/** The shortest history that still goes wrong, as a list of what happens. */
function shrunk({ setting, steps }: History): readonly string[] {
  let shortest = steps;
  for (let i = 0; i < shortest.length; ) {
    const shorter = shortest.toSpliced(i, 1);
    if (play({ setting, steps: shorter }) === undefined) i += 1;
    else [shortest, i] = [shorter, 0];
  }
  const story = [JSON.stringify(setting)];
  const wrong = play({ setting, steps: shortest }, (line) => story.push(line));
  return [...story, `WRONG: ${wrong}`];
}

/** Where a step happens, and a number that decides the rest. */
interface Choice {
  readonly side: SideName;
  readonly row: number;
  readonly at: number;
  readonly by: number;
}

const acts: Readonly<Record<Kind, (world: ProtocolWorld, choice: Choice) => unknown>> = {
  edit: editCell,
  row: editRow,
  revert: (world, { row }) => revert(world, row),
  import: (world, { by }) => begin(world, 'import', by),
  export: (world, { by }) => begin(world, 'export', by),
  'go on': (world, { by }) => goOn(world, by, 1),
  finish: (world, { by }) => goOn(world, by, 100),
  'cut off': (world, { by }) => cutOff(world, by),
  job: (world, { by }) => endJob(world, by % 8),
  merge: (world, { by }) => merge(world, by),
  correct: (world, { row, at }) => correct(world, row, at),
  close,
  hours(world) {
    world.arrive();
    world.say(() => 'hours pass');
    world.now += lifetime + 1;
  },
};

function playStep(world: ProtocolWorld, step: Step): void {
  const kind = kinds[step % kinds.length] ?? 'edit';
  const by = Math.floor(step / kinds.length);
  const row = by & 6 ? 0 : 1;
  acts[kind](world, { side: by & 1 ? 'site' : 'git', row, at: by & 24 ? 1 : 2, by: by >> 5 });
}

function rowOn(world: ProtocolWorld, side: SideName, row: number): LedgerRow | undefined {
  return (side === 'git' ? world.tip : world.site)[row];
}

function isBusy(world: ProtocolWorld, side: SideName, row: number): boolean {
  if (side === 'git') return false;
  const on = world.site[row];
  if (on && isAway(world, row, on)) return true;
  const jobs = [...world.jobs, ...world.inFlight];
  return jobs.some(({ rows, empties }) => empties || rows.some((each) => each.row === row));
}

/** Somebody types something new, or what the cell held before, or what the other side holds. */
function editCell(world: ProtocolWorld, { side, row, at, by }: Choice): void {
  const on = rowOn(world, side, row);
  if (!on?.cells || isBusy(world, side, row)) return;
  const former = world.ledger.former(cell(row, at), on.ids[at] ?? 0);
  const other = rowOn(world, side === 'git' ? 'site' : 'git', row)?.cells?.[at];
  const text = [undefined, undefined, former.at(-2), former[0], other][by % 5];
  const isKnown = text === undefined || world.isAmbiguous(side, row, at, text);
  const becomes = isKnown ? world.fresh() : text;
  const texts = ['there', ...on.cells.slice(1)].map((old, i) => (i === at ? becomes : old));
  world.edit(side, row, world.typedRow(row, texts, on));
}

/** Somebody removes a row, or brings back the one that was there. */
function editRow(world: ProtocolWorld, { side, row }: Choice): void {
  const on = rowOn(world, side, row);
  if (!on || isBusy(world, side, row)) return;
  const texts = on.ids.map((id, at) => world.ledger.text(cell(row, at), id));
  const isBack = on.cells === null;
  // An item that comes back between an import's read and its job is not looked for, and one that is
  // removed meanwhile looks like one that the import did not bring, or took away.
  const isImporting = world.runs.some(({ name }) => name.includes('import'));
  const isEmptied = world.setting.writePolicy !== 'overwrite' && world.record.sent[row]?.length;
  if (side === 'site' && (isImporting || isEmptied)) return;
  const becomes = isBack ? ['there', ...texts.slice(1)] : ['gone', ...texts.slice(1)];
  const edited = isBack ? [0, 1, 2] : [0];
  if (edited.some((at) => world.isAmbiguous(side, row, at, becomes[at] ?? ''))) return;
  world.edit(side, row, world.typedRow(row, becomes, on));
}

/** Somebody takes the last commit that changed a row back. */
function revert(world: ProtocolWorld, row: number): void {
  const on = world.tip[row];
  const former = world.main.findLast((rows) => rows[row] && on && !sameTexts(rows[row], on))?.[row];
  if (!on || !former) return;
  const texts = former.ids.map((id, at) => world.ledger.text(cell(row, at), id));
  const isNew = (text: string, at: number) =>
    text !== world.ledger.text(cell(row, at), on.ids[at] ?? 0);
  if (texts.some((text, at) => isNew(text, at) && world.isAmbiguous('git', row, at, text))) return;
  world.edit('git', row, world.typedRow(row, texts, on));
}

const publishings: readonly Publishing[] = [
  'push',
  'pull-request',
  'pull-request',
  'signed push',
  'signed pull-request',
  'none',
];

function begin(world: ProtocolWorld, kind: 'import' | 'export', by: number): void {
  if (world.runs.length >= 2) return;
  const how = publishings[by % publishings.length] ?? 'push';
  const name = `${kind === 'import' ? kind : `export by ${how}`} ${world.nextRun()}`;
  world.begin(name, kind === 'import' ? importing(world, name) : exporting(world, how));
  world.say(() => `${name} begins`);
  // Whole, or up to some moment, and then it waits or is cut off.
  const until = by & 64 ? 100 : 1 + ((by >> 7) % 9);
  goOn(world, world.runs.length - 1, until);
  if (by & 2048 && world.runs.at(-1)?.name === name) cutOff(world, world.runs.length - 1);
}

/** A run takes its next steps; one that goes through has its jobs taken whole. */
function goOn(world: ProtocolWorld, which: number, steps: number): void {
  const at = which % Math.max(1, world.runs.length);
  const run = world.runs[at];
  // Wix has no conditional write: another import cannot know of a job that is just being submitted.
  if (run?.name.includes('import')) world.arrive();
  for (let step = 0; run && step < steps; step += 1) {
    if (steps > 1) endJob(world, 0);
    const { done, value } = run.steps.next();
    world.say(() => `${run.name}: ${value}`);
    if (done !== true) continue;
    world.runs.splice(at, 1);
    return;
  }
}

function cutOff(world: ProtocolWorld, by: number): void {
  const [run] = world.runs.splice(by % Math.max(1, world.runs.length), 1);
  if (run === undefined) return;
  run.steps.return('cut off');
  world.say(() => `${run.name} is cut off`);
}

/** Undisturbed runs, and people who decide what they are asked, bring both sides together. */
function settle(world: ProtocolWorld): void {
  world.say(() => 'Then everything settles.');
  for (const run of world.runs.splice(0)) run.steps.return('cut off');
  world.arrive();
  while (world.jobs.length > 0) endJob(world, 0);
  for (let round = 0; round < 3; round += 1) {
    if (round > 0 && haveSameTexts(world.tip, world.site)) break;
    world.now += lifetime + 1;
    merge(world, 0);
    undisturbed(world, 'export');
    merge(world, 0);
    undisturbed(world, 'import');
    if (round > 0 && world.conflicts.length > 0) world.wrong.push('a conflict that nobody made');
    decide(world);
  }
  if (!haveSameTexts(world.tip, world.site)) {
    world.wrong.push(`never together: git ${world.tip.map(shown)}, site ${world.site.map(shown)}`);
  }
  const { tip, site } = world;
  undisturbed(world, 'export');
  merge(world, 0);
  undisturbed(world, 'import');
  if (!haveSameTexts(world.tip, tip) || !haveSameTexts(world.site, site)) {
    world.wrong.push('runs without edits change something');
  }
}

function undisturbed(world: ProtocolWorld, kind: 'import' | 'export'): void {
  const name = `the last ${kind} ${world.nextRun()}`;
  const steps = kind === 'import' ? importing(world, name) : exporting(world, 'pull-request');
  world.begin(name, steps);
  goOn(world, 0, 100);
}

/** Somebody who saw both rows took one of them. */
function decided(world: ProtocolWorld, row: number, taken: LedgerRow, left: LedgerRow): void {
  for (const [at, id] of taken.ids.entries()) {
    world.ledger.decided(cell(row, at), id, left.ids[at] ?? 0);
  }
}

/** In git somebody takes the site's side of every row that the import reported. */
function decide(world: ProtocolWorld): void {
  const { conflicts, tip } = world;
  if (conflicts.length === 0) return;
  const rows = tip.map((git, row) => {
    const site = world.site[row];
    if (!site || !conflicts.includes(row) || isAway(world, row, site)) return git;
    decided(world, row, site, git);
    return site;
  });
  world.main.push(rows);
  world.say(() => `git takes the site's rows in conflict: ${rows.map(shown).join(', ')}`);
  undisturbed(world, 'import');
}

if (import.meta.main) {
  const [seed = 1, histories = 1_000] = process.argv.slice(2).map(Number);
  process.stdout.write(firstWrong(seed, histories).join('\n'));
}
