import type { Content } from '../../config/config.ts';
import { CsvError } from '../../csv/errors.ts';
import { Failure } from '../../errors.ts';
import { filesOf, isFileOf, ownersAmong } from '../../record/content-files.ts';
import type { TreeEntry } from '../../repository/objects.ts';
import type { Run } from '../run.ts';

/**
 * Refuses a checkout that lacks files of its commit, as with `sparse-checkout`: they would count as not
 * managed, and edits in them would go unnoticed.
 */
export async function refuseSparseCheckout({ config, git, workspace }: Run): Promise<void> {
  const missing = config.contents.filter((content) => isMissing(content, workspace));
  const head = missing.length > 0 ? await git?.objects.commit('HEAD') : undefined;
  const entries = head && (await git?.objects.entries(head.tree, config.directory));
  const ownerOf = ownersAmong(missing);
  const isHeld = ({ path }: TreeEntry) => {
    const owner = ownerOf(path);
    return owner !== undefined && isFileOf(owner, path);
  };
  const left = entries?.find(isHeld)?.path;
  if (left === undefined) return;
  throw new Failure(
    'config',
    /**
     * @cause `actions/checkout` has `sparse-checkout`, or an earlier step removed the file. The run would
     * miss edits in it.
     */
    `${left} is in the commit, but not in the checkout. Take the folder ${config.directory} into the sparse-checkout of actions/checkout.`,
    { place: { file: left } },
  );
}

/** Whether there is no file. If there is something else in its place, opening it says so. */
function isMissing(content: Content, workspace: string): boolean {
  try {
    return filesOf(workspace, content).length === 0;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return false;
  }
}
