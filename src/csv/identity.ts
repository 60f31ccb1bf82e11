/** How a row is identified. */
export interface Identity {
  /** The positions of the key cells in this header; none where it has no key. */
  readonly columns: (header: readonly string[]) => readonly number[];
  /** The key as text, from the key cells; empty where the row has none. Equal keys, same row. */
  readonly key: (cells: readonly string[]) => string;
}
