import type { Chapter } from './chapter.ts';

/** Why messages about git and GitHub come. */
export const github: Chapter = {
  title: 'git and GitHub',
  causes: [
    {
      says: 'was under way, and may have arrived',
      why: 'The run was cancelled while it pushed. Look at the branch; the next run goes on from what it holds.',
    },
    {
      says: 'Waiting for GitHub: could not',
      why: 'A line of the log, no error: GitHub limits how much may be asked at once, or did not answer. Said once a minute at most.',
    },
    {
      says: 'times while the export was pushed',
      why: 'Others push to the branch without a pause.',
    },
    {
      says: 'Set the input sign-commits to true',
      why: 'A rule of the repository takes signed commits only.',
    },
    {
      says: 'The push to … was refused',
      why: 'A protected branch or a ruleset; the words of the server are in brackets.',
    },
    {
      says: "Let the workflow's token pass the branch",
      why: 'What to do about a protected branch.',
    },
    { says: 'Exempt this ref', why: 'What to do about a ruleset that covers all refs.' },
    {
      says: 'was not permitted',
      why: '`contents: write` is missing, or `persist-credentials: false` is set where the job writes.',
    },
    {
      says: 'can not stand beside the branch',
      why: 'git keeps the names of branches as paths, so `a` and `a/b` exclude each other.',
    },
    { says: 'git does not show the commit', why: 'The commit was removed while the run worked.' },
    { says: 'git … took more than', why: 'The network, or a very large repository.' },
    { says: 'git … failed: …', why: 'The words of git are in the message.' },
    {
      says: 'git … failed … times',
      why: 'The server or the network was in trouble for some ten seconds; its words are in the message.',
    },
    { says: 'git cat-file did not give', why: 'The clone is damaged; a new checkout mends it.' },
    {
      says: 'The input token is empty, so GitHub',
      why: 'The input was set to an expression that is empty.',
    },
    { says: 'has to be owner/name', why: 'Outside of a workflow, set GITHUB_REPOSITORY.' },
    { says: 'The answer was not whole JSON', why: 'A proxy cut GitHub’s answer short.' },
    {
      says: "GitHub's rate limit",
      why: 'All workflows of the repository share the limit of its token.',
    },
    { says: 'GitHub did not answer', why: 'See [proxies and Enterprise Server](enterprise.md).' },
    { says: 'GitHub failed to', why: 'HTTP 5xx, also after trying again.' },
    { says: 'GitHub does not know the token', why: 'HTTP 401.' },
    {
      says: 'GitHub refused to …: … Tick Settings',
      why: 'A setting of the repository or its organization, and no permission of the workflow.',
    },
    { says: 'The token may not', why: 'HTTP 403. The permission stands in the message.' },
    { says: 'The rules of', why: 'A ruleset or a protected branch.' },
    {
      says: 'GitHub found nothing (404)',
      why: 'Mostly a token that may not see a private repository.',
    },
    { says: 'GitHub refused to ……', why: 'The words of GitHub are in the message.' },
    { says: 'It gave no reason.' },
    { says: 'GitHub assigns only people', why: 'A warning about `pull-request-assignees`.' },
    {
      says: 'has no draft pull requests',
      why: 'A warning: GitHub offers no drafts for this repository.',
    },
    {
      says: 'GitHub signs at most 30 MB',
      why: 'Commits through the API are smaller than pushes.',
    },
    { says: 'vanished while the commit was made', why: 'Somebody deleted the branch meanwhile.' },
    {
      says: 'The temporary branch … was left behind',
      why: 'A warning: it holds nothing of its own.',
    },
    {
      says: 'The branch … of the closed pull request',
      why: 'A warning: the next export that finds something goes on from it.',
    },
    {
      says: 'there is nothing left to merge',
      why: 'A comment: the open export pull request was closed.',
    },
    { says: 'did not get', why: 'A warning: a label, reviewer or assignee that GitHub refused.' },
  ],
};
