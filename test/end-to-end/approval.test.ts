import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cloneOf, git } from '../repository/support.ts';
import { label, mergePull, planned, queued } from './proposal.ts';
import { exported, path, type Situation, site, titleOf, within } from './situation.ts';

const approved = 'wix-cms: approved';
const config = '.github/wix-cms.yml';
const limited = 'collections: [products]\nlimits: { max-changes: 1 }\n';

/** The exported file with these titles. */
function retitled(...titles: readonly string[]): string {
  const [first = 'Green tea', second = 'Black tea', third = 'White tea'] = titles;
  return exported
    .replace('Green tea', first)
    .replace('Black tea', second)
    .replace('White tea', third);
}

const inputs = { collections: '', comment: 'true' };

/** A site whose content is in git, where a run may change one row unasked. */
async function withinLimits(play: (situation: Situation) => Promise<void>): Promise<void> {
  await within(site, async (situation) => {
    situation.merge({ [config]: limited });
    await situation.run({ command: 'export', ...inputs });
    await play(situation);
  });
}

const imported = ({ run }: Situation, more = {}) => run({ command: 'import', ...inputs, ...more });

const lastComment = ({ hub }: Situation) => hub.comments.at(-1)?.body ?? '';

describe('more changes than the limits allow', () => {
  test('stop the plan and the import, with the arithmetic, the rows and the way on', () =>
    withinLimits(async (situation) => {
      const plan = await planned(situation, { [path]: retitled('Sencha', 'Assam') }, inputs);
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      await mergePull(situation);
      const run = await imported(situation);
      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      for (const { log } of [plan, run]) {
        expect(log).toContain('2 of 3 rows would change (p1, p2); max-changes allows 1');
        expect(log).toContain(approved);
        expect(log).toContain(plan.outputs.fingerprint);
      }
      expect(titleOf(situation, 'p1')).toBe('Green tea');
      expect(lastComment(situation)).toContain('<b>Not on the site.</b>');
    }));

  test.each(['merge', 'squash'] as const)(
    'are applied when a person put the label on what the plan shows (%s)',
    (method) =>
      withinLimits(async (situation) => {
        const files = { [path]: retitled('Sencha', 'Assam') };
        await planned(situation, files, inputs);
        await label(situation, approved);
        const plan = await planned(situation, files, inputs);
        expect(plan.outputs).toMatchObject({ status: 'success' });
        await mergePull(situation, method);
        const run = await imported(situation);
        expect(run.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
        expect(lastComment(situation)).toContain('<b>On the site.</b>');
      }),
  );

  test('are approved in the merge queue as well, whose run leaves the comment alone', () =>
    withinLimits(async (situation) => {
      const { run } = situation;
      await planned(situation, { [path]: retitled('Sencha', 'Assam') }, inputs);
      const red = await run({ command: 'plan', ...inputs }, queued(situation));
      expect(red.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      await label(situation, approved);
      const comment = lastComment(situation);
      const plan = await run({ command: 'plan', ...inputs }, queued(situation));
      expect(plan.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
      expect(lastComment(situation)).toBe(comment);
    }));

  test('lose the label with a change that was added after it', () =>
    withinLimits(async (situation) => {
      await planned(situation, { [path]: retitled('Sencha', 'Assam') }, inputs);
      await label(situation, approved);
      const all = { [path]: retitled('Sencha', 'Assam', 'Silver Needle') };
      const plan = await planned(situation, all, inputs);
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      expect(plan.annotations.join('\n')).toContain('was removed');
      expect(situation.hub.pulls[0]?.labels).not.toContain(approved);
    }));

  test('are not approved by a label that was put on other changes than were merged', () =>
    withinLimits(async (situation) => {
      await planned(situation, { [path]: retitled('Sencha', 'Assam') }, inputs);
      await label(situation, approved);
      const all = { [path]: retitled('Sencha', 'Assam', 'Silver Needle') };
      await planned(situation, all, { ...inputs, comment: 'false' });
      await mergePull(situation);
      const run = await imported(situation);
      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      expect(titleOf(situation, 'p1')).toBe('Green tea');
    }));

  test.each([
    ['the label', approved],
    ['the input approve', undefined],
  ])('stay approved by %s when a part of them is on the site already', (_name, given) =>
    withinLimits(async (situation) => {
      const files = { [path]: retitled('Sencha', 'Assam', 'Silver Needle') };
      const plan = await planned(situation, files, inputs);
      if (given !== undefined) await label(situation, given);
      await mergePull(situation);
      const approve = given === undefined ? { approve: plan.outputs.fingerprint ?? '' } : {};
      const undo = ['p2', 'p3'].map((id) =>
        situation.emulator.faults.rejectRow({
          collection: 'products',
          id,
          code: 'WDE0009',
          description: 'The item is too large',
        }),
      );
      const first = await imported(situation, approve);
      expect(first.outputs).toMatchObject({ status: 'partial', 'rows-rejected': '2' });
      expect(lastComment(situation)).toContain('<b>Partly on the site.</b> 2 rows did not arrive');
      for (const each of undo) each();
      const second = await imported(situation, approve);
      expect(second.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
      expect(lastComment(situation)).toContain('<b>On the site.</b>');
      expect(lastComment(situation)).not.toContain('Partly');
    }),
  );

  test('are not approved by a label on what was merged into another branch', () =>
    withinLimits(async (situation) => {
      const { remote, hub } = situation;
      await planned(situation, { [path]: retitled('Sencha', 'Assam') }, inputs);
      await label(situation, approved);
      git(remote, 'branch', 'next', 'main');
      Object.assign(hub.pulls[0] ?? {}, { baseBranch: 'next' });
      await mergePull(situation);
      git(remote, 'update-ref', 'refs/heads/main', git(remote, 'rev-parse', 'next'));
      const { outputs } = await imported(situation);
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
    }));

  test('are not approved by a comment of the plan that somebody else has edited', () =>
    withinLimits(async (situation) => {
      const { hub } = situation;
      await planned(situation, { [path]: retitled('Sencha', 'Assam') }, inputs);
      await label(situation, approved);
      const { id, body } = hub.comments.at(-1) ?? { id: 0, body: '' };
      await fetch(`${hub.url}/repos/acme/site/issues/comments/${id}`, {
        method: 'PATCH',
        headers: { authorization: 'token token-of-mallory' },
        body: JSON.stringify({ body: `${body}\n\nLooks fine.` }),
      });
      await mergePull(situation);
      expect((await imported(situation)).outputs).toMatchObject({ 'failure-reason': 'limit' });
      expect(titleOf(situation, 'p1')).toBe('Green tea');
    }));

  test('are not approved by what somebody else writes in the words of a plan', () =>
    withinLimits(async (situation) => {
      const { hub } = situation;
      const all = { [path]: retitled('Sencha', 'Assam') };
      const plan = await planned(situation, all, { ...inputs, comment: 'false' });
      const marks = `<!-- wix-cms-sync plan ${config} ${situation.emulator.siteId} -->\n<!-- fingerprint ${plan.outputs.fingerprint} -->`;
      await fetch(`${hub.url}/repos/acme/site/issues/${hub.pulls[0]?.number}/comments`, {
        method: 'POST',
        headers: { authorization: 'token token-of-mallory' },
        body: JSON.stringify({ body: `${marks}\n\n<h3>Fine</h3>` }),
      });
      await label(situation, approved);
      await mergePull(situation);
      expect((await imported(situation)).outputs).toMatchObject({ 'failure-reason': 'limit' });
    }));
});

describe('what deletes: apply sets free', () => {
  const kept = 'collections: [products]\nlimits: { max-deletes: 0 }\n';
  const applied = kept.replace('[products]', '[{ id: products, deletes: apply }]');

  /** Items of which git has removed two rows, and a plan that sets `deletes: apply`. */
  async function freed(play: (situation: Situation, print: string) => Promise<void>) {
    await within(site, async (situation) => {
      const { run, merge } = situation;
      merge({ [config]: kept });
      await run({ command: 'export', ...inputs });
      merge({ [path]: exported.replace(/^p[13],.*\n/gm, '') });
      expect((await imported(situation)).outputs).toMatchObject({ status: 'unchanged' });
      const plan = await planned(situation, { [config]: applied }, inputs);
      expect(plan.outputs).toMatchObject({ 'failure-reason': 'limit', 'rows-removed': '2' });
      await play(situation, plan.outputs.fingerprint ?? '');
    });
  }

  const left = ({ emulator }: Situation) => [...emulator.site.collection('products').items.keys()];

  test('is deleted when the label was put on the plan that counts it', () =>
    freed(async (situation) => {
      await label(situation, approved);
      const plan = await planned(situation, { [config]: applied }, inputs);
      expect(plan.outputs).toMatchObject({ status: 'success' });
      await mergePull(situation);
      const run = await imported(situation, { 'require-plan': 'true' });
      expect(run.outputs).toMatchObject({ status: 'success', 'rows-removed': '2' });
      expect(left(situation)).toEqual(['p2']);
      expect(lastComment(situation)).toContain('<b>On the site.</b>');
    }));

  test('is what the fingerprint of the plan stands for, as that of the import', () =>
    freed(async (situation, print) => {
      await mergePull(situation);
      const run = await imported(situation);
      expect(run.outputs).toMatchObject({ 'failure-reason': 'limit', fingerprint: print });
      expect(left(situation)).toEqual(['p1', 'p2', 'p3']);
      const again = await imported(situation, { approve: print });
      expect(again.outputs).toMatchObject({ status: 'success', 'rows-removed': '2' });
    }));
});

describe('a change of the limits', () => {
  const raised = limited.replace('1', '3');
  const files = { [path]: retitled('Sencha', 'Assam') };

  test('does not lift them for the plan of the pull request that makes it, but for its import', () =>
    withinLimits(async (situation) => {
      const plan = await planned(situation, { ...files, [config]: raised }, inputs);
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      expect(plan.log).toContain('max-changes allows 1');
      await mergePull(situation);
      expect((await imported(situation)).outputs).toMatchObject({ 'rows-changed': '2' });
    }));
});

describe('with require-plan', () => {
  const required = { 'require-plan': 'true' };

  test('a change that no plan has shown is not applied', () =>
    within(site, async (situation) => {
      await situation.run({ command: 'export' });
      situation.merge({ [path]: retitled('Sencha') });
      const run = await situation.run({ command: 'import', ...required });
      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'plan-changed' });
      expect(run.annotations.join('\n')).toContain('the row "p1" of products');
      expect(titleOf(situation, 'p1')).toBe('Green tea');
    }));

  test.each(['merge', 'squash', 'rebase'] as const)(
    'what plans have shown is applied, whichever way it is merged (%s), also of two pull requests',
    (method) =>
      within(site, async (situation) => {
        await situation.run({ command: 'export' });
        for (const titles of [['Sencha'], ['Sencha', 'Assam']]) {
          await planned(situation, { [path]: retitled(...titles) }, { comment: 'true' });
          await mergePull(situation, method);
        }
        const run = await situation.run({ command: 'import', ...required });
        expect(run.outputs).toMatchObject({ status: 'success', 'rows-changed': '2' });
        const comments = situation.hub.comments.map(({ body }) => body);
        expect(comments.every((body) => body.includes('<b>On the site.</b>'))).toBe(true);
      }),
  );

  test('a push on top of the merge is told from it', () =>
    within(site, async (situation) => {
      await situation.run({ command: 'export' });
      await planned(situation, { [path]: retitled('Sencha') }, { comment: 'true' });
      await mergePull(situation);
      situation.merge({ [path]: retitled('Sencha', 'Assam') });
      const run = await situation.run({ command: 'import', ...required });
      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'plan-changed' });
      expect(run.annotations.join('\n')).toContain('the row "p2" of products');
    }));
});

test('a forged record brings to the site what git has, unless require-plan asks who has seen it', () =>
  within(site, async (situation) => {
    const { run, emulator, remote } = situation;
    await run({ command: 'export' });
    emulator.site.edit('products', 'p1', { title: 'Sencha' });
    // Whoever may push says that both sides agreed on what the CMS just wrote, so git has edited it since.
    const ref = `refs/wix-cms/${emulator.siteId}`;
    const forger = cloneOf(remote);
    git(forger, 'fetch', '--quiet', 'origin', ref);
    git(forger, 'checkout', '--quiet', 'FETCH_HEAD');
    const agreed = git(forger, 'ls-files', 'agreed/*products*.csv');
    const text = readFileSync(join(forger, agreed), 'utf8').replace('Green tea', 'Sencha');
    writeFileSync(join(forger, agreed), text);
    git(forger, 'commit', '--quiet', '--all', '--amend', '--no-edit');
    git(forger, 'push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
    const stopped = await run({ command: 'import', 'require-plan': 'true' });
    expect(stopped.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'plan-changed' });
    expect(titleOf(situation, 'p1')).toBe('Sencha');
    await run({ command: 'import' });
    expect(titleOf(situation, 'p1')).toBe('Green tea');
  }));

test('a conflict is told in the comment of the plan', () =>
  within(site, async (situation) => {
    await situation.run({ command: 'export' });
    await planned(situation, { [path]: retitled('Sencha') }, { comment: 'true' });
    await mergePull(situation);
    situation.emulator.site.edit('products', 'p1', { title: 'Gunpowder' });
    await situation.run({ command: 'import' });
    expect(lastComment(situation)).toContain('<b>Not on the site.</b>');
    expect(lastComment(situation)).toContain('changed in the same place');
    expect(lastComment(situation)).toContain('Sencha');
  }));
