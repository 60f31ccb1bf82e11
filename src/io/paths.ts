import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether Windows keeps a name for a device. */
export function isDeviceName(name: string): boolean {
  return deviceName.test(name);
}

/** Whether a path can only name something inside the repository, and is not special to git, Windows or a shell. */
export function isSafePath(path: string): boolean {
  return path.split('/').every(isSafeName);
}

function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.startsWith('-')) return false;
  // HFS+ and NTFS have other names for the folder .git.
  if (/^\.git([. ]|$)|^git~1$/i.test(name.replaceAll(/\p{Cf}/gu, ''))) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return !/[\\:*?"<>|\x00-\x1f\x7f]|[. ]$/.test(name) && !isDeviceName(name);
}

/** Whether a file in the folder of a table's parts is one of them: it is named by the first digits of a hash. */
export function isPartName(name: string): boolean {
  return /^[0-9a-f]{1,4}\.csv$/.test(name);
}

/** An unused name in the folder of a path. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}
