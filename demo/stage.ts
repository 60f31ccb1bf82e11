import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { originItems, teas } from './shop.ts';

/** What a run of the action showed. */
export interface Shown {
  readonly exitCode: number;
  /** What a person reads in the log, without the commands that are meant for the runner. */
  readonly log: string;
  /** The annotations: what GitHub shows beside the lines of the files. */
  readonly annotations: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** What a plan shows of a proposed edit. */
interface Proposal extends Shown {
  /** The comment of its pull request, as HTML in Markdown. */
  readonly comment: string;
  /** The report as a page. */
  readonly page: string;
  /** Merges the pull request. */
  readonly merge: () => void;
}

/** What becomes of the text of a file. */
type Edit = (text: string) => string;

/** Where the story plays: a site, a repository with a remote, and the action. */
export interface Stage {
  readonly emulator: Emulator;
  /** Runs git in the clone. */
  readonly git: (...args: readonly string[]) => string;
  /** Runs the bundled action, as the runner does. */
  readonly act: (
    command: 'export' | 'import' | 'plan' | 'restore',
    inputs?: Inputs,
    environment?: Inputs,
  ) => Promise<Shown>;
  /** A file of the repository. */
  readonly read: (path: string) => string;
  /** Edits a file of the repository, and pushes it as a merged pull request would be. */
  readonly merge: (path: string, edit: Edit, message: string) => void;
  /** Proposes edits of files in a pull request, and plans it. */
  readonly propose: (edits: Readonly<Record<string, Edit>>, message: string) => Promise<Proposal>;
  readonly close: () => Promise<void>;
}

type Inputs = Readonly<Record<string, string>>;

/** The bundle of the action lies in the folder above the demo's. */
const bundle = resolve(dirname(process.argv[1] ?? ''), '../index.js');

const person = { name: 'Maria', email: 'maria@example.com' };

/**
 * Builds the stage in a folder of its own, which `close` removes.
 *
 * @param action the bundle to start.
 */
export async function setStage(action = bundle): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-demo-'));
  const emulator = await openShop();
  const { clone, git, commit } = beginRepository(folder);
  const stop = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return {
    emulator,
    git,
    async act(command, inputs = {}, environment = {}) {
      const shown = await runAction(
        { action, emulator, folder, workspace: clone },
        { command, ...inputs },
        environment,
      );
      git('fetch', '--quiet', 'origin', 'main');
      git('reset', '--quiet', '--hard', 'origin/main');
      return shown;
    },
    read: (path) => readFileSync(join(clone, path), 'utf8'),
    merge(path, edit, message) {
      commit({ [path]: edit }, message);
      git('push', '--quiet', 'origin', 'HEAD:main');
    },
    async propose(edits, message) {
      const base = git('rev-parse', 'HEAD');
      commit(edits, message);
      const head = git('rev-parse', 'HEAD');
      git('push', '--quiet', 'origin', 'HEAD:proposal');
      const event = join(folder, 'event.json');
      const pullRequest = { number: 1, base: { sha: base }, head: { sha: head } };
      writeFileSync(event, JSON.stringify({ pull_request: pullRequest }));
      const shown = await runAction(
        { action, emulator, folder, workspace: clone },
        { command: 'plan', comment: 'false' },
        { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event, GITHUB_REF: '' },
      );
      git('reset', '--quiet', '--hard', base);
      return {
        ...shown,
        comment: readFileSync(join(folder, 'summary.md'), 'utf8'),
        page: readFileSync(shown.outputs['report-html'] ?? '', 'utf8'),
        merge: () => {
          git('push', '--quiet', 'origin', `${head}:main`);
          git('reset', '--quiet', '--hard', head);
        },
      };
    },
    close: () => emulator.close(),
  };
}

/** The site of the tea shop. */
function openShop(): Promise<Emulator> {
  return startEmulator({
    jobSteps: { uninitialized: 60, initializing: 120, inProgress: 250 },
    site: {
      languages: ['en', 'fr', 'de'],
      collections: [origins, teaCollection],
      translations: teas.flatMap(({ item, french, german }) => [
        { itemId: item._id, field: 'title', language: 'fr', text: french },
        { itemId: item._id, field: 'title', language: 'de', text: german },
      ]),
    },
  });
}

/** A remote and its clone, with the configuration on main. */
function beginRepository(folder: string) {
  const remote = join(folder, 'remote.git');
  const clone = join(folder, 'clone');
  const git = (...args: readonly string[]) => runGit(clone, args);
  mkdirSync(remote);
  runGit(remote, ['init', '--quiet', '--bare', '--initial-branch=main']);
  runGit(folder, ['clone', '--quiet', remote, clone]);
  writeFileSync(join(clone, 'README.md'), '# The tea shop\n');
  mkdirSync(join(clone, '.github'));
  writeFileSync(join(clone, '.github/wix-cms.yml'), configuration);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Begin');
  git('push', '--quiet', 'origin', 'HEAD:main');
  return {
    clone,
    git,
    /** Edits files, and commits that. */
    commit(edits: Readonly<Record<string, Edit>>, message: string): void {
      for (const [path, edit] of Object.entries(edits)) {
        const file = join(clone, path);
        writeFileSync(file, edit(readFileSync(file, 'utf8')));
      }
      git('commit', '--quiet', '--all', '--message', message);
    },
  };
}

const origins = {
  id: 'origins',
  displayName: 'Origins',
  displayField: 'title',
  fields: [
    { key: 'title', displayName: 'Title', type: 'TEXT', required: true },
    { key: 'country', displayName: 'Country', type: 'TEXT' },
    { key: 'altitude', displayName: 'Altitude', type: 'NUMBER' },
    { key: 'notes', displayName: 'Notes', type: 'TEXT' },
  ],
  items: originItems,
};

const teaCollection = {
  id: 'teas',
  displayName: 'Teas',
  displayField: 'title',
  translatable: ['title'],
  fields: [
    { key: 'title', displayName: 'Title', type: 'TEXT', required: true },
    { key: 'price', displayName: 'Price', type: 'NUMBER' },
    { key: 'inStock', displayName: 'In stock', type: 'BOOLEAN' },
    {
      key: 'origin',
      displayName: 'Origin',
      type: 'REFERENCE',
      typeMetadata: { reference: { referencedCollectionId: 'origins' } },
    },
    { key: 'tags', displayName: 'Tags', type: 'ARRAY_STRING' },
    { key: 'harvested', displayName: 'Harvested', type: 'DATE' },
    { key: 'listed', displayName: 'Listed', type: 'DATETIME' },
    { key: 'description', displayName: 'Description', type: 'RICH_TEXT' },
    { key: 'link-teas-title', displayName: 'Teas (Item)', type: 'PAGE_LINK' },
  ],
  items: teas.map(({ item }) => item),
};

const configuration = `collections:
  - origins
  - teas
localizations:
  - languages: [en, fr, de]
`;

/** Git as the person of the story, whatever the machine's own configuration says. */
function runGit(directory: string, args: readonly string[]): string {
  const identity = {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
  const env = { ...cleanEnvironment(), ...identity };
  return execFileSync('git', args, { cwd: directory, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, FORCE_COLOR, NO_COLOR } = process.env;
  return {
    PATH,
    HOME,
    // GitHub's log has colours, and whoever reads the demo may not.
    NO_COLOR: NO_COLOR ?? '1',
    ...(FORCE_COLOR === undefined ? {} : { FORCE_COLOR }),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

interface Runner {
  readonly action: string;
  readonly emulator: Emulator;
  readonly folder: string;
  readonly workspace: string;
}

async function runAction(
  { action, emulator, folder, workspace }: Runner,
  inputs: Inputs,
  environment: Inputs = {},
): Promise<Shown> {
  if (!existsSync(action)) throw new Error('dist/index.js is missing; npm run build makes it');
  const outputs = join(folder, 'outputs');
  const summary = join(folder, 'summary.md');
  for (const file of [outputs, summary]) writeFileSync(file, '');
  const all: Inputs = {
    'api-key': emulator.apiKey,
    'site-id': emulator.siteId,
    'api-url': emulator.apiUrl,
    commit: 'push',
    ...inputs,
  };
  const variables = Object.entries(all).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const child = spawn(process.execPath, [action], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...cleanEnvironment(),
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REPOSITORY: 'tea/shop',
      RUNNER_TEMP: folder,
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: summary,
      ...environment,
      ...Object.fromEntries(variables),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  const values = readFileSync(outputs, 'utf8');
  return { exitCode, ...split(output), outputs: outputsIn(values) };
}

/** The runner's file of outputs: `name<<delimiter`, the value, the delimiter. */
function outputsIn(text: string): Record<string, string> {
  const found = text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}

/** Tells what a person reads in the log from the commands to the runner. */
function split(output: string): Pick<Shown, 'log' | 'annotations'> {
  const lines = output
    .split('\n')
    .filter((line) => !/^::(add-mask|endgroup|debug)/.test(line))
    .map((line) => line.replace(/^::group::/, ''));
  const isAnnotation = (line: string) => /^::(error|warning|notice)/.test(line);
  return {
    log: lines
      .filter((line) => !isAnnotation(line))
      .join('\n')
      .trim(),
    annotations: lines.filter(isAnnotation).map(annotationInWords),
  };
}

/** `::error file=a.csv,line=2::words` as GitHub's log shows it. */
function annotationInWords(line: string): string {
  const [, kind = '', words = ''] = /^::(\w+) ?[^:]*(?::(?!:)[^:]*)*::(.*)$/.exec(line) ?? [];
  return `${kind}: ${words.replaceAll('%0A', '\n').replaceAll('%25', '%')}`;
}
