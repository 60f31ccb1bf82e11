/** The name that was most likely meant: it differs in case, blanks and punctuation, or in a few characters. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const wanted = folded(name);
  // Any other two letters are two edits away from `no`.
  const far = Math.min(wanted.length - 1, Math.max(2, wanted.length / 3));
  const [best] = [...names]
    .slice(0, mostCompared)
    .filter((each) => each !== name && Math.abs(folded(each).length - wanted.length) <= far)
    .map((each) => ({ each, distance: editDistance(wanted, folded(each)) }))
    .filter(({ distance }) => distance <= far)
    .sort((left, right) => left.distance - right.distance);
  return best?.each;
}

/** No site has more collections, and no collection more fields (wix-api.md 3.2). */
const mostCompared = 1_000;

const listed = 20;

/** The first names of a list, and how many more there are. */
export function inList(names: readonly string[]): string {
  const more = names.length - listed;
  return more > 0 ? `${names.slice(0, listed).join(', ')} and ${more} more` : names.join(', ');
}

/** A name without case, blanks and punctuation. */
export function folded(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '');
}

/** Of longer names, only the beginnings are compared. */
const longest = 100;

function editDistance(left: string, right: string): number {
  const [from, to] = [left.slice(0, longest), right.slice(0, longest)];
  let row = Uint8Array.from({ length: to.length + 1 }, (_, i) => i);
  let next = new Uint8Array(row.length);
  for (let i = 1; i <= from.length; i += 1) {
    next[0] = i;
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    [row, next] = [next, row];
  }
  return row.at(-1) ?? 0;
}
