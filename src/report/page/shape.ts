/** What `page.ts` puts into the page, and `script.ts` reads there. */
export interface PageData {
  readonly files: readonly string[];
  readonly kinds: readonly PageKind[];
  readonly rows: readonly PageRow[];
  /** How many more rows there are, for which the page had no room. */
  readonly hidden: number;
}

/** A kind of entry, with the labels of its two sides. */
export interface PageKind {
  readonly id: string;
  readonly title: string;
  readonly left: string;
  readonly right: string;
}

export interface PageRow {
  /** Positions in the lists of files and of kinds. */
  readonly file: number;
  readonly kind: number;
  readonly name: string;
  readonly title?: string | undefined;
  readonly line?: number | undefined;
  /** A sentence about the row. */
  readonly words?: string | undefined;
  readonly cells: readonly PageCell[];
}

/** A cell: its field, its text, and of a conflict what both sides last agreed on. */
export interface PageCell {
  readonly field: string;
  /** Stretches of text, each after its side: `=`, `-` or `+`. */
  readonly text: readonly string[];
  readonly base?: string | undefined;
}
