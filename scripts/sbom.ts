/**
 * `npm run sbom`: the bill of materials of the action, as CycloneDX: its dependencies and theirs.
 *
 * `npm sbom --omit dev` leaves out what a tool needs as well, such as yaml. So npm is asked about
 * a copy of the package that has no tools.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const {
  devDependencies: _tools,
  optionalDependencies: _node,
  ...rest
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'wix-cms-sbom-'));
try {
  process.stdout.write(billOf(join(folder, rest.name)));
} finally {
  rmSync(folder, { recursive: true });
}

/** @param copy a folder to be made; npm takes the name of the package from the folder's. */
function billOf(copy: string): string {
  mkdirSync(copy);
  writeFileSync(join(copy, 'package.json'), JSON.stringify(rest));
  copyFileSync(join(root, 'package-lock.json'), join(copy, 'package-lock.json'));
  npm(copy, ['install', '--package-lock-only', '--offline', '--ignore-scripts']);
  return npm(copy, ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx']);
}

function npm(cwd: string, args: readonly string[]): string {
  return execFileSync('npm', [...args, '--loglevel', 'error'], { cwd, encoding: 'utf8' });
}
