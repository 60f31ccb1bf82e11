/**
 * The name that somebody most likely meant: the same but for case, blanks and punctuation, or a few
 * characters away. `undefined` where no name is near.
 */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const wanted = folded(name);
  const far = Math.max(2, wanted.length / 3);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of names) {
    const other = folded(candidate);
    if (candidate === name || Math.abs(other.length - wanted.length) > far) continue;
    const distance = editDistance(wanted, other);
    if (distance <= far && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { name: candidate, distance };
    }
  }
  return best?.name;
}

/** So many names are listed. */
const listed = 20;

/** Names as a sentence lists them, in their order: the first ones, and how many more there are. */
export function inList(names: readonly string[]): string {
  const more = names.length - listed;
  return more > 0 ? `${names.slice(0, listed).join(', ')} and ${more} more` : names.join(', ');
}

/** A name without what people do not see as a difference. */
export function folded(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '');
}

/** Names that are longer than this are compared by their beginnings. */
const longest = 100;

/** Levenshtein's distance, for short names. */
function editDistance(left: string, right: string): number {
  const [from, to] = [left.slice(0, longest), right.slice(0, longest)];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
