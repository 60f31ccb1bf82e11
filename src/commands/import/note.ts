import { randomUUID } from 'node:crypto';
import type { Content } from '../../config/config.ts';
import { transitsOf } from '../../content/transit.ts';
import { Failure } from '../../errors.ts';
import type { Learned } from '../../record/content-record.ts';
import { learnedFrom, pushRecord } from '../../record/record-commit.ts';
import type { Sync } from '../../record/sync.ts';
import { readRecord, recordRef, type SyncRecord } from '../../record/sync-record.ts';
import { haveSameFiles } from '../../record/version.ts';
import { remoteTip } from '../../repository/remote.ts';
import type { WixClient } from '../../wix/client.ts';
import type { Plan } from '../compare/plan.ts';
import { noteName, notesIn } from '../read/follow-imports.ts';
import { nameOf } from '../run.ts';
import type { Turn } from './passes.ts';

/** The note of an import in the record. */
export interface Noted {
  /** With the record that has the note; with none if the token may only read. */
  readonly sync: Sync;
  /** How the names of each content's jobs begin. */
  readonly jobs: ReadonlyMap<Content, string>;
  readonly warnings: readonly string[];
  /**
   * Makes sure, right before a job is submitted, that the note still holds: no other import has begun since,
   * and other runs still wait for its jobs.
   *
   * @throws Failure if it does not: this import stops.
   */
  readonly confirm: () => Promise<void>;
}

/** How much longer than its jobs a run may live, in milliseconds. */
const afterwards = 10 * 60_000;

/** How long a look at the record is good for, in milliseconds: another import has to read the site first. */
const goodFor = 5_000;

/**
 * Notes in the record what an import is about to write and remove. If the run ends before it has seen
 * what arrived, the next one can tell git's cells on the site from edits in the CMS.
 *
 * @returns `lost-race` if another run has recorded something meanwhile.
 * @throws Failure if there is a record and it cannot be written: without the note, an edit in git that
 *   reverts this one could be lost.
 */
export async function note(
  client: WixClient,
  sync: Sync,
  turns: readonly Turn[],
): Promise<Noted | 'lost-race'> {
  const until = client.deadline + afterwards;
  const unique = randomUUID();
  const jobs = new Map(
    turns.map(({ plan: { head }, first, second }) => {
      const name = noteName(nameOf(head.content), first.length + second.length, unique);
      return [head.content, name] as const;
    }),
  );
  const learned = turns.map(({ plan }) => {
    const known = learnedOnSite(sync, plan);
    const job = { name: jobs.get(known.content) ?? '', until, end: undefined };
    return { ...known, notes: transitsOf(known.columns, plan.departures, job) };
  });
  try {
    const commit = await pushRecord(sync, learned);
    if (commit === 'lost-race') return commit;
    const record = await readRecord(sync.git, commit, sync.config.managed, sync.temp);
    const noted = { ...sync, record, named: undefined };
    return { sync: noted, jobs, warnings: [], confirm: looking(noted, jobs, client) };
  } catch (error) {
    if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
    if (sync.record.commit === undefined) {
      const warning = `What this import writes could not be noted: ${error.message} If the run is cut off, an edit that undoes it in git may be reported as a conflict.`;
      return { sync, jobs, warnings: [warning], confirm: async () => {} };
    }
    const message = `What this import is about to write could not be noted in the record, so nothing was written. ${error.message}`;
    throw new Failure(error.reason, message, { cause: error });
  }
}

/** What an import has learned about a content by reading the site. */
export function learnedOnSite(sync: Sync, { head, sides, live }: Plan): Learned {
  const { content } = head;
  const { schema } = live;
  return learnedFrom(sync.head, content, sides, schema);
}

/** Looks at the record, unless it has done so just before: a look takes a process of git. */
function looking(sync: Sync, jobs: Noted['jobs'], client: WixClient): Noted['confirm'] {
  let looked = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = client.clock.now();
    if (now > client.deadline) {
      const words =
        'The time for the run was up before all rows were sent. Raise the input timeout-minutes, or run again later.';
      throw new Failure('timeout', words);
    }
    if (now - looked < goodFor) return;
    if (!(await isLastNote(sync, jobs))) {
      throw new Failure(
        'api',
        'Another run has started to write, or has recorded an edit, in the meantime, so this import stops. Run it again.',
      );
    }
    looked = now;
  };
}

async function isLastNote(
  { git, siteId, record, config, temp }: Sync,
  jobs: Noted['jobs'],
): Promise<boolean> {
  const tip = await remoteTip(git, recordRef(siteId));
  if (tip === record.commit) return true;
  // An export that read nothing new keeps the note, and what is agreed about these contents.
  const now = await readRecord(git, tip, config.managed, temp);
  const noted = await notesIn({ config, record: now });
  const known = await notesIn({ config, record });
  const own = [...jobs.values()].filter((name) => known.has(name));
  const isKept = own.every((name) => noted.has(name));
  const isSame = [...jobs.keys()].every((content) => haveSameAgreed(content, record, now));
  return isKept && isSame && [...noted.keys()].every((name) => known.has(name));
}

/** Whether two records have the same files as agreed. */
export function haveSameAgreed(content: Content, before: SyncRecord, now: SyncRecord): boolean {
  const [then, later] = [before.agreed, now.agreed];
  return then !== undefined && later !== undefined && haveSameFiles(content, then, later);
}
