/** Builds `dist/`: tsc emits JavaScript to `build/`, ncc bundles it. The same sources give the same bytes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifySync, transformFileSync } from '@swc/core';
import { licensesOf } from './licenses.ts';

const root = join(import.meta.dirname, '..');
const bundles = [
  { entry: 'build/src/main.js', to: 'dist' },
  { entry: 'build/demo/main.js', to: 'dist/demo' },
];

rmSync(join(root, 'build'), { recursive: true, force: true });
rmSync(join(root, 'dist'), { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.build.json']);
writeFileSync(join(root, 'build/package.json'), '{ "type": "module" }\n');
putPageIn();
for (const { entry, to } of bundles) {
  const statistics = `${entry}.stats.json`;
  mkdirSync(join(root, to), { recursive: true });
  run('ncc', ['build', entry, '-o', to, '--stats-out', statistics, '-q']);
  minifyChunks(join(root, to));
  const { modules } = JSON.parse(readFileSync(join(root, statistics), 'utf8'));
  writeFileSync(join(root, to, 'licenses.txt'), licensesOf(modules));
}

/** Puts the style and the program of the report's page where the bundle finds them: into one module. */
function putPageIn(): void {
  const folder = 'src/report/page';
  const style = readFileSync(join(root, folder, 'style.css'), 'utf8').replace(/^\s+/gm, '');
  const { code: script } = transformFileSync(join(root, folder, 'script.ts'), {
    jsc: {
      parser: { syntax: 'typescript' },
      target: 'es2022',
      minify: { compress: true, mangle: true },
    },
    isModule: true,
    minify: true,
  });
  const exports = Object.entries({ style, script });
  const lines = exports.map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};\n`);
  writeFileSync(join(root, 'build', folder, 'assets.js'), lines.join(''));
}

/** ncc minifies its main file only; the chunks that are loaded later count as well. */
function minifyChunks(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.js')) continue;
    const path = join(folder, name);
    const { code } = minifySync(readFileSync(path, 'utf8'), {
      module: true,
      compress: true,
      mangle: true,
      format: { comments: false },
    });
    writeFileSync(path, `${code}\n`);
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(join(root, 'node_modules/.bin', command), args, { cwd: root, stdio: 'inherit' });
}
