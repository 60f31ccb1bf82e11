import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { refusalFailure } from '../../src/wix/failures.ts';
import { runAction } from '../end-to-end/action.ts';
import { exported, path, products, site, within } from '../end-to-end/situation.ts';
import { cloneOf, git } from '../repository/support.ts';
import { wrongSteps } from './wrong-steps.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/getting-started.md'), 'utf8');

/** The messages of the page's table of wrong steps, each with `…` where anything may stand. */
const documented = [...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, message = '']) => message);

const command = 'export';
const config = '.github/wix-cms.yml';

test.each(Object.entries(wrongSteps))(
  'the page has the message of %s',
  async (_name, { message, options = site, play }) => {
    const entry = documented.filter((each) => each.startsWith(message));
    expect([message, entry.length]).toEqual([message, 1]);
    await within(options, async (situation) => {
      const { annotations } = await play(situation);
      expect(annotations.map(messageIn)).toContainEqual(
        expect.stringMatching(patternOf(entry[0] ?? '')),
      );
    });
  },
);

test('every message of the page is seen here', () => {
  const seen = Object.values(wrongSteps).map(({ message }) => message);
  const unseen = documented.filter((each) => !seen.some((message) => each.startsWith(message)));
  expect(unseen).toEqual([]);
});

test('the page names the permissions of the key as the messages do', () => {
  const { message } = refusalFailure('read', { status: 403, body: '', requestId: '' });
  const [, permissions] = /all permissions under "(.*?)"/.exec(message) ?? [];
  expect(page.replaceAll(/\s+/g, ' ')).toContain(`all permissions under *${permissions}*`);
});

test('files of your own come to the site once somebody has decided that', async () => {
  await within(site, async ({ emulator, merge, run }) => {
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    expect((await run({ command: 'import' })).outputs['failure-reason']).toBe('conflict');
    const imported = await run({ command: 'import', 'on-conflict': 'git' });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
  });
});

test('without a translatable collection, the file of translations has a header alone', async () => {
  const untranslated = { ...products, translatable: [] };
  const options = { site: { languages: ['en', 'fr'], collections: [untranslated] } };
  await within(options, async ({ file, run }) => {
    const { annotations, outputs } = await run({ command, languages: 'en, fr' });
    expect([outputs.status, annotations]).toEqual(['success', []]);
    expect(file('content/localizations/en.csv')).toMatch(/^ID \(do not edit\),.*\n$/);
  });
});

test('an import finds nothing in files that the configuration does not name', async () => {
  await within(site, async ({ run, merge }) => {
    merge({ [config]: 'directory: wix\ncollections: [products]\n' });
    await run({ command, collections: '' });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const imported = await run({ command: 'import', collections: '' });
    expect(imported.outputs.status).toBe('unchanged');
  });
});

test('the edits of an import that was cancelled while it waited are brought by the next', async () => {
  await within(site, async ({ emulator, run, merge }) => {
    await run({ command });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    // In its place comes a scheduled export; then another merge, and its import.
    await run({ command });
    const both = exported.replace('Green tea', 'Sencha').replace('White tea', 'Silver tips');
    const event = merge({ [path]: both });
    const imported = await run({ command: 'import' }, { event });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    const { items } = emulator.site.collection('products');
    expect([items.get('p1')?.title, items.get('p3')?.title]).toEqual(['Sencha', 'Silver tips']);
  });
});

test.each([
  ['branch', { status: 'success', 'rows-changed': '1' }],
  ['working-tree', { status: 'failed', 'failure-reason': 'config' }],
])('of a checkout that leaves files out, an import reads the %s', async (source, outputs) => {
  await within(site, async ({ emulator, remote, run, merge }) => {
    await run({ command });
    merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const workspace = cloneOf(remote, { depth: 1 });
    git(workspace, 'sparse-checkout', 'set', '.github');
    const { apiKey, apiUrl, siteId } = emulator;
    const inputs = { 'api-key': apiKey, 'api-url': apiUrl, 'site-id': siteId, token: 'token' };
    const imported = await runAction({
      workspace,
      inputs: { command: 'import', collections: 'products', source, ...inputs },
    });
    expect(imported.outputs).toMatchObject(outputs);
    const isRefused = outputs.status === 'failed';
    const words = expect.stringContaining('into the sparse-checkout of actions/checkout');
    expect(imported.annotations).toEqual(isRefused ? [words] : []);
    const { title } = emulator.site.collection('products').items.get('p1') ?? {};
    expect(title).toBe(isRefused ? 'Green tea' : 'Sencha');
  });
});

function patternOf(message: string): RegExp {
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${message.split('…').map(literal).join('.*')}$`);
}

/** What an annotation says, without the command, and without the file where that goes ahead. */
function messageIn(annotation: string): string {
  return annotation.replace(/^.*?::.*?::/, '').replace(/^content\/\S+: /, '');
}
