import type { Excess } from '../../content/limits.ts';
import { code, unlinked } from '../escape.ts';
import { columnWords } from '../notices.ts';
import { countOf, countsIn, type FileResult } from '../result.ts';
import { joined } from '../text.ts';

/** One line for each file that changed: `products: 2 changed, 1 added`, as a commit message can hold it. */
export function changesInWords(files: readonly FileResult[]): readonly string[] {
  return linesOf(files, countsInWords, unlinked);
}

function countsInWords(file: FileResult): string {
  const counts = countsIn(file);
  const kinds = (['changed', 'added', 'removed'] as const).filter((kind) => counts[kind] > 0);
  return kinds.map((kind) => `${counts[kind]} ${kind}`).join(', ');
}

/** The body of an export's pull request. Content is in code only. */
export function pullRequestBody(files: readonly FileResult[], excesses: readonly Excess[]): string {
  const list = (title: string, wordsOf: (file: FileResult) => string | number) =>
    section(title, linesOf(files, wordsOf, code));
  const columnsOf = (keys: readonly string[] = []) =>
    keys.length === 0 ? '' : `the ${columnWords(keys, (key) => code(key))}`;
  const caution = '> [!CAUTION]\n> This export removes more rows than the limits allow:';
  const dangers = excesses.map(({ message }) => `\n> - ${code(message)}`).join('');
  const changes = 'What changes in git:';
  return joined('\n\n', [
    dangers && `${caution}${dangers}`,
    list(changes, countsInWords) || section(changes, ['only columns or the layout of the files']),
    list('No longer on the site, or left out by the configuration:', ({ columns }) =>
      columnsOf(columns?.dropped),
    ),
    list('New on the site, or in the configuration:', ({ columns }) => columnsOf(columns?.added)),
    list('Added again, because their items are still on the site:', ({ orphans }) => orphans),
    list('Edited in git and not yet on the site:', ({ pending }) => pending.length),
    list("Changed on both sides; the files keep git's value:", ({ conflicts }) => conflicts.length),
    afterMerge(files),
  ]);
}

function afterMerge(files: readonly FileResult[]): string {
  if (countOf(files, 'conflicts') > 0) {
    return "An import leaves rows alone that both sides changed. To take the site's values, run the export with the input <code>on-conflict</code> set to <code>cms</code>, or write them into the files; to keep those of git, run the import with <code>on-conflict</code> set to <code>git</code>.";
  }
  return countOf(files, 'pending') > 0
    ? "After the merge, the import writes git's edits to the site, which already has the rest."
    : 'Merging changes nothing on the site, which already has this content.';
}

/** `products: 2 changed` for each content of which there is something to say. */
export function linesOf<Content extends { readonly name: string }>(
  contents: readonly Content[],
  wordsOf: (content: Content) => string | number,
  nameAs: (name: string) => string,
): readonly string[] {
  return contents.flatMap((content) => {
    const words = wordsOf(content);
    return words ? [`${nameAs(content.name)}: ${words}`] : [];
  });
}

/** A title over a Markdown list; empty if the list is. */
export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}
