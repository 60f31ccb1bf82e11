import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { played } from './playing.ts';

/**
 * The promise, checked: whatever was edited in the CMS and in git, both edits survive, or a run says
 * which of them disagree.
 *
 * Played are random sequences of twenty steps between a site (the emulator, over HTTP) and a
 * repository (real git, with a real remote, and the stand-in for GitHub). People edit cells, empty them,
 * type the same on both sides, add and remove rows with and without ids, turn the file round, and edit
 * fields that git never carries. They merge an export's pull request, at once or late, by merge commit,
 * squash or rebase, correct it, press Update branch, or close it. Imports and exports run in between, of
 * the tip of main or again of an older commit, with every `on-conflict`, `deletes`, write policy and upload
 * format, by push, pull request or not at all, signed or not; and they are disturbed: jobs fail, stop
 * early, lie or vanish after some rows, rows are rejected, pushes of main or of the base ref are refused,
 * main moves meanwhile, another run is at work while one waits at any request, runs are cancelled at any
 * request, wait or process of git (`steps.ts`). In the second test, the record gets lost, too.
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
 * Nor does a run call a cell a conflict that only one side has changed since it was seen agreed.
 *
 * Not played, since nothing can be done about them: an edit of an item between an import's last look and
 * its job, which replaces items whole; an edit of a row without an id, which gets its id from what it
 * holds; going back to a text that the cell held before; and who resolves a pull request for a row that main
 * has removed, or for a value that the CMS has taken back.
 *
 * The sequences are the same every time, so a change that breaks them differs from bad luck. MODEL_SEED
 * plays others, MODEL_SEQUENCES more of them. A history that goes wrong is printed, and `play.ts` plays it again.
 */
const seed = Number(process.env.MODEL_SEED ?? 2026);
const sequences = Number(process.env.MODEL_SEQUENCES ?? 120);

/** One for each core of CI. */
const players = 2;

test(`no edit is lost and nothing unasked is written, whatever happens in whatever order (MODEL_SEED=${seed})`, async () => {
  const program = join(import.meta.dirname, 'play.ts');
  const shares = Array.from({ length: players }, (_, i) =>
    played(program, [seed + i, Math.ceil(sequences / players)]),
  );
  expect(await Promise.all(shares)).toEqual(shares.map(() => ''));
}, 1_800_000);

/** After that, a row that one side lacks is a question: no run brings it to the other one, or takes it away. */
test('no edit is lost where the record is lost', async () => {
  expect(await played(join(import.meta.dirname, 'play.ts'), [7, 40, 'lose'])).toBe('');
}, 1_800_000);
