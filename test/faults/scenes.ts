import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emulator } from '../../emulator/emulator.ts';
import { cloneOf, commit, freshFolder, git, makeRemote } from '../repository/support.ts';
import { play, type Scene } from './stage.ts';

const siteId = '11111111-2222-4333-8444-555555555555';

/** The file of the collection, and what an export makes of it. */
export const path = 'content/collections/products.csv';
export const exported = [
  '_id,title,price,notes,tags',
  'p1,Green tea,4,order more,"[""tea"",""green""]"',
  'p2,"Black tea, ""strong""",5.5,"line one\nline two",',
  'p3,White tea,9,,',
  '',
].join('\n');

/** A site that is done with its jobs at once. */
const site = {
  site: {
    id: siteId,
    collections: [
      {
        id: 'products',
        fields: [
          { key: 'title', type: 'TEXT', required: true },
          { key: 'price', type: 'NUMBER' },
          { key: 'notes', type: 'TEXT' },
          { key: 'tags', type: 'ARRAY_STRING' },
          // Imports do not carry it, so they look whether they lose any of it.
          {
            key: 'related',
            type: 'MULTI_REFERENCE',
            typeMetadata: { multiReference: { referencedCollectionId: 'products' } },
          },
        ],
        items: [
          {
            ...{ _id: 'p1', title: 'Green tea', price: 4, notes: 'order more' },
            tags: ['tea', 'green'],
            related: ['p3'],
          },
          { _id: 'p2', title: 'Black tea, "strong"', price: 5.5, notes: 'line one\nline two' },
          { _id: 'p3', title: 'White tea', price: 9 },
        ],
      },
    ],
  },
  jobSteps: { uninitialized: 0, initializing: 0, inProgress: 0 },
} as const;

/** What main holds once people have edited it: a row changed, a row new, a row removed. */
export const edited = [
  '_id,title,price,notes,tags',
  'p1,Sencha,4,order more,"[""tea"",""green""]"',
  'p3,White tea,9,,',
  'p4,Oolong,7,,',
  '',
].join('\n');

let exportedOnce: Promise<string> | undefined;

/** A repository whose base is what the site holds: a copy of one that was exported once. */
export async function agreed(): Promise<Scene> {
  exportedOnce ??= exportedRemote();
  const remote = join(freshFolder(), 'remote.git');
  await cp(await exportedOnce, remote, { recursive: true });
  return sceneAt({ remote, checkout: checkoutOf(remote) });
}

async function exportedRemote(): Promise<string> {
  const remote = makeRemote();
  const scene = sceneAt({ remote, checkout: checkoutOf(remote) });
  await using stage = await play(scene);
  const { result } = await stage.run({ command: 'export' });
  if (result.status !== 'success') throw new Error(`The scene failed: ${JSON.stringify(result)}`);
  git(remote, 'fetch', '--quiet', stage.remote, '+refs/*:refs/*');
  return remote;
}

function checkoutOf(remote: string): string {
  return cloneOf(remote, { depth: 1 });
}

/** The same, with an edit on main. */
export async function editedInGit(text: string = edited): Promise<Scene> {
  return prepared((clone) => void commit(clone, { [path]: text }, 'Edit'));
}

/** The same, with anything at all on main: what this does to a clone and commits there. */
export async function prepared(prepare: (clone: string) => void): Promise<Scene> {
  const scene = await agreed();
  const clone = cloneOf(scene.remote);
  prepare(clone);
  git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
  return { ...scene, checkout: checkoutOf(scene.remote) };
}

/** The same, with another row edited in the CMS meanwhile. */
export async function editedOnBothSides(): Promise<Scene> {
  return editedInCms(await editedInGit(exported.replace('Green tea', 'Sencha')));
}

/** The scene of these folders, where nobody edits anything in the CMS. */
function sceneAt(folders: Pick<Scene, 'remote' | 'checkout'>): Scene {
  return { ...folders, site, edit: () => {} };
}

/** The scene of these folders, where somebody edits a row in the CMS. */
export function editedInCms({ remote, checkout }: Pick<Scene, 'remote' | 'checkout'>): Scene {
  const edit = (emulator: Emulator) => void emulator.site.edit('products', 'p3', { price: 10 });
  return { ...sceneAt({ remote, checkout }), edit };
}
