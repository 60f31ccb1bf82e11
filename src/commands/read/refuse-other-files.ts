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
    const [own, inFile] = [byName.get(name), byPath.get(file)];
    // With both, two files have swapped their names, unless nothing has changed.
    if (own !== undefined && inFile === undefined) {
      if (await isThere(objects, commit, { ...own, path: file })) {
        const words = `${own.path} would be a second file of ${nameOf(own)}, which is in ${file} already. Take it out of one of the two configurations. If you are moving it, move the file in git, too.`;
        throw new Failure('config', words, { place: placeOf(own) });
      }
    }
    // A localization whose languages change gets another name.
    if (own === undefined && inFile?.kind === 'collection') {
      if (await isThere(objects, commit, inFile)) {
        const other = decodeURIComponent(name.replace(/^\w+\//, ''));
        const words = `${file} is the file of another collection, ${other}, so it cannot be that of ${inFile.id}. Choose another file in the configuration.`;
        throw new Failure('config', words, { place: placeOf(inFile) });
      }
    }
  }
}

/** Whether git has the file of a content, or one of its parts. */
async function isThere(objects: Objects, commit: string, content: Content): Promise<boolean> {
  const parts = await objects.entries(commit, stemOf(content));
  const file = await objects.entryAt(commit, content.path);
  return file !== undefined || parts.some(({ path }) => isFileOf(content, path));
}
