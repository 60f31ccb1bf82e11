export interface Log {
  info(line: string): void;
  /** For what a person should act on; also an annotation. */
  warning(line: string): void;
  /** Only in a debug log. */
  debug(line: string): void;
}

export interface StepLog extends Log {
  /** Groups the lines of a step under its title, with its duration. An empty step is left out; steps do not nest. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}
