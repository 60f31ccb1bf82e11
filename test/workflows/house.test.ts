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
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
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
    ['npm audit --omit=dev --audit-level=low', undefined],
    ['npm audit', "github.event_name == 'schedule'"],
  ]);
});

test('a release attests what the sources build, and all that the action runs', () => {
  const steps = stepsOf(workflow('release.yml'), 'release');
  const built = steps.findIndex(({ run }) =>
    /npm ci\nnpm run build\n[\s\S]*git diff --exit-code -- dist/.test(run ?? ''),
  );
  const attested = steps.findIndex(({ uses }) => uses?.startsWith('actions/attest-'));
  expect(built).toBeGreaterThan(-1);
  expect(attested).toBeGreaterThan(built);

  const subjects = (steps[attested]?.with?.['subject-path'] ?? '').trim().split('\n');
  const files = readdirSync(join(house, '../dist'), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `dist/${name}`);
  const isAttested = (file: string) => subjects.some((pattern) => matchesGlob(file, pattern));
  expect(['action.yml', ...files].filter((file) => !isAttested(file))).toEqual([]);
});
