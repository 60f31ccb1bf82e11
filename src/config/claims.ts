import { isPartName } from '../io/paths.ts';

/** The files that contents write, each by one of them alone. */
export class Claims {
  /** Who has a file, by its stem. */
  readonly #files = new Map<string, string>();
  /** Whose file needs the place of a stem, as its folder or as a name in it. */
  readonly #needed = new Map<string, string>();

  /**
   * Takes a CSV file with its schema and its parts.
   *
   * @returns who has them already, or would be in the way; `undefined` where it is taken now.
   */
  take(path: string, owner: string): string | undefined {
    const stem = stemOf(path);
    const needed = stemsInTheWay(stem);
    const other = [stem, ...needed].map((each) => this.#files.get(each)).find(Boolean);
    if (other !== undefined) return other;
    if (this.#needed.has(stem)) return this.#needed.get(stem);
    this.#files.set(stem, owner);
    for (const each of needed) this.#needed.set(each, owner);
    return undefined;
  }
}

/** A file without its ending, the same for names that some file system takes for one. */
function stemOf(path: string): string {
  return path
    .replace(/\.csv$/, '')
    .normalize('NFC')
    .toLowerCase();
}

/**
 * The stems of other files that this one would stand in the way of: it needs a folder where that one's
 * files are, or is named like a part of it.
 */
function stemsInTheWay(stem: string): readonly string[] {
  const names = stem.split('/');
  return names.slice(1).flatMap((_, i) => {
    const folder = names.slice(0, i + 1).join('/');
    const file = /^(.*)\.(?:csv|schema\.json)$/.exec(folder)?.[1];
    const isPart = i === names.length - 2 && isPartName(`${names.at(-1)}.csv`);
    return [...(file === undefined ? [] : [file]), ...(isPart ? [folder] : [])];
  });
}
