/** Times work in processes of their own, on the Node that the action runs on. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What one run of a piece of work took. */
export interface Measured {
  /** What was measured, where a subject measures more than one thing. */
  readonly of?: string;
  readonly milliseconds?: number;
  /** The most memory that the process had, in bytes; `undefined` where it is not ours to ask. */
  readonly peak?: number;
  /** API requests that were sent, where the work sends any. */
  readonly requests?: number;
  /** How large something is, in bytes. */
  readonly size?: number;
  /** That a program which is not installed could not be measured. */
  readonly missing?: true;
  /** What is wrong with how it does the work. */
  readonly wrong?: string;
}

const node = join(import.meta.dirname, '../node_modules/.bin/node');
const child = join(import.meta.dirname, 'child.ts');

/** Keeps the JavaScript of the sources: to strip their types takes 30 MB, which the bundle never needs. */
const compiled = join(import.meta.dirname, '../node_modules/.cache/bench/compiled');

/**
 * Runs a subject once, in a fresh process: nothing is warm but the page cache.
 *
 * @param subject a file of `subjects/`, and what its `prepare` is given.
 * @throws Error with what the process said, when it fails.
 */
export async function measure(
  subject: string,
  args: readonly string[],
): Promise<readonly Measured[]> {
  const running = spawn(node, [child, subject, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  });
  let output = '';
  let trouble = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  running.stderr.setEncoding('utf8').on('data', (text: string) => {
    trouble += text;
  });
  const code = await new Promise((resolve) => running.on('close', resolve));
  if (code !== 0) throw new Error(`${subject} ${args.join(' ')} failed: ${trouble}${output}`);
  // The child writes a list of `Measured` as its last line.
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as readonly Measured[];
}

/** The middle one; of an even number the mean of both. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}
