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
  const rule = rules.find(({ pattern }) => pattern.test(said));
  if (rule !== undefined) {
    const isRef = push.names.every((name) => name.startsWith('refs/'));
    const remedy = (isRef && rule.ofRefs) || rule.remedy;
    const message = `The push to ${names} was refused: ${rule.words} (${said}). ${remedy}`;
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

/** A rule that forbids a push, in GitHub's words. */
interface Rule {
  readonly pattern: RegExp;
  readonly words: string;
  readonly remedy: string;
  /** What to do if only refs of this action were refused. */
  readonly ofRefs?: string;
}

const rules: readonly Rule[] = [
  {
    pattern: /push protection|cannot contain secrets|GH009/i,
    words: 'push protection has found what looks like a secret',
    remedy:
      'Take the secret out of the CMS, or allow it on the page that the server names, and run again.',
  },
  {
    pattern: /signature/i,
    words: 'a rule of the repository takes signed commits only',
    remedy: 'Set the input sign-commits to true, so that GitHub signs them.',
  },
  {
    pattern: /protected branch|GH006|GH013|rule violations/i,
    words: 'a rule of the repository forbids it',
    remedy: "Let the workflow's token pass the branch's rules, or use commit: pull-request.",
    /** @cause A push rule of the repository or the server covers all refs. @remedy Exempt `refs/wix-cms/**`. */
    ofRefs: "Exempt this ref from the repository's rules, or let the workflow's token pass them.",
  },
  {
    pattern: /hook declined/i,
    words: 'a hook of the server declined it',
    remedy: 'Correct what it names, or ask whoever runs the server.',
  },
];
