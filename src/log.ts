/** What a module may say while it runs. `report/` decides how it looks. */
export interface Log {
  /** One line for whoever reads the run's log. */
  info(line: string): void;
  /** One line that a person should act on; shown as an annotation too. */
  warning(line: string): void;
  /** Detail that only a debug log shows. */
  debug(line: string): void;
}
