import type { Content } from '../config/config.ts';
import { CsvError } from '../csv/errors.ts';
import { Failure } from '../errors.ts';
import { headCommit } from '../repository/history.ts';
import { filesIn } from '../repository/snapshot.ts';
import { filesOf, isFileOf } from './read/sides.ts';
import type { Run } from './run.ts';

/**
 * Refuses a checkout that leaves out files which its commit holds, as `sparse-checkout` does: to
 * whoever reads the working tree they would not be managed, and edits of them would go unnoticed.
 */
export async function refuseSparseCheckout({ config, git, workspace }: Run): Promise<void> {
  const missing = config.contents.filter((content) => isMissing(content, workspace));
  const head = git && missing.length > 0 ? await headCommit(git) : undefined;
  if (git === undefined || head === undefined) return;
  const isWanted = (path: string) => missing.some((content) => isFileOf(content, path));
  const [first] = await filesIn(git, head, [config.directory], isWanted);
  const left = first && missing.find((content) => isFileOf(content, first));
  if (!left) return;
  throw new Failure(
    'config',
    /**
     * @cause `actions/checkout` has `sparse-checkout`, or an earlier step removed the file. Edits
     * in it would go unnoticed.
     */
    `${left.path} is in the commit, but not in the checkout. Take the folder ${config.directory} into the sparse-checkout of actions/checkout.`,
    { place: { file: left.path } },
  );
}

/** Whether no file stands here. What stands in the place of one is named by whoever opens it. */
function isMissing(content: Content, workspace: string): boolean {
  try {
    return filesOf(workspace, content).length === 0;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return false;
  }
}
