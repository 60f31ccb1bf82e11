import type { Transit } from '../../../src/content/transit.ts';
import type { Cells, Column } from '../../../src/content/versions.ts';
import { Ledger, type LedgerRow } from './ledger.ts';

export const keys: readonly string[] = ['r0', 'r1'];
export const columns: readonly Column[] = [
  { key: '_id', type: 'TEXT' },
  { key: 'title', type: 'TEXT' },
  { key: 'note', type: 'TEXT' },
];
/** Whether a row is there, and its cells but the id, which nobody edits. */
const cellsPerRow = 1 + columns.length - 1;

export type SideName = 'git' | 'site';
export type Snapshot = readonly LedgerRow[];

/** The record, as the product keeps it of one content. */
export interface ModelRecord {
  /** The place in the history of main up to which it was looked at. */
  readonly seen: number;
  readonly agreed: readonly (Cells | null)[];
  readonly offered: readonly (readonly Transit[])[];
  readonly sent: readonly (readonly Transit[])[];
}

/** What holds for a whole history. */
export interface Setting {
  readonly deletes: 'keep' | 'apply';
  readonly writePolicy: 'overwrite' | 'truncate-before';
  /** Whether the site trims texts. */
  readonly trims: boolean;
  /** Whether GitHub keeps the branch of a pull request that is merged. */
  readonly keepsBranch: boolean;
}

export interface Job {
  readonly name: string;
  /** The site when it was submitted. */
  readonly over: Snapshot;
  /** The rows that go as it empties the collection, and in git are gone; `undefined`: it does not. */
  readonly empties: ReadonlyMap<number, LedgerRow> | undefined;
  readonly rows: readonly { readonly row: number; readonly becomes: LedgerRow }[];
  /** How many rows the note is about. */
  readonly noted: number;
}

/** A run at work, which stops at each moment in which somebody else may act. */
export interface Running {
  readonly name: string;
  readonly steps: Generator<string, string, undefined>;
  /** How far the history of each side had come when it began. */
  readonly began: { readonly [Side in SideName]: number };
}

/** An export's pull request. */
export interface Proposal {
  readonly rows: Snapshot;
  /** As the export has made it. */
  readonly made: Snapshot;
  /** The snapshot of main that it was made from. */
  readonly base: Snapshot;
  /** The cell that somebody has corrected on it: to which version, and from which. */
  readonly corrected:
    | {
        readonly row: number;
        readonly at: number;
        readonly typed: number;
        readonly offered: number;
      }
    | undefined;
}

/** Git, the site, Wix's jobs and the record, all in memory, and the oracle beside them. */
export class ProtocolWorld {
  readonly ledger = new Ledger(keys.length, cellsPerRow);
  readonly history: { readonly [Side in SideName]: Snapshot[] };
  branch: Proposal | undefined;
  /** The branch on the remote, which may outlive its pull request. */
  kept: Proposal | undefined;
  /** What the branch was, and the files of exports that commit nothing: somebody may merge them late. */
  readonly former: Proposal[] = [];
  record: ModelRecord;
  readonly jobs: Job[] = [];
  /** Jobs that are being submitted: no run sees them yet. */
  readonly inFlight: Job[] = [];
  readonly ends = new Map<
    string,
    { readonly name: 'applied' | 'over'; readonly accepted: readonly number[] }
  >();
  now = 0;
  /** Whether something has happened that values cannot tell apart, so that the history is not judged. */
  isBeyond = false;
  /** The rows that the last import reported as conflicts. */
  conflicts: readonly number[] = [];
  readonly runs: Running[] = [];
  readonly wrong: string[] = [];
  #fresh = 0;
  #runs = 0;
  readonly #say: ((line: string) => void) | undefined;

  readonly setting: Setting;

  constructor(setting: Setting, say?: (line: string) => void) {
    this.setting = setting;
    this.#say = say;
    const rows = keys.map((_, row) => this.typedRow(row, ['there', 'a', 'b'], undefined));
    this.history = { git: [rows], site: [rows] };
    const none = keys.map(() => []);
    this.record = { seen: 0, agreed: rows.map(({ cells }) => cells), offered: none, sent: none };
  }

  /** The commits of main. */
  get main(): Snapshot[] {
    return this.history.git;
  }

  get tip(): Snapshot {
    return this.main.at(-1) ?? [];
  }

  get site(): Snapshot {
    return this.history.site.at(-1) ?? [];
  }

  /** Begins a run. */
  begin(name: string, steps: Running['steps']): void {
    const began = { git: this.main.length - 1, site: this.history.site.length - 1 };
    this.runs.push({ name, steps, began });
  }

  get isFull(): boolean {
    return keys.some((_, row) => [0, 1, 2].some((at) => this.ledger.isFull(cell(row, at))));
  }

  say(line: () => string): void {
    this.#say?.(line());
  }

  nextRun(): number {
    this.#runs += 1;
    return this.#runs;
  }

  fresh(): string {
    this.#fresh += 1;
    return `x${this.#fresh}${this.setting.trims ? ' ' : ''}`;
  }

  /** The jobs that are being submitted have arrived. */
  arrive(): void {
    this.jobs.push(...this.inFlight.splice(0));
  }

  /** The branch of the pull request becomes another one, or none. */
  propose(branch: Proposal | undefined): void {
    if (this.branch) this.former.push(this.branch);
    this.branch = branch;
    this.kept = branch ?? this.kept;
  }

  /** A row with these texts, each of which is a new version where it differs from what was there. */
  typedRow(row: number, texts: readonly string[], on: LedgerRow | undefined): LedgerRow {
    const ids = texts.map((text, at) => {
      const seen = on?.ids[at];
      if (seen !== undefined && this.ledger.text(cell(row, at), seen) === text) return seen;
      return this.ledger.typed(cell(row, at), text, seen);
    });
    return this.rowOf(row, ids);
  }

  rowOf(row: number, ids: readonly number[]): LedgerRow {
    const [isThere, ...texts] = ids.map((id, at) => this.ledger.text(cell(row, at), id));
    return { ids, cells: isThere === 'there' ? [keys[row] ?? '', ...texts] : null };
  }

  /** Checks that what a run puts in the place of a row was made by somebody who knew it. */
  replace(who: string, row: number, old: LedgerRow, now: LedgerRow): void {
    if (old === now) return;
    const isWrong = (at: number) =>
      !this.ledger.mayReplace(cell(row, at), old.ids[at] ?? 0, now.ids[at] ?? 0);
    // A job that emptied the collection took it away, and nobody has decided anything.
    const isThereBoth = (old.cells !== null || isAway(this, row, old)) && now.cells !== null;
    const places = isThereBoth ? [1, 2] : now.cells === null ? [0, 1, 2] : [0];
    if (old.cells === null && now.cells === null) return;
    // Deletes are kept: the item brings the row back.
    if (this.setting.deletes === 'keep' && old.cells === null) return;
    if (places.some(isWrong)) {
      this.wrong.push(`${who} puts ${shown(now)} over the unseen ${shown(old)} in ${keys[row]}`);
    }
  }

  setSite(row: number, now: LedgerRow): void {
    this.history.site.push(this.site.map((each, i) => (i === row ? now : each)));
  }

  /** Somebody edits one row of a side. */
  edit(side: SideName, row: number, now: LedgerRow): void {
    if (side === 'site') this.setSite(row, now);
    else this.main.push(this.tip.map((each, i) => (i === row ? now : each)));
    this.say(() => `${side === 'git' ? 'git' : 'CMS'}: ${keys[row]} := ${shown(now)}`);
  }

  /** Whether values cannot tell what somebody means who types a text in a cell. */
  isAmbiguous(side: SideName, row: number, at: number, text: string): boolean {
    return this.#isOnItsWay(side, row, at, text) || this.#givesIn(row, at, text);
  }

  /**
   * Whether a side would go back to what a run took for agreed, to report a conflict where nobody can tell.
   * Example: git may have taken either of two offers, and only one of them has the cell, which is corrected.
   * The run took the former text for agreed, and whoever goes back to that leaves the cell to the other side.
   */
  #givesIn(row: number, at: number, text: string): boolean {
    const { record, ledger, main, tip, site } = this;
    if (record.seen !== main.length - 1 || record.agreed[row]?.[at] !== text) return false;
    if ([tip, site].some((rows) => rows[row]?.cells?.[at] === text)) return false;
    const [git = 0, cms = 0] = [tip, site].map((rows) => rows[row]?.ids[at]);
    const each = cell(row, at);
    return ledger.mayReplace(each, git, cms) || ledger.mayReplace(each, cms, git);
  }

  /**
   * Whether a text that nobody could tell from one that is just on its way here, so that nothing but the
   * order of two equal texts could be lost.
   */
  #isOnItsWay(side: SideName, row: number, at: number, text: string): boolean {
    const transits = (side === 'git' ? this.record.offered : this.record.sent)[row] ?? [];
    const holds = (cells: readonly (string | undefined)[] | null | undefined, fate: string) => {
      if (at > 0) return cells?.[at] === text;
      return text === 'gone' ? fate === 'removed' : fate !== 'removed';
    };
    if (transits.some(({ cells, fate }) => holds(cells, fate))) return true;
    // Back at what was agreed before anybody has seen that a job, or a removal, had changed it.
    const isUnseen = ({ fate, job }: Transit) =>
      job && (fate === 'removed' || this.ends.get(job.name)?.name !== 'applied');
    if (side === 'site' && transits.some(isUnseen)) return true;
    const isHeld = (rows: Snapshot) => {
      const cells = rows[row]?.cells;
      return holds(cells, cells === null ? 'removed' : 'written');
    };
    const other = side === 'git' ? 'site' : 'git';
    const rows = this.runs.flatMap(({ began }) => this.history[other].slice(began[other]));
    return rows.some(isHeld);
  }
}

/** Whether a job that emptied the collection took a row of the site with it. */
export function isAway({ ledger }: ProtocolWorld, row: number, { ids, cells }: LedgerRow): boolean {
  return cells === null && ledger.text(cell(row, 0), ids[0] ?? 0) === 'there';
}

export function cell(row: number, at: number): number {
  return row * cellsPerRow + at;
}

export function shown({ cells }: LedgerRow): string {
  return cells === null ? 'no row' : cells.slice(1).join('|');
}

export function haveSameTexts(left: Snapshot, right: Snapshot): boolean {
  return left.every((row, i) => sameTexts(row, right[i] ?? row));
}

export function sameTexts(left: LedgerRow, right: LedgerRow): boolean {
  if (left.cells === null || right.cells === null) return left.cells === right.cells;
  return left.cells.every((text, i) => text === right.cells?.[i]);
}
