import { Failure } from '../errors.ts';
import { type Git, gitFailure, inShort } from './run-git.ts';

/**
 * Says why a server refused a push: a rule, a hook, or a missing permission.
 * @param push.verdict what git printed, with the server's word on each ref in brackets.
 */
export function pushRefusal(
  git: Git,
  push: { readonly names: readonly string[]; readonly verdict: string; readonly stderr: string },
): Failure {
  const { verdict, stderr } = push;
  const names = push.names.join(' and ');
  const reason = /\[(?:remote )?rejected\] \((.+)\)/.exec(verdict)?.[1];
  // The lines of the server say more, such as which secret it has found.
  const lines = stderr.replace(/;? ?failed to push some refs to \S+/i, '');
  const said = inShort([reason, lines].filter(Boolean).join(': '));
  const rule = rules.find(([pattern]) => pattern.test(said));
  if (rule !== undefined) {
    const [, words, remedy, ofRefs = remedy] = rule;
    const advice = push.names.every((name) => name.startsWith('refs/')) ? ofRefs : remedy;
    const message = `The push to ${names} was refused: ${words} (${said}). ${advice}`;
    return new Failure('config', message);
  }
  if (/returned error: 40[13]|denied|authentication|could not read Username/i.test(stderr)) {
    return new Failure(
      'auth',
      /**
       * @cause `contents: write` is missing, or `persist-credentials: false` is set where the job
       * writes.
       */
      `The push to ${names} was not permitted (${inShort(stderr)}). Give the job the permissions ${git.permissions ?? '"contents: write"'}, and let actions/checkout keep its credentials.`,
    );
  }
  return gitFailure(['push'], said);
}

/** Rules that forbid a push, in GitHub's words; with what to do, also if only refs of this action were refused. */
const rules: readonly (readonly [RegExp, words: string, remedy: string, ofRefs?: string])[] = [
  [
    /push protection|cannot contain secrets|GH009/i,
    'push protection has found what looks like a secret',
    'Take the secret out of the CMS, or allow it on the page that the server names, and run again.',
  ],
  [
    /signature/i,
    'a rule of the repository takes signed commits only',
    'Set the input sign-commits to true, so that GitHub signs them.',
  ],
  [
    /protected branch|GH006|GH013|rule violations/i,
    'a rule of the repository forbids it',
    "Let the workflow's token pass the branch's rules, or use commit: pull-request.",
    /** @cause A push rule of the repository or the server covers all refs. @remedy Exempt `refs/wix-cms/**`. */
    "Exempt this ref from the repository's rules, or let the workflow's token pass them.",
  ],
  [
    /hook declined/i,
    'a hook of the server declined it',
    'Correct what it names, or ask whoever runs the server.',
  ],
];
