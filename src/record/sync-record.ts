import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import type { Content } from '../config/config.ts';
import { transitMarks } from '../content/transit.ts';
import type { Cells } from '../content/versions.ts';
import { Failure } from '../errors.ts';
import { fetchCommits } from '../repository/remote.ts';
import type { Git } from '../repository/run-git.ts';
import { formerRecord } from './former.ts';
import { type Version, versionAt } from './version.ts';

/** What git and the site agree on, and what is on its way between them: docs/decisions/2-record.md. */
export interface SyncRecord {
  /** The commit of the ref, if there is one. */
  readonly commit: string | undefined;
  /** The branch that it belongs to, if it says so. */
  readonly branch: string | undefined;
  /** The commit up to which the branch was looked at. */
  readonly seen: string | undefined;
  /** The file of each content in the configurations of the site, by the content's name in the record. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether the next record starts from the files of this one: not from the former format, nor from a stand-in. */
  readonly isCurrent: boolean;
  /** The last value of each cell that both had. */
  readonly agreed: Version | undefined;
  /** What exports have offered to git, as the records of a CSV file. */
  readonly offered: (content: Content) => Promise<readonly Cells[]>;
  /** What imports have sent to the site. */
  readonly sent: (content: Content) => Promise<readonly Cells[]>;
}

export const noRecord: SyncRecord = {
  commit: undefined,
  branch: undefined,
  seen: undefined,
  files: new Map(),
  isCurrent: false,
  agreed: undefined,
  offered: async () => [],
  sent: async () => [],
};

export const recordFolder = 'refs/wix-cms/';

export function recordRef(siteId: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z-]{0,99}$/.test(siteId)) return recordFolder + siteId;
  throw new Failure(
    'config',
    `The input site-id is not a site id. Copy it from the dashboard's URL.`,
  );
}

/** The folders of a record. */
export type Part = 'agreed' | 'offered' | 'sent';

/** A content at its place in the record: by its collection or languages, so that a file that is moved keeps its past. */
export function recorded(part: Part, content: Content): Content {
  const path = `${part}/${nameInRecord(content)}`;
  return content.kind === 'collection'
    ? { ...content, path: `${path}.csv`, schemaPath: `${path}.schema.json` }
    : { ...content, path: `${path}.csv` };
}

/** What a content is called in the record. */
export function nameInRecord(content: Content): string {
  return content.kind === 'collection'
    ? `collections/${fileName(content.id)}`
    : `localizations/${content.languages.map(fileName).join('+')}`;
}

/** A name of a file that is valid on every system, and unique for the text. */
function fileName(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[0-9A-Za-z_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  });
  return bytes.join('');
}

export const trailers = { branch: 'Branch', seen: 'Seen' } as const;

/** The lines of a record's message that say which file each content has, also in other configurations. */
export function fileLines(
  known: SyncRecord['files'],
  managed: readonly Content[],
): readonly string[] {
  const own = managed.map((content) => [nameInRecord(content), content.path] as const);
  const taken = new Set(own.map(([, path]) => path));
  const others = [...known].filter(([, path]) => !taken.has(path));
  return Array.from(new Map([...others, ...own]), ([name, path]) => `${name}: ${path}`);
}

function filesIn(message: string): SyncRecord['files'] {
  const lines = message.matchAll(/^((?:collections|localizations)\/[^\s:]+): (.+)$/gm);
  return new Map(Array.from(lines, ([, name = '', path = '']) => [name, path]));
}

/** Reads the record that a ref of the remote points to. */
export async function readRecord(
  git: Git,
  tip: string | undefined,
  contents: readonly Content[],
  temp: string,
): Promise<SyncRecord> {
  if (tip === undefined) return noRecord;
  const commit = (await fetchCommits(git, [tip])).length === 0 && (await git.objects.commit(tip));
  if (!commit) {
    const message = `The record ${tip} exists, but could not be fetched as a commit, so nobody can tell who changed what. Run again. If that does not help: ${startAnew}`;
    throw new Failure('api', message);
  }
  const entries = await git.objects.entries(tip, '');
  if (entries.some(({ path }) => path.startsWith('base/'))) {
    return formerRecord(git, commit, { temp, now: git.clock.now() });
  }
  const branch = commit.trailers.get(trailers.branch);
  if (branch === undefined) throw damaged('its commit names no branch');
  const strange = entries.find(({ kind, path }) => kind !== 'file' || !pathsIn.test(path));
  if (strange !== undefined) throw damaged(`it has ${strange.path}`);
  const known = new Set(
    entries.map(({ path }) => /^agreed\/([^/]+\/[^/.]+)[/.]/.exec(path)?.[1] ?? ''),
  );
  const placed = (part: Part, content: Content) =>
    recorded(part, sameLocalization(content, contents, known));
  const agreed = await versionAt(git, tip, {
    below: 'agreed',
    folder: mkdtempSync(join(temp, 'record-')),
    placed: (content) => placed('agreed', content),
  });
  const records = (part: Part) => async (content: Content) => {
    const { path } = placed(part, content);
    const file = entries.find((entry) => entry.path === path);
    if (file === undefined) return [];
    const text = await git.objects.text(file.id);
    if (!text.startsWith(transitMarks.join())) throw damaged(`${path} has another header`);
    return intact(async () => parse(text));
  };
  return {
    commit: tip,
    branch,
    seen: commit.trailers.get(trailers.seen),
    files: filesIn(commit.message),
    isCurrent: true,
    agreed: {
      ...agreed,
      open: (content, like) => intact(() => agreed.open(content, like)),
      schema: (content) => intact(() => agreed.schema(content)),
    },
    offered: records('offered'),
    sent: records('sent'),
  };
}

const pathsIn = /^(agreed\/.+|(offered|sent)\/\w+\/[^/]+)\.(csv|schema\.json)$/;

/** Takes what a person cannot correct in a file of the record for damage to the record. */
async function intact<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isWrong = error instanceof Failure && error.reason === 'validation';
    if (isWrong || error instanceof CsvError) throw damaged(error.message);
    throw error;
  }
}

function damaged(what: string): Failure {
  /**
   * @cause Somebody pushed to the ref of the record, by mistake or to forge one.
   * @remedy As it says. [What a run does without a record](conflicts-and-drift.md#where-base-is-kept).
   */
  const message = `The record of the site is damaged, so nobody can tell who changed what. ${startAnew} The damage: ${what}`;
  return new Failure('validation', message);
}

const startAnew =
  'Delete the record with git push origin --delete refs/wix-cms/<site id>, and run an export, which begins a new one.';

/** If a language joined or left a localization, the recorded one with its main language, if no other entry has that. */
function sameLocalization(
  content: Content,
  contents: readonly Content[],
  known: ReadonlySet<string>,
): Content {
  if (content.kind === 'collection' || known.has(nameInRecord(content))) return content;
  const taken = new Set(contents.map(nameInRecord));
  const prefix = `localizations/${fileName(content.languages[0] ?? '')}+`;
  const former = [...known].find((name) => name.startsWith(prefix) && !taken.has(name));
  if (former === undefined) return content;
  const languages = former.slice('localizations/'.length).split('+').map(decodeURIComponent);
  return { ...content, languages };
}
