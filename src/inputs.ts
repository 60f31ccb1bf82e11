import { deletePolicies, writePolicies } from './config/definition.ts';
import { Failure } from './errors.ts';
import { inputReader, type Reader, shown } from './io/input-reader.ts';

const commands = ['export', 'plan', 'import', 'restore'] as const;

/** Inputs that all commands have. */
function commonInputs(read: Reader, token: string | undefined) {
  const file = read.text('config');
  const standard = '.github/wix-cms.yml';
  return {
    /** The configuration file, and whether a workflow names it: then it has to exist. */
    config: { file: file ?? standard, named: file !== undefined && file !== standard },
    collections: read.list('collections'),
    languages: read.list('languages'),
    directory: read.text('directory')?.replace(/\/+$/, ''),
    deletes: read.choice('deletes', deletePolicies),
    writePolicy: read.choice('write-policy', writePolicies),
    token,
    onConflict: read.choice('on-conflict', ['hold', 'fail', 'git', 'cms'], 'hold'),
    requestsPerMinute: read.count('requests-per-minute', 150, 1, 10_000),
    timeoutMinutes: read.count('timeout-minutes', 30, 1, 360),
    apiUrl: apiUrl(read.text('api-url') ?? 'https://www.wixapis.com'),
  };
}

/** How files get into git. The defaults in action.yml are those of an export. */
function commitInputs(read: Reader) {
  const baseBranch = read.text('base-branch');
  return {
    commit: read.choice('commit', ['pull-request', 'push', 'none'], 'pull-request'),
    branch: branchName('branch', read.text('branch') ?? standard.branch),
    baseBranch: baseBranch && branchName('base-branch', baseBranch),
    commitMessage: read.text('commit-message') ?? standard.message,
    signCommits: read.flag('sign-commits', false),
    pullRequest: {
      title: read.text('pull-request-title') ?? standard.title,
      labels: read.list('pull-request-labels'),
      reviewers: read.list('pull-request-reviewers'),
      assignees: read.list('pull-request-assignees'),
      draft: read.flag('pull-request-draft', false),
    },
  };
}

const standard = {
  branch: 'wix-cms/export',
  message: 'Export Wix CMS content',
  title: 'Wix CMS content',
};

/** What an import, and the plan that shows it, compare. */
function comparisonInputs(read: Reader) {
  return {
    /** Compare with this ref instead of the recorded base. */
    base: checkedBase(read.text('base')),
    reconcile: read.choice('reconcile', ['changes', 'all'], 'changes'),
    /** Where git's files are read: at the tip, or in the checkout if the job generates them. */
    source: read.choice('source', ['branch', 'working-tree'], 'branch'),
  };
}

function importInputs(read: Reader) {
  const partial = 'fail-on-partial-success';
  const fails = () => read.flag(partial, true, 'true, false or a share such as 2%');
  return {
    ...comparisonInputs(read),
    ...commitInputs(read),
    /** The share of the rows that may be rejected before the run fails: 0 for none, 1 for all. */
    toleratedRejections: read.share(partial) ?? (fails() ? 0 : 1),
    /** The fingerprint of changes that may exceed the limits. */
    approve: checkedFingerprint(read.text('approve')?.toLowerCase()),
    /** Whether to apply only changes that a plan on a merged pull request has shown. */
    requirePlan: read.flag('require-plan', false),
    verify: read.flag('verify', true),
  };
}

/** A plan works without a site, but then shows no drift and no conflicts. */
function planInputs(read: Reader) {
  return {
    ...comparisonInputs(read),
    failOnDrift: read.flag('fail-on-drift', false),
    comment: read.flag('comment', true),
  };
}

/** A restore proposes older files; the import of its pull request brings them to the site. */
function restoreInputs(read: Reader) {
  const inputs = commitInputs(read);
  const { branch, commitMessage, pullRequest } = inputs;
  const { title } = pullRequest;
  const missing =
    'The input to is empty, and restore needs it. Write a date such as 2026-11-20, a tag or a commit.';
  return {
    ...inputs,
    branch: branch === standard.branch ? 'wix-cms/restore' : branch,
    commitMessage: commitMessage === standard.message ? '' : commitMessage,
    pullRequest: { ...pullRequest, title: title === standard.title ? '' : title },
    /** The commit, tag or date whose files are to come back. */
    to: read.text('to') ?? refuse(missing),
    /** Whether to only test the restore, with a stand-in for the site. */
    drill: read.flag('drill', false),
    /** Whether to create the collections that the site has lost. */
    createCollections: read.flag('create-collections', false),
  };
}

/** What gives access to the site. */
export interface SiteInputs {
  readonly apiKey: string;
  readonly siteId: string;
}

export type CommitInputs = Readonly<ReturnType<typeof commitInputs>>;
export type Inputs = Readonly<ReturnType<typeof readEach>>;
export type ExportInputs = Extract<Inputs, { command: 'export' }>;
export type ImportInputs = Extract<Inputs, { command: 'import' }>;
export type PlanInputs = Extract<Inputs, { command: 'plan' }>;
export type RestoreInputs = Extract<Inputs, { command: 'restore' }>;

/**
 * The command in the inputs, for the report of a run whose inputs are wrong; `export` if there is none.
 */
export function namedCommand(env: NodeJS.ProcessEnv): Inputs['command'] {
  const named = inputReader(env).text('command');
  return commands.find((command) => command === named) ?? 'export';
}

/**
 * Reads and checks all inputs of a run, as the runner passes them: `INPUT_<NAME>`.
 *
 * @param mask is called with every secret, before anything else happens.
 * @throws Failure that names the input, what it may be, and never the key.
 */
export function readInputs(env: NodeJS.ProcessEnv, mask: (secret: string) => void): Inputs {
  const inputs = readEach(env, mask);
  const reason = inputs.token === undefined ? needOfToken(inputs) : undefined;
  if (reason === undefined) return inputs;
  return refuse(
    `The input token is empty, and ${inputs.command} needs it for ${reason}. Leave the input out to use the job's own token; if it names a secret, check that the secret is there: a pull request from a fork gets none.`,
  );
}

function readEach(env: NodeJS.ProcessEnv, mask: (secret: string) => void) {
  const read = inputReader(env);
  const [apiKey, token] = [read.text('api-key'), read.text('token')];
  // Git sends a token in base64, and so its trace would show it.
  const basic = token && Buffer.from(`x-access-token:${token}`).toString('base64');
  for (const secret of [apiKey, token, basic]) if (secret) mask(secret);
  if (token !== undefined) refuseUnsendable('token', token);
  const missing = `The input command is missing. Set it to one of ${commands.join(', ')}.`;
  const command = read.choice('command', commands) ?? refuse(missing);
  const common = commonInputs(read, token);
  const site = (what: string) => siteInputs(what, apiKey, read.text('site-id'));
  const maybeSite = {
    site: apiKey === undefined ? undefined : site(command),
    /** Needed without a key too: it names the record in the repository. */
    siteId: checkedSiteId(read.text('site-id')),
  };
  switch (command) {
    case 'export':
      return { command, ...common, ...site(command), ...commitInputs(read) };
    case 'import':
      return { command, ...common, ...site(command), ...importInputs(read) };
    case 'restore':
      return { command, ...common, ...maybeSite, ...restoreInputs(read) };
    case 'plan': {
      const inputs = planInputs(read);
      if (inputs.reconcile === 'all') site('plan with reconcile: all');
      return { command, ...common, ...maybeSite, ...inputs };
    }
  }
}

/** The permissions that the token needs for a command, as in `permissions:` of a workflow. */
export function permissionsFor(inputs: Inputs): string {
  const pulls = '"pull-requests: write"';
  if (inputs.command === 'plan') return `"contents: read" and ${pulls}`;
  const opensNone = inputs.command === 'export' && inputs.commit !== 'pull-request';
  return opensNone ? '"contents: write"' : `"contents: write" and ${pulls}`;
}

/**
 * What a run cannot do without a token; `undefined` if it can do all that matters. Without one, a plan is
 * in the job summary only, and the next export brings the ids of an import.
 */
function needOfToken(inputs: Inputs): string | undefined {
  switch (inputs.command) {
    case 'export':
      if (inputs.commit === 'pull-request') return 'its pull request (commit: pull-request)';
      if (inputs.commit === 'none' || !inputs.signCommits) return undefined;
      return 'signed commits (sign-commits: true)';
    case 'import':
      if (!inputs.requirePlan) return undefined;
      return 'the plans of merged pull requests (require-plan: true)';
    case 'plan':
      return undefined;
    case 'restore':
      return inputs.drill ? undefined : 'its pull request';
  }
}

function siteInputs(
  command: string,
  apiKey: string | undefined,
  siteId: string | undefined,
): SiteInputs {
  if (apiKey === undefined) {
    return refuse(
      /**
       * @cause The secret is missing or has another name, or the workflow runs for a fork or for Dependabot,
       * which get no secrets.
       * @remedy Check the name of the secret. `plan` works without a key.
       */
      `The input api-key is empty, and ${command} needs it. Pass a repository secret that holds a Wix API key; a pull request from a fork gets no secrets.`,
    );
  }
  refuseUnsendable('api-key', apiKey);
  const checked = checkedSiteId(siteId);
  if (checked !== undefined) return { apiKey, siteId: checked };
  return refuse(
    /**
     * @cause The variable is missing or has another name: `vars.` reads variables, `secrets.`
     * reads secrets.
     */
    `The input site-id is empty, and ${command} needs it. Copy the id from the dashboard's URL, after /dashboard/.`,
  );
}

function checkedSiteId(siteId: string | undefined): string | undefined {
  if (siteId === undefined || /^[0-9A-Za-z][0-9A-Za-z-]{0,99}$/.test(siteId)) return siteId;
  return refuse(
    `The input site-id is "${shown(siteId)}", which is not a site id. Copy the id from the dashboard's URL, after /dashboard/.`,
  );
}

/** Refuses a secret that cannot be a header: it was not passed as it was meant. */
function refuseUnsendable(input: string, secret: string): void {
  if (/^[\x21-\x7e]+$/.test(secret)) return;
  const blank = secret.includes(' ') ? 'a space' : 'a character that no key has';
  const odd = /[\r\n]/.test(secret) ? 'a line break' : blank;
  refuse(
    /** @cause The secret has a word such as `Bearer` before the key, or a line break. */
    `The input ${input} has ${odd} in its middle. Save the secret again, with the key alone in one line.`,
  );
}

function apiUrl(text: string): string {
  const { protocol, hostname } = URL.canParse(text)
    ? new URL(text)
    : { protocol: '', hostname: '' };
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isLocal)) return text.replace(/\/+$/, '');
  return refuse(
    `The input api-url is "${shown(text)}", which is not an https URL. Leave it out to speak to Wix.`,
  );
}

/** Checks a branch's name by the rules of git check-ref-format; `github.ref` has it as `refs/heads/main`. */
function branchName(input: string, given: string): string {
  const name = given.replace(/^refs\/heads\//, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const odd = /^[-/.]|\.\.|@\{|\/\/|[\x00-\x20~^:?*[\\\x7f]|\.lock(\/|$)|[/.]$|\/\./;
  if (!odd.test(name) && !/^(HEAD$|refs\/)/.test(name)) return name;
  return refuse(
    `The input ${input} is "${shown(name)}", which cannot be a branch's name. Choose another.`,
  );
}

/**
 * A revision. Part of it may be somebody's name for a branch, so it must not be anything that git would
 * read as a refspec, an option, or a ref that is no branch or tag.
 */
function checkedBase(base: string | undefined): string | undefined {
  if (base === undefined) return undefined;
  const isRevision = /^(?![-+])[^\s:*?[\\^]+$/.test(base) && !/\.\.|@\{/.test(base);
  if (isRevision && !/^refs\/(?!heads\/|tags\/|pull\/)/.test(base)) return base;
  return refuse(
    `The input base is "${base}", which is not a branch, tag or commit. Name one of them.`,
  );
}

function checkedFingerprint(approve: string | undefined): string | undefined {
  if (approve === undefined || /^[0-9a-f]{64}$/.test(approve)) return approve;
  return refuse(
    `The input approve is "${shown(approve)}", which is not a fingerprint. Copy all 64 characters of it from the plan.`,
  );
}

function refuse(message: string): never {
  throw new Failure('config', message);
}
