import type { Chapter } from './chapter.ts';

/** Why messages about git and GitHub come. */
export const github: Chapter = {
  title: 'git and GitHub',
  causes: [
    {
      says: 'was under way, and may have arrived',
      why: 'The run was cancelled while it pushed.',
      help: 'Look at the branch, or run again: it goes on from what the branch holds.',
    },
    {
      says: 'times while the export was pushed',
      why: 'Others push to the branch without a pause.',
    },
    {
      says: 'Set the input sign-commits to true',
      why: 'The end of the same message: a rule of the repository takes signed commits only.',
    },
    {
      says: 'The push to … was refused',
      why: 'A protected branch or a ruleset; the words of the server are in brackets.',
      help: 'What the message ends with.',
    },
    {
      says: "Let the workflow's token pass the branch",
      why: 'The end of the message above, for a protected branch.',
    },
    {
      says: 'Take the secret out of the CMS',
      why: 'The end of the same message: GitHub found in the content what looks like a key or a token.',
    },
    {
      says: 'Correct what it names, or ask whoever runs the server',
      why: 'The end of the same message: a hook of a server of your own, whose words are in brackets.',
    },
    {
      says: 'Exempt this ref',
      why: 'The end of the same message, for a ruleset that covers all refs.',
      help: 'Exempt `refs/wix-cms/**`.',
    },
    {
      says: 'was not permitted',
      why: '`contents: write` is missing, or `persist-credentials: false` is set where the job writes.',
    },
    {
      says: 'git cannot be started',
      why: 'The runner, or the container that the job runs in, has no git.',
      help: 'On a runner of your own, install git; of a container, choose an image that has it.',
    },
    {
      says: 'can not stand beside the branch',
      why: 'git keeps the names of branches as paths, so `a` and `a/b` exclude each other.',
    },
    { says: 'git does not show the commit', why: 'The commit was removed while the run worked.' },
    { says: 'git … took more than', why: 'The network, or a very large repository.' },
    {
      says: 'git … failed: …',
      why: 'git could not do a step; its words are in the message.',
      help: 'What git says; if that does not help, run again, with debug logging on, and report it.',
    },
    {
      says: 'git … failed … times',
      why: 'The server or the network was in trouble for some ten seconds; its words are in the message.',
    },
    {
      says: 'git cat-file did not give',
      why: 'The clone is damaged, or the connection to a partial one broke.',
      help: 'Run again: a new checkout mends it.',
    },
    {
      says: 'The input token is empty, so GitHub',
      why: 'The input was set to an expression that is empty.',
    },
    {
      says: 'has to be owner/name',
      why: 'The runner sets GITHUB_REPOSITORY; a step changed it, or there is no workflow.',
      help: 'Run the action as a step of a workflow, and leave GITHUB_REPOSITORY alone.',
    },
    {
      says: 'The answer was not whole JSON',
      why: 'A proxy cut GitHub’s answer short.',
      help: 'Run again; if it stays so, see [proxies and Enterprise Server](enterprise.md).',
    },
    {
      says: "GitHub's rate limit",
      why: 'All workflows of the repository share the limit of its token.',
    },
    {
      says: 'GitHub did not answer',
      why: 'The network or a proxy of the runner, or GitHub is in trouble.',
      help: 'Run again; if it stays so, see [proxies and Enterprise Server](enterprise.md).',
    },
    { says: 'GitHub failed to', why: 'HTTP 5xx, also after trying again.' },
    {
      says: 'GitHub did not accept the token',
      why: 'HTTP 401: the token is not whole, has expired or was revoked.',
    },
    {
      says: 'GitHub refused to …: … Tick Settings',
      why: 'A setting of the repository or its organization, and no permission of the workflow.',
    },
    {
      says: 'The token may not',
      why: 'HTTP 403: the token lacks a permission, which stands in the message.',
    },
    {
      says: 'The rules of',
      why: 'A ruleset or a protected branch takes no such change from this token.',
    },
    {
      says: 'GitHub found nothing (404)',
      why: 'Mostly a token that may not see a private repository.',
    },
    {
      says: 'GitHub refused to ……',
      why: 'Another refusal; the words of GitHub are in the message.',
    },
    {
      says: 'It gave no reason.',
      why: 'In the place of GitHub’s words, where it gave none.',
      help: 'What the rest of the message says; https://www.githubstatus.com says whether GitHub is in trouble.',
    },
    {
      says: 'GitHub assigns only people',
      why: 'A warning: GitHub passes over a name of `pull-request-assignees` that may not read the repository.',
      help: 'Give that person access to the repository, or take the name out of the input.',
    },
    {
      says: 'has no draft pull requests',
      why: 'A warning: GitHub offers no drafts for private repositories of some plans.',
      help: 'Nothing, if the pull request may be ready for review; else look at the deletes before you merge, or set `pull-request-draft: false`.',
    },
    { says: 'GitHub signs at most 30 MB', why: 'Commits through the API are smaller than pushes.' },
    { says: 'vanished while the commit was made', why: 'Somebody deleted the branch meanwhile.' },
    {
      says: 'The temporary branch … was left behind',
      why: 'A warning: GitHub did not delete it. It holds nothing of its own.',
    },
    {
      says: 'The branch … of the closed pull request',
      why: 'A warning: GitHub did not delete it. The next export that finds something goes on from it.',
    },
    {
      says: 'there is nothing left to merge',
      why: 'A comment: the open export pull request was closed.',
      help: 'Nothing.',
    },
    {
      says: 'did not get',
      why: 'A warning: a label, reviewer or assignee that GitHub refused; its words are at the end.',
      help: 'Correct the name in the input, and give that person or team access to the repository. The next export tries again.',
    },
  ],
};
