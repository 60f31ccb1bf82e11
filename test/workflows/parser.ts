import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/index';
import { parse } from 'yaml';

const own = 'wix-cms-sync/wix-cms-sync@';

/** A YAML text and where it stands. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** What is wrong with a workflow, a line each; empty if nothing is. */
export async function workflowProblems(
  source: Source,
  inputs: ReadonlySet<string>,
): Promise<readonly string[]> {
  const { name, text } = source;
  const trace = new NoOperationTraceWriter();
  const { context, value } = parseWorkflow({ name, content: text }, trace);
  const parsed = context.errors.getErrors();
  if (value !== undefined && parsed.length === 0) {
    const { errors = [] } = await convertWorkflowTemplate(context, value);
    return [...errors.map(({ Message }) => `${name}: ${Message}`), ...ownSteps(source, inputs)];
  }
  return parsed.map(({ message, range }) => `${name}:${range?.start.line ?? 1}: ${message}`);
}

/** Steps that use this action with inputs that it does not have. */
function ownSteps({ name, text }: Source, inputs: ReadonlySet<string>): readonly string[] {
  const jobs: Record<string, { steps?: { uses?: string; with?: object }[] }> =
    parse(text).jobs ?? {};
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  return steps
    .filter(({ uses }) => uses?.startsWith(own) || uses === './')
    .flatMap((step) => Object.keys(step.with ?? {}))
    .filter((input) => !inputs.has(input))
    .map((input) => `${name}: the action has no input ${input}`);
}

/** What is wrong with an action's metadata. */
export function actionProblems({ name, text }: Source): readonly string[] {
  const { context } = parseAction({ name, content: text }, new NoOperationTraceWriter());
  return context.errors
    .getErrors()
    .map(({ message, range }) => `${name}:${range?.start.line ?? 1}: ${message}`);
}
