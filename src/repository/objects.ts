import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../errors.ts';
import { asLeader, type GitFolder, gitArguments } from './run-git.ts';

/** An entry of a tree, by its path below the tree that was asked for. */
export interface TreeEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'submodule';
  readonly id: string;
}

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** An address. */
  readonly committer: string;
  /** When it was committed (ISO 8601, UTC). */
  readonly date: string;
  readonly message: string;
  /** The `Name: value` lines of the message's last paragraph. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** The objects of a repository, read by one `git cat-file` that starts when it is needed. */
export class Objects {
  readonly #git: GitFolder;
  #reader: ReturnType<typeof startReader> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(git: GitFolder) {
    this.#git = git;
  }

  /** The commit of an id, or `HEAD`, if the clone has it. */
  async commit(name: string): Promise<Commit | undefined> {
    const found = await this.#whole(`${name}^{commit}`);
    return found && commitFrom(found.id, found.data.toString('utf8'));
  }

  /** Everything below a path, `''` for all of it; a file itself; or the symbolic link at or above the path. */
  async entries(treeish: string, path: string): Promise<readonly TreeEntry[]> {
    const at = await this.#walk(treeish, path);
    if (at?.kind === 'folder') return this.#allBelow(at);
    return at?.path === path || at?.kind === 'link' ? [at] : [];
  }

  /** What is directly in the top folder. */
  top(treeish: string): Promise<readonly TreeEntry[]> {
    return this.#entriesOf(topOf(treeish));
  }

  /** The paths of files that differ between two trees, or that one of them lacks; with what the right one has there. */
  async differences(
    left: string,
    right: string,
  ): Promise<ReadonlyMap<string, TreeEntry | undefined>> {
    return new Map(await this.#differences(topOf(left), topOf(right)));
  }

  async entryAt(treeish: string, path: string): Promise<TreeEntry | undefined> {
    const at = await this.#walk(treeish, path);
    return at?.path === path ? at : undefined;
  }

  async text(id: string): Promise<string> {
    const found = await this.#whole(id);
    if (found === undefined) throw missing(id);
    return found.data.toString('utf8');
  }

  /** Writes the content of a file, byte for byte. */
  async save(id: string, file: string): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    const saved = await this.#read(id, async ({ chunks }) => {
      await pipeline(chunks, createWriteStream(file, { flags: 'wx' }));
      return true;
    });
    if (saved === undefined) throw missing(id);
  }

  close(): void {
    this.#reader?.close();
  }

  /** Reads one object at a time, in order. */
  #read<T>(name: string, take: (found: Found) => Promise<T>): Promise<T | undefined> {
    this.#reader ??= startReader(this.#git);
    const { read } = this.#reader;
    const answer = this.#turn.then(() => read(name, take));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  #whole(name: string) {
    return this.#read(name, async ({ id, chunks }) => ({ id, data: await bytesOf(chunks) }));
  }

  /** Follows a path, up to what is not a folder. */
  async #walk(treeish: string, path: string): Promise<TreeEntry | undefined> {
    let at: TreeEntry | undefined = topOf(treeish);
    while (at?.kind === 'folder' && at.path !== path) {
      const entries = await this.#entriesOf(at);
      at = entries.find((entry) => `${path}/`.startsWith(`${entry.path}/`));
    }
    return at;
  }

  async #entriesOf(folder: TreeEntry): Promise<readonly TreeEntry[]> {
    const found = await this.#whole(folder.id);
    const isTop = folder.path === '';
    if (found !== undefined) return entriesIn(found.data, isTop ? '' : `${folder.path}/`, found.id);
    if (isTop) return [];
    throw missing(folder.id);
  }

  async #differences(
    left?: TreeEntry,
    right?: TreeEntry,
  ): Promise<readonly (readonly [path: string, now: TreeEntry | undefined])[]> {
    if (left?.id === right?.id && left?.kind === right?.kind) return [];
    const file = [left, right].find((entry) => entry !== undefined && entry.kind !== 'folder');
    const found = file === undefined ? [] : [[file.path, right] as const];
    const [ours, theirs] = [await this.#byPath(left), await this.#byPath(right)];
    for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
      found.push(...(await this.#differences(ours.get(path), theirs.get(path))));
    }
    return found;
  }

  async #byPath(entry: TreeEntry | undefined): Promise<ReadonlyMap<string, TreeEntry>> {
    const entries = entry?.kind === 'folder' ? await this.#entriesOf(entry) : [];
    return new Map(entries.map((each) => [each.path, each]));
  }

  async #allBelow(folder: TreeEntry): Promise<readonly TreeEntry[]> {
    const below = (await this.#entriesOf(folder)).map((entry) =>
      entry.kind === 'folder' ? this.#allBelow(entry) : [entry],
    );
    return (await Promise.all(below)).flat();
  }
}

/** The top folder of a commit or tree, by a name that git understands. */
function topOf(treeish: string): TreeEntry {
  return { path: '', kind: 'folder', id: `${treeish}^{tree}` };
}

function missing(name: string): Failure {
  const message = `git does not have the object ${name}, which its history names. Run again, or check the clone with git fsck.`;
  return new Failure('api', message);
}

interface Found {
  readonly id: string;
  readonly chunks: AsyncIterable<Buffer>;
}

async function bytesOf(chunks: Found['chunks']): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Speaks the protocol of `git cat-file --batch`: a name in, `<id> <kind> <size>` and the bytes out. */
function startReader(git: GitFolder) {
  const child = spawn('git', [...gitArguments, 'cat-file', '--batch'], {
    ...asLeader,
    cwd: git.directory,
    env: git.environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: git.signal,
  });
  // What goes wrong shows in the output, which then ends.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const output: AsyncIterator<Buffer> = child.stdout[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { done, value } = await output.next();
    git.signal.throwIfAborted();
    if (done) throw new Failure('api', 'git cat-file ended before it answered. Run again.');
    return value;
  };
  const line = async () => {
    while (!rest.includes('\n')) rest = Buffer.concat([rest, await more()]);
    const end = rest.indexOf('\n');
    const text = rest.toString('utf8', 0, end);
    rest = rest.subarray(end + 1);
    return text;
  };
  async function* bytes(size: number) {
    for (let left = size; left > 0; ) {
      if (rest.length === 0) rest = await more();
      const chunk = rest.subarray(0, left);
      rest = rest.subarray(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }
  return {
    close: () => void child.kill(),
    /** Gives an object to `take`, which has to read all of it; `undefined` if there is none. */
    async read<T>(name: string, take: (found: Found) => Promise<T>): Promise<T | undefined> {
      git.signal.throwIfAborted();
      child.stdin.write(`${name}\n`);
      const [, id, size] = /^([0-9a-f]+) \w+ (\d+)$/.exec(await line()) ?? [];
      if (id === undefined) return undefined;
      const taken = await take({ id, chunks: bytes(Number(size)) });
      await line();
      return taken;
    },
  };
}

const kinds: ReadonlyMap<string, TreeEntry['kind']> = new Map([
  ['40000', 'folder'],
  ['100644', 'file'],
  ['100755', 'file'],
  ['120000', 'link'],
  ['160000', 'submodule'],
]);

/** The entries of a tree: `<mode> <name>`, a null byte and the id (git, user-manual), as long as `likeId`. */
function entriesIn(tree: Buffer, prefix: string, likeId: string): readonly TreeEntry[] {
  const length = likeId.length / 2;
  const entries: TreeEntry[] = [];
  for (let at = 0; at < tree.length; ) {
    const end = tree.indexOf(0, at);
    const [mode = '', ...name] = tree.toString('utf8', at, end).split(' ');
    const id = tree.toString('hex', end + 1, end + 1 + length);
    entries.push({ path: prefix + name.join(' '), kind: kinds.get(mode) ?? 'file', id });
    at = end + 1 + length;
  }
  return entries;
}

function commitFrom(id: string, text: string): Commit {
  const end = text.indexOf('\n\n');
  const [header, message] = [text.slice(0, end), text.slice(end + 2)];
  const [, tree = ''] = /^tree ([0-9a-f]+)$/m.exec(header) ?? [];
  const [, committer = ''] = /^committer .*<([^>]*)>/m.exec(header) ?? [];
  // Git shows a date that it cannot read as the epoch, too.
  const [, seconds = '0'] = /^committer .*> (\d{1,12}) /m.exec(header) ?? [];
  const date = new Date(Number(seconds) * 1_000).toISOString();
  const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent);
  return { id, tree, parents, committer, date, message, trailers: trailersOf(message) };
}

function trailersOf(message: string): ReadonlyMap<string, string> {
  const last = message.trimEnd().split('\n\n').at(-1) ?? '';
  return new Map(
    [...last.matchAll(/^([\w-]+): (.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value.trim(),
    ]),
  );
}
