import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../../config/config.ts';
import { sameBytes } from '../../csv/same-bytes.ts';
import { filesOf, isOf } from '../../record/content-files.ts';
import type { Version } from '../../record/version.ts';

/** Local files by repository path, for a commit or the working tree; `null` removes a file. */
export type StagedFiles = ReadonlyMap<string, string | null>;

/** The files of a content in a folder, its schema among them, that differ from those of an opened version. */
export function stagedFiles(content: Content, folder: string, head: Version): StagedFiles {
  const staged = new Map<string, string | null>(
    head.files(content).map(({ path }) => [path, null]),
  );
  const schema = content.kind === 'collection' ? [join(folder, content.schemaPath)] : [];
  for (const file of [...filesOf(folder, content), ...schema.filter(existsSync)]) {
    const path = file.slice(folder.length + 1).replaceAll('\\', '/');
    if (sameBytes(file, join(head.folder, path))) staged.delete(path);
    else staged.set(path, file);
  }
  return staged;
}

/**
 * Whether a branch changes just these files: a value that the CMS has taken back must not stay in a
 * proposal.
 *
 * @param paths that the branch changes.
 */
export async function holdsJust(
  contents: readonly Content[],
  branch: Version,
  paths: readonly string[],
  files: StagedFiles,
): Promise<boolean> {
  if (paths.length !== files.size || !paths.every((path) => files.has(path))) return false;
  for (const content of contents) {
    if (paths.some((path) => isOf(content, path))) await branch.open(content);
  }
  return [...files].every(([path, file]) => {
    const there = join(branch.folder, path);
    return file === null ? !existsSync(there) : sameBytes(file, there);
  });
}
