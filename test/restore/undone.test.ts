import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** A folder with a git that cannot deepen a shallow clone. */
function gitWithoutHistory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-git-'));
  const deepens = 'case "$*" in *--depth=50*) echo "fatal: no such history" >&2; exit 128;; esac';
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${deepens}\nexec ${real} "$@"\n`, { mode: 0o755 });
  return folder;
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
      `${teas} line 4: teas, row "t2": price was edited since #1, in ${later}, and goes back too`,
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

test.each(['as it is', 'as an error', 'as an error, and the site has another schema'])(
  'a price that goes back by more than half is no news (the rule %s)',
  async (how) => {
    await withBackup(async (situation) => {
      const { remote, emulator } = situation;
      const isError = how.startsWith('as an error');
      const rules = 'rules: { price-jump: error }';
      const config = `collections:\n  - brands\n  - { id: teas, ${rules} }\nlocalizations:\n  - languages: [en, fr, de]\n`;
      if (isError) pushElsewhere(remote, { '.github/wix-cms.yml': config });
      await spoiled(situation);
      if (how.endsWith('schema')) {
        const { schema } = emulator.site.collection('teas');
        const grade = { key: 'grade', displayName: 'Grade', type: 'TEXT' };
        Object.assign(schema, { fields: [...schema.fields, grade] });
      }
      const pull = await pullRequestOf(situation, 'undo', (clone) => {
        git(clone, 'restore', '--source=good', '--', 'content');
        const file = join(clone, teas);
        writeFileSync(file, readFileSync(file, 'utf8').replace(',5.5,', ',55,'));
        git(clone, 'commit', '--all', '--message', 'Restore the prices of Monday but one');
      });
      const { annotations } = await situation.run({ command: 'plan', ...inputs }, pull);
      const jumps = annotations.filter((line) => line.includes('a change of more than 50'));
      expect(jumps).toHaveLength(1);
      expect(jumps[0]).toContain('price is "55" and was "550"');
    });
  },
);

test('an import judges an undo as its plan did', async () => {
  await withBackup(async (situation) => {
    const { run, remote, emulator } = situation;
    const strict = '{ id: teas, rules: { price-jump: error } }';
    const config = `collections: [brands, ${strict}]\nlocalizations: [{ languages: [en, fr, de] }]\n`;
    pushElsewhere(remote, { '.github/wix-cms.yml': config });
    await spoiled(situation);
    await run({ command: 'restore', to: 'good', ...inputs });
    const imported = await run({ command: 'import', ...inputs }, await merged(situation, 'squash'));
    expect(imported.outputs).toMatchObject({ status: 'success', 'failure-reason': '' });
    expect(emulator.site.collection('teas').items.get('t1')?.price).toBe(4);
  });
});

test('a plan whose remote gives no history says that it did not look at it', async () => {
  await withBackup(async (situation) => {
    await spoiled(situation);
    const pull = await pullRequestOf(situation, 'undo', (clone) => {
      git(clone, 'restore', '--source=good', '--', 'content');
      git(clone, 'commit', '--all', '--message', 'Restore the content of Monday');
    });
    const PATH = `${gitWithoutHistory()}:${process.env.PATH}`;
    const environment = { ...pull.environment, PATH };
    const plan = await situation.run({ command: 'plan', ...inputs }, { ...pull, environment });
    expect(plan.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
    expect(plan.log).toContain('The run does not know which changes before');
    expect(plan.summary).not.toContain('this undoes');
  });
});
