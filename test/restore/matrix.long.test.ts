import { test } from '@jest/globals';
import { damages, type MergeMethod, undoes, waysByGit } from './shop.ts';

// Every damage, after the nightly export has brought it to git, with every way back.

const methods: readonly MergeMethod[] = ['merge', 'squash'];

const cases = Object.keys(damages).flatMap((damage) =>
  Object.keys(waysByGit).flatMap((way) => methods.map((method) => [damage, way, method] as const)),
);

test.each(cases)('after %s and was exported, %s brings the site back by a %s', undoes);
