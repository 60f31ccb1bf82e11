import { deletePolicies, writePolicies } from './config/definition.ts';
import { Failure } from './errors.ts';

const commands = ['export', 'plan', 'import', 'restore'] as const;

/** Reads single inputs, as the runner passes them: `INPUT_<NAME>`. Those that are empty are `undefined`. */
function inputReader(env: NodeJS.ProcessEnv) {
  const text = (name: string) => env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
  const parsed = <T>(name: string, parse: (value: string) => T | undefined, allowed: string) => {
    const value = text(name);
    const result = value === undefined ? undefined : parse(value);
    if (value === undefined || result !== undefined) return result;
    /**
     * @cause The workflow has a typo.
     * @remedy Write one of the values that the message names; all are in [the list of
     * inputs](inputs-and-outputs.md#inputs).
     */
    return refuse(`The input ${name} is "${shown(value)}", but should be ${allowed}.`);
  };
  const matching = (name: string, isRight: (value: string) => boolean, otherwise: string) => {
    const value = text(name);
    if (value === undefined || isRight(value)) return value;
    return refuse(`The input ${name} is "${shown(value)}", which ${otherwise}`);
  };
  return {
    text,
    parsed,
    matching,
    choice: <const Choice extends string>(name: string, choices: readonly Choice[]) => {
      const find = (value: string) => choices.find((choice) => choice === value);
      return parsed(name, find, `one of ${choices.join(', ')}`);
    },
    list: (name: string): readonly string[] => {
      const entries = (text(name) ?? '').split(/[\n,]/).map((entry) => entry.trim());
      return entries.filter((entry) => entry !== '');
    },
    flag: (name: string) => parsed(name, flagIn, 'true or false'),
    count: (name: string, least: number, most: number) => {
      const inRange = (value: string) => {
        const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
        return number >= least && number <= most ? number : undefined;
      };
      return parsed(name, inRange, `a whole number from ${least} to ${most}`);
    },
    /** `github.ref` has a branch as `refs/heads/main`. */
    branch: (name: string) => {
      const otherwise = "cannot be a branch's name. Choose another.";
      return matching(name, isBranch, otherwise)?.replace(/^refs\/heads\//, '');
    },
    siteId: () => {
      const isRight = (id: string) => /^[0-9A-Za-z][0-9A-Za-z-]{0,99}$/.test(id);
      const otherwise =
        "is not a site id. Copy the id from the dashboard's URL, after /dashboard/.";
      return matching('site-id', isRight, otherwise);
    },
  };
}

type Reader = ReturnType<typeof inputReader>;

/** A value, short enough for a message. */
function shown(value: string): string {
  return value.length > 80 ? `${value.slice(0, 77)}...` : value;
}

/** A boolean as YAML's core schema has it. */
function flagIn(value: string): boolean | undefined {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  return /^(false|False|FALSE)$/.test(value) ? false : undefined;
}

/** The share that `2%` stands for: 0.02. With `true`, the run bears no rejected rows; with `false`, all. */
function toleratedShare(value: string): number | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?) ?%$/.exec(value) ?? [];
  const share = Number(digits) / 100;
  if (share <= 1) return share;
  const fails = flagIn(value);
  return fails === undefined ? undefined : Number(!fails);
}

/** Whether a text is a branch's name by the rules of git check-ref-format. */
function isBranch(text: string): boolean {
  const name = text.replace(/^refs\/heads\//, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const odd = /^[-/.]|\.\.|@\{|\/\/|[\x00-\x20~^:?*[\\\x7f]|\.lock(\/|$)|[/.]$|\/\./;
  return !odd.test(name) && !/^(HEAD$|refs\/)/.test(name);
}

/**
 * Whether a text is a revision. Part of it may be somebody's name for a branch, so it must not be anything
 * that git would read as a refspec, an option, or a ref that is no branch or tag.
 */
function isRevision(text: string): boolean {
  const isPlain = /^(?![-+])[^\s:*?[\\^]+$/.test(text) && !/\.\.|@\{/.test(text);
  return isPlain && !/^refs\/(?!heads\/|tags\/|pull\/)/.test(text);
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal);
}

/** Inputs that all commands have. */
function commonInputs(read: Reader, token: string | undefined) {
  const standard = '.github/wix-cms.yml';
  const file = read.text('config') ?? standard;
  const notEncrypted = 'is not an https URL. Leave it out to speak to Wix.';
  return {
    /** The configuration file, and whether a workflow names it: then it has to exist. */
    config: { file, named: file !== standard },
    collections: read.list('collections'),
    languages: read.list('languages'),
    directory: read.text('directory')?.replace(/\/+$/, ''),
    deletes: read.choice('deletes', deletePolicies),
    writePolicy: read.choice('write-policy', writePolicies),
    token,
    onConflict: read.choice('on-conflict', ['hold', 'fail', 'git', 'cms']) ?? 'hold',
    requestsPerMinute: read.count('requests-per-minute', 1, 10_000) ?? 150,
    timeoutMinutes: read.count('timeout-minutes', 1, 360) ?? 30,
    apiUrl:
      read.matching('api-url', isSafeUrl, notEncrypted)?.replace(/\/+$/, '') ??
      'https://www.wixapis.com',
  };
}

/** The defaults in action.yml, which are those of an export. */
const standard = {
  branch: 'wix-cms/export',
  message: 'Export Wix CMS content',
  title: 'Wix CMS content',
};

/** How files get into git. */
function commitInputs(read: Reader, defaults = standard) {
  const orDefault = (name: keyof typeof standard, given: string | undefined) =>
    given === undefined || given === standard[name] ? defaults[name] : given;
  return {
    commit: read.choice('commit', ['pull-request', 'push', 'none']) ?? 'pull-request',
    branch: orDefault('branch', read.branch('branch')),
    baseBranch: read.branch('base-branch'),
    commitMessage: orDefault('message', read.text('commit-message')),
    signCommits: read.flag('sign-commits') ?? false,
    pullRequest: {
      title: orDefault('title', read.text('pull-request-title')),
      labels: read.list('pull-request-labels'),
      reviewers: read.list('pull-request-reviewers'),
      assignees: read.list('pull-request-assignees'),
      draft: read.flag('pull-request-draft') ?? false,
    },
  };
}

/** What an import, and the plan that shows it, compare. */
function comparisonInputs(read: Reader) {
  const noRevision = 'is not a branch, tag or commit. Name one of them.';
  return {
    /** Compare with this ref instead of the recorded base. */
    base: read.matching('base', isRevision, noRevision),
    reconcile: read.choice('reconcile', ['changes', 'all']) ?? 'changes',
    /** Where git's files are read: at the tip, or in the checkout if the job generates them. */
    source: read.choice('source', ['branch', 'working-tree']) ?? 'branch',
  };
}

function importInputs(read: Reader) {
  const partial = 'fail-on-partial-success';
  const isFingerprint = (text: string) => /^[0-9a-f]{64}$/i.test(text);
  const noFingerprint = 'is not a fingerprint. Copy all 64 characters of it from the plan.';
  return {
    ...comparisonInputs(read),
    ...commitInputs(read),
    /** The share of the rows that may be rejected before the run fails: 0 for none, 1 for all. */
    toleratedRejections:
      read.parsed(partial, toleratedShare, 'true, false or a share such as 2%') ?? 0,
    /** The fingerprint of changes that may exceed the limits. */
    approve: read.matching('approve', isFingerprint, noFingerprint)?.toLowerCase(),
    /** Whether to apply only changes that a plan on a merged pull request has shown. */
    requirePlan: read.flag('require-plan') ?? false,
    verify: read.flag('verify') ?? true,
  };
}

/** A plan works without a site, but then shows no drift and no conflicts. */
function planInputs(read: Reader) {
  return {
    ...comparisonInputs(read),
    failOnDrift: read.flag('fail-on-drift') ?? false,
    comment: read.flag('comment') ?? true,
  };
}

/** A restore proposes older files; the import of its pull request brings them to the site. */
function restoreInputs(read: Reader) {
  const missing =
    'The input to is empty, and restore needs it. Write a date such as 2026-11-20, a tag or a commit.';
  return {
    ...commitInputs(read, { branch: 'wix-cms/restore', message: '', title: '' }),
    /** The commit, tag or date whose files are to come back. */
    to: read.text('to') ?? refuse(missing),
    /** Whether to only test the restore, with a stand-in for the site. */
    drill: read.flag('drill') ?? false,
    /** Whether to create the collections that the site has lost. */
    createCollections: read.flag('create-collections') ?? false,
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
  const site = (what: string) => siteInputs(what, apiKey, read.siteId());
  const maybeSite = {
    site: apiKey === undefined ? undefined : site(command),
    /** Needed without a key too: it names the record in the repository. */
    siteId: read.siteId(),
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
  if (siteId !== undefined) return { apiKey, siteId };
  return refuse(
    /**
     * @cause The variable is missing or has another name: `vars.` reads variables, `secrets.`
     * reads secrets.
     */
    `The input site-id is empty, and ${command} needs it. Copy the id from the dashboard's URL, after /dashboard/.`,
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

function refuse(message: string): never {
  throw new Failure('config', message);
}
