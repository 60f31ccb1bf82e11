import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Scope } from '../../emulator/auth.ts';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { type ActionRun, runAction } from '../end-to-end/action.ts';
import { onPush, type Situation, site, within } from '../end-to-end/situation.ts';
import { mayNotCreatePullRequests, notAccessible } from '../github-stand-in/faults.ts';
import { freshFolder } from '../repository/support.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/getting-started.md'), 'utf8');

/** The messages of the page's table of wrong steps, each with `…` where anything may stand. */
const documented = [...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, message = '']) => message);

interface WrongStep {
  readonly message: string;
  readonly options?: EmulatorOptions;
  readonly play: (situation: Situation) => Promise<ActionRun>;
}

const command = 'export';
const config = '.github/wix-cms.yml';
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

/** Lets git push to a server that says 403, as GitHub does to a token that may only read. */
async function whileReadOnly(
  remote: string,
  play: (environment: Readonly<Record<string, string>>) => Promise<ActionRun>,
): Promise<ActionRun> {
  const server = createServer((_request, response) => response.writeHead(403).end());
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

/** A wrong step, and how the page's message for it begins. */
const wrongSteps: Readonly<Record<string, WrongStep>> = {
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
  'an unknown key': {
    message: 'Wix refused to … (HTTP 401',
    play: exporting({ 'api-key': 'IST.other' }),
  },
  'a key without the permission for jobs': {
    message: 'Wix refused to … (HTTP 403',
    options: { ...site, apiKeys: [{ key: 'IST.emulator', scopes: onlyReads }] },
    play: exporting({}),
  },
  'Bearer before the key': {
    message: 'The input … holds … in its middle.',
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
  'a display name for an id': {
    message: '…: the site has no such collection',
    play: exporting({ collections: 'Products' }),
  },
  'no checkout': {
    message: 'The workspace is not a git repository',
    play: ({ emulator: { apiKey, apiUrl, siteId } }) => {
      const inputs = { 'api-key': apiKey, 'api-url': apiUrl, 'site-id': siteId };
      const workspace = freshFolder();
      return runAction({ workspace, inputs: { command, collections: 'products', ...inputs } });
    },
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
      whileReadOnly(remote, (environment) => run({ command }, { environment })),
  },
  'no permission for the record': {
    message: 'The base could not be recorded: … was not permitted',
    play: ({ remote, run }) =>
      whileReadOnly(remote, (environment) => run({ command, commit: 'none' }, { environment })),
  },
  'a rule for all refs': {
    message: 'The base could not be recorded: … Exempt',
    play: ({ remote, run }) => {
      onPush(remote, refusing('refs/wix-cms/*', 'GH013: Repository rule violations found'));
      return run({ command });
    },
  },
  'no permission to comment': {
    message: 'The plan is in the job summary alone',
    play: async ({ hub, run }) => {
      await run({ command });
      hub.faults.answer('issues/list-comments', notAccessible);
      const sha = '1'.repeat(40);
      const event = { pull_request: { number: 1, base: { sha }, head: { sha } } };
      return run({ command: 'plan' }, { event });
    },
  },
};

test.each(Object.entries(wrongSteps))(
  'the page has the message of %s',
  async (_name, { message, options = site, play }) => {
    const entry = documented.filter((each) => each.startsWith(message));
    expect([message, entry.length]).toEqual([message, 1]);
    await within(options, async (situation) => {
      const { annotations } = await play(situation);
      expect(annotations.map(messageIn)).toContainEqual(
        expect.stringMatching(patternOf(entry[0] ?? '')),
      );
    });
  },
);

test('every message of the page is seen here', () => {
  const seen = Object.values(wrongSteps).map(({ message }) => message);
  const unseen = documented.filter((each) => !seen.some((message) => each.startsWith(message)));
  expect(unseen).toEqual([]);
});

function patternOf(message: string): RegExp {
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${message.split('…').map(literal).join('.*')}$`);
}

/** What an annotation says, without the command, and without the file where that goes ahead. */
function messageIn(annotation: string): string {
  return annotation.replace(/^.*?::.*?::/, '').replace(/^content\/\S+: /, '');
}
