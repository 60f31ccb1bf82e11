import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { products, site, within } from '../end-to-end/situation.ts';
import { cloneOf, git, makeRemote } from '../repository/support.ts';
import { cloning, pages, root, scriptOn, scriptsOf, shell } from './commands.ts';

const scripts = [...pages.keys()].flatMap((page) => scriptsOf(page));

/** What `.ci/run` runs of itself, as it stands there. */
const inContinuousIntegration = {
  'npm ci': 'npm ci',
  'npm cit': 'npm test',
  'npm run test:all': 'npm run --silent test:all',
  'npm run types': 'npm run --silent types',
  'npm run lint': 'npm run --silent lint',
  'npm run unused': 'npm run --silent unused',
  'npm run docs': 'npm run --silent docs -- --check',
  'npm run build': 'npm run --silent build',
  'npm run demo': '(cd "$clone/wix-cms-sync" && npm run --silent demo)',
} as const;

/** What no test can run, and why. */
const notRun = {
  '.ci/run': 'it runs this test',
  'npm run format': 'it rewrites the sources; npm run lint is the same program without writing',
  'npm run bench': 'it measures this machine for minutes, and would slow down the other tests',
  'npm run bench -- --full --write': 'it takes an hour, and rewrites docs/performance.md',
  'npm run bench -- --check': 'it measures this machine for minutes',
  'npm run pictures': 'it rewrites the pictures of the README, and needs chromium',
  'gh attestation verify': 'it asks GitHub for a release',
} as const;

test('every command of every page is run by a test, or there is a reason', () => {
  const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = tests.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const played = texts.flatMap((text) =>
    [...text.matchAll(/scriptOn\(\s*(['"])(.+?)\1,\s*(['"`])(.+?)\3,?\s*\)/g)].map(
      ([, , page, , begin]) => ({ page, begin }),
    ),
  );
  const excused = [...Object.keys(inContinuousIntegration), ...Object.keys(notRun)];
  const missing = scripts.filter(
    ({ page, text }) =>
      !excused.some((command) => text === command || text.startsWith(`${command} wix`)) &&
      !sameEverywhere.some((command) => text === command) &&
      !played.some((each) => each.page === page && text.startsWith(each.begin ?? '')),
  );
  expect(missing).toEqual([]);
  expect(scripts.length).toBeGreaterThan(25);
});

test('what is left to continuous integration is run there', () => {
  const run = readFileSync(join(root, '.ci/run'), 'utf8').split('\n');
  expect(Object.values(inContinuousIntegration).filter((line) => !run.includes(line))).toEqual([]);
});

test('no excuse is kept for a command that no page names', () => {
  const known = [...Object.keys(notRun), ...Object.keys(inContinuousIntegration)];
  const stale = known.filter((command) => !scripts.some(({ text }) => text.startsWith(command)));
  expect(stale).toEqual([]);
});

/** Commands that several pages name, each of which is run here once. */
const sameEverywhere = [
  'npm run emulator',
  'npm run check-site',
  'npm run workflows',
  cloning,
  `${cloning} && npm ci`,
];

test('whoever is to run npm is told of the clone, and of the install that it needs', () => {
  const told = [...pages].flatMap(([page, text]) =>
    [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)]
      .map(([, block = '']) => ({ page, lines: block.split('\n') }))
      .filter(({ lines }) => lines.some((line) => /^npm (ci|cit|run)\b/.test(line))),
  );
  const untold = told.filter(({ lines }) => {
    const first = lines.findIndex((line) => /^npm run (?!demo\b)/.test(line));
    const before = lines.slice(0, first === -1 ? 0 : first).join('\n');
    const isInstalled = first === -1 || /\bnpm cit?$/m.test(before);
    return !lines[0]?.startsWith(cloning) || !isInstalled;
  });
  expect(untold).toEqual([]);
  expect([...new Set(told.map(({ page }) => page))].sort()).toEqual([
    'README.md',
    'docs/check-site.md',
    'emulator/README.md',
  ]);
});

test.each([cloning, `${cloning} && npm ci`])('%s leads into the clone', (command) => {
  // A small repository in the place of this one, which continuous integration clones and installs.
  const name = 'wix-cms-sync';
  const lock = { name, lockfileVersion: 3, packages: { '': { name } } };
  const remote = makeRemote({
    'package.json': JSON.stringify({ name }),
    'package-lock.json': JSON.stringify(lock),
  });
  const environment = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${remote}.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/wix-cms-sync/wix-cms-sync',
    npm_config_offline: 'true',
    npm_config_audit: 'false',
  };
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-clone-'));
  expect(shell(`${command}\nls package.json`, folder, {}, environment)).toContain('package.json');
});

test.each([
  [scriptOn('CONTRIBUTING.md', 'npm test -- test/content'), 'test/content/merge.test.ts'],
  [scriptOn('CONTRIBUTING.md', 'npm run test:all -- test/model'), 'model.long.test.ts'],
  ['npm run workflows', 'test/workflows/workflows.test.ts'],
])(
  '%s finds its tests',
  (command, found) => {
    // Only listed: the tests themselves run beside this one.
    const arranged = command.includes(' -- ')
      ? `${command} --listTests`
      : `${command} -- --listTests`;
    expect(shell(arranged, root)).toContain(found);
  },
  60_000,
);

test('the benchmarks that are named are measured, and held against their targets', () => {
  const script = scriptOn('CONTRIBUTING.md', 'npm run bench -- --only <words>');
  const lines = shell(script, root, { words: "'cold start'" }).trimEnd().split('\n');
  const cells = lines.map((line) => line.split(/ {2,}/));
  const [head, yardstick, node, start] = cells.slice(cells.findIndex(([cell]) => cell === 'work'));
  expect(head?.slice(0, 4)).toEqual(['work', 'time', '× yardstick', 'peak']);
  const [time, ratio] = [
    expect.stringMatching(/^\d+(\.\d)? m?s$/),
    expect.stringMatching(/^\d+(\.\d)?$/),
  ];
  expect(yardstick?.slice(0, 3)).toEqual(['yardstick', time, '1.0']);
  // Only since the one that is named is held against it.
  expect(node?.slice(0, 3)).toEqual(['node -e 0', time, ratio]);
  expect(start?.slice(0, 3)).toEqual(['cold start of dist/', time, ratio]);
  expect(start?.slice(-2)).toEqual([
    '≤ 5 × node -e 0',
    expect.stringMatching(/^(met|missed: \d+(\.\d)? ×)$/),
  ]);
  expect(cells.at(-1)).toBe(start);
}, 120_000);

test('npm run check-site asks the site that the environment names', async () => {
  const emulator = await startEmulator({
    site: { languages: ['en', 'fr'], collections: [products] },
  });
  try {
    const script = scriptOn('docs/check-site.md', 'git clone').replace(
      `${cloning} && npm ci\n`,
      '',
    );
    const values = { key: emulator.apiKey, 'site id': emulator.siteId };
    const printed = await shellBeside(script, values, { WIX_API_URL: emulator.apiUrl });
    expect(printed).toContain('| May the key export? | yes |');
    expect(printed).toContain('| Which columns do translations have? | a layout that is known');
    expect(printed).toContain('| Are both collections gone? | yes |');
    expect(printed).toMatch(/No setting follows: the defaults fit this site\.\n$/);
  } finally {
    await emulator.close();
  }
}, 60_000);

/** Runs a script while this process goes on, since it serves what the script asks. */
async function shellBeside(
  script: string,
  values: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const filled = script.replaceAll(/<([a-z ]+)>/g, (_all, name: string) => values[name] ?? '');
  const child = spawn('sh', ['-euc', filled], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(printed);
  return printed;
}

test('the record of a site can be fetched and looked at as the page says', async () => {
  await within(site, async ({ remote, emulator, run }) => {
    await run({ command: 'export' });
    const script = scriptOn('docs/conflicts-and-drift.md', 'git fetch origin');
    const shown = shell(script, cloneOf(remote), { 'site id': emulator.siteId });
    expect(shown).toContain('p1,Green tea');
  });
});

test('the commits of releases are listed as the page says', () => {
  const releases = makeRemote();
  git(releases, 'tag', 'v1.0.0', 'main');
  const script = scriptOn('docs/security.md', 'git ls-remote');
  const environment = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${releases}.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/wix-cms-sync/wix-cms-sync',
  };
  expect(shell(script, tmpdir(), {}, environment)).toMatch(
    /^[0-9a-f]{40}\trefs\/tags\/v1\.0\.0\n$/,
  );
});

/** Starts the emulator as its page says, with the line of what it prints that is to be pasted. */
async function withEmulator(
  command: string,
  play: (api: string, settings: string) => Promise<void>,
): Promise<void> {
  const child: ChildProcess = spawn('sh', ['-euc', `exec ${command}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    let settings = '';
    if (child.stdout === null) throw new Error('It prints nothing');
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('export ')) continue;
      settings = line;
      break;
    }
    await play(/ API=(\S+)/.exec(settings)?.[1] ?? '', settings);
  } finally {
    // npm and the emulator below it are one group of processes.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await once(child, 'close');
  }
}

test('the emulator is driven with curl as its page says', async () => {
  await withEmulator(scriptOn('emulator/README.md', 'npm run emulator'), async (api, settings) => {
    const curl = (script: string, folder = tmpdir()) =>
      shell(`${settings}\n${script.replaceAll(/\bcurl /g, 'curl -sS --fail-with-body ')}`, folder);
    expect(curl(scriptOn('CONTRIBUTING.md', 'curl $API/data-mover'))).toContain('"status":"');
    const exported = curl(scriptOn('emulator/README.md', 'SHOP='), root);
    expect(exported).toContain('p1,Walnut desk,480,');
    const imported = curl(scriptOn('emulator/README.md', 'UPLOAD='));
    expect(imported).toMatch(/"status":"COMPLETED".*"itemsRejected":1,"itemsSuccessful":1/);
    expect(imported).toContain('"sourceItemId":"2","failure":{"code":"WDE0075"');
    const jobs = curl(scriptOn('emulator/README.md', 'curl $API/data-mover'));
    expect(jobs).toMatch(/"url":"http[^"]+"/);
    expect(jobs.match(/"wixDataCollection":\{"collectionId":"products"/g)).toHaveLength(5);
    curl(scriptOn('emulator/README.md', 'curl -X PATCH $API/emulator/items'));
    const state = await (await fetch(`${api}/emulator/state`)).text();
    expect(state).toContain('"price":450');
    expect(state).toContain('Oak desk');
    const struck = await fetch(`${api}/data-mover/v1/jobs/any`);
    expect(struck.status).toBe(503);
  });
}, 60_000);

test('the emulator takes the options of a file', async () => {
  const options = join(mkdtempSync(join(tmpdir(), 'wix-cms-options-')), 'my-site.json');
  writeFileSync(options, JSON.stringify({ site: { collections: [products] } }));
  const command = scriptOn('emulator/README.md', 'npm run emulator -- my-site.json');
  await withEmulator(command.replace('my-site.json', options), async (api) => {
    const state = await (await fetch(`${api}/emulator/state`)).text();
    expect(state).toContain('Green tea');
  });
}, 60_000);

test('the example for tests runs as it stands', () => {
  const [, block = ''] =
    /^```ts\n([\s\S]*?)^```/m.exec(pages.get('emulator/README.md') ?? '') ?? [];
  const file = join(mkdtempSync(join(tmpdir(), 'wix-cms-example-')), 'example.mts');
  const emulator = JSON.stringify(join(root, 'emulator/emulator.ts'));
  writeFileSync(file, `import { startEmulator } from ${emulator};\n${block}console.log('done');\n`);
  expect(shell(`"${process.execPath}" --no-warnings "${file}"`, tmpdir())).toBe('done\n');
}, 30_000);
