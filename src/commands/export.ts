import { rowsInConflict } from '../content/change.ts';
import { Failure } from '../errors.ts';
import type { ExportInputs } from '../inputs.ts';
import { leave } from '../record/exports.ts';
import type { Sync } from '../record/sync.ts';
import { type FileResult, type Result, untouched } from '../report/result.ts';
import { placeFiles } from '../repository/working-tree.ts';
import type { WixClient } from '../wix/client.ts';
import { type Merged, mergeContents } from './export/merge-contents.ts';
import type { Publication } from './export/publication.ts';
import { publish } from './export/publish.ts';
import { followImports } from './read/follow-imports.ts';
import { withLastRuns } from './read/last-runs.ts';
import { readContents, readShape, type SiteContents } from './read/read-contents.ts';
import { readSync } from './read/read-sync.ts';
import { refuseSparseCheckout } from './read/refuse-sparse-checkout.ts';
import { nameOf, type Run } from './run.ts';

/** How often an export starts over because another run or a push was faster. */
const attempts = 5;

/** Brings the site's content into git: ARCHITECTURE.md, "The life of one edited cell". */
export async function runExport(
  run: Run,
  inputs: ExportInputs,
  client: WixClient,
): Promise<Result> {
  // Only `none` merges the site into the working tree.
  if (inputs.commit === 'none') await refuseSparseCheckout(run);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await readSync(run, inputs, inputs.commit === 'none' ? 'working-tree' : 'branch');
    const sync = await run.log.step('Waiting for an earlier import', () =>
      followImports(run, client, found),
    );
    const site = await run.log.step('Reading the site', async () => {
      const read = { ...(await readShape(client)), extent: 'configured' } as const;
      return readContents(run, client, run.config.contents, read);
    });
    const merged = await run.log.step('Merging the site into the files', () =>
      mergeContents(run, inputs, site.opened, sync),
    );
    if (inputs.onConflict === 'fail') refuseConflicts(merged);
    const publication = await publish(run, inputs, sync, merged);
    if (publication !== 'lost-race') {
      placeFiles(run.workspace, publication.staged);
      const result = resultOf(run, sync, site, publication);
      if (isBackup(run, result)) {
        const isScheduled = run.environment.event.name === 'schedule';
        // If it cannot be left, nobody needs to know.
        await leave(sync.git, sync.exports, { made: { at: run.clock.now(), isScheduled } });
      }
      return withLastRuns(run, sync, result);
    }
    run.log.info('Another run or a push was faster, so this export starts over.');
  }
  throw new Failure(
    'api',
    `The branch or the record moved ${attempts} times while the export ran, so nothing was committed. Run the export again when fewer runs are under way.`,
  );
}

/** Whether git now has all configured content. */
function isBackup({ git, config }: Run, { failureReason }: Result): boolean {
  const isWhole = config.contents.length === config.managed.length;
  return git !== undefined && isWhole && failureReason === undefined;
}

function refuseConflicts({ contents }: Merged): void {
  const [first] = contents.flatMap(({ result }) => result.conflicts);
  if (first === undefined) return;
  throw new Failure(
    'conflict',
    `${rowsInConflict(contents.map(({ result }) => result))}, so nothing was committed. Set the input on-conflict to hold, to leave such rows alone, or to git or cms.`,
    { place: first.place },
  );
}

function resultOf(run: Run, sync: Sync, site: SiteContents, publication: Publication): Result {
  const failures = new Map([...site.failed, ...publication.failed]);
  const files = run.config.contents.flatMap((content): readonly FileResult[] => {
    const failure = failures.get(content);
    const file = { ...untouched(nameOf(content), content.path), failure };
    return failure === undefined ? [] : [file];
  });
  return {
    command: 'export',
    ...outcome(run, [...failures.values()], publication),
    files: [...files, ...publication.results],
    findings: [],
    warnings: [...sync.warnings, ...publication.warnings],
    commit: publication.commit,
    branch: publication.branch,
    pullRequest: publication.pullRequest,
  };
}

function outcome(
  { signal }: Run,
  failures: readonly Failure[],
  { changed, failure }: Publication,
): Pick<Result, 'status' | 'failureReason' | 'failureMessage'> {
  if (signal.aborted) {
    const failureMessage =
      'The export was cancelled after it began to write. The report lists what reached git; run it again for the rest.';
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
