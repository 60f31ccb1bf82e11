import type { Chapter } from './chapter.ts';

/** Why messages about inputs and workflow come. */
export const inputs: Chapter = {
  title: 'Inputs and workflow',
  causes: [
    {
      says: 'which is not a branch, tag or commit',
      why: 'The input holds what git would read as more than a revision: a refspec, an option, a ref of another kind.',
    },
    {
      says: 'is not set. Run the action as a step',
      why: 'The runner sets these variables; outside of a workflow they are missing.',
    },
    {
      says: "The event's payload",
      why: 'The runner writes it; a step before this one removed it.',
    },
    {
      says: 'The input api-key is empty',
      why: 'The secret is not there, has another name, or the workflow runs for a fork or for Dependabot, which get no secrets. `plan` works without.',
    },
    {
      says: 'The input token is empty, and',
      why: 'A step passes `token` from a secret that is not there. Where GitHub only gets a comment, an empty token costs no more than that.',
    },
    {
      says: 'in its middle. Save the secret again',
      why: 'A word such as `Bearer` stands before the key, or it was pasted with a line break.',
    },
    {
      says: 'The input site-id is empty',
      why: 'The variable is not there or has another name; `vars.` reads variables, `secrets.` secrets.',
    },
    { says: 'which is not a site id', why: 'Often the whole address was copied.' },
    { says: 'The input site-id is not a site id', why: 'The id becomes a part of a ref in git.' },
    {
      says: 'The input api-url',
      why: 'The key is sent to this address, so it has to be https, or on this machine.',
    },
    { says: "which can not be a branch's name", why: 'The name breaks the rules of git.' },
    { says: 'is missing. Set it to one of', why: 'Only `command` has no default.' },
    {
      says: ', but should be …',
      why: 'A typing error in the step of the workflow.',
      help: 'Write the value as the message says; all are in [the list of inputs](../README.md#inputs).',
    },
    {
      says: 'The input config names',
      why: 'A file that is named has to exist; without the input, `.github/wix-cms.yml` may be missing.',
    },
    {
      says: 'The input base names',
      why: 'The ref is neither in the clone nor on the remote. A short commit id is found only if the clone has the commit.',
    },
    {
      says: 'The checkout is not on a branch',
      why: 'The workflow was set off by a tag or a pull request, so there is no branch to write to.',
    },
    { says: 'The remote has no branch', why: 'Often a typing error in `base-branch`.' },
    {
      says: 'The workspace is not a git repository',
      why: 'The step runs before `actions/checkout`, or in another folder.',
    },
    {
      says: 'The run was cancelled',
      why: 'By a person, by `cancel-in-progress`, or by the time limit of the job. Running import jobs were terminated.',
      help: 'Run again: it continues.',
    },
  ],
};
