const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Whether a path can only name a file or folder inside the repository, on every system: relative,
 * without `..`, and no name that git, Windows or a command line would read as something else.
 */
export function isSafePath(path: string): boolean {
  return path.split('/').every(isSafeName);
}

function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.startsWith('-')) return false;
  // Names that HFS+ or NTFS would read as the repository's own folder count as that folder.
  if (/^\.git([. ]|$)|^git~1$/i.test(name.replaceAll(/\p{Cf}/gu, ''))) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return !/[\\:*?"<>|\x00-\x1f\x7f]|[. ]$/.test(name) && !deviceName.test(name);
}

/**
 * Whether a file of this name, in the folder of a table's parts, is one of them: it is named by the
 * first hexadecimal digits of a hash. Other files in that folder are other tables.
 */
export function isPartName(name: string): boolean {
  return /^[0-9a-f]{1,4}\.csv$/.test(name);
}
