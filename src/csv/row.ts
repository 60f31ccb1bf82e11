/** A row of a table. It keeps its bytes, so hold on to cells where many rows are held. */
export interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  /** The file as messages name it. */
  readonly file: string;
  /** The line the row begins on, from 1. */
  readonly line: number;
  /** The record as it stands in the file, without its terminator. */
  readonly bytes: Buffer;
}
