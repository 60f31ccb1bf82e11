import { isPartName } from '../io/paths.ts';

/** Which content writes which file. */
export class Claims {
  readonly #files = new Map<string, string>();
  /** Which content needs a stem as its folder, or as a name in it. */
  readonly #needed = new Map<string, string>();

  /** Takes a CSV file with its schema and its parts. Returns who has them already, or would be in the way. */
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

/** A file without its ending, as file systems without case compare it. */
function stemOf(path: string): string {
  return path
    .replace(/\.csv$/, '')
    .normalize('NFC')
    .toLowerCase();
}

/** The stems that this one is in the way of: it needs a folder where their files are, or looks like their part. */
function stemsInTheWay(stem: string): readonly string[] {
  const names = stem.split('/');
  return names.slice(1).flatMap((_, i) => {
    const folder = names.slice(0, i + 1).join('/');
    const file = /^(.*)\.(?:csv|schema\.json)$/.exec(folder)?.[1];
    const isPart = i === names.length - 2 && isPartName(`${names.at(-1)}.csv`);
    return [...(file === undefined ? [] : [file]), ...(isPart ? [folder] : [])];
  });
}
