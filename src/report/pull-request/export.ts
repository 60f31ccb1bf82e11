import type { Excess } from '../../content/limits.ts';
import { code, unlinked } from '../escape.ts';
import { countsIn, type FileResult } from '../result.ts';

/**
 * One line per file that changed, in the words of the content: `products: 2 changed, 1 added`.
 *
 * @param nameAs how a name is written; as a commit message may hold it, where nothing is given.
 */
export function changesInWords(
  files: readonly FileResult[],
  nameAs: (name: string) => string = unlinked,
): readonly string[] {
  return files.flatMap((file) => {
    const { changed, added, removed } = countsIn(file);
    const parts = [
      counted(changed, 'changed'),
      counted(added, 'added'),
      counted(removed, 'removed'),
    ];
    const words = parts.filter((part) => part !== '').join(', ');
    return words === '' ? [] : [`${nameAs(file.name)}: ${words}`];
  });
}

function counted(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}`;
}

/** The body of an export's pull request. Content stands in code alone. */
export function pullRequestBody(files: readonly FileResult[], excesses: readonly Excess[]): string {
  const lines = changesInWords(files, code).map((line) => `- ${line}`);
  const danger = excesses.map(({ message }) => `> - ${code(message)}`);
  const pending = files.filter((file) => file.pending.length > 0);
  const conflicts = files.filter((file) => file.conflicts.length > 0);
  return [
    ...(danger.length === 0
      ? []
      : ['> [!CAUTION]', '> This export removes more rows than the limits allow:', ...danger, '']),
    'What changes in git:',
    '',
    ...(lines.length === 0 ? ['- only the layout of the files'] : lines),
    ...section(
      'Added again, because their items are still on the site:',
      files.filter((file) => file.orphans > 0),
      (file) => file.orphans,
    ),
    ...section('Edited in git and not yet on the site:', pending, (file) => file.pending.length),
    ...section(
      "Changed on both sides, where the files keep git's value:",
      conflicts,
      (file) => file.conflicts.length,
    ),
    '',
    afterMerge(pending.length > 0, conflicts.length > 0),
  ].join('\n');
}

function afterMerge(hasPending: boolean, hasConflicts: boolean): string {
  if (hasConflicts) {
    return "An import leaves rows alone that both sides changed. To take the site's values, run the export with the input <code>on-conflict</code> set to <code>cms</code>, or write them into the files; to keep those of git, run the import with <code>on-conflict</code> set to <code>git</code>.";
  }
  return hasPending
    ? "After the merge, the import writes git's edits to the site, which already has the rest."
    : 'Merging changes nothing on the site, which already has this content.';
}

function section(
  title: string,
  files: readonly FileResult[],
  count: (file: FileResult) => number,
): readonly string[] {
  if (files.length === 0) return [];
  return ['', title, '', ...files.map((file) => `- ${code(file.name)}: ${count(file)}`)];
}
