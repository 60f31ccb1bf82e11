import { cellsOf } from './record.ts';

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

/** A row as it was read, whose cells become text when they are looked at. */
export class RecordRow implements Row {
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly bytes: Buffer;
  readonly cellCount: number;
  #cells: readonly string[] | undefined;

  constructor(key: string, file: string, line: number, bytes: Buffer, cellCount: number) {
    this.key = key;
    this.file = file;
    this.line = line;
    this.bytes = bytes;
    this.cellCount = cellCount;
  }

  get cells(): readonly string[] {
    this.#cells ??= cellsOf(this.bytes, this);
    return this.#cells;
  }
}
