import type { LedgerRow } from './ledger.ts';
import { cell, keys, type Proposal, type ProtocolWorld, sameTexts, shown } from './world.ts';

/**
 * Somebody corrects a cell on the branch of the pull request, once. Where that was all that it offered of
 * the row, or main gets nothing else that it offered of it, only the branch tells the correction from an edit
 * of main. So where the branch is deleted with its merge, it counts as one. Examples: a squash merge brings the correction of a title alone, since main
 * and the CMS hold another price by then; the CMS had taken the title back, and looks as if it never edited
 * it. Or main has the price already, because an earlier offer of it was merged late.
 */
export function correct(world: ProtocolWorld, row: number, at: number): void {
  const { branch } = world;
  const [on, base] = [branch?.rows[row], branch?.base[row]];
  if (!branch || branch.corrected !== undefined || !on?.cells || !base) return;
  // Nothing tells which of its cells were offered, where git had the row before and deletes are kept.
  if (base.cells === null && world.setting.deletes === 'keep') return;
  const isOffered = (i: number) => on.cells?.[i] !== base.cells?.[i];
  const isRest = base.cells === null || isOffered(3 - at);
  const seen = (isRest ? on : base).ids[at] ?? 0;
  const typed = world.ledger.typed(cell(row, at), world.fresh(), seen);
  const corrected = world.rowOf(
    row,
    on.ids.map((id, i) => (i === at ? typed : id)),
  );
  const rows = branch.rows.map((each, i) => (i === row ? corrected : each));
  world.branch = { ...branch, rows, corrected: { row, at, typed, offered: on.ids[at] ?? 0 } };
  world.kept = world.branch;
  world.say(() => `the pull request is corrected: ${keys[row]} := ${shown(corrected)}`);
}

export function close(world: ProtocolWorld): void {
  if (world.branch) world.say(() => 'the pull request is closed');
  world.propose(undefined);
}

/** Somebody merges the pull request, and resolves what git cannot. */
export function merge(world: ProtocolWorld, by: number): void {
  const { former } = world;
  const isLate = (by & 8) !== 0 && former.length > 0;
  const branch = isLate ? former[(by >> 4) % former.length] : world.branch;
  if (branch === undefined) return;
  const { corrected } = branch;
  const isKept = branch === world.kept && (isLate || world.setting.keepsBranch);
  if (isKept && corrected) {
    const { row, at, typed, offered } = corrected;
    world.ledger.decided(cell(row, at), typed, offered);
  }
  const rows = world.tip.map((main, row) => mergedRow(world, branch, main, row, by, isKept));
  if (!isLate) world.branch = undefined;
  if (!isLate && !isKept) world.kept = undefined;
  world.main.push(rows);
  world.say(
    () =>
      `${isLate ? 'what was proposed once' : 'the pull request'} is merged: ${rows.map(shown).join(', ')}`,
  );
}

function mergedRow(
  world: ProtocolWorld,
  branch: Proposal,
  main: LedgerRow,
  row: number,
  by: number,
  isKept: boolean,
): LedgerRow {
  const [base, proposed] = [branch.base[row] ?? main, branch.rows[row] ?? main];
  if (sameTexts(base, proposed)) return main;
  if (main === base) return proposed;
  const isWhole = base.cells && proposed.cells && main.cells && !sameTexts(main, base);
  // Nor is a row played that was edited and taken back in git while the pull request waited, nor a cell of it.
  const isTakenBack = (at: number) =>
    base.cells?.[at] === main.cells?.[at] && base.ids[at] !== main.ids[at];
  if (!isWhole || [1, 2].some(isTakenBack)) return main;
  const isTaken = (at: number) => {
    const [old, now, ours, live] = [base, proposed, main, world.site[row]].map(
      (each) => each?.cells?.[at],
    );
    // Nobody decides for what the CMS has taken back.
    const isChosen = (by & (1 << at)) !== 0 && now === live;
    return old !== now && (old === ours || now === ours || isChosen);
  };
  const { corrected } = branch;
  const isOffer = (at: number) => corrected?.row !== row || corrected.at !== at;
  const isAnyTaken = [1, 2].some((at) => isOffer(at) && isTaken(at));
  const ids = main.ids.map((id, at) => {
    const offered = proposed.ids[at] ?? 0;
    if (at === 0 || base.cells?.[at] === proposed.cells?.[at]) return id;
    if (isTaken(at)) {
      const rest = 3 - at;
      const isRestNew = isTaken(rest) && proposed.cells?.[rest] !== main.cells?.[rest];
      const isTold = isOffer(at) || isRestNew || isKept;
      const text = proposed.cells?.[at] ?? '';
      const taken = isTold ? offered : world.ledger.typed(cell(row, at), text, base.ids[at]);
      world.ledger.decided(cell(row, at), taken, id);
      return taken;
    }
    // Whoever takes the rest of the row has decided against this cell.
    return isAnyTaken ? world.ledger.typed(cell(row, at), main.cells?.[at] ?? '', id, offered) : id;
  });
  return world.rowOf(row, ids);
}
