import type { Sync } from '../../record/sync.ts';
import type { WixClient } from '../../wix/client.ts';
import { endOf, followJobs, jobsNamedLike, runningJobs } from '../../wix/jobs.ts';
import type { Run } from '../run.ts';

/** How the names of all import jobs begin. */
const importJobs = 'wix-cms-sync import ';

/**
 * Waits for import jobs that still run, and asks what became of the jobs of earlier imports.
 *
 * @returns the same, with the ends of those jobs.
 */
export async function followImports(run: Run, client: WixClient, sync: Sync): Promise<Sync> {
  const jobs = await runningJobs(client, importJobs);
  if (jobs.length > 0) run.log.info(`import jobs that are still running: ${jobs.length}`);
  for await (const { job } of followJobs(client, jobs, run.onProgress)) {
    run.log.debug(`The earlier job ${job.id} ended ${job.status}.`);
  }
  const asked = run.clock.now();
  const ends = await endsOf(run, client, await notesIn(sync));
  return { ...sync, asked, endOf: (name) => ends.get(name) };
}

/** An import that has noted its job and not submitted it gets this much time. */
const waits = { times: 10, milliseconds: 2_000 };

/**
 * What became of the jobs of earlier notes. If there is no job, its import was cut off or is about to
 * submit it, and gets some time.
 */
async function endsOf(
  run: Run,
  client: WixClient,
  notes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, 'applied' | 'over'>> {
  const ends = new Map<string, 'applied' | 'over'>();
  let open = [...notes.keys()];
  for (let time = 0; time < waits.times && open.length > 0; time += 1) {
    if (time === 1) run.log.info('Waiting for an import that is about to write.');
    if (time > 0) await run.clock.sleep(waits.milliseconds, run.signal);
    for (const name of open) {
      const end = await endOfJobs(client, name);
      if (end !== undefined) ends.set(name, end);
    }
    const isOpen = (name: string) => !ends.has(name) && (notes.get(name) ?? 0) > run.clock.now();
    open = open.filter(isOpen);
  }
  return ends;
}

/** The names of the notes in the record, and until when their runs may be alive. */
export async function notesIn({
  config,
  record,
}: Pick<Sync, 'config' | 'record'>): Promise<ReadonlyMap<string, number>> {
  const notes = new Map<string, number>();
  for (const content of config.managed) {
    for (const [, , name = '', until] of (await record.sent(content)).slice(1)) {
      if (name !== '') notes.set(name, Number(until));
    }
  }
  return notes;
}

/**
 * What became of the jobs of a note. They have applied it if all completed, none rejected a row, and
 * together they took as many rows as the note has.
 */
async function endOfJobs(client: WixClient, name: string): Promise<'applied' | 'over' | undefined> {
  const jobs = await jobsNamedLike(client, name);
  if (jobs.length === 0 || jobs.some((job) => endOf(job) === undefined)) return undefined;
  const rows = Number(counted.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
  const isWhole = jobs.every(({ status, rejected }) => status === 'COMPLETED' && rejected === 0);
  const taken = jobs.reduce((sum, { successful }) => sum + successful, 0);
  return isWhole && taken >= rows ? 'applied' : 'over';
}

const counted = /, (\d+) rows [0-9a-f-]{36}$/;

/** The beginning of the names of a note's jobs, which says how many rows they take. */
export function noteName(subject: string, rows: number, unique: string): string {
  return `${importJobs}${subject.slice(0, 400)}, ${rows} rows ${unique}`;
}
