import { statSync } from 'node:fs';

/** Whether two names are those of one file, whose content need not be compared. */
export function isOneFile(name: string, other: string): boolean {
  return fileIdentity(name) === fileIdentity(other);
}

/** A text that tells a file from every other one, whichever of its names is given. */
function fileIdentity(name: string): string {
  const { dev, ino } = statSync(name, { bigint: true });
  // A file system without such numbers gives 0 to all.
  return ino === 0n ? name : `${dev}:${ino}`;
}
