import { expect, test } from '@jest/globals';
import { contentOf, damages, inputs, type MergeMethod, undoes, ways, withBackup } from './shop.ts';

// Every damage with every way back, by pull requests that are merged and squashed in turn, once the nightly
// export has brought the damage to git; and before that, when no commit has it yet.

const methods: readonly MergeMethod[] = ['merge', 'squash'];

const cases = Object.keys(damages).flatMap((damage, i) =>
  ways.map((way, k) => [damage, way, methods[(i + k) % 2] ?? 'merge'] as const),
);

test.each(cases)('after %s and was exported, %s brings the site back by a %s', undoes);

test.each(Object.keys(damages).filter((damage) => !damage.includes('field')))(
  'after %s and before an export, a restore says where it is, and matching git brings the site back',
  async (damage) => {
    await withBackup(async (situation) => {
      const { run } = situation;
      const before = contentOf(situation);
      damages[damage]?.(situation);
      const restored = await run({ command: 'restore', to: 'good', ...inputs });
      expect(restored.outputs.status).toBe('unchanged');
      expect(restored.log).toContain('reconcile');
      const all = { ...inputs, reconcile: 'all', commit: 'none', deletes: 'apply' };
      const plan = await run({ command: 'plan', ...all });
      expect(plan.outputs.changed).toBe('true');
      const imported = await run({ command: 'import', ...all });
      expect(imported.outputs.status).toBe('success');
      expect(contentOf(situation)).toEqual(before);
    });
  },
);
