import { existsSync } from 'node:fs';
import type { Failure } from '../errors.ts';
import type { ExportInputs } from '../inputs.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import { headCommit } from '../repository/history.ts';
import type { Git } from '../repository/run-git.ts';
import { placeFiles } from '../repository/working-tree.ts';
import type { WixClient } from '../wix/client.ts';
import { runningJobs } from '../wix/jobs.ts';
import { type RecordedVersions, recordedVersions } from './base.ts';
import { mergeContents } from './merge-contents.ts';
import type { Publication } from './publication.ts';
import { publish } from './publish.ts';
import { readCollections, readContents } from './read-contents.ts';
import { bringBaseForward } from './record-base.ts';
import { isOlder } from './refuse-older-commit.ts';
import { refuseSparseCheckout } from './refuse-sparse-checkout.ts';
import { nameOf, type Run, unlessCancelled } from './run.ts';
import { standsIn } from './sides.ts';

/** Brings the site's content into git: ARCHITECTURE.md, "The life of one edited cell". */
export async function runExport(
  run: Run,
  inputs: ExportInputs,
  client: WixClient,
): Promise<Result> {
  const { contents } = run.config;
  // Only then the files of the working tree are what the site is merged into.
  if (inputs.commit === 'none') await refuseSparseCheckout(run);
  const versions = await recordedVersions(run, inputs.siteId, undefined);
  const deadline = run.clock.now() + inputs.timeoutMinutes * 60_000;
  const isMoving = await importsRun(client, versions);
  const site = await run.log.step('Reading the site', async () => {
    const collections = await readCollections(client);
    return readContents(run, client, contents, { collections, extent: 'configured', deadline });
  });
  const publication = await publish(run, inputs, (head) =>
    run.log.step('Merging the site into the files', () =>
      mergeContents(run, inputs, site.opened, { ...versions, head }),
    ),
  );
  const warning = await unlessCancelled(run, [], () =>
    recordExport(run, inputs, versions, { publication, isMoving }),
  );
  placeFiles(run.workspace, publication.staged);
  const failures = new Map([...site.failed, ...publication.failed]);
  const files = contents.flatMap((content): readonly FileResult[] => {
    const failure = failures.get(content);
    const file = { ...untouched(nameOf(content), content.path), failure };
    return failure === undefined ? [] : [file];
  });
  return {
    command: 'export',
    ...outcome(run, [...failures.values()], publication),
    files: [...files, ...publication.results],
    findings: [],
    warnings: [...versions.warnings, ...warning],
    commit: publication.commit,
    branch: publication.branch,
    pullRequest: publication.pullRequest,
    fingerprint: undefined,
    backupDirectory: undefined,
  };
}

/** Records the agreement before the working tree changes: a file placed is not yet in git. */
async function recordExport(
  run: Run,
  { siteId }: ExportInputs,
  versions: RecordedVersions,
  task: { readonly publication: Publication; readonly isMoving: boolean },
): Promise<readonly string[]> {
  if (run.git === undefined) return [];
  const { agreed, head, tip } = task.publication;
  // What is read while an import writes is the site neither before it nor after it.
  const still = agreed.filter(({ content }) => !task.isMoving || !standsIn(versions.sent, content));
  const how = { reach: 'all', reader: 'export', hasSettled: true } as const;
  const contents = still.map((live) => ({ ...live, ...how }));
  const compared = tip ?? (await laterOf(run.git, versions.compared));
  const known = { ...versions, compared };
  const { git } = run;
  const { warnings } = await run.log.step('Recording what git and the site hold', () =>
    bringBaseForward(run, git, siteId, head, contents, known),
  );
  return warnings;
}

/** Whether an import that was noted in the record may still be at work. */
async function importsRun(client: WixClient, { sent }: RecordedVersions): Promise<boolean> {
  if (sent === undefined || !existsSync(sent)) return false;
  return (await runningJobs(client, 'import')).length > 0;
}

/** The checked-out commit, unless it is older than the one that base was compared with. */
async function laterOf(git: Git, compared: string | undefined): Promise<string | undefined> {
  const head = await headCommit(git);
  if (head === undefined || compared === undefined) return head;
  return (await isOlder(git, head, compared)) ? compared : head;
}

function outcome(
  { signal }: Run,
  failures: readonly Failure[],
  { changed, failure }: Publication,
): Pick<Result, 'status' | 'failureReason' | 'failureMessage'> {
  if (signal.aborted) {
    const failureMessage =
      'The export was cancelled after it began to write. What had come into git by then is listed; run it again for the rest.';
    return { status: 'failed', failureReason: 'cancelled', failureMessage };
  }
  if (failure !== undefined) {
    const { reason, message } = failure;
    return { status: 'failed', failureReason: reason, failureMessage: message };
  }
  const [first] = failures;
  if (first !== undefined) return { status: 'failed', failureReason: first.reason };
  return { status: changed ? 'success' : 'unchanged', failureReason: undefined };
}
