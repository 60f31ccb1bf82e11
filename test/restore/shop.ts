import { expect } from '@jest/globals';
import type { ActionRun } from '../end-to-end/action.ts';
import { type Situation, within } from '../end-to-end/situation.ts';
import { cloneOf, git } from '../repository/support.ts';

// A site with references, images, rich text and three languages, and what people do to it by mistake.

const brands = {
  id: 'brands',
  displayName: 'Brands',
  translatable: ['name'],
  fields: [{ key: 'name', displayName: 'Name', type: 'TEXT', required: true }],
  items: [
    { _id: 'b1', name: 'Leaf & Co' },
    { _id: 'b2', name: 'Uva Hills' },
  ],
};

const teas = {
  id: 'teas',
  displayName: 'Teas',
  translatable: ['title', 'story'],
  fields: [
    { key: 'title', displayName: 'Title', type: 'TEXT', required: true },
    { key: 'price', displayName: 'Price', type: 'NUMBER' },
    { key: 'story', displayName: 'Story', type: 'RICH_TEXT' },
    { key: 'photo', displayName: 'Photo', type: 'IMAGE' },
    {
      key: 'brand',
      displayName: 'Brand',
      type: 'REFERENCE',
      typeMetadata: { reference: { referencedCollectionId: 'brands' } },
    },
    { key: 'notes', displayName: 'Notes', type: 'TEXT' },
  ],
  items: [
    {
      _id: 't1',
      title: 'Green tea',
      price: 4,
      story: '<p>Picked in <strong>May</strong>.</p>\n',
      photo: 'wix:image://v1/11062b_1.jpg/green.jpg#originWidth=800&originHeight=600',
      brand: 'b1',
      notes: 'order more',
    },
    { _id: 't2', title: 'Black tea', price: 5.5, story: '<p>Malty.</p>\n', brand: 'b2' },
    { _id: 't3', title: 'White tea', price: 9, story: '<p></p>\n', brand: 'b1' },
  ],
};

const translations = [
  ['b1', 'name', 'fr', 'Feuille & Cie'],
  ['t1', 'title', 'fr', 'Thé vert'],
  ['t1', 'title', 'de', 'Grüner Tee'],
  ['t1', 'story', 'fr', '<p>Cueilli en <strong>mai</strong>.</p>\n'],
  ['t2', 'title', 'fr', 'Thé noir'],
  ['t3', 'title', 'de', 'Weißer Tee'],
].map(([itemId = '', field = '', language = '', text = '']) => ({ itemId, field, language, text }));

/** What the action is told of that site. */
const shop = {
  site: { languages: ['en', 'fr', 'de'], collections: [brands, teas], translations },
};
export const inputs = { collections: 'brands, teas', languages: 'en, fr, de' };

/** Everything that a person sees of the site, to be compared. */
export function contentOf({ emulator: { site } }: Situation) {
  return {
    items: Object.fromEntries(
      [...site.collections].map(([id, { items }]) => [
        id,
        [...items.values()]
          .map((item) =>
            Object.entries(item).filter(([key]) => key === '_id' || !key.startsWith('_')),
          )
          .map((entries) => Object.fromEntries(entries.sort()))
          .sort((left, right) => String(left._id).localeCompare(String(right._id))),
      ]),
    ),
    translations: [...site.translations.values()]
      .map(({ itemId, field, language, text }) => `${itemId}.${field}.${language}: ${text}`)
      .sort(),
  };
}

/** The header of the teas' file, and its rows, each with the newlines of its texts. */
export function rowsIn(text = ''): readonly string[] {
  return text.split(/^(?=t\d,)/m);
}

export function remove({ emulator: { site } }: Situation, collection: string, id: string): void {
  site.remove(collection, id);
  // Whether Wix keeps them is not known (wix-api.md 2.6): this is the harder case.
  for (const [key, { itemId }] of site.translations)
    if (itemId === id) site.translations.delete(key);
}

/** What goes wrong in the CMS, by what people would call it. */
export const damages: Readonly<Record<string, (situation: Situation) => void>> = {
  'a price was edited': ({ emulator }) => void emulator.site.edit('teas', 't1', { price: 400 }),
  'a text that is translated was edited': ({ emulator }) =>
    void emulator.site.edit('teas', 't1', { title: 'Spoiled', story: '<p>Spam</p>' }),
  'a translation was edited': ({ emulator }) =>
    emulator.site.translate('t1', 'title', 'fr', 'Mauvais'),
  'an item was deleted': (situation) => remove(situation, 'teas', 't3'),
  'an item was replaced by a copy': (situation) => {
    const { site } = situation.emulator;
    const item = site.collection('teas').items.get('t3');
    remove(situation, 'teas', 't3');
    site.insert('teas', { ...item, _id: 't9' });
  },
  'a collection was emptied': (situation) => {
    for (const id of ['t1', 't2', 't3']) remove(situation, 'teas', id);
  },
  'a field was deleted and a price edited': (situation) => {
    deleteField(situation, 'teas', 'notes');
    situation.emulator.site.edit('teas', 't1', { price: 400 });
  },
};

/** Deletes a field with its values, as the CMS does. */
export function deleteField({ emulator: { site } }: Situation, id: string, field: string): void {
  const { schema, items } = site.collection(id);
  Object.assign(schema, { fields: schema.fields.filter(({ key }) => key !== field) });
  for (const item of items.keys()) site.edit(id, item, { [field]: undefined });
}

/** Plays a damage that an export brings to git, and a way to take it back: the site is as it was. */
export async function undoes(damage: string, way: string, method: MergeMethod): Promise<void> {
  await withBackup(async (situation) => {
    const { run } = situation;
    // Otherwise the copy stays beside the item.
    const settings = damage.includes('copy') ? { ...inputs, deletes: 'apply' } : inputs;
    const before = contentOf(situation);
    damages[damage]?.(situation);
    expect(contentOf(situation)).not.toEqual(before);
    const exported = await run({ command: 'export', ...settings, commit: 'pull-request' });
    expect(exported.exitCode).toBe(0);
    await run({ command: 'import', ...settings }, await merged(situation, method));
    if (way === command) await run({ command: 'restore', to: 'good', ...settings });
    const branch = way === command ? 'wix-cms/restore' : 'undo';
    const pull = await pullRequestOf(situation, branch, waysByGit[way]);
    const plan = await run({ command: 'plan', ...settings }, pull);
    expect(errorsOf(plan)).toEqual([]);
    expect(plan.outputs.status).toBe('success');
    const imported = await run({ command: 'import', ...settings }, await merged(situation, method));
    expect(errorsOf(imported)).toEqual([]);
    expect(imported.outputs.status).toBe('success');
    if (!damage.includes('field')) {
      expect(contentOf(situation)).toEqual(before);
      return;
    }
    // What cannot come back is said before the merge, and all the rest comes back.
    expect(plan.annotations.join('\n')).toContain('the collection has no field "notes"');
    deleteField(situation, 'teas', 'notes');
    const { teas: found = [] } = contentOf(situation).items;
    const lacking = (before.items.teas ?? []).map(({ notes: _notes, ...item }) => item);
    expect(found).toEqual(lacking);
  });
}

function errorsOf({ annotations }: ActionRun): readonly string[] {
  return annotations.filter((line) => line.startsWith('::error'));
}

/** Plays a situation whose first state is on main, tagged `good`. */
export async function withBackup(play: (situation: Situation) => Promise<void>): Promise<void> {
  await within(shop, async (situation) => {
    await situation.run({ command: 'export', ...inputs });
    git(situation.remote, 'tag', 'good', 'main');
    await play(situation);
  });
}

/** What people do with git to get an older state back. */
const waysByGit: Readonly<Record<string, (clone: string) => void>> = {
  'git revert': (clone) => {
    const parents = git(clone, 'rev-list', '--parents', '--max-count=1', 'HEAD')
      .split(' ')
      .slice(1);
    const mainline = parents.length > 1 ? ['--mainline', '1'] : [];
    git(clone, 'revert', '--no-edit', ...mainline, 'HEAD');
  },
  'git restore': (clone) => {
    git(clone, 'restore', '--source=good', '--', 'content');
    git(clone, 'commit', '--all', '--message', 'Restore the content of Monday');
  },
  'old files uploaded on github.com': (clone) => {
    git(clone, 'checkout', 'good', '--', 'content/*.csv');
    git(clone, 'commit', '--message', 'Add files via upload');
  },
};

/** Opens a pull request with what is done in a clone of main; answers where its workflow runs. */
export async function pullRequestOf(
  { remote, hub }: Situation,
  branch: string,
  act: ((clone: string) => void) | undefined,
) {
  if (act !== undefined) {
    const edited = cloneOf(remote);
    act(edited);
    git(edited, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
    await asMaria('POST', `${hub.url}/repos/acme/site/pulls`, {
      title: 'Undo',
      head: branch,
      base: 'main',
    });
  }
  const clone = cloneOf(remote);
  git(clone, 'merge', '--quiet', '--no-ff', '-m', 'Merge', `origin/${branch}`);
  git(clone, 'push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/pr-merge');
  const { number } = openPull(hub);
  return {
    event: {
      pull_request: {
        number,
        base: { sha: git(remote, 'rev-parse', 'main') },
        head: { sha: git(remote, 'rev-parse', branch) },
      },
    },
    branch: 'pr-merge',
    environment: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: `refs/pull/${number}/merge` },
  };
}

export type MergeMethod = 'merge' | 'squash';

/** Merges the open pull request, and answers with the push that comes of it. */
export async function merged({ hub, remote }: Situation, method: MergeMethod) {
  const before = git(remote, 'rev-parse', 'main');
  const { number } = openPull(hub);
  await asMaria('PUT', `${hub.url}/repos/acme/site/pulls/${number}/merge`, {
    merge_method: method,
  });
  return { event: { before }, environment: { GITHUB_EVENT_NAME: 'push' } };
}

function openPull(hub: Situation['hub']) {
  const open = hub.pulls.find(({ state }) => state === 'open');
  if (open === undefined) throw new Error('There is no open pull request');
  return open;
}

async function asMaria(method: string, url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: 'token token-of-maria',
      accept: 'application/vnd.github+json',
      // While git runs, this process hears nothing, and a connection that is kept may be closed by then.
      connection: 'close',
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}

const command = 'the command restore';

/** All the ways back, by what the tests call them. */
export const ways: readonly string[] = [command, ...Object.keys(waysByGit)];
