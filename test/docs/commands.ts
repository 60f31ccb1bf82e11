import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Every page of the repository, by its path. */
export const pages: ReadonlyMap<string, string> = new Map(
  ['.', 'docs', 'docs/decisions', 'emulator', '.github']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.md'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);

/** What a reader of a page is to type: a command, or lines that belong together. */
export interface Script {
  readonly page: string;
  readonly text: string;
}

/** The blocks of shell on a page, one script each, and the commands in its sentences and tables. */
export function scriptsOf(page: string): readonly Script[] {
  const text = pages.get(page) ?? '';
  const fences = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)];
  const blocks = fences.flatMap(([, language = '', block = '']) =>
    language === 'console' || (language === '' && isShell(block)) ? separated(block) : [],
  );
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].flatMap(
    ([, code = '']) => (isShell(code) && !code.includes('…') ? [code] : []),
  );
  return [...blocks, ...inline].map((script) => ({ page, text: script }));
}

function isShell(text: string): boolean {
  return /^([A-Z_]+=\S+ )?(npm|npx|git (?!log\b)|gh|curl|node|\.ci\/run)\b/.test(text);
}

/** What stands above commands of npm for whoever has no clone yet. */
export const cloning = 'git clone https://github.com/wix-cms-sync/wix-cms-sync && cd wix-cms-sync';

/**
 * Commands of npm stand for themselves, and so does the clone above them; those of git and the shell
 * build on each other.
 */
function separated(block: string): readonly string[] {
  const lines = block.trim().split('\n');
  const plain = lines.map((line) => line.replace(/ +# .*$/, ''));
  const stands = (line: string) => line.startsWith('npm ') || line.startsWith(cloning);
  return plain.every(stands) ? plain : [block.trim()];
}

/**
 * The script of a page that begins so.
 *
 * @throws where the page has none, so that no test plays what is not there any more.
 */
export function scriptOn(page: string, begin: string): string {
  const found = scriptsOf(page).find(({ text }) => text.startsWith(begin));
  if (found === undefined) throw new Error(`${page} has no command ${begin}`);
  return found.text;
}

/**
 * Runs a script in a shell that stops at the first failure.
 *
 * @param values what stands for `<commit>` and the like.
 * @returns what it printed.
 */
export function shell(
  script: string,
  directory: string,
  values: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): string {
  const filled = script.replaceAll(/<([a-z ]+)>/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The test has no value for <${name}>`);
    return value;
  });
  return execFileSync('sh', ['-euc', filled], {
    cwd: directory,
    encoding: 'utf8',
    stdio: 'pipe',
    env: {
      PATH: process.env.PATH,
      // Programs keep their logs there, which are no part of the folder that they work in.
      HOME: mkdtempSync(join(tmpdir(), 'wix-cms-home-')),
      GIT_EDITOR: 'true',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
      ...environment,
    },
  });
}
