import { constants, copyFileSync, linkSync, statSync } from 'node:fs';

/** Gives a file another name, which must not be taken; where the file system can not, a copy of it. */
export function nameAgain(file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch {
    copyFileSync(file, name, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}

/** A text that tells a file from every other one, whichever of its names is given. */
export function fileIdentity(name: string): string {
  const { dev, ino } = statSync(name, { bigint: true });
  // A file system without such numbers gives 0 to all.
  return ino === 0n ? name : `${dev}:${ino}`;
}

/** Whether two names are those of one file, whose content need not be compared. */
export function isOneFile(name: string, other: string): boolean {
  return fileIdentity(name) === fileIdentity(other);
}
