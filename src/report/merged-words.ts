import { shorten } from './shorten.ts';
import { diffWords, excerpt, type Stretch } from './words.ts';

/** A stretch of two texts laid over each other: in both (`=`), in the old one, in the new one. */
export interface MergedStretch {
  readonly side: '=' | '-' | '+';
  readonly text: string;
}

/**
 * Two texts as one, with what only one of them has in its place. Without the stretches of one side,
 * it reads as the other text.
 *
 * @param length about how much of both is shown at most, in UTF-16 units; the changes come first.
 */
export function mergedWords(old: string, next: string, length: number): readonly MergedStretch[] {
  const words = diffWords(old, next);
  const merged: MergedStretch[] = [];
  const kept = [...words.new];
  for (const stretch of words.old) {
    if (stretch.marked) merged.push({ side: '-', text: stretch.text });
    else merged.push(...markedBefore(kept), { side: '=', text: stretch.text });
  }
  merged.push(...markedBefore(kept));
  return shortened(merged, length);
}

/** Takes the new words up to the next stretch that both texts have, and that stretch. */
function markedBefore(rest: Stretch[]): readonly MergedStretch[] {
  const end = rest.findIndex(({ marked }) => !marked);
  const taken = rest.splice(0, end === -1 ? rest.length : end + 1);
  return taken.filter(({ marked }) => marked).map(({ text }) => ({ side: '+', text }));
}

function shortened(merged: readonly MergedStretch[], length: number): readonly MergedStretch[] {
  const most = Math.floor(length / 3);
  const stretches = merged.map(({ side, text }) =>
    side === '=' ? { text, marked: false } : { text: shorten(text, most), marked: true },
  );
  return excerpt(stretches, length).map(({ text }, i) => ({ side: merged[i]?.side ?? '=', text }));
}
