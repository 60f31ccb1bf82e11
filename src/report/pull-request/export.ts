import type { Excess } from '../../content/limits.ts';
import { code, unlinked } from '../escape.ts';
import { columnWords } from '../notices.ts';
import { countOf, countsIn, type FileResult } from '../result.ts';
import { joined } from '../text.ts';

/**
 * One line for each file that changed: `products: 2 changed, 1 added`.
 *
 * @param nameAs writes a name; by default as a commit message can hold it.
 */
export function changesInWords(
  files: readonly FileResult[],
  nameAs: (name: string) => string = unlinked,
): readonly string[] {
  return files.flatMap((file) => {
    const counts = countsIn(file);
    const kinds = (['changed', 'added', 'removed'] as const).filter((kind) => counts[kind] > 0);
    const words = kinds.map((kind) => `${counts[kind]} ${kind}`).join(', ');
    return words === '' ? [] : [`${nameAs(file.name)}: ${words}`];
  });
}

/** The body of an export's pull request. Content is in code only. */
export function pullRequestBody(files: readonly FileResult[], excesses: readonly Excess[]): string {
  const lines = changesInWords(files, code);
  const counted = (title: string, count: (file: FileResult) => number) => {
    const some = files.filter((file) => count(file) > 0);
    const counts = some.map((file) => `${code(file.name)}: ${count(file)}`);
    return section(title, counts);
  };
  const columns = (title: string, kind: 'added' | 'dropped') => {
    const words = files.map(({ name, columns: { [kind]: keys = [] } = {} }) =>
      keys.length === 0 ? '' : `${code(name)}: the ${columnWords(keys, (key) => code(key))}`,
    );
    return section(title, words.filter(Boolean));
  };
  const caution = '> [!CAUTION]\n> This export removes more rows than the limits allow:';
  const dangers = excesses.map(({ message }) => `\n> - ${code(message)}`).join('');
  return joined('\n\n', [
    dangers && `${caution}${dangers}`,
    section(
      'What changes in git:',
      lines.length === 0 ? ['only columns or the layout of the files'] : lines,
    ),
    columns('No longer on the site, or left out by the configuration:', 'dropped'),
    columns('New on the site, or in the configuration:', 'added'),
    counted('Added again, because their items are still on the site:', ({ orphans }) => orphans),
    counted('Edited in git and not yet on the site:', ({ pending }) => pending.length),
    counted(
      "Changed on both sides; the files keep git's value:",
      ({ conflicts }) => conflicts.length,
    ),
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

/** A title over a Markdown list; empty if the list is. */
export function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}
