import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { findCall } from '../github-stand-in/description.ts';
import { operationIn } from '../github-stand-in/graphql.ts';
import { inputsOf } from './cell.ts';
import { asksOf, gitHubScenes, playOnGitHub } from './github-scenes.ts';
import { editedInGit, editedOnBothSides } from './scenes.ts';
import { play, type Scene } from './stage.ts';
import { type Command, requestKinds, terminations } from './wix-requests.ts';

const root = join(import.meta.dirname, '../..');

test('every request of an undisturbed run is a row of the matrix', async () => {
  const scenes: readonly (readonly [Command, () => Promise<Scene>])[] = [
    ['export', editedOnBothSides],
    ['plan', editedOnBothSides],
    ['import', editedInGit],
  ];
  for (const [command, scene] of scenes) {
    await using stage = await play(await scene());
    const missing = watchForMissing(stage.emulator, command);
    await stage.run(inputsOf[command]);
    expect([command, missing()]).toEqual([command, []]);
  }
}, 120_000);

test('every request of an undisturbed run that speaks to GitHub is a row of a matrix', async () => {
  const scenes = await gitHubScenes();
  const rows = new Set(asksOf(scenes).map(({ operation }) => operation));
  for (const scene of scenes) {
    await using staged = await playOnGitHub(scene);
    const before = staged.hub.operations.length;
    await fetch(`${staged.stage.emulator.apiUrl}/emulator/requests`, { method: 'DELETE' });
    const missing = watchForMissing(staged.stage.emulator, commandOf(scene.name));
    await scene.run(staged);
    const unknown = staged.hub.operations.slice(before).filter((name) => !rows.has(name));
    expect([scene.name, missing(), unknown]).toEqual([scene.name, [], []]);
  }
}, 120_000);

/**
 * What is asked only where the first row of an import lost something, or git changed references: no
 * scene of the matrix comes to it, so these tests let it fail.
 */
const heldElsewhere: ReadonlyMap<string, string> = new Map([
  ['/wix-data/v2/bulk/items/patch', 'test/end-to-end/canary.test.ts'],
  ['/wix-data/v2/bulk/items/insert-references', 'test/end-to-end/canary.test.ts'],
  ['/wix-data/v2/items/replace-references', 'test/end-to-end/multi-references.test.ts'],
]);

test('every path of Wix that the code names is in a row of the matrix, or fails in a test of its own', async () => {
  await using emulator = await startEmulator({});
  for (const { match } of [...requestKinds, ...terminations]) {
    const { path } = match(emulator);
    if (path !== undefined) emulator.faults.add({ kind: 'hang', match: { path, times: 'always' } });
  }
  const named = pathsOfWix();
  const missing = named.filter((path) => {
    const request = { host: 'api', method: 'POST', path, body: undefined } as const;
    if (emulator.faults.forRequest(request) !== undefined) return false;
    const holder = heldElsewhere.get(path);
    return holder === undefined || !fails(path, readFileSync(join(root, holder), 'utf8'));
  });
  expect(named.length).toBeGreaterThan(7);
  expect(missing).toEqual([]);
});

test('every operation of GitHub that the code names is in a row of a matrix', async () => {
  const rows = asksOf(await gitHubScenes()).map(({ operation }) => operation);
  const named = operationsOfGitHub();
  expect(named.length).toBeGreaterThan(18);
  expect(named.filter((name) => !rows.includes(name))).toEqual([]);
}, 60_000);

/** Whether a test names the path as one that a fault is for: `path: '/wix-data/v2/bulk/items/patch'`. */
function fails(path: string, text: string): boolean {
  return text.includes(`path: '${path}'`) && text.includes('faults.add(');
}

/** Watches the requests to Wix; the answer lists those that no row of the command is about. */
function watchForMissing(emulator: Emulator, command: Command): () => readonly string[] {
  const before = emulator.requests.length;
  const found = new Set<object | undefined>();
  for (const { match } of requestKinds.filter((kind) => kind.command === command)) {
    const { where = () => true, ...rest } = match(emulator);
    const look: typeof where = (body) => {
      if (where(body)) found.add(emulator.requests.at(-1));
      return false;
    };
    emulator.faults.add({ kind: 'hang', match: { ...rest, where: look } });
  }
  return () =>
    emulator.requests
      .slice(before)
      .filter((request) => !found.has(request))
      .map(({ host, method, path }) => `${host}: ${method} ${path.replace(/[0-9a-f-]{36}/, '*')}`);
}

function commandOf(scene: string): Command {
  const command = (['export', 'plan', 'import'] as const).find((each) => scene.startsWith(each));
  if (command === undefined) throw new Error(`The scene "${scene}" is of no command`);
  return command;
}

/** The paths of the API in the texts of the code, with `x` for what is filled in. */
function pathsOfWix(): readonly string[] {
  const texts = sourcesIn('src/wix').flatMap((source) => [
    ...source.matchAll(/(['`])((?:\$\{jobsPath\}|\/data-mover\/|\/wix-data\/).*?)\1/g),
  ]);
  const paths = texts.map(([, , text = '']) =>
    text
      .replace(/\$\{jobsPath\}/, '/data-mover/v1/jobs')
      .replace(/\?.*/, '')
      .replaceAll(/\$\{[^}]*\}/g, 'x'),
  );
  // What ends with a slash is the beginning of a path, for messages.
  return [...new Set(paths)].filter((path) => !path.endsWith('/'));
}

/** What the code asks of GitHub, by REST and by GraphQL: `pulls/list-reviews`, `repository/id`. */
function operationsOfGitHub(): readonly string[] {
  const sources = sourcesIn('src/github');
  const rest = sources.flatMap((source) => [
    ...source.matchAll(/['`](GET|POST|PATCH|PUT|DELETE) (\/[^'`]+)['`]/g),
  ]);
  const documents = sources.flatMap((source) => [
    ...source.matchAll(/['`]((?:query|mutation) ?\([\s\S]*?)['`];/g),
  ]);
  // What a document takes from elsewhere is fields: `nodes { ${commentFields} }`.
  const graphql = documents.map(([, document = '']) =>
    operationIn(document.replaceAll(/\$\{\w+\}/g, '__typename')),
  );
  return [
    ...new Set([
      ...rest.map(([, method = '', path = '']) => operationAt(method, path)),
      ...graphql,
    ]),
  ];
}

/** The operation of a route below the repository: `/pulls/${number}/reviews` is `pulls/list-reviews`. */
function operationAt(method: string, path: string): string {
  const plain = path.replaceAll(/\$?\{[\w.]+\}/g, '1');
  return findCall(method, `/repos/acme/site${plain}`)?.operation ?? `${method} ${path} is unknown`;
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder)).map((file) =>
    readFileSync(join(root, folder, file), 'utf8'),
  );
}
