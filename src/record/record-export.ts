import {
  type AgreedContent,
  agreedOn,
  type Publication,
  type Publishable,
} from '../commands/export/publication.ts';
import { isOlder } from '../commands/import/refuse-older-commit.ts';
import { nameOf, type Run } from '../commands/run.ts';
import type { Offers } from '../content/record.ts';
import { Failure } from '../errors.ts';
import type { ExportInputs } from '../inputs.ts';
import { headCommit } from '../repository/history.ts';
import type { Git } from '../repository/run-git.ts';
import type { RecordedVersions } from './base.ts';
import { bringBaseForward, type Record, unrecorded } from './record-base.ts';

/** How an export records what it read: before it offers that to git, and once git has it. */
export interface Recording {
  readonly before: Publishable['beforeCommit'];
  /** Answers what could not be recorded. */
  readonly after: (publication: Publication) => Promise<readonly string[]>;
}

/**
 * What git is offered is recorded first: where the CMS takes it back, the merge of the offer must not
 * look like an edit of git. So what was offered earlier stays recorded until the branch has moved on.
 * Where there is a record and it can not be written, nothing is offered.
 */
export function recordingOf(run: Run, inputs: ExportInputs, versions: RecordedVersions): Recording {
  let known = versions;
  let first: Record | undefined;
  return {
    async before({ head, tip, merged }) {
      const read = { head, contents: agreedOn(merged), offers: 'waiting' } as const;
      first = await recordRead(run, inputs, { ...known, compared: tip }, read);
      refuseToOffer(first, versions);
      if (first.now !== undefined) known = { ...known, read: { record: first.now } };
    },
    async after({ agreed: contents, head, tip }) {
      if (first?.failure !== undefined) return unrecorded(first);
      const compared = tip ?? (run.git && (await laterOf(run.git, versions.compared)));
      const read = { head, contents, offers: 'over' } as const;
      return unrecorded(await recordRead(run, inputs, { ...known, compared }, read));
    },
  };
}

async function recordRead(
  run: Run,
  { siteId }: ExportInputs,
  known: RecordedVersions,
  read: {
    readonly head: string;
    readonly contents: readonly AgreedContent[];
    readonly offers: Offers;
  },
): Promise<Record> {
  const how = { reach: 'all', offers: read.offers, hasSettled: true } as const;
  const contents = read.contents.map((content) => ({ ...content, ...how }));
  return bringBaseForward(run, siteId, read.head, contents, known);
}

/** @throws Failure where what is to be offered is not in the record, though there is one. */
function refuseToOffer({ failure, outdated }: Record, { read }: RecordedVersions): void {
  const [content, ...more] = outdated;
  if (content !== undefined) {
    const names =
      more.length === 0 ? nameOf(content) : `${nameOf(content)} and ${more.length} more`;
    /**
     * @cause A run on the same site ended while the export was reading, so what it read may be
     * older.
     * @remedy Run it again. Give all workflows of a site one `concurrency` group.
     */
    const words = `Another run has read or written ${names} meanwhile, so nothing was committed. Run the export again.`;
    throw new Failure('api', words);
  }
  if (failure === undefined || read?.record === undefined) return;
  /**
   * @cause An export records what it read before it commits: otherwise a value that the CMS takes
   * back later would look like an edit of git.
   * @remedy Mostly, give the job `contents: write`, and run it again; the words at the end say what
   * is wrong.
   */
  const words = `What the site holds could not be recorded, so nothing was committed. ${failure.message}`;
  throw new Failure(failure.reason, words, { cause: failure });
}

/** The checked-out commit, unless it is older than the one that base was compared with. */
async function laterOf(git: Git, compared: string | undefined): Promise<string | undefined> {
  const head = await headCommit(git);
  if (head === undefined || compared === undefined) return head;
  return (await isOlder(git, head, compared)) ? compared : head;
}
