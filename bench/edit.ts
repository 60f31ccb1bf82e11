/** Edits in git, as a merged pull request makes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneOf, commit, git } from '../test/repository/support.ts';

/**
 * Edits the titles of rows on main. The title is the column behind the id.
 *
 * @param isEdited asked for every row, in the order of the file.
 */
export function mergeEdits(
  remote: string,
  paths: readonly string[],
  isEdited: (id: string, row: number) => boolean,
): void {
  const clone = cloneOf(remote, { depth: 1 });
  const edited = (path: string) => {
    let row = 0;
    return readFileSync(join(clone, path), 'utf8').replace(
      /^([0-9a-f]{8}-[0-9a-f-]{27}),/gm,
      (beginning, id) => (isEdited(id, row++) ? `${beginning}${mark}` : beginning),
    );
  };
  const files = Object.fromEntries(paths.map((path) => [path, edited(path)]));
  commit(clone, files, 'Edit');
  git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
}

const mark = 'From git: ';

/** Whether a title was edited so. */
export function isFromGit(title: unknown): boolean {
  return String(title).startsWith(mark);
}
