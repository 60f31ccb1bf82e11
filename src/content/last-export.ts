/** A complete export. */
export interface PastExport {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly isScheduled: boolean;
}

/** How long ago something was. */
export interface Age {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds. */
  readonly age: number;
}

/** How old the backup is. */
export interface LastExport extends Age {
  /** The usual time between scheduled exports, in milliseconds; `undefined` if too few are known. */
  readonly usual: number | undefined;
  /** Whether exports seem to have stopped: GitHub stops schedules after 60 days without activity. */
  readonly isLate: boolean;
}

/** After this many usual intervals without an export, something is wrong. */
const late = 3;

/**
 * The last of these exports, and whether the next one is late. Only scheduled exports count,
 * because three tries by hand on the first day are no schedule.
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
  const { age } = ageOf(last.at, now);
  return { at: last.at, age, usual, isLate: usual !== undefined && age > late * usual };
}

export function ageOf(at: number, now: number): Age {
  return { at, age: Math.max(0, now - at) };
}
