import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Situation } from '../end-to-end/situation.ts';
import { git, pushElsewhere } from '../repository/support.ts';
import { inputs, merged, pullRequestOf, remove, withBackup } from './shop.ts';

const teas = 'content/collections/teas.csv';

/** The CMS is spoiled, and the pull request of an export brings that to main. */
async function spoiled(situation: Situation): Promise<void> {
  const { run, emulator } = situation;
  emulator.site.edit('teas', 't1', { price: 400, title: 'Spoiled' });
  emulator.site.edit('teas', 't2', { price: 550 });
  remove(situation, 'teas', 't3');
  await run({ command: 'export', ...inputs, commit: 'pull-request' });
  await run({ command: 'import', ...inputs }, await merged(situation, 'squash'));
}

/** Somebody edits one of the spoiled prices in git. */
function editLater({ remote, file }: Situation): string {
  pushElsewhere(remote, { [teas]: (file(teas) ?? '').replace(',550,', ',6.5,') });
  return git(remote, 'rev-parse', '--short=7', 'main');
}

test('the plan of a revert names what it undoes, and what was edited since and stays', async () => {
  await withBackup(async (situation) => {
    await spoiled(situation);
    editLater(situation);
    const pull = await pullRequestOf(situation, 'undo', (clone) => {
      // As whoever solves the conflict of the revert would leave it.
      git(clone, 'restore', '--source=good', '--', 'content');
      const file = join(clone, teas);
      writeFileSync(file, readFileSync(file, 'utf8').replace(',5.5,', ',6.5,'));
      git(clone, 'commit', '--all', '--message', 'Revert "Wix CMS content (#1)"');
    });
    const plan = await situation.run({ command: 'plan', ...inputs }, pull);
    const words =
      'this undoes #1: 2 of the 3 cells that it changed go back to what they were; 1 was edited since and stays; 1 item comes back with its id';
    const [comment] = situation.hub.comments;
    expect(comment?.body).toContain(`- <code>teas</code>: ${words}.`);
    expect(comment?.body).not.toContain('CAUTION');
    expect(plan.summary).toContain(words);
    expect(plan.annotations.join('\n')).toContain(words);
    expect(readFileSync(plan.outputs['report-html'] ?? '', 'utf8')).toContain(words);
    const report = JSON.parse(readFileSync(plan.outputs['report-json'] ?? '', 'utf8'));
    const [undo] = report.files.find(({ path }: { path: string }) => path === teas).undoes;
    expect(undo).toEqual({
      change: '#1',
      cells: 3,
      back: { cells: 2, rows: 1, added: 0 },
      left: 0,
      kept: 1,
      laterEdits: [],
    });
  });
});

test('an old file that takes a later edit along is a caution, which names the cell and its commit', async () => {
  await withBackup(async (situation) => {
    await spoiled(situation);
    const later = editLater(situation);
    const pull = await pullRequestOf(situation, 'undo', (clone) => {
      git(clone, 'restore', '--source=good', '--', 'content');
      git(clone, 'commit', '--all', '--message', 'Restore the content of Monday');
    });
    const plan = await situation.run({ command: 'plan', ...inputs }, pull);
    const [comment] = situation.hub.comments;
    expect(comment?.body).toContain(
      `> [!CAUTION]\n> - <code>teas</code>: Undoing #1 also takes back 1 edit that was made since, in ${later}.`,
    );
    expect(plan.annotations.join('\n')).toContain(
      `${teas} line 4: teas, row "t2": price was edited since #1, in ${later}, and goes back as well`,
    );
  });
});

test('the plan of a restore says the same', async () => {
  await withBackup(async (situation) => {
    await spoiled(situation);
    const later = editLater(situation);
    await situation.run({ command: 'restore', to: 'good', ...inputs });
    const [comment] = situation.hub.comments.slice(-1);
    expect(comment?.body).toContain('<code>teas</code>: this undoes #1: 2 of the 3 cells');
    expect(comment?.body).toContain(`takes back 1 edit that was made since, in ${later}`);
  });
});
