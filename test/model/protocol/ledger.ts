import type { Cells } from '../../../src/content/versions.ts';

/**
 * One side's row. Whether it is there is a cell like any other, the first one; `ids` are the versions
 * of all of them, and a row that is gone keeps those that its remover saw.
 */
export interface LedgerRow {
  readonly ids: readonly number[];
  /** The texts as the product sees them; `null`: the row is not there. */
  readonly cells: Cells | null;
}

/**
 * Who typed what on top of what: all that the oracle knows. Versions of a cell are numbered, and sets of
 * them are the bits of a number.
 */
export class Ledger {
  readonly #texts: string[][];
  /** Of each version all those that its maker knew, itself included. */
  readonly #known: number[][];
  /** The same without those that its maker saw and decided against: its side never held them. */
  readonly #held: number[][];
  /** How many edits one cell may get: the bits of a number. */
  static readonly most = 30;

  constructor(rows: number, cells: number) {
    const all = Array.from({ length: rows * cells });
    this.#texts = all.map(() => []);
    this.#known = all.map(() => []);
    this.#held = all.map(() => []);
  }

  isFull(cell: number): boolean {
    return (this.#texts[cell]?.length ?? 0) >= Ledger.most;
  }

  text(cell: number, version: number): string {
    return this.#texts[cell]?.[version] ?? '';
  }

  /** A text that somebody types in the place of `old`, who has also seen `declined`. */
  typed(cell: number, text: string, old?: number, declined?: number): number {
    const [known = [], held = []] = [this.#known[cell], this.#held[cell]];
    const version = known.length;
    const [own = 0, other = 0] = [known[old ?? -1], known[declined ?? -1]];
    this.#texts[cell]?.push(text);
    known.push((1 << version) | own | other);
    held.push((1 << version) | (held[old ?? -1] ?? 0));
    return version;
  }

  /** Somebody put `version` in the place of `other`, which they saw: who goes on from it knows both. */
  decided(cell: number, version: number, other: number): void {
    const [known = [], held = []] = [this.#known[cell], this.#held[cell]];
    known[version] = (known[version] ?? 0) | (known[other] ?? 0);
    held[version] = (held[version] ?? 0) | (held[other] ?? 0);
  }

  /** A run has seen and recorded that both sides hold the same text: who went on from the one went on from both. */
  agreed(cell: number, git: number, site: number): void {
    if (git === site) return;
    const held = [...(this.#held[cell] ?? [])];
    for (const [here, there] of [[git, site] as const, [site, git] as const]) {
      for (const [version, all] of held.entries()) {
        if (all & (1 << here)) this.decided(cell, version, there);
      }
    }
  }

  /** All the texts that a version was made from, the oldest first. */
  former(cell: number, version: number): readonly string[] {
    const held = this.#held[cell]?.[version] ?? 0;
    return (this.#texts[cell] ?? []).filter((_, each) => held & (1 << each));
  }

  /**
   * Whether `now` may take the place of `old`: it was made from it, or `old` is back at what both had,
   * and the other side never held anything in between, so nothing was changed.
   */
  mayReplace(cell: number, old: number, now: number): boolean {
    const [known = [], held = []] = [this.#known[cell], this.#held[cell]];
    if ((known[now] ?? 0) & (1 << old)) return true;
    const texts = this.#texts[cell] ?? [];
    const own = (held[old] ?? 0) & ~(1 << old);
    return texts.some((text, back) => {
      if (text !== texts[old] || !(own & (known[now] ?? 0) & (1 << back))) return false;
      const between = own & (held[now] ?? 0) & ~(known[back] ?? 0);
      return !known.some((all, each) => between & (1 << each) && all & (1 << back));
    });
  }
}
