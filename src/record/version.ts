import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../config/config.ts';
import type { CollectionSchema } from '../content/schema.ts';
import type { Table } from '../csv/table.ts';
import { Failure } from '../errors.ts';
import type { NewFile } from '../repository/commit-files.ts';
import type { TreeEntry } from '../repository/objects.ts';
import type { Git } from '../repository/run-git.ts';
import { resolveInside } from '../repository/working-tree.ts';
import {
  filesOf,
  isFileOf,
  isOf,
  openContent,
  schemaIn,
  stemOf,
  stemsOf,
} from './content-files.ts';

interface VersionFile {
  readonly path: string;
  /** Its name among the parts of its table; `''` for the only file. It stays when the table is moved. */
  readonly part: string;
  /** The id of its blob. */
  readonly id: string;
  readonly source: Source;
}

/** What a commit takes the bytes of a file from. */
export type Source = Exclude<NewFile, null>;

/** One version of the files in git: a commit, or the working tree. */
export interface Version {
  /** `undefined` for the working tree. */
  readonly commit: string | undefined;
  /** A folder with what was opened of this version so far. */
  readonly folder: string;
  /** The content with the path that it has in this version. */
  placed(content: Content): Content;
  files(content: Content): readonly VersionFile[];
  /** Opens the rows of a content, if this version has them. What is equal in `like` is not read twice. */
  open(content: Content, like?: Table): Promise<Table | undefined>;
  schema(content: Content): Promise<CollectionSchema | undefined>;
}

/**
 * The files of a commit, from git's objects, so that no filter, line-end conversion or edit changes them.
 * @param options.folder a new one, for what is opened.
 */
export async function versionAt(
  git: Git,
  commit: string,
  options: {
    readonly below: string;
    readonly folder: string;
    readonly placed: (content: Content) => Content;
  },
): Promise<Version> {
  const { below, folder, placed } = options;
  const entries = await git.objects.entries(commit, below);
  const tables = entries.filter(({ path }) => /\.(csv|schema\.json)$/.test(path));
  const byStem = new Map<string, TreeEntry[]>();
  for (const entry of tables) {
    for (const stem of stemsOf(entry.path)) {
      const others = byStem.get(stem);
      if (others === undefined) byStem.set(stem, [entry]);
      else others.push(entry);
    }
  }
  const near = (content: Content) => byStem.get(stemOf(content)) ?? [];
  const odd = entries.filter(
    ({ kind, path }) => kind !== 'file' || /\.(csv|schema\.json)\//.test(path),
  );
  const saved = new Map<string, Promise<void>>();
  const save = async (content: Content) => {
    for (const entry of odd) refuseInPlaceOf(content, entry);
    for (const { path, id } of near(content).filter((entry) => isOf(content, entry.path))) {
      const saving = saved.get(path) ?? git.objects.save(id, resolveInside(folder, path));
      saved.set(path, saving);
      await saving;
    }
  };
  return {
    commit,
    folder,
    placed,
    files: (content) => {
      const there = placed(content);
      const own = near(there).filter(({ path }) => isFileOf(there, path));
      return own.map(({ path, id }) => {
        return { path, part: partName(there, path), id, source: { blob: id } };
      });
    },
    async open(content, like) {
      await save(placed(content));
      return openContent(folder, placed(content), like);
    },
    async schema(content) {
      await save(placed(content));
      return schemaIn(folder, placed(content));
    },
  };
}

/** Leaves out a file of an older version that cannot be read: nobody can mend it there any more. */
export async function ifReadable<T>(opening: Promise<T>): Promise<T | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Failure && error.reason === 'validation' && error.place) return undefined;
    throw error;
  }
}

/** Refuses a link to files of a content, and a folder in their place. */
function refuseInPlaceOf(content: Content, { kind, path }: TreeEntry): void {
  const isAbove = kind === 'link' && `${stemOf(content)}/`.startsWith(`${path}/`);
  if (isAbove || (kind !== 'file' && isOf(content, path))) {
    throw notFile(path, 'a symbolic link in git');
  }
  const places = [content.path, ...(content.kind === 'collection' ? [content.schemaPath] : [])];
  const folder = places.find((place) => path.startsWith(`${place}/`));
  if (folder !== undefined) throw notFile(folder, 'a folder, and is not a file');
}

function notFile(path: string, what: string): Failure {
  const message = `${path} is ${what}. Commit the file itself.`;
  return new Failure('validation', message, { place: { file: path } });
}

export function workingTree(folder: string): Version {
  const placed = (content: Content) => content;
  return {
    commit: undefined,
    folder,
    placed,
    files: (content) =>
      filesOf(folder, content).map((file) => {
        const path = file.slice(folder.length + 1);
        const id = blobId(readFileSync(file));
        return { path, part: partName(content, path), id, source: { file } };
      }),
    open: async (content, like) => openContent(folder, content, like),
    schema: async (content) => schemaIn(folder, content),
  };
}

/** The id that git gives a file's content (git-hash-object), with SHA-1. */
function blobId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Whether both have the same files of a content, at whatever paths. */
export function haveSameFiles(content: Content, left: Version, right: Version): boolean {
  return idsOf(left, content) === idsOf(right, content);
}

/** The parts of a content and their ids, as one text to compare. */
export function idsOf(version: Version, content: Content): string {
  return JSON.stringify(version.files(content).map(({ part, id }) => [part, id]));
}

/** A content's files by the names of their parts. */
export function partsOf(
  version: Version | undefined,
  content: Content,
): ReadonlyMap<string, Source> {
  return new Map(version?.files(content).map(({ part, source }) => [part, source]));
}

/** The name of a part; `''` for a table's only file. */
export function partName({ path: whole }: Pick<Content, 'path'>, path: string): string {
  return path === whole ? '' : path.slice(whole.length - '.csv'.length + 1);
}

export function partPath({ path: whole }: Pick<Content, 'path'>, part: string): string {
  return part === '' ? whole : join(whole.replace(/\.csv$/, ''), part);
}
