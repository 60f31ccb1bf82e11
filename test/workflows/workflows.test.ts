import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { noInputs } from '../config/no-inputs.ts';
import { oddFences, yamlBlocks } from '../docs/blocks.ts';
import { pages } from '../docs/commands.ts';
import { actionProblems, type Source, workflowProblems } from './parser.ts';

const root = join(import.meta.dirname, '../..');

function sourceOf(name: string): Source {
  return { name, text: readFileSync(join(root, name), 'utf8') };
}

function sourcesIn(folder: string, ending: RegExp): readonly Source[] {
  const names = readdirSync(join(root, folder)).filter((name) => ending.test(name));
  return names.map((name) => sourceOf(join(folder, name)));
}

const action = sourceOf('action.yml');
const inputs: ReadonlySet<string> = new Set(Object.keys(parse(action.text).inputs));
const sources = [
  ...sourcesIn('.github/workflows', /\.ya?ml$/),
  ...sourcesIn('examples', /\.ya?ml$/),
  ...[...pages].flatMap(([name, text]) => yamlBlocks({ name, text })),
];
const isWorkflow = ({ text }: Source) => /^jobs:/m.test(text);

test('GitHub takes the metadata of the action', () => {
  expect(actionProblems(action)).toEqual([]);
});

test.each(sources.filter(isWorkflow).map((source) => [source.name, source] as const))(
  'GitHub takes the workflow %s',
  async (_name, source) => {
    expect(await workflowProblems(source, inputs)).toEqual([]);
    expect(source.text).toMatch(/^permissions:/m);
    for (const [, used = ''] of source.text.matchAll(/uses: (.*)/g)) {
      expect(used).toMatch(/^wix-cms-sync\/wix-cms-sync@v1$|@[0-9a-f]{40} # v\d/);
    }
  },
);

test.each(
  sources.filter((source) => !isWorkflow(source)).map((source) => [source.name, source] as const),
)('the action takes the configuration %s', (_name, { name, text }) => {
  const config = readConfig({ file: name, text }, noInputs);
  expect(config.contents.length).toBeGreaterThan(0);
});

/** The permissions that the page on security has for each kind of workflow. */
function documentedPermissions(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const { text } = sourceOf('docs/security.md');
  const rows = [...text.matchAll(/^\| ([a-z ]+) \| `(read|write)` \| (?:`(read|write)`)?.*\|$/gm)];
  return new Map(
    rows.map(([, name = '', contents = '', pulls]) => [
      name,
      { contents, ...(pulls === undefined ? {} : { 'pull-requests': pulls }) },
    ]),
  );
}

/** The row of that page that a step with these inputs falls under. */
function kindOf(inputs: Readonly<Record<string, unknown>>): string {
  const { command, commit } = inputs;
  if (inputs.reconcile === 'all') return 'make the site match git';
  if (command === 'restore') return inputs.drill === true ? 'restore drill' : 'restore';
  if (command === 'export') return `export by ${commit === 'push' ? 'push' : 'pull request'}`;
  if (command === 'import') return 'import';
  return inputs['fail-on-drift'] === true ? 'drift check' : 'plan on pull requests';
}

test('every workflow of the docs and examples has the permissions that the page on security says', () => {
  const documented = documentedPermissions();
  const kinds = new Set<string>();
  for (const { name, text } of sources.filter((source) => isWorkflow(source))) {
    const { permissions, jobs } = parse(text);
    const steps = Object.values<{ steps?: { uses?: string; with?: object }[] }>(jobs).flatMap(
      (job) => job.steps ?? [],
    );
    const own = steps.find(({ uses }) => uses?.startsWith('wix-cms-sync/'));
    if (own === undefined) continue;
    const kind = kindOf({ ...own.with });
    kinds.add(kind);
    // What a later step of its own needs is beside the point.
    const { issues: _issues, ...granted } = permissions;
    expect([name, kind, granted]).toEqual([name, kind, documented.get(kind)]);
  }
  expect([...kinds].sort()).toEqual([...documented.keys()].sort());
});

test('GitHub takes a longer queue for the runs of a group, as getting started says', async () => {
  const { name, text } = sourceOf('examples/import-on-merge.yml');
  const queued = text.replace('group: wix-cms\n', 'group: wix-cms\n  queue: max\n');
  expect(queued).not.toBe(text);
  expect(await workflowProblems({ name, text: queued }, inputs)).toEqual([]);
});

test('a workflow that GitHub would refuse is found, with its line', async () => {
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepps: []\n';
  expect(await workflowProblems({ name: 'x.yml', text }, new Set(['command']))).toContainEqual(
    expect.stringMatching(/^x\.yml:\d+: .*stepps/),
  );
});

test('an input that the action does not have is found', async () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n' +
    '      - uses: wix-cms-sync/wix-cms-sync@v1\n        with: { command: export, colections: a }\n';
  expect(await workflowProblems({ name: 'x.yml', text }, new Set(['command']))).toEqual([
    'x.yml: the action has no input colections',
  ]);
});

test('an action that GitHub would refuse is found', () => {
  const text = 'name: x\ndescription: x\nruns:\n  using: node24\n  mian: x.js\n';
  expect(actionProblems({ name: 'action.yml', text })).not.toEqual([]);
});

test('every page writes its YAML in a fence that the tests find', () => {
  expect([...pages].flatMap(([name, text]) => oddFences({ name, text }))).toEqual([]);
});

test.each([
  ['a title', '```yaml title=".github/wix-cms.yml"\na: 1\n```\n'],
  ['a blank before its language', '``` yaml\na: 1\n```\n'],
  ['capital letters', '```YAML\na: 1\n```\n'],
  ['tildes', '~~~yaml\na: 1\n~~~\n'],
  ['more marks', '````yaml\na: 1\n````\n'],
  ['an indent', '  ```yaml\n  a: 1\n  ```\n'],
  ['a bullet before it', '- ```yaml\n  a: 1\n  ```\n'],
  ['a quote around it', '> ```yml\n> a: 1\n> ```\n'],
  ['no language', '```\njobs:\n  a: 1\n```\n'],
  ['no end', '```yaml\na: 1\n'],
])('a fence of YAML with %s is told of', (_name, text) => {
  expect(yamlBlocks({ name: 'x.md', text })).toEqual([]);
  expect(oddFences({ name: 'x.md', text: `Words.\n\n${text}` })).toEqual(['x.md:3']);
});

test('other fences are none of YAML', () => {
  const text = '```ts\nconst a = { b: 1 };\n```\n\n```\nmain.ts  inputs: one\n```\n';
  expect(oddFences({ name: 'x.md', text })).toEqual([]);
});

test('the YAML of a page is found with its line', () => {
  const text = 'Words.\n\n```yaml\na: 1\n```\n';
  expect(yamlBlocks({ name: 'x.md', text })).toEqual([{ name: 'x.md:3', text: 'a: 1\n' }]);
});
