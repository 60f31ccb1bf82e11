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

/**
 * Makes commits with one `git fast-import`; returns their ids. Throws a Failure if a file would replace a
 * folder, or the reverse.
 */
export async function makeCommits(
  git: Git,
  commits: readonly NewCommit[],
): Promise<readonly string[]> {
  const files = new Set(
    commits.flatMap(({ files: changed }) =>
      [...changed.values()].flatMap((file) => (file !== null && 'file' in file ? file.file : [])),
    ),
  );
  const marks = new Map([...files].map((file, i) => [file, `:${i + 1}`]));
  const args = ['fast-import', '--quiet', '--done', '--depth=0'];
  const output = await runGit(git, args, async (input) => {
    for (const file of files) await writeBlob(input, file, marks.get(file) ?? '');
    // A ref that nobody else has; it is removed at the end.
    const ref = `refs/wix-cms-new/${randomUUID()}`;
    for (const [i, commit] of commits.entries()) {
      const onto = commit.onto && ((await git.objects.commit(commit.onto))?.tree ?? commit.onto);
      const mark = `:${files.size + i + 1}`;
      await write(input, commitCommands({ ...commit, onto }, ref, mark, marks));
    }
    await write(input, 'done\n');
  });
  const ids = output.split('\n').filter((line) => line !== '');
  if (ids.length !== commits.length) {
    throw new Failure('api', 'git fast-import did not say which commits it made. Run again.');
  }
  for (const [i, commit] of commits.entries()) await refuseLosses(git, commit, ids[i] ?? '');
  return ids;
}

function commitCommands(
  { parents: [first, ...others], onto, files, message }: NewCommit,
  ref: string,
  mark: string,
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
    `commit ${ref}\nmark ${mark}\ncommitter ${bot} ${Math.floor(Date.now() / 1_000)} +0000\n`,
    `data ${text}\n${message}\n`,
    first === undefined ? '' : `from ${first}\n`,
    ...others.map((parent) => `merge ${parent}\n`),
    'deleteall\n',
    onto === undefined ? '' : `M 040000 ${onto} ""\n`,
    ...changes,
    `\nget-mark ${mark}\n`,
    `reset ${ref}\nfrom ${'0'.repeat(40)}\n\n`,
  ].join('');
}

/** A path as git-fast-import quotes it. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\\n]/g, (each) => (each === '\n' ? '\\n' : `\\${each}`))}"`;
}

async function writeBlob(input: Writable, file: string, mark: string): Promise<void> {
  await write(input, `blob\nmark ${mark}\ndata ${statSync(file).size}\n`);
  for await (const chunk of createReadStream(file)) await write(input, chunk);
  await write(input, '\n');
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
