import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { commitFiles } from './commit-files.ts';
import { readCommit } from './history.ts';
import { fetchCommit, pushCommit, remoteRefs, remoteTip } from './remote.ts';
import type { Git } from './run-git.ts';
import { extractFiles } from './snapshot.ts';

/** What is recorded of a site, extracted: folders that mirror the repository. */
export interface RecordedBase {
  readonly commit: string;
  /** The files as git and the site last agreed on them. */
  readonly base: string;
  /** The site as it was last read. */
  readonly live: string;
  /** What base would become by an import that nobody has seen arrive: the rows that it writes. */
  readonly sent: string;
  /** The latest commit of git that base was brought forward with. */
  readonly compared: string | undefined;
}

const comparedTrailer = 'Compared';

const folder = 'refs/wix-cms/';

/** The sites of which a base is recorded. */
export async function recordedSites(git: Git): Promise<readonly string[]> {
  const refs = await remoteRefs(git, `${folder}*`);
  return refs.map((ref) => ref.slice(folder.length));
}

/**
 * The ref under which a site's base is recorded.
 *
 * @internal
 */
export function baseRefName(siteId: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z-]{0,99}$/.test(siteId)) return folder + siteId;
  throw new Failure(
    'config',
    `The input site-id is not a site id. Copy it from the dashboard's URL.`,
  );
}

/** Fetches what is recorded of a site into a folder; `undefined` if nothing is. */
export async function readBase(
  git: Git,
  siteId: string,
  into: string,
): Promise<RecordedBase | undefined> {
  const ref = baseRefName(siteId);
  const tip = await remoteTip(git, ref);
  if (tip === undefined) return undefined;
  const commit = await fetchCommit(git, tip);
  if (commit === undefined) {
    const message = `The record ${ref} is there, but could not be fetched, so nobody can tell who changed what. Run again.`;
    throw new Failure('api', message);
  }
  await extractFiles(git, commit, ['base', 'live', 'sent'], into);
  const { trailers } = await readCommit(git, commit);
  const compared = trailers.get(comparedTrailer);
  const [base, live, sent] = [join(into, 'base'), join(into, 'live'), join(into, 'sent')];
  return { commit, base, live, sent, compared };
}

/** What became of a record: `lost-race` where somebody else has moved the ref meanwhile. */
export type Recording =
  | { readonly kind: 'recorded'; readonly commit: string }
  | { readonly kind: 'unchanged' | 'lost-race' };

/**
 * Records files of a site's base, if nobody else has meanwhile. The commit has no parent: the ref
 * is state, not history, so a fetch brings one tree, and content that was removed does not linger.
 *
 * @param change.expected the commit that the files were made from; `undefined` if there was none.
 * @param change.files paths below `base/`, `live/` and `sent/` to local files; `null` removes the path.
 * Paths that are not mentioned stay as they were.
 */
export async function recordBase(
  git: Git,
  siteId: string,
  change: {
    readonly expected: string | undefined;
    readonly files: ReadonlyMap<string, string | null>;
    /** The latest commit of git that base was brought forward with; `undefined` if none is known. */
    readonly compared: string | undefined;
  },
): Promise<Recording> {
  const { expected, files, compared } = change;
  // A record that comes back within the second that it was first made in would be the same commit; git
  // does not push one that it knows from a shallow fetch.
  const trailers = [
    `Record: ${randomUUID()}`,
    ...(compared === undefined ? [] : [`${comparedTrailer}: ${compared}`]),
  ];
  const message = `Record what git and the site ${siteId} agree on\n\n${trailers.join('\n')}\n`;
  const onto = expected === undefined ? {} : { onto: expected };
  const commit = await commitFiles(git, { parent: undefined, ...onto, files, message });
  if (commit === undefined) return { kind: 'unchanged' };
  const pushed = await pushCommit(git, { commit, ref: baseRefName(siteId), expected });
  return pushed === 'pushed' ? { kind: 'recorded', commit } : { kind: 'lost-race' };
}
