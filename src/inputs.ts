import type { CollectionContent, ConfigInputs } from './config/config.ts';
import { deletePolicies, writePolicies } from './config/definition.ts';
import { Failure } from './errors.ts';
import { inputReader, type Reader, shown } from './io/input-reader.ts';

/** Inputs that all commands have. */
interface CommonInputs extends ConfigInputs {
  /** The configuration file, and whether a workflow names it: then it has to exist. */
  readonly config: { readonly file: string; readonly named: boolean };
  readonly token: string | undefined;
  readonly requestsPerMinute: number;
  readonly timeoutMinutes: number;
  readonly apiUrl: string;
  readonly onConflict: 'hold' | 'fail' | 'git' | 'cms';
}

/** What opens the site. */
export interface SiteInputs {
  readonly apiKey: string;
  readonly siteId: string;
}

/** How files come into git. */
export interface CommitInputs {
  readonly commit: 'pull-request' | 'push' | 'none';
  readonly branch: string;
  readonly baseBranch: string | undefined;
  readonly commitMessage: string;
  readonly signCommits: boolean;
  readonly pullRequest: {
    readonly title: string;
    readonly labels: readonly string[];
    readonly reviewers: readonly string[];
    readonly assignees: readonly string[];
    readonly draft: boolean;
  };
}

export interface ExportInputs extends CommonInputs, SiteInputs, CommitInputs {
  readonly command: 'export';
}

export interface ImportInputs extends CommonInputs, SiteInputs, CommitInputs {
  readonly command: 'import';
  /** Compare with this ref instead of the recorded base. */
  readonly base: string | undefined;
  readonly reconcile: 'changes' | 'all';
  /** Whether git's tip or the checkout, for jobs that generate files, is what git holds. */
  readonly source: 'branch' | 'working-tree';
  /** The share of its rows that may be rejected before the run fails: 0 for none, 1 for all. */
  readonly toleratedRejections: number;
  /** The fingerprint of a set of changes that the limits do not apply to. */
  readonly approve: string | undefined;
  /** Whether only changes are applied that a plan on a merged pull request has shown. */
  readonly requirePlan: boolean;
  readonly verify: boolean;
}

/** The site, for commands that work without it too. */
interface MaybeSite {
  readonly site: SiteInputs | undefined;
  /** Known without a key too: what git and the site agree on is recorded in the repository. */
  readonly siteId: string | undefined;
}

/** A plan works without a site, offline: then it says nothing of drift and conflicts. */
export interface PlanInputs extends CommonInputs, MaybeSite {
  readonly command: 'plan';
  readonly base: string | undefined;
  readonly reconcile: 'changes' | 'all';
  /** Whether git's tip or the checkout, for jobs that generate files, is what git holds. */
  readonly source: 'branch' | 'working-tree';
  readonly failOnDrift: boolean;
  readonly comment: boolean;
}

/** A restore proposes older files; the site hears of them from the import of its pull request. */
export interface RestoreInputs extends CommonInputs, CommitInputs, MaybeSite {
  readonly command: 'restore';
  /** The commit, tag or date whose files are to come back. */
  readonly to: string;
  /** Whether the files are only played into a stand-in, to see that they can come back. */
  readonly drill: boolean;
  /** Whether to make the collections again that the site has lost. */
  readonly createCollections: boolean;
}

export type Inputs = ExportInputs | ImportInputs | PlanInputs | RestoreInputs;

const commands = ['export', 'plan', 'import', 'restore'] as const;

/**
 * The command that the inputs name, for what is said of a run whose inputs are wrong; `export` where
 * they name none.
 */
export function namedCommand(env: NodeJS.ProcessEnv): Inputs['command'] {
  const named = inputReader(env).text('command');
  return commands.find((command) => command === named) ?? 'export';
}

/**
 * Reads and checks all inputs of a run, as the runner passes them: `INPUT_<NAME>`.
 *
 * @param mask is told every secret, before anything else happens.
 * @throws Failure that names the input, what it may be, and never the key.
 */
export function readInputs(env: NodeJS.ProcessEnv, mask: (secret: string) => void): Inputs {
  const inputs = readEach(env, mask);
  const reason = inputs.token === undefined ? needOfToken(inputs) : undefined;
  if (reason === undefined) return inputs;
  throw new Failure(
    'config',
    `The input token is empty, and ${inputs.command} needs it for ${reason}. Leave the input out to use the job's own token; if it names a secret, check that the secret is there: a pull request from a fork gets none.`,
  );
}

/** All that the token has to be allowed for a command, as `permissions:` of a workflow names it. */
export function permissionsFor(inputs: Inputs): string {
  const pulls = '"pull-requests: write"';
  if (inputs.command === 'plan') return `"contents: read" and ${pulls}`;
  const opensNone = inputs.command === 'export' && inputs.commit !== 'pull-request';
  return opensNone ? '"contents: write"' : `"contents: write" and ${pulls}`;
}

/**
 * What a run cannot do without asking GitHub; `undefined` where it can do all that matters. A plan
 * without a comment is in the job summary, and an import brings ids back with the next export.
 */
function needOfToken(inputs: Inputs): string | undefined {
  switch (inputs.command) {
    case 'export':
      if (inputs.commit === 'none') return undefined;
      if (inputs.commit === 'pull-request') return 'its pull request (commit: pull-request)';
      return inputs.signCommits ? 'signed commits (sign-commits: true)' : undefined;
    case 'import':
      return inputs.requirePlan
        ? 'the plans of merged pull requests (require-plan: true)'
        : undefined;
    case 'plan':
      return undefined;
    case 'restore':
      return inputs.drill ? undefined : 'its pull request';
  }
}

function readEach(env: NodeJS.ProcessEnv, mask: (secret: string) => void): Inputs {
  const read = inputReader(env);
  const apiKey = read.text('api-key');
  if (apiKey !== undefined) mask(apiKey);
  const token = read.text('token');
  if (token !== undefined) {
    mask(token);
    // So git sends it, and so its trace would show it.
    mask(Buffer.from(`x-access-token:${token}`).toString('base64'));
  }
  if (token !== undefined) refuseUnsendable('token', token);
  const command = read.choice('command', commands, undefined);
  const common = { ...configInputs(read), ...wireInputs(read), token };
  const siteId = read.text('site-id');
  const comparison = {
    base: checkedBase(read.text('base')),
    reconcile: read.choice('reconcile', ['changes', 'all'], 'changes'),
    source: read.choice('source', ['branch', 'working-tree'], 'branch'),
  };
  switch (command) {
    case 'plan':
      return {
        command,
        ...common,
        ...comparison,
        ...(comparison.reconcile === 'all'
          ? neededSite('plan with reconcile: all', apiKey, siteId)
          : maybeSite(command, apiKey, siteId)),
        failOnDrift: read.flag('fail-on-drift', false),
        comment: read.flag('comment', true),
      };
    case 'export':
      return { command, ...common, ...siteInputs(command, apiKey, siteId), ...commitInputs(read) };
    case 'restore':
      return {
        command,
        ...common,
        ...maybeSite(command, apiKey, siteId),
        ...restoreInputs(read),
      };
    case 'import':
      return {
        command,
        ...common,
        ...comparison,
        ...siteInputs(command, apiKey, siteId),
        ...commitInputs(read),
        toleratedRejections: toleratedRejections(read),
        approve: read.text('approve'),
        requirePlan: read.flag('require-plan', false),
        verify: read.flag('verify', true),
      };
  }
}

function configInputs(read: Reader): ConfigInputs & Pick<CommonInputs, 'config'> {
  const file = read.text('config');
  const standard = '.github/wix-cms.yml';
  return {
    config: { file: file ?? standard, named: file !== undefined && file !== standard },
    collections: read.list('collections'),
    languages: read.list('languages'),
    directory: read.text('directory')?.replace(/\/+$/, ''),
    deletes: read.optionalChoice('deletes', deletePolicies),
    writePolicy: read.optionalChoice<CollectionContent['writePolicy']>(
      'write-policy',
      writePolicies,
    ),
  };
}

function wireInputs(read: Reader) {
  return {
    onConflict: read.choice('on-conflict', ['hold', 'fail', 'git', 'cms'], 'hold'),
    requestsPerMinute: read.count('requests-per-minute', 150, 1, 10_000),
    timeoutMinutes: read.count('timeout-minutes', 30, 1, 360),
    apiUrl: apiUrl(read.text('api-url') ?? 'https://www.wixapis.com'),
  };
}

function toleratedRejections(read: Reader): number {
  const name = 'fail-on-partial-success';
  return read.share(name) ?? (read.flag(name, true, 'true, false or a share such as 2%') ? 0 : 1);
}

function commitInputs(read: Reader): CommitInputs {
  return {
    commit: read.choice('commit', ['pull-request', 'push', 'none'], 'pull-request'),
    branch: branchName('branch', read.text('branch') ?? 'wix-cms/export'),
    baseBranch:
      read.text('base-branch') && branchName('base-branch', read.text('base-branch') ?? ''),
    commitMessage: read.text('commit-message') ?? standardMessage,
    signCommits: read.flag('sign-commits', false),
    pullRequest: {
      title: read.text('pull-request-title') ?? standardTitle,
      labels: read.list('pull-request-labels'),
      reviewers: read.list('pull-request-reviewers'),
      assignees: read.list('pull-request-assignees'),
      draft: read.flag('pull-request-draft', false),
    },
  };
}

function neededSite(
  command: string,
  apiKey: string | undefined,
  siteId: string | undefined,
): MaybeSite {
  const site = siteInputs(command, apiKey, siteId);
  return { site, siteId: site.siteId };
}

function maybeSite(
  command: string,
  apiKey: string | undefined,
  siteId: string | undefined,
): MaybeSite {
  return {
    site: apiKey === undefined ? undefined : siteInputs(command, apiKey, siteId),
    siteId: siteId === undefined ? undefined : checkedSiteId(siteId),
  };
}

/** The defaults that action.yml writes for an export are none for a restore. */
function restoreInputs(
  read: Reader,
): CommitInputs & Pick<RestoreInputs, 'to' | 'drill' | 'createCollections'> {
  const to = read.text('to');
  if (to === undefined) {
    throw new Failure(
      'config',
      'The input to is empty, and restore needs it. Write a date such as 2026-11-20, a tag or a commit.',
    );
  }
  const inputs = commitInputs(read);
  const { branch, commitMessage, pullRequest } = inputs;
  const title = pullRequest.title === standardTitle ? '' : pullRequest.title;
  return {
    ...inputs,
    to,
    drill: read.flag('drill', false),
    createCollections: read.flag('create-collections', false),
    commitMessage: commitMessage === standardMessage ? '' : commitMessage,
    branch: branch === 'wix-cms/export' ? 'wix-cms/restore' : branch,
    pullRequest: { ...pullRequest, title },
  };
}

const standardTitle = 'Wix CMS content';
const standardMessage = 'Export Wix CMS content';

function siteInputs(
  command: string,
  apiKey: string | undefined,
  siteId: string | undefined,
): SiteInputs {
  if (apiKey === undefined) {
    throw new Failure(
      'config',
      /**
       * @cause The secret is missing or has another name, or the workflow runs for a fork or for
       * Dependabot, which get no secrets.
       * @remedy Check the name of the secret. `plan` works without a key.
       */
      `The input api-key is empty, and ${command} needs it. Pass a repository secret that holds a Wix API key; a pull request from a fork gets no secrets.`,
    );
  }
  refuseUnsendable('api-key', apiKey);
  if (siteId === undefined) {
    throw new Failure(
      'config',
      /**
       * @cause The variable is missing or has another name: `vars.` reads variables, `secrets.`
       * reads secrets.
       */
      `The input site-id is empty, and ${command} needs it. Copy the id from the dashboard's URL, after /dashboard/.`,
    );
  }
  return { apiKey, siteId: checkedSiteId(siteId) };
}

function checkedSiteId(siteId: string): string {
  if (/^[0-9A-Za-z][0-9A-Za-z-]{0,99}$/.test(siteId)) return siteId;
  throw new Failure(
    'config',
    `The input site-id is "${shown(siteId)}", which is not a site id. Copy the id from the dashboard's URL, after /dashboard/.`,
  );
}

/** What a header cannot carry whole is no secret that anybody meant to pass. */
function refuseUnsendable(input: string, secret: string): void {
  if (/^[\x21-\x7e]+$/.test(secret)) return;
  const odd = /[\r\n]/.test(secret)
    ? 'a line break'
    : secret.includes(' ')
      ? 'a blank'
      : 'a character that no key has';
  throw new Failure(
    'config',
    /** @cause A word such as `Bearer` stands before the key, or it was pasted with a line break. */
    `The input ${input} holds ${odd} in its middle. Save the secret again, with the key alone in one line.`,
  );
}

function apiUrl(text: string): string {
  const url = parsedUrl(text);
  const local = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && local))) {
    throw new Failure(
      'config',
      `The input api-url is "${shown(text)}", which is not an https URL. Leave it out to speak to Wix.`,
    );
  }
  return text.replace(/\/+$/, '');
}

/** The rules of git check-ref-format that a branch's name can break. */
function branchName(input: string, name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const odd = /^[-/.]|\.\.|@\{|\/\/|[\x00-\x20~^:?*[\\\x7f]|\.lock(\/|$)|[/.]$|\/\./;
  if (!odd.test(name)) return name;
  throw new Failure(
    'config',
    `The input ${input} is "${shown(name)}", which cannot be a branch's name. Choose another.`,
  );
}

function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/**
 * A revision, as the input says it. Part of it may come from whoever names a branch, so nothing that git
 * would read as a refspec, an option or a ref that is no branch or tag.
 */
function checkedBase(base: string | undefined): string | undefined {
  if (base === undefined) return undefined;
  const isRevision = /^(?![-+])[^\s:*?[\\^]+$/.test(base) && !/\.\.|@\{/.test(base);
  if (isRevision && !/^refs\/(?!heads\/|tags\/|pull\/)/.test(base)) return base;
  throw new Failure(
    'config',
    `The input base is "${base}", which is not a branch, tag or commit. Name one of them.`,
  );
}
