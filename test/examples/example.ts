import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

/** A step of an example, as far as the tests run it. */
interface Step {
  readonly uses?: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly strategy?: {
    readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] };
  };
  readonly steps: readonly Step[];
}

/** An example's only job. */
export function jobOf(name: string): Job {
  const { jobs } = parse(readFileSync(join(root, 'examples', name), 'utf8'));
  const [job, ...others]: readonly Job[] = Object.values(jobs);
  if (job === undefined || others.length > 0) throw new Error(`${name} should have one job`);
  return job;
}

/** What an expression such as `secrets.WIX_API_KEY` stands for in a test. */
export type Values = Readonly<Record<string, string>>;

/**
 * The inputs that the runner would hand to the action in an example's job: the defaults of
 * `action.yml`, and the step's `with` over them, its expressions replaced.
 *
 * @throws where an expression has no value, so that a typing error does not become an empty text.
 */
export function inputsOf(name: string, values: Values): Readonly<Record<string, string>> {
  const step = jobOf(name).steps.find(({ uses }) => uses?.startsWith('wix-cms-sync/wix-cms-sync@'));
  if (step === undefined) throw new Error(`${name} does not use the action`);
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const defaults = Object.entries<{ default?: string }>(action.inputs).map(
    ([input, { default: value = '' }]) => [input, value] as const,
  );
  return Object.fromEntries(
    [...defaults, ...Object.entries(step.with ?? {})].map(([input, value]) => [
      input,
      resolved(String(value), { 'github.token': 'token', ...values }),
    ]),
  );
}

/** The ref that an example's checkout names; `undefined` where it leaves that to the event. */
export function refOf(name: string, values: Values): string | undefined {
  const step = jobOf(name).steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
  const ref = step?.with?.ref;
  return ref === undefined ? undefined : resolved(String(ref), values);
}

function resolved(text: string, values: Values): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_all, expression: string) => {
    const value = values[expression];
    if (value === undefined) throw new Error(`The test has no value for ${expression}`);
    return value;
  });
}
