import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ActionRun } from '../end-to-end/action.ts';
import type { Situation } from '../end-to-end/situation.ts';
import { cloneOf, git, pushElsewhere } from '../repository/support.ts';

const root = join(import.meta.dirname, '../..');

/** A step of a workflow, as far as the tests run it. */
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] };
  };
  readonly steps: readonly Step[];
}

/** The text of a file in `examples/`. */
export function example(name: string): string {
  return readFileSync(join(root, 'examples', name), 'utf8');
}

/** A workflow's only job. */
export function jobOf(workflow: string): Job {
  const { jobs } = parse(workflow);
  const [job, ...others]: readonly Job[] = Object.values(jobs);
  if (job === undefined || others.length > 0) throw new Error('A workflow should have one job');
  return job;
}

/** What an expression such as `secrets.WIX_API_KEY` stands for in a test. */
export type Values = Readonly<Record<string, string>>;

function actionStep(workflow: string): Step {
  const step = jobOf(workflow).steps.find(({ uses }) =>
    uses?.startsWith('wix-cms-sync/wix-cms-sync@'),
  );
  if (step === undefined) throw new Error('The workflow does not use the action');
  return step;
}

/**
 * The inputs that the runner would hand to the action in a workflow's job: the defaults of
 * `action.yml`, and the step's `with` over them, its expressions replaced.
 *
 * @throws where an expression has no value, so that a typing error does not become an empty text.
 */
export function inputsOf(workflow: string, values: Values): Readonly<Record<string, string>> {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const defaults = Object.entries<{ default?: string }>(action.inputs).map(
    ([input, { default: value = '' }]) => [input, value] as const,
  );
  return Object.fromEntries(
    [...defaults, ...Object.entries(actionStep(workflow).with ?? {})].map(([input, value]) => [
      input,
      resolved(String(value), { 'github.token': 'token', ...values }),
    ]),
  );
}

/** The ref that a workflow's checkout names; `undefined` where it leaves that to the event. */
function refOf(workflow: string, values: Values): string | undefined {
  const step = jobOf(workflow).steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
  const ref = step?.with?.ref;
  return ref === undefined ? undefined : resolved(String(ref), values);
}

/**
 * The paths that the steps behind the action keep as artifacts. A step that names another step, an
 * output that was not set, or a condition on another output than it keeps, is an error.
 */
export function artifactsOf(workflow: string, { outputs }: ActionRun): readonly string[] {
  const { id } = actionStep(workflow);
  const uploads = jobOf(workflow).steps.filter(({ uses }) =>
    uses?.startsWith('actions/upload-artifact@'),
  );
  return uploads.map(({ if: condition, with: inputs }) => {
    const [, output = ''] =
      /^\$\{\{ steps\.\w+\.outputs\.(\S+) \}\}$/.exec(String(inputs?.path)) ?? [];
    if (condition !== `always() && steps.${id}.outputs.${output} != ''`) {
      throw new Error(`The condition ${condition} is not that ${id} has set ${output}`);
    }
    return resolved(String(inputs?.path), {
      [`steps.${id}.outputs.${output}`]: outputs[output] || 'missing',
    });
  });
}

function resolved(text: string, values: Values): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_all, expression: string) => {
    const value = values[expression];
    if (value === undefined) throw new Error(`The test has no value for ${expression}`);
    return value;
  });
}

/** The inputs of a workflow that can be run by hand, as they are when something else started it. */
function unasked(workflow: string): Values {
  const inputs: object = parse(workflow).on?.workflow_dispatch?.inputs ?? {};
  return Object.fromEntries(Object.keys(inputs).map((name) => [`inputs.${name}`, '']));
}

/** Runs a workflow's job with a site and a repository that is set up as the README says. */
export async function play(
  { emulator, run }: Situation,
  workflow: string,
  options: Parameters<Situation['run']>[1] & { readonly values?: Values } = {},
) {
  const values = {
    ...unasked(workflow),
    'secrets.WIX_API_KEY': emulator.apiKey,
    'vars.WIX_SITE_ID': emulator.siteId,
    ...options.values,
  };
  const branch = refOf(workflow, values) ?? options.branch ?? 'main';
  const inputs = { ...inputsOf(workflow, values), 'api-url': emulator.apiUrl };
  return run(inputs, { ...options, branch });
}

/** The event and the checkout of a pull request with these files, as GitHub makes them. */
export async function pullRequest(
  { remote, hub }: Situation,
  files: Readonly<Record<string, string>>,
) {
  const base = git(remote, 'rev-parse', 'main');
  git(remote, 'branch', '--force', 'edit', 'main');
  const head = pushElsewhere(remote, files, 'edit');
  await fetch(`${hub.url}/repos/acme/site/pulls`, {
    method: 'POST',
    headers: { authorization: 'token token-of-maria', accept: 'application/vnd.github+json' },
    body: JSON.stringify({ title: 'Edit', head: 'edit', base: 'main' }),
  });
  const clone = cloneOf(remote);
  git(clone, 'merge', '--quiet', '--no-ff', '-m', 'Merge', 'origin/edit');
  git(clone, 'push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/pr-merge');
  const number = hub.pulls.length;
  return {
    event: { pull_request: { number, base: { sha: base }, head: { sha: head } } },
    branch: 'pr-merge',
    environment: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: `refs/pull/${number}/merge` },
  };
}
