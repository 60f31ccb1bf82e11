import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Content } from '../config/config.ts';
import type { EndOf } from '../content/versions.ts';
import type { Git } from '../repository/run-git.ts';
import type { Exports } from './exports.ts';
import type { SyncRecord } from './sync-record.ts';
import { haveSameFiles, type Version } from './version.ts';

/** Git and the record, as a run found them. */
export interface Sync {
  readonly git: Git;
  readonly siteId: string;
  readonly config: Config;
  readonly temp: string;
  readonly branch: string;
  readonly tip: string;
  /** The tip of the branch that a pull request is to come from, if it exists. */
  readonly proposal?: string | undefined;
  /** The files of the tip, or of the working tree. */
  readonly head: Version;
  /** The files of another commit or tree, if the remote has it. */
  readonly at: (commit: string) => Promise<Version | undefined>;
  readonly record: SyncRecord;
  readonly exports: Exports;
  /** What an input names to compare with, instead of the record. */
  readonly named?: Version | undefined;
  readonly endOf?: EndOf;
  /** When the run asked for the jobs of notes, in milliseconds since the epoch; 0 if it did not. */
  readonly asked: number;
  readonly warnings: readonly string[];
}

/** Whether git's files are exactly what was agreed, and nothing is on its way: then there is nothing to do. */
export async function isSettled(sync: Sync, content: Content): Promise<boolean> {
  const { head, record, named } = sync;
  const base = named ?? record.agreed;
  if (base === undefined || !haveSameFiles(content, head, base)) return false;
  if (head.files(content).length === 0) return false;
  if ((await record.sent(content)).length > 0) return false;
  return record.seen === sync.tip || (await record.offered(content)).length === 0;
}

export function freshFolder({ temp }: Pick<Sync, 'temp'>, name: string): string {
  return mkdtempSync(join(temp, `${name}-`));
}
