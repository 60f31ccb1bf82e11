import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Content } from '../config/config.ts';
import type { EndOf } from '../content/versions.ts';
import type { Git } from '../repository/run-git.ts';
import type { Exports } from './exports.ts';
import type { SyncRecord } from './sync-record.ts';
import { haveSameFiles, type Version } from './version.ts';

/** Git's side and the record, as a run found them. */
export interface Sync {
  readonly git: Git;
  readonly siteId: string;
  readonly config: Config;
  /** A folder for what is read. */
  readonly temp: string;
  /** The branch that the record belongs to, or will. */
  readonly branch: string;
  /** The tip of that branch. */
  readonly tip: string;
  /** Git's files: those of the tip, or the working tree's. */
  readonly head: Version;
  /** The files of another commit or tree; `undefined` if the remote lacks it. */
  readonly at: (commit: string) => Promise<Version | undefined>;
  readonly record: SyncRecord;
  /** When the site was exported. */
  readonly exports: Exports;
  /** What changes are compared with instead of the record; `undefined` unless an input names it. */
  readonly named: Version | undefined;
  /** What is known of the jobs that carry what was sent. */
  readonly endOf: EndOf;
  readonly warnings: readonly string[];
}

/**
 * Whether git's files are, to the last byte, what git and the site agreed on, and nothing is on its
 * way: then there is nothing to import, and nothing to learn.
 */
export async function isSettled(sync: Sync, content: Content): Promise<boolean> {
  const { head, record, named } = sync;
  const base = named ?? record.agreed;
  if (base === undefined || !haveSameFiles(content, head, base)) return false;
  if (head.files(content).length === 0) return false;
  if ((await record.sent(content)).length > 0) return false;
  return record.seen === sync.tip || (await record.offered(content)).length === 0;
}

/** A new folder for what a run reads. */
export function freshFolder({ temp }: Pick<Sync, 'temp'>, name: string): string {
  return mkdtempSync(join(temp, `${name}-`));
}
