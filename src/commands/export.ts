import { existsSync } from 'node:fs';
import type { Content } from '../config/config.ts';
import { Failure } from '../errors.ts';
import type { ExportInputs } from '../inputs.ts';
import { type RecordedVersions, recordedVersions } from '../record/base.ts';
import { recordingOf } from '../record/record-export.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import { placeFiles } from '../repository/working-tree.ts';
import type { WixClient } from '../wix/client.ts';
import { runningJobs } from '../wix/jobs.ts';
import type { LiveContent } from './export/export-content.ts';
import { mergeContents } from './export/merge-contents.ts';
import type { Publication } from './export/publication.ts';
import { publish } from './export/publish.ts';
import { readCollections, readContents } from './read/read-contents.ts';
import { standsIn } from './read/sides.ts';
import { refuseSparseCheckout } from './refuse-sparse-checkout.ts';
import { nameOf, type Run, unlessCancelled } from './run.ts';

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
  const isMoving = await importsRun(client, versions);
  const site = await run.log.step('Reading the site', async () => {
    const collections = await readCollections(client);
    return readContents(run, client, contents, { collections, extent: 'configured' });
  });
  const isMoved = ({ content }: LiveContent) => isMoving && standsIn(versions.sent, content);
  const moving = site.opened.filter(isMoved).map(({ content }) => content);
  const still = site.opened.filter((live) => !isMoved(live));
  const recording = recordingOf(run, inputs, versions);
  const publication = await publish(run, inputs, {
    merge: (head) =>
      run.log.step('Merging the site into the files', () =>
        mergeContents(run, inputs, still, { ...versions, head }),
      ),
    beforeCommit: recording.before,
  });
  const warnings = await unlessCancelled(run, [], () => recording.after(publication));
  placeFiles(run.workspace, publication.staged);
  const failures = new Map([
    ...site.failed,
    ...moving.map((content) => [content, beingWritten(content)] as const),
    ...publication.failed,
  ]);
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
    warnings: [...versions.warnings, ...warnings],
    commit: publication.commit,
    branch: publication.branch,
    pullRequest: publication.pullRequest,
    fingerprint: undefined,
    backupDirectory: undefined,
  };
}

/** Whether an import that was noted in the record may still be at work. */
async function importsRun(client: WixClient, { sent }: RecordedVersions): Promise<boolean> {
  if (sent === undefined || !existsSync(sent)) return false;
  return (await runningJobs(client, 'import')).length > 0;
}

/** What is read while an import writes is the site neither before it nor after it. */
function beingWritten(content: Content): Failure {
  /**
   * @cause What was read is the site neither before the import nor after it. The other files were
   * exported.
   * @remedy Run it again. Give all workflows of a site one `concurrency` group.
   */
  const words = `${nameOf(content)}: an import was writing it while it was read, so the file was left as it was. Run the export again.`;
  return new Failure('api', words);
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
