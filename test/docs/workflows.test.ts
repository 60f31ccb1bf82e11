import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { selfSigned } from '../end-to-end/certificate.ts';
import { startCompanyNetwork } from '../end-to-end/proxy.ts';
import { exported, path, products, type Situation, site, within } from '../end-to-end/situation.ts';
import { artifactsOf, example, jobOf, play, pullRequest } from '../examples/workflow.ts';
import { freshFolder, git } from '../repository/support.ts';
import { blocks, yamlOn } from './blocks.ts';
import { pages, root, scriptOn, shell } from './commands.ts';

// The workflows and configurations that stand on the pages, played as they stand there.

const config = '.github/wix-cms.yml';
const exporting = example('export-pull-request.yml');

const posts = {
  id: 'posts',
  fields: [{ key: 'title', type: 'TEXT' }],
  items: [{ _id: 'b1', title: 'Hello' }],
};
const shop = {
  id: 'Stores/Products',
  fields: [
    { key: 'name', type: 'TEXT' },
    { key: 'description', type: 'TEXT' },
    { key: 'price', type: 'NUMBER' },
    { key: 'visible', type: 'BOOLEAN' },
  ],
  items: [
    { _id: 's1', name: 'Teapot', price: 20, visible: true },
    { _id: 's2', name: 'Old teapot', price: 10, visible: false },
  ],
};

const origins = {
  id: 'origins',
  fields: [{ key: 'country', type: 'TEXT' }],
  items: [{ _id: 'o1', country: 'Japan' }],
};
const secretive = {
  ...products,
  fields: [...products.fields, { key: 'internalNotes', type: 'TEXT' }],
};

/** Merges the export's pull request into main. */
function mergeExport({ remote }: Situation, branch = 'wix-cms/export'): void {
  git(remote, 'branch', '--force', 'main', branch);
}

const pushed = { environment: { GITHUB_EVENT_NAME: 'push' } };

test('every block of YAML on every page is played by a test', () => {
  const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = tests.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const played = texts.flatMap((text) =>
    [...text.matchAll(/yamlOn\(\s*'(.+?)',\s*'(.+?)',?\s*\)/g)].map(([, page = '', words = '']) =>
      yamlOn(page, words),
    ),
  );
  expect(blocks.filter(({ text }) => !played.includes(text))).toEqual([]);
  expect(blocks.length).toBeGreaterThan(10);
});

/** The actions that texts pin to a commit, each with its version, as `uses:` has them. */
function pinsIn(texts: readonly string[]): readonly string[] {
  const pins = texts.flatMap((text) =>
    [...text.matchAll(/\buses: *(\S+@[0-9a-f]{40}.*)$/gm)].map(([, pin = '']) => pin.trim()),
  );
  return [...new Set(pins)].sort();
}

test('the pages pin actions as the examples do, which alone are kept up to date', () => {
  const folder = join(import.meta.dirname, '../../examples');
  const examples = pinsIn(readdirSync(folder).map((name) => example(name)));
  const actions = examples.map((pin) => pin.replace(/@.*/, ''));
  expect(actions).toEqual([...new Set(actions)]);
  expect(examples.filter((pin) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(pin))).toEqual([]);
  const onPages = pinsIn([...pages.values()]);
  expect(onPages.length).toBeGreaterThan(1);
  expect(onPages.filter((pin) => !examples.includes(pin))).toEqual([]);
  const ofOthers = /\buses: *(?!wix-cms-sync\/|\.\/)(?!\S+@[0-9a-f]{40} # v)(\S+)/g;
  const unpinned = [...pages].flatMap(([page, text]) =>
    [...text.matchAll(ofOthers)].map(([, name]) => `${page}: ${name}`),
  );
  expect(unpinned).toEqual([]);
});

test('getting started sets up export, plan and import, and they carry an edit around', async () => {
  const folder = freshFolder();
  const download = scriptOn('docs/getting-started.md', 'curl');
  shell(download.replace(/https:\S+(?=\/examples\/)/, `file://${root}`), folder);
  const [exporting = '', importing = '', planning = ''] = [
    'export-pull-request.yml',
    'import-on-merge.yml',
    'plan-on-pull-request.yml',
  ].map((name) => readFileSync(join(folder, '.github/workflows', name), 'utf8'));
  await within(site, async (situation) => {
    const { emulator, file, hub, merge } = situation;
    merge({ [config]: yamlOn('docs/getting-started.md', '- products') });
    const opened = await play(situation, exporting);
    expect(opened.outputs).toMatchObject({ status: 'success', 'pull-request-number': '1' });
    mergeExport(situation);
    expect((await play(situation, importing, pushed)).outputs.status).toBe('unchanged');
    const edited = { [path]: (file(path) ?? '').replace('Green tea', 'Sencha') };
    const plan = await play(situation, planning, await pullRequest(situation, edited));
    expect(plan.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(artifactsOf(planning, plan).map((kept) => readFileSync(kept, 'utf8'))).toEqual([
      expect.stringContaining('Sencha'),
    ]);
    expect(hub.comments[0]?.body).toContain('Sencha');
    const event = merge(edited);
    const imported = await play(situation, importing, { event, ...pushed });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
  });
}, 60_000);

test('the backup of an import is kept as an artifact', async () => {
  const workflow = yamlOn('docs/backups-and-restore.md', 'wix-before-import');
  await within(site, async (situation) => {
    const { merge, run } = situation;
    merge({ [config]: 'collections: [products]\n' });
    await run({ command: 'export' });
    const event = merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const imported = await play(situation, workflow, { event, ...pushed });
    expect(imported.outputs.status).toBe('success');
    const [folder = ''] = artifactsOf(workflow, imported);
    expect(readFileSync(join(folder, path), 'utf8')).toContain('Green tea');
  });
});

test('the report of a plan is kept as an artifact', async () => {
  const workflow = yamlOn('docs/reviewing-content.md', 'name: Plan Wix content');
  await within(site, async (situation) => {
    situation.merge({ [config]: 'collections: [products]\n' });
    await situation.run({ command: 'export' });
    const edited = { [path]: exported.replace('Green tea', 'Sencha') };
    const plan = await play(situation, workflow, await pullRequest(situation, edited));
    const [page = ''] = artifactsOf(workflow, plan);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*Sencha/);
  });
});

test('the export of an Enterprise Server goes through its proxy and trusts its authority', async () => {
  const workflow = yamlOn('docs/enterprise.md', 'HTTPS_PROXY');
  await within(site, async (situation) => {
    const { emulator, file, hub, merge, run } = situation;
    const hosts = {
      'wix.example': emulator.apiUrl,
      'uploads.example': emulator.uploadUrl,
      'downloads.example': emulator.downloadUrl,
    };
    const certificate = selfSigned(Object.keys(hosts));
    const authority = join(freshFolder(), 'company.pem');
    writeFileSync(authority, certificate.cert);
    const network = await startCompanyNetwork(hosts, certificate);
    const here: Readonly<Record<string, string>> = {
      'http://proxy.example:3128': network.proxyUrl,
      '/etc/ssl/certs/company.pem': authority,
    };
    const environment = Object.fromEntries(
      Object.entries(jobOf(workflow).env ?? {}).map(([name, value]) => [
        name,
        here[value] ?? value,
      ]),
    );
    try {
      merge({ [config]: 'collections: [products]\n' });
      const behind: Situation['run'] = (inputs, options) =>
        run({ ...inputs, 'api-url': 'https://wix.example' }, options);
      const opened = await play({ ...situation, run: behind }, workflow, {
        environment,
        bundled: true,
      });
      expect(opened.outputs).toMatchObject({ status: 'success', 'pull-request-number': '1' });
      expect(hub.pulls).toHaveLength(1);
      expect(file(path, 'wix-cms/export')).toBe(exported);
      expect(network.tunnels).toContain('wix.example:443');
    } finally {
      await network.close();
    }
  });
});

test('a large site leaves items and fields out, and has more time', async () => {
  const large = {
    ...products,
    fields: [
      ...products.fields,
      { key: 'status', type: 'TEXT' },
      { key: 'searchText', type: 'TEXT' },
      { key: 'internalNotes', type: 'TEXT' },
    ],
    items: [
      { _id: 'p1', title: 'Green tea', status: 'published', searchText: 'green tea' },
      { _id: 'p2', title: 'Black tea', status: 'draft', searchText: 'black tea' },
    ],
  };
  await within({ site: { collections: [large] } }, async (situation) => {
    situation.merge({ [config]: yamlOn('docs/large-sites.md', 'searchText') });
    await play(situation, yamlOn('docs/large-sites.md', 'timeout-minutes: 120'));
    const file = situation.file(path, 'wix-cms/export') ?? '';
    expect(file).toContain('Green tea');
    expect(file).not.toMatch(/Black tea|searchText/);
  });
});

test('many sites are exported and imported side by side, each by its own configuration', async () => {
  const workflow = yamlOn('docs/many-sites.md', 'name: Import into Wix sites');
  const matrix = jobOf(workflow).strategy?.matrix.include ?? [];
  const [first = '', second = ''] = matrix.map((entry) => entry['site-id']);
  const apiKeys = matrix.map(({ key = '' }) => `IST.${key}`);
  const options = {
    site: { id: first, collections: [products] },
    otherSites: [{ id: second, collections: [posts] }],
    apiKeys,
  };
  const plays = (situation: Situation, text: string, event = {}) =>
    inTurn(matrix, (entry, i) => {
      const values = Object.fromEntries(
        Object.entries(entry).map(([name, value]) => [`matrix.${name}`, value]),
      );
      const key = { 'secrets[matrix.key]': apiKeys[i] ?? '' };
      return play(situation, text, { event, values: { ...values, ...key } });
    });
  await within(options, async (situation) => {
    const { emulator, file, merge } = situation;
    merge({
      '.github/wix-cms.shop.yml': yamlOn('docs/many-sites.md', 'directory: content/shop'),
      '.github/wix-cms.blog.yml': yamlOn('docs/many-sites.md', 'directory: content/blog'),
    });
    await plays(
      situation,
      example('many-sites.yml').replace(
        'command: export',
        'command: export\n          commit: push',
      ),
    );
    const shopFile = 'content/shop/collections/products.csv';
    expect(file('content/blog/collections/posts.csv')).toBe('_id,title\nb1,Hello\n');
    const event = merge({ [shopFile]: exported.replace('Green tea', 'Sencha') });
    const runs = await plays(situation, workflow, event);
    expect(runs.map(({ outputs }) => outputs.status)).toEqual(['success', 'unchanged']);
    expect(emulator.site.collection('products').items.get('p1')?.title).toBe('Sencha');
  });
}, 60_000);

/** Does the jobs of a matrix one after the other. */
async function inTurn<Entry, Result>(
  entries: readonly Entry[],
  action: (entry: Entry, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [index, entry] of entries.entries()) results.push(await action(entry, index));
  return results;
}

test('the limits of the page stop an import that would empty a file', async () => {
  await within(site, async ({ emulator, merge, run }) => {
    merge({ [config]: yamlOn('docs/limits.md', 'max-deletes: 5%') });
    await run({ command: 'export', collections: '' });
    merge({ [path]: '_id,title,price,notes,tags\n' });
    const stopped = await run({ command: 'import', collections: '', deletes: 'apply' });
    expect(stopped.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
    expect(emulator.site.collection('products').items.size).toBe(3);
  });
});

test('getting started leads to a pull request, and to an edit on the site', async () => {
  await within(site, async (situation) => {
    situation.merge({ [config]: yamlOn('docs/getting-started.md', 'yaml-language-server') });
    const opened = await play(situation, exporting);
    expect(opened.outputs['pull-request-url']).toMatch(/\/pull\/1$/);
    mergeExport(situation);
    const noted = await play(situation, example('import-on-merge.yml'), pushed);
    expect(noted.outputs.status).toBe('unchanged');
    situation.merge({ [path]: exported.replace('Green tea', 'Sencha') });
    const edited = await play(situation, example('import-on-merge.yml'), pushed);
    expect(edited.outputs['rows-changed']).toBe('1');
  });
});

test('the first edit needs no other run once the first export is merged', async () => {
  await within(site, async (situation) => {
    const { run } = situation;
    await run({ command: 'export', commit: 'pull-request' });
    mergeExport(situation);
    const edited = { [path]: exported.replace('Green tea', 'Sencha') };
    const plan = await run({ command: 'plan' }, await pullRequest(situation, edited));
    expect(plan.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
  });
});

test('the translations of the page are in one file, whose header the page shows', async () => {
  const options = {
    site: { languages: ['en', 'fr', 'de'], collections: [products] },
  };
  await within(options, async (situation) => {
    situation.merge({ [config]: yamlOn('docs/translations.md', 'localizations:') });
    await play(situation, exporting);
    const page = readFileSync(join(import.meta.dirname, '../../docs/translations.md'), 'utf8');
    const [, header = ''] = /^```csv\n(.*)\n/m.exec(page) ?? [];
    expect(situation.file('content/localizations/en.csv', 'wix-cms/export')).toContain(
      `${header}\n`,
    );
  });
});

test('an edit in the CMS opens an issue, with what the page runs', async () => {
  const workflow = yamlOn('docs/results.md', 'gh issue create');
  await within(site, async (situation) => {
    situation.merge({ [config]: 'collections: [products]\n' });
    await situation.run({ command: 'export' });
    situation.emulator.site.edit('products', 'p1', { title: 'Sencha' });
    const drift = await play(situation, workflow);
    expect(drift.exitCode).toBe(1);
    const step = jobOf(workflow).steps.at(-1);
    const reason = drift.outputs['failure-reason'];
    expect(step?.if).toBe(`failure() && steps.drift.outputs.failure-reason == '${reason}'`);
    const programs = freshFolder();
    const said = join(programs, 'said');
    const gh = `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\n`;
    writeFileSync(join(programs, 'gh'), gh, { mode: 0o755 });
    const environment = { PATH: `${programs}:${process.env.PATH}`, RUN: 'https://run.example' };
    shell(step?.run ?? '', programs, {}, environment);
    expect(readFileSync(said, 'utf8')).toBe(
      'issue\ncreate\n--title\nThe site was edited\n--body\nWhat changed is in the summary of https://run.example\n',
    );
  });
});

test('all settings there are hold together', async () => {
  const options = {
    site: { languages: ['en', 'fr', 'de'], collections: [origins, secretive, shop] },
  };
  await within(options, async (situation) => {
    situation.merge({ [config]: yamlOn('docs/configuration.md', 'upload-format') });
    await play(situation, exporting);
    const file = (name: string) => situation.file(`content/${name}`, 'wix-cms/export');
    expect(file('shop/products.csv')).toContain('s1,');
    expect(file('collections/products.csv')).not.toContain('internalNotes');
    expect(file('localizations/texts.csv')).toContain('Green tea');
  });
});

test('the configuration of the page has every setting, and so has its table', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
  const settings = settingsIn(
    JSON.parse(readFileSync(join(import.meta.dirname, '../../schema/wix-cms.schema.json'), 'utf8')),
  );
  expect(settings.length).toBeGreaterThan(15);
  const yaml = yamlOn('docs/configuration.md', 'upload-format');
  expect(settings.filter((name) => !new RegExp(`^[ -]*${name}:`, 'm').test(yaml))).toEqual([]);
  const rows = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) => cell).join(' ');
  expect(settings.filter((name) => !rows.includes(`\`${name}\``))).toEqual([]);
});

/** The names of all settings of a JSON Schema, but for what the rules and the columns have inside. */
function settingsIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
  const inner = Object.entries(schema).filter(([name]) => name !== 'rules' && name !== 'columns');
  return [...properties, ...inner.flatMap(([, each]) => settingsIn(each))];
}

test('all settings of the example configuration hold', async () => {
  const options = {
    site: { languages: ['en', 'fr', 'de'], collections: [origins, secretive, shop] },
  };
  await within(options, async (situation) => {
    situation.merge({ [config]: example('wix-cms.yml') });
    await play(situation, exporting);
    const file = (name: string) => situation.file(`content/${name}`, 'wix-cms/export');
    expect(file('collections/origins.csv')).toBe('_id,country\no1,Japan\n');
    expect(file('shop/products.csv')).toMatch(/^_id,name(,description)?,price\ns1,Teapot,,?20\n$/);
    expect(file('collections/products.csv')).not.toContain('internalNotes');
    expect(file('localizations/en.csv')).toContain('Green tea');
  });
});
