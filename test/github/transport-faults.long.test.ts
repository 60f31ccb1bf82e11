import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/errors.ts';
import { keepComment } from '../../src/github/comments.ts';
import { openPullRequest } from '../../src/github/pull-requests.ts';
import { tipOf } from '../../src/github/refs.ts';
import { commitThroughApi } from '../../src/github/signed-commit.ts';
import {
  badCredentials,
  type Faults,
  gateway,
  notAccessible,
  primaryRateLimit,
  secondaryRateLimit,
  serverError,
  trouble,
} from '../github-stand-in/faults.ts';
import { content, on, type Situation } from './support.ts';

/** What is asked, the operation that meets the fault, and what has to be true once it is done. */
interface Act {
  readonly operation: string;
  readonly play: (situation: Situation) => Promise<void>;
}

const acts: Readonly<Record<string, Act>> = {
  'read a branch': {
    operation: 'git/get-ref',
    play: async ({ github, main }) => {
      expect(await tipOf(github, 'main')).toBe(main);
    },
  },
  'open a pull request': {
    operation: 'pulls/create',
    play: async ({ hub, github, push, main }) => {
      push('edit', main);
      const target = { branch: 'edit', baseBranch: 'main', content: content() };
      const { number } = await openPullRequest(github, target);
      expect(hub.pulls).toMatchObject([{ number }]);
    },
  },
  'make a comment': {
    operation: 'issues/create-comment',
    play: async ({ hub, github, push, main }) => {
      push('edit', main);
      const target = { branch: 'edit', baseBranch: 'main', content: content() };
      const { number: pullRequest } = await openPullRequest(github, target);
      await keepComment(github, { pullRequest, marker: '<!-- x -->', body: '<!-- x --> once' });
      expect(hub.comments).toMatchObject([{ body: '<!-- x --> once' }]);
    },
  },
  'move a branch': {
    operation: 'updateRefs',
    play: async ({ github, git, main, tip, file }) => {
      const files = new Map([['content/a.csv', file('x')]]);
      const message = { headline: 'Export', body: '' };
      const commit = { branch: 'wix', parent: main, expected: undefined, files, message };
      const made = await commitThroughApi(github, commit);
      expect(made).toEqual({ sha: tip('wix') });
      const branches = git('for-each-ref', '--format=%(refname:short)', 'refs/heads');
      expect(branches.split('\n').sort()).toEqual(['main', 'wix']);
    },
  },
};

/** Faults, and the reason of the failure that they end in; the rest is ridden out. */
const table: readonly {
  readonly fault: string;
  readonly strike: (faults: Faults, operation: string) => void;
  readonly ends?: 'api' | 'auth';
}[] = [
  { fault: '429', strike: (on, of) => on.answer(of, primaryRateLimit(1)) },
  { fault: '403 for its rate', strike: (on, of) => on.answer(of, secondaryRateLimit(9)) },
  { fault: '500', strike: (on, of) => on.answer(of, trouble(500)) },
  { fault: '502', strike: (on, of) => on.answer(of, serverError) },
  { fault: '502 in HTML', strike: (on, of) => on.answer(of, gateway) },
  { fault: '503', strike: (on, of) => on.answer(of, trouble(503)) },
  { fault: 'a reset before', strike: (on, of) => on.refuseConnection(of) },
  { fault: 'a reset after', strike: (on, of) => on.loseAnswer(of) },
  { fault: 'half an answer', strike: (on, of) => on.breakAnswer(of) },
  { fault: 'an empty answer', strike: (on, of) => on.answerNothing(of) },
  { fault: '401', strike: (on, of) => on.answer(of, badCredentials), ends: 'auth' },
  { fault: '403', strike: (on, of) => on.answer(of, notAccessible), ends: 'auth' },
  { fault: '502 for good', strike: (on, of) => on.answer(of, serverError, 9), ends: 'api' },
];

describe.each(Object.entries(acts))('a request to %s', (_name, { operation, play }) => {
  const rows = table.map((row) => ({ ends: 'done', ...row }));
  test.each(rows)('that meets $fault: $ends', ({ strike, ends }) =>
    on({}, async (situation) => {
      strike(situation.hub.faults, operation);
      const error = await play(situation).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      situation.hub.faults.clear();
      if (ends === 'done') expect(error).toBeUndefined();
      else {
        expect(error).toBeInstanceOf(Failure);
        expect(error).toMatchObject({ reason: ends });
      }
    }),
  );
});
