/** An export that brought all that it should. */
export interface PastExport {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly isScheduled: boolean;
}

/** How old the backup is. */
export interface LastExport {
  readonly at: number;
  /** Milliseconds. */
  readonly age: number;
  /** Between two scheduled exports, in milliseconds; `undefined` where too few of them are known. */
  readonly usual: number | undefined;
  /** Whether the schedule seems to have stopped, as GitHub stops it where nobody works for 60 days. */
  readonly isLate: boolean;
}

/** So many usual intervals without an export are no delay any more. */
const late = 3;

/**
 * The last of these exports, and whether the next one should have come by now. Only a schedule has a usual
 * interval: who tries the workflow three times on the first day starts no rhythm.
 *
 * @param exports newest first.
 */
export function lastExportOf(exports: readonly PastExport[], now: number): LastExport | undefined {
  const [last] = exports;
  if (last === undefined) return undefined;
  const times = exports.filter(({ isScheduled }) => isScheduled).map(({ at }) => at);
  const intervals = times.slice(1).map((at, i) => (times[i] ?? at) - at);
  const median = intervals.sort((one, other) => one - other)[Math.floor(intervals.length / 2)];
  const usual = intervals.length < 2 ? undefined : median;
  const age = Math.max(0, now - last.at);
  return { at: last.at, age, usual, isLate: usual !== undefined && age > late * usual };
}
