import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';

const root = join(import.meta.dirname, '..');

/** What all parts of `src/` may import. */
const foundations = ['src/errors.ts', 'src/io'];

/** The parts that both the commands and what ties them together use. */
const outer = [
  'src/config',
  'src/environment.ts',
  'src/github',
  'src/inputs.ts',
  'src/report',
  'src/repository',
  'src/wix',
];

/** What all commands stand on. */
const floors = ['src/record', 'src/content', 'src/csv', ...outer];

/** What the commands share. */
const shared = ['src/commands/compare', 'src/commands/read', 'src/commands/run.ts'];
/** What each part may import, besides itself and packages: ARCHITECTURE.md, "Layers". */
const below: Readonly<Record<string, readonly string[]>> = {
  'src/csv': [],
  'src/content': ['src/csv'],
  'src/config': ['src/content'],
  'src/report': ['src/content'],
  'src/wix': [],
  'src/repository': [],
  'src/github': [],
  'src/inputs.ts': ['src/config'],
  'src/environment.ts': [],
  'src/record': ['src/config', 'src/content', 'src/csv', 'src/repository'],
  'src/commands/run.ts': floors,
  'src/commands/read': ['src/commands/run.ts', ...floors],
  'src/commands/compare': ['src/commands/read', 'src/commands/run.ts', ...floors],
  'src/commands/export': [...shared, ...floors],
  'src/commands/plan': [...shared, ...floors],
  // Ids of new rows are brought to git as an export brings its rows.
  'src/commands/import': ['src/commands/export', ...shared, ...floors],
  // A drill plays an import and an export.
  'src/commands/restore': ['src/commands/export', 'src/commands', ...shared, ...floors],
  'src/commands': [
    'src/commands/export',
    'src/commands/plan',
    'src/commands/import',
    'src/commands/restore',
    ...shared,
    ...floors,
  ],
  'src/main.ts': ['src/action.ts', 'src/report'],
  // It ties all of them together.
  'src/action.ts': ['src/commands', 'src/commands/read', 'src/commands/run.ts', ...outer],
  'src/errors.ts': [],
  'src/io': [],
  emulator: [],
  demo: ['emulator'],
};

/** The only one that may: it plays the files into the stand-in for Wix. */
const drill = 'src/commands/restore/drill.ts';

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const relatives = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
  return relatives.map(([, path = '']) => relative(root, resolve(root, dirname(file), path)));
}

function partOf(file: string): string {
  return Object.keys(below).find((part) => file === part || file.startsWith(`${part}/`)) ?? file;
}

test('imports point down', () => {
  const upward = [...sourcesIn('src'), ...sourcesIn('emulator'), ...sourcesIn('demo')].flatMap(
    (file) => {
      const part = partOf(file);
      const allowed = below[part];
      if (allowed === undefined) return [`${file} is in no part: say what it may import`];
      const beneath = part.startsWith('src') ? foundations : [];
      return importsOf(file)
        .filter((target) => ![part, ...allowed, ...beneath].includes(partOf(target)))
        .filter((target) => file !== drill || partOf(target) !== 'emulator')
        .map((target) => `${file} imports ${target}`);
    },
  );
  expect(upward).toEqual([]);
});

test('content reads no files and asks no network', () => {
  const reading = sourcesIn('src/content').filter((file) =>
    /from 'node:(fs|http|https|net|child_process)/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(reading).toEqual([]);
});

/** Written by a script, and as long as what they list. */
const generated = ['docs/troubleshooting.md', 'docs/performance.md'];

test('no file is longer than 400 lines', () => {
  const files = tracked('*.ts', '*.md');
  expect(files.length).toBeGreaterThan(300);
  const long = files.filter((file) => linesOf(file) > 400 && !generated.includes(file));
  expect(long).toEqual([]);
});

test('no function is longer than 60 lines', () => {
  const long = tracked('*.ts').flatMap((file) =>
    functionsIn(readFileSync(join(root, file), 'utf8'))
      .filter(({ lines }) => lines > 60)
      .map(({ first, lines }) => `${file}:${first} has ${lines} lines`),
  );
  expect(long).toEqual([]);
});

test('the lines of every kind of function are counted', () => {
  const text = `// é
function declared() {
  const inside = () => [
    1,
  ];
}
class Kept {
  constructor() {
    this.made = function () {
    };
  }
  get read() { return 1; }
}
const object = { method() {
}, async *many() {
} };
describe.each([1])('a list of tests', () => {
  test('a test', () => {
  });
  function helper() {
  }
});
`;
  const found = functionsIn(text).map(({ first, lines }) => `${first}: ${lines}`);
  expect(found).toEqual([...['2: 5', '3: 3', '8: 4', '9: 2', '12: 1', '14: 2', '15: 2'], '20: 2']);
});

test('the map names every folder, but those of test/ that mirror src/', () => {
  const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = new Set([...map.matchAll(/`([\w./-]+\/)`/g)].map(([, folder]) => folder));
  const folders = tracked().flatMap((file) => {
    const [first = '', second = '', third] = file.split('/');
    if (first === 'test' && third !== undefined) return [`test/${second}/`];
    return second === '' ? [] : [`${first}/`];
  });
  const mirrors = (folder: string) => existsSync(join(root, folder.replace(/^test/, 'src')));
  const missing = [...new Set(folders)].filter(
    (folder) => !named.has(folder) && !(folder.startsWith('test/') && mirrors(folder)),
  );
  expect(missing).toEqual([]);
});

function tracked(...patterns: readonly string[]): readonly string[] {
  const list = execFileSync('git', ['ls-files', '-z', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return list.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

function linesOf(file: string): number {
  return readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;
}

/** What the parser says of a piece of a file; methods have no type, but a body. */
interface Piece {
  readonly type?: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly body?: { readonly type?: string };
  readonly callee?: Piece;
  readonly arguments?: readonly { readonly expression: Piece }[];
}

/**
 * The functions of a file, but for what is handed to `describe` and `test`: a list of tests, and a
 * test with all that it expects.
 */
function functionsIn(text: string): readonly { readonly first: number; readonly lines: number }[] {
  // The parser counts bytes, from 1.
  const bytes = Buffer.from(` ${text}`);
  const lineAt = (offset: number) => bytes.toString('utf8', 0, offset).split('\n').length;
  const pieces = [...piecesIn(parseSync(text, { syntax: 'typescript', target: 'es2023' }).body)];
  const handed = pieces.flatMap(({ callee, arguments: given = [] }) => {
    const name = callee && bytes.toString('utf8', callee.span.start, callee.span.end);
    return /^(describe|test)\b/.test(name ?? '') ? given.map(({ expression }) => expression) : [];
  });
  return pieces
    .filter((piece) => isFunction(piece) && !handed.includes(piece))
    .map(({ span }) => {
      const first = lineAt(span.start);
      return { first, lines: lineAt(span.end) - first + 1 };
    });
}

function isFunction({ type, body }: Piece): boolean {
  return type === 'ArrowFunctionExpression' || body?.type === 'FunctionBody';
}

function* piecesIn(tree: unknown): Generator<Piece> {
  if (typeof tree !== 'object' || tree === null) return;
  // It is the parser's own.
  if ('span' in tree) yield tree as Piece;
  for (const part of Object.values(tree)) yield* piecesIn(part);
}
