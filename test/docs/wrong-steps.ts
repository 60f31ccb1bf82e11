import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { Scope } from '../../emulator/auth.ts';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { type ActionRun, runAction } from '../end-to-end/action.ts';
import { exported, onPush, path, products, type Situation, site } from '../end-to-end/situation.ts';
import { mayNotCreatePullRequests, notAccessible } from '../github-stand-in/faults.ts';
import { cloneOf, freshFolder } from '../repository/support.ts';

interface WrongStep {
  readonly message: string;
  readonly options?: EmulatorOptions;
  readonly play: (situation: Situation) => Promise<ActionRun>;
}

const command = 'export';
const config = '.github/wix-cms.yml';
const jobs: Scope = 'SCOPE.DC-DATA.MANAGE_MOVEMENT_JOBS';

/** The site with a key that was given these permissions. */
const keyWith = (...scopes: readonly Scope[]): EmulatorOptions => ({
  ...site,
  apiKeys: [{ key: 'IST.emulator', scopes }],
});

const onlyReads: readonly Scope[] = [
  'SCOPE.DC-DATA.READ',
  'SCOPE.DC-DATA.WRITE',
  'SCOPE.DC-DATA.DATA-COLLECTIONS-MANAGE',
];

/** Exports with these inputs. */
function exporting(inputs: Readonly<Record<string, string>>): WrongStep['play'] {
  return ({ run }) => run({ command, ...inputs });
}

/** Exports with this configuration file. */
function configuredBy(text: string): WrongStep['play'] {
  return ({ run, merge }) => {
    merge({ [config]: text });
    return run({ command, collections: '' });
  };
}

const refusing = (ref: string, words: string) =>
  `while read old new ref; do case $ref in ${ref}) echo "${words}" >&2; exit 1;; esac; done`;

/**
 * Lets git push to a server that says 403, as GitHub does to a token that may only read, or 401, as
 * it does to somebody without one.
 */
async function whilePushesGet(
  status: 401 | 403,
  remote: string,
  play: (environment: Readonly<Record<string, string>>) => Promise<ActionRun>,
): Promise<ActionRun> {
  const server = createServer((_request, response) =>
    response.writeHead(status, { 'www-authenticate': 'Basic realm="GitHub"' }).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  try {
    return await play({
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.http://127.0.0.1:${port}/site.pushInsteadOf`,
      GIT_CONFIG_VALUE_0: `file://${remote}`,
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

const translated = { site: { languages: ['en', 'fr'], collections: [products] } };

/** A wrong step, and how the page's message for it begins. */
export const wrongSteps: Readonly<Record<string, WrongStep>> = {
  'no secret': { message: 'The input api-key is empty', play: exporting({ 'api-key': '' }) },
  'no variable': { message: 'The input site-id is empty', play: exporting({ 'site-id': '' }) },
  'an address for the site': {
    message: 'The input site-id is "',
    play: exporting({ 'site-id': 'https://manage.wix.com/dashboard/abc/home' }),
  },
  'a misspelled command': { message: 'The input command', play: exporting({ command: 'exprot' }) },
  'a wrong path': {
    message: 'The input config',
    play: exporting({ config: '.github/wix.yml' }),
  },
  'no configuration': { message: 'Nothing is configured', play: exporting({ collections: '' }) },
  'a misspelled setting': {
    message: '… line …: there is no setting',
    play: configuredBy('collections:\n  - id: products\n    exlude: [notes]\n'),
  },
  'wrong indents': {
    message: '… line …: … Correct the YAML.',
    play: configuredBy('collections:\n  - products\n - origins\n'),
  },
  'languages without their name': {
    message: '… line …: "…" should be',
    play: configuredBy('localizations: [en, fr]\n'),
  },
  'a path from the root': {
    message: '… line …: …: "…" is not a path',
    play: configuredBy('directory: /content\ncollections: [products]\n'),
  },
  'no configuration on the branch': {
    message: 'Nothing is configured',
    play: ({ run }) => run({ command, collections: '' }),
  },
  'another ending of the configuration': {
    message: '… is not read, because the configuration is …',
    play: ({ run, merge }) => {
      merge({ '.github/wix-cms.yaml': 'collections: [products]\n' });
      return run({ command, collections: '' });
    },
  },
  'an unknown key': {
    message: 'Wix refused to … (HTTP 401',
    play: exporting({ 'api-key': 'IST.other' }),
  },
  'a key without the permission for jobs': {
    message: 'Wix refused to … (HTTP 403',
    options: keyWith(...onlyReads),
    play: exporting({}),
  },
  'a key without the permission for Wix Data': {
    message: 'Wix refused to … (HTTP 403',
    options: keyWith(jobs),
    play: exporting({}),
  },
  'a key that may not remove items': {
    message: 'Wix refused to … (HTTP 403',
    options: keyWith(jobs, 'SCOPE.DC-DATA.READ', 'SCOPE.DC-DATA.DATA-COLLECTIONS-MANAGE'),
    play: async ({ merge, run }) => {
      await run({ command });
      merge({ [path]: exported.replace('p3,White tea,9,,\n', '') });
      return run({ command: 'import', deletes: 'apply' });
    },
  },
  'Bearer before the key': {
    message: 'The input … has … in its middle.',
    play: exporting({ 'api-key': 'Bearer IST.emulator' }),
  },
  'the id of a site of somebody else': {
    message: 'Wix refused to … (HTTP 400, WDE0117',
    play: exporting({ 'site-id': '2b7e1516-28ae-42d2-a6ab-f7158809cf4f' }),
  },
  'no Multilingual': {
    message: 'Wix refused to … (HTTP 428',
    play: exporting({ languages: 'en, fr' }),
  },
  'no CMS': {
    message: 'Wix refused to … (…, WDE0110',
    play: ({ emulator, run }) => {
      const words = { code: 'WDE0110', description: 'Wix Data is not installed.', data: {} };
      const body = { message: '', details: { applicationError: words } };
      const answer = { kind: 'answer', status: 428, body: JSON.stringify(body) } as const;
      emulator.faults.add({ match: { path: '/wix-data/v2/collections*' }, ...answer });
      return run({ command });
    },
  },
  'the code editor switched off': {
    message: 'Wix refused to list the collections',
    play: ({ emulator, run }) => {
      // What Wix says of it nobody knows: its words come through, whatever they are.
      const body = JSON.stringify({ message: 'Turn on Dev Mode first', details: {} });
      const answer = { kind: 'answer', status: 400, body } as const;
      emulator.faults.add({ match: { path: '/wix-data/v2/collections*' }, ...answer });
      return run({ command });
    },
  },
  'files of your own before the first export': {
    message: '… was never agreed',
    play: ({ merge, run }) => {
      merge({ [path]: exported.replace('Green tea', 'Sencha') });
      return run({ command: 'import' });
    },
  },
  'a language that the site has not': {
    message: 'localization …: the site has no language',
    options: translated,
    play: exporting({ languages: 'en, it' }),
  },
  'a single language': {
    message: 'The input languages should name',
    options: translated,
    play: exporting({ languages: 'en' }),
  },
  'a display name for an id': {
    message: '…: the site has no such collection',
    play: exporting({ collections: 'Products' }),
  },
  'no checkout': {
    message: 'There is no git repository in …',
    play: ({ emulator: { apiKey, apiUrl, siteId } }) => {
      const inputs = { 'api-key': apiKey, 'api-url': apiUrl, 'site-id': siteId, token: 'token' };
      const workspace = freshFolder();
      return runAction({ workspace, inputs: { command, collections: 'products', ...inputs } });
    },
  },
  'a checkout into a folder': {
    message: 'There is no git repository in …',
    play: ({ emulator: { apiKey, apiUrl, siteId }, remote }) => {
      const inputs = { 'api-key': apiKey, 'api-url': apiUrl, 'site-id': siteId, token: 'token' };
      const workspace = dirname(cloneOf(remote));
      return runAction({ workspace, inputs: { command, collections: 'products', ...inputs } });
    },
  },
  'an empty token': {
    message: 'The input token is empty',
    play: exporting({ commit: 'pull-request', token: '' }),
  },
  'pull requests not allowed': {
    message: 'GitHub refused to open a pull request',
    play: ({ hub, run }) => {
      hub.faults.answer('pulls/create', mayNotCreatePullRequests);
      return run({ command, commit: 'pull-request' });
    },
  },
  'no permission for pull requests': {
    message: 'The token may not …',
    play: ({ hub, run }) => {
      hub.faults.answer('pulls/create', notAccessible);
      return run({ command, commit: 'pull-request' });
    },
  },
  'no permission to look for pull requests': {
    message: 'The token may not …',
    play: ({ hub, run }) => {
      hub.faults.answer('pulls/list', notAccessible);
      return run({ command, commit: 'pull-request' });
    },
  },
  'a rule that demands signed commits': {
    message: 'The push to … was refused',
    play: ({ remote, run }) => {
      onPush(remote, refusing('refs/heads/*', 'GH013: Commits must have verified signatures'));
      return run({ command, commit: 'pull-request' });
    },
  },
  'a protected branch': {
    message: 'The push to … was refused',
    play: ({ remote, run }) => {
      onPush(remote, refusing('refs/heads/main', 'GH006: Protected branch update failed'));
      return run({ command });
    },
  },
  'no permission to push': {
    message: 'The push to … was not permitted',
    play: ({ remote, run }) =>
      whilePushesGet(403, remote, (environment) => run({ command }, { environment })),
  },
  'a checkout that did not keep its credentials': {
    message: 'The push to … was not permitted',
    play: ({ remote, run }) =>
      whilePushesGet(401, remote, (environment) => run({ command }, { environment })),
  },
  'no permission for the record': {
    message: 'What git and the site agree on could not be recorded: … was not permitted',
    play: ({ remote, run }) =>
      whilePushesGet(403, remote, (environment) =>
        run({ command, commit: 'none' }, { environment }),
      ),
  },
  'a rule for all refs': {
    message: 'What git and the site agree on could not be recorded: … Exempt',
    play: ({ remote, run }) => {
      onPush(remote, refusing('refs/wix-cms/*', 'GH013: Repository rule violations found'));
      return run({ command });
    },
  },
  'no permission to comment': {
    message: 'The plan is only in the job summary',
    play: async ({ hub, run }) => {
      await run({ command });
      hub.faults.answer('issues/list-comments', notAccessible);
      const sha = '1'.repeat(40);
      const event = { pull_request: { number: 1, base: { sha }, head: { sha } } };
      return run({ command: 'plan' }, { event });
    },
  },
};
