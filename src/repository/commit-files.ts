import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { Failure } from '../errors.ts';
import { type Git, runGit } from './run-git.ts';

/** The bot of GitHub Actions. */
const bot = 'github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>';

/** What is to be at a path: a local file, a blob of git, or nothing. */
export type NewFile = { readonly file: string } | { readonly blob: string } | null;

export interface NewCommit {
  readonly parents: readonly string[];
  /** The commit or tree that the files are laid over. */
  readonly onto: string | undefined;
  /** By repository path. */
  readonly files: ReadonlyMap<string, NewFile>;
  readonly message: string;
}

/** A commit, or one that depends on the id of the commit before it; `undefined`: none. */
type Planned = NewCommit | ((before: string) => Promise<NewCommit | undefined>);

/**
 * Makes commits with one `git fast-import`; returns their ids. Throws a Failure if a file would replace a
 * folder, or the reverse.
 */
export async function makeCommits(
  git: Git,
  commits: readonly Planned[],
): Promise<readonly string[]> {
  const made = new Map<string, NewCommit>();
  const args = ['fast-import', '--quiet', '--done', '--depth=0'];
  await runGit(git, args, async (input, nextLine) => {
    const marks = new Map<string, string>();
    // A ref that nobody else has; it is removed at the end.
    const ref = `refs/wix-cms-new/${randomUUID()}`;
    let id = '';
    for (const planned of commits) {
      const commit = typeof planned === 'function' ? await planned(id) : planned;
      if (commit === undefined) continue;
      await writeBlobs(input, [...commit.files.values()], marks);
      const onto = commit.onto && ((await git.objects.commit(commit.onto))?.tree ?? commit.onto);
      await write(input, commitCommands({ ...commit, onto }, ref, marks));
      id = await nextLine();
      // Git has failed, and says why.
      if (id === '') return;
      made.set(id, commit);
    }
    await write(input, 'done\n');
  });
  for (const [id, commit] of made) await refuseLosses(git, commit, id);
  return [...made.keys()];
}

/** Each commit takes it over from the one before; files have the marks that follow. */
const commitMark = ':1';

function commitCommands(
  { parents: [first, ...others], onto, files, message }: NewCommit,
  ref: string,
  marks: ReadonlyMap<string, string>,
): string {
  const changes = [...files].map(([path, file]) => {
    const name = quoted(path);
    if (file === null) return `D ${name}\n`;
    return `M 100644 ${'file' in file ? marks.get(file.file) : file.blob} ${name}\n`;
  });
  const text = Buffer.byteLength(message);
  return [
    // Without this, a commit without parents would go on top of the one before.
    `reset ${ref}\n\n`,
    `commit ${ref}\nmark ${commitMark}\ncommitter ${bot} ${Math.floor(Date.now() / 1_000)} +0000\n`,
    `data ${text}\n${message}\n`,
    first === undefined ? '' : `from ${first}\n`,
    ...others.map((parent) => `merge ${parent}\n`),
    'deleteall\n',
    onto === undefined ? '' : `M 040000 ${onto} ""\n`,
    ...changes,
    `\nget-mark ${commitMark}\n`,
    `reset ${ref}\nfrom ${'0'.repeat(40)}\n\n`,
  ].join('');
}

/** A path as git-fast-import quotes it. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\\n]/g, (each) => (each === '\n' ? '\\n' : `\\${each}`))}"`;
}

/** Writes the local files that have no mark yet, and gives them one. */
async function writeBlobs(
  input: Writable,
  files: readonly NewFile[],
  marks: Map<string, string>,
): Promise<void> {
  for (const each of files) {
    if (each === null || !('file' in each) || marks.has(each.file)) continue;
    const mark = `:${marks.size + 2}`;
    marks.set(each.file, mark);
    await write(input, `blob\nmark ${mark}\ndata ${statSync(each.file).size}\n`);
    for await (const chunk of createReadStream(each.file)) await write(input, chunk);
    await write(input, '\n');
  }
}

async function write(input: Writable, bytes: string | Buffer): Promise<void> {
  if (!input.write(bytes)) await once(input, 'drain');
}

/** If a file replaces a folder, or the reverse, git drops what was there without a word. */
async function refuseLosses(git: Git, { onto, parents, files }: NewCommit, made: string) {
  if (onto === undefined || parents.length === 0) return;
  for (const [path, now] of await git.objects.differences(onto, made)) {
    const isThere = now !== undefined && now.kind !== 'folder';
    if (isThere || files.get(path) === null) continue;
    const message = `${path} is in the way of a file that the run commits. Move it elsewhere in git.`;
    throw new Failure('validation', message, { place: { file: path } });
  }
}
