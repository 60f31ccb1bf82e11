import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/**
 * The promise, checked: whatever was edited in the CMS and in git, both edits survive, or a run says
 * which of them disagree.
 *
 * Played are random sequences of twenty steps between a site (the emulator, over HTTP) and a
 * repository (real git, with a real remote). People edit cells, empty them, type the same on both
 * sides, add and remove rows with and without ids, turn the file round, edit fields that git never
 * carries, and delete the base ref. Imports and exports run in between, of the tip of main or again
 * of an older commit, with every `on-conflict`, `deletes` and upload format, pushing or not; and they
 * are disturbed: jobs fail, stop early, lie or vanish after some rows, rows are rejected, pushes of
 * main or of the base ref are refused, main moves meanwhile, runs are cancelled at any request, wait
 * or process of git (`steps.ts`).
 *
 * After every run an independent ledger of versions (`ledger.ts`), which knows nothing of base, says
 * whether the run was right (`verdict.ts`):
 *
 * 1. No edit is lost: a cell goes to a version that was made from the one it held, or the run was
 *    told who wins conflicts, it was one, and the report names it. The same holds for rows. A run
 *    that says that it went well left nothing out.
 * 2. Nothing is written that nobody put there: no value, no row, no removal, and fields that git
 *    does not carry stay as they are.
 * 3. In the end, an undisturbed import and export bring both sides together; further ones change
 *    nothing, and an export into an empty folder writes the bytes that git holds.
 *
 * Not played, since nothing can be done about them: an edit of an item between an import's reading
 * and its job, which replaces items whole; an edit of a row without an id, which gets its id from
 * what it holds; and going back to a text that the cell held before, which after a lost record
 * nobody can tell from never having changed it.
 *
 * The sequences are the same every time, so that a change that breaks them is told from bad luck.
 * MODEL_SEED plays others, or those of a run that failed again; MODEL_SEQUENCES more or fewer.
 */
const seed = Number(process.env.MODEL_SEED ?? 2026);
const sequences = Number(process.env.MODEL_SEQUENCES ?? 300);

/** One for each core of CI. */
const players = 2;

test(`no edit is lost and nothing unasked is written, whatever happens in whatever order (MODEL_SEED=${seed})`, async () => {
  const shares = Array.from({ length: players }, (_, i) => play(seed + i, sequences / players));
  const stories = (await Promise.all(shares)).filter((story) => story !== '');
  expect({ seed, stories }).toEqual({ seed, stories: [] });
}, 1_800_000);

/** Plays sequences in a process of its own; answers what went wrong, if anything did. */
async function play(first: number, count: number): Promise<string> {
  const script = join(import.meta.dirname, 'play.ts');
  const child = spawn(process.execPath, [script, String(first), String(Math.ceil(count))], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return code === 0 ? '' : `MODEL_SEED=${first}, exit code ${code}\n${output}`;
}
