/**
 * The commands by which a step speaks to the runner, as GitHub documents them ("Workflow commands
 * for GitHub Actions"). `@actions/core` has them as well, but loads an HTTP client along with them,
 * which alone would double the time that the action takes to start.
 */
import { randomUUID } from 'node:crypto';
import { accessSync, appendFileSync, constants } from 'node:fs';

/** Of an annotation or another command; what is `undefined` is left out. */
type CommandProperties = Readonly<Record<string, string | number | undefined>>;

/** A command as the runner reads it from a line of the log: nothing in it can end it. */
export function command(name: string, properties: CommandProperties, message: string): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${escapedProperty(String(value))}`],
  );
  const words = given.length === 0 ? '' : ` ${given.join(',')}`;
  return `::${name}${words}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Sets an output of the step, in the file that `GITHUB_OUTPUT` names. */
export function setOutput(file: string, name: string, value: string): void {
  // A delimiter that nobody can guess: no value can end itself and begin another output.
  const delimiter = `ghadelimiter_${randomUUID()}`;
  appendExisting(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}

/** Adds to the job summary, in the file that `GITHUB_STEP_SUMMARY` names. */
export function addToSummary(file: string, text: string): void {
  appendExisting(file, text);
}

/** The runner makes its files before the step begins: one that is missing would be read by nobody. */
function appendExisting(file: string, text: string): void {
  accessSync(file, constants.W_OK);
  appendFileSync(file, text);
}
