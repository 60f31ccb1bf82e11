/** What a module may say while it runs. `report/` decides how it looks. */
export interface Log {
  /** One line for whoever reads the run's log. */
  info(line: string): void;
  /** One line that a person should act on; shown as an annotation too. */
  warning(line: string): void;
  /** Detail that only a debug log shows. */
  debug(line: string): void;
}

/** The log of a run, which takes steps one after the other. */
export interface StepLog extends Log {
  /**
   * Sets the lines of a step off from the rest, under its title, and says how long it took. A step
   * that says nothing is not mentioned; steps do not nest.
   */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}
