import { expect, test } from '@jest/globals';
import { firstWrong } from './protocol/play.ts';

/**
 * The promise, checked on the product's own decisions: what an edit in git or in the CMS became once
 * everything has settled.
 *
 * Played are random histories of two rows with two cells, in memory: people edit, remove and bring back
 * on both sides, take edits back, type what the other side holds; exports push, propose, or leave the files
 * to a later step, signed or not, and their pull requests are corrected, merged late or after they were
 * closed; imports and exports overlap and are cut off anywhere, also while a job is being submitted; jobs
 * reject rows and end after their run. In some histories deletes are kept, imports empty the collection
 * first, or the site trims texts. What is agreed, offered, sent, written and proposed is decided by the
 * functions of `src/content`; git, the site, the jobs and the oracle are those of `protocol/`.
 *
 * The oracle knows who typed what on top of what. A run may put a row only over one that its maker knew;
 * whatever else differs has to be reported as a conflict. In the end, undisturbed runs and people who
 * decide what is reported bring both sides together without another conflict, and further runs change
 * nothing.
 *
 * Not played, since values alone cannot tell it: somebody types by hand the text that is just on its
 * way to them, or goes back to what a run took for agreed to report a conflict where nobody can tell who
 * changed a cell; the CMS takes back what a cut-off import wrote before any run has seen it; a pull request
 * is resolved for a value that the CMS has taken back, or merged over a row that git has edited and taken
 * back meanwhile; a job took some of its rows only, and the site trims them. Nor an edit of an item between
 * the last look of an import and the end of its job, and an item that comes back in the CMS, or is
 * removed there, while an import is under way.
 *
 * PROTOCOL_SEED plays other histories; `protocol.long.test.ts` plays a million of them, and histories of
 * this code with a bug planted in it (`protocol/planted.ts`), each of which the model has to find.
 */
const seed = Number(process.env.PROTOCOL_SEED ?? 1);
const histories = Number(process.env.PROTOCOL_HISTORIES ?? 40_000);

test(`no edit is lost in ${histories} histories of runs and people (PROTOCOL_SEED=${seed})`, () => {
  expect(firstWrong(seed, histories)).toEqual([]);
});
