import type { Config, Content } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import { isFileOf, stemOf } from '../../record/content-files.ts';
import { nameInRecord, type SyncRecord } from '../../record/sync-record.ts';
import type { Objects } from '../../repository/objects.ts';
import { nameOf } from '../run.ts';

/**
 * Refuses a configuration that has another file for a content than the record, or has the file of another
 * collection, while git has that file: two configurations would undo each other's edits. If git no longer
 * has it, it was moved.
 */
export async function refuseOtherFiles(
  objects: Objects,
  commit: string,
  { managed, placeOf }: Config,
  { files }: SyncRecord,
): Promise<void> {
  const byName = new Map(managed.map((content) => [nameInRecord(content), content]));
  const byPath = new Map(managed.map((content) => [content.path, content]));
  for (const [name, file] of files) {
    const [content, heir] = [byName.get(name), byPath.get(file)];
    // If there are both, it is the same file, or the files of one configuration have swapped names.
    const isSecond = content !== undefined && heir === undefined;
    if (isSecond && (await isThere(objects, commit, { ...content, path: file }))) {
      const words = `${content.path} would be a second file of ${nameOf(content)}, which is in ${file} already. Take ${nameOf(content)} out of one of the two configurations; or, to move it, move the file in git too.`;
      throw new Failure('config', words, { place: placeOf(content) });
    }
    // A localization gets another name when its languages change.
    const isTaken = content === undefined && heir?.kind === 'collection';
    if (isTaken && (await isThere(objects, commit, heir))) {
      const owner = decodeURIComponent(name.replace(/^\w+\//, ''));
      const words = `${file} is already the file of ${owner}, so it cannot be that of ${heir.id}. Choose another file in the configuration.`;
      throw new Failure('config', words, { place: placeOf(heir) });
    }
  }
}

/** Whether git has the file of a content, or one of its parts. */
async function isThere(objects: Objects, commit: string, content: Content): Promise<boolean> {
  const parts = await objects.entries(commit, stemOf(content));
  const file = await objects.entryAt(commit, content.path);
  return file !== undefined || parts.some(({ path }) => isFileOf(content, path));
}
