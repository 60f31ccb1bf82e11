/** The packages that the action is made of, by the lock file: a second opinion on what webpack says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

interface Locked {
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Package extends Locked {
  readonly name: string;
  /** Whether it holds anything but types. */
  readonly hasCode: boolean;
}

const locked: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
).packages;

/** What package.json names as dependencies, and all that these need. */
export function dependencies(): readonly Package[] {
  return [...neededBy('')].map(([folder, found]) => ({
    ...found,
    name: folder.replace(/^.*node_modules\//, ''),
    hasCode: hasCode(folder),
  }));
}

function neededBy(folder: string, found = new Map<string, Locked>()): ReadonlyMap<string, Locked> {
  for (const name of Object.keys(locked[folder]?.dependencies ?? {})) {
    const [place, needed] = nearest(folder, name);
    if (found.has(place)) continue;
    found.set(place, needed);
    neededBy(place, found);
  }
  return found;
}

/** Where Node would find a package: the nearest folder up. */
function nearest(folder: string, name: string): readonly [string, Locked] {
  const place = join(folder, 'node_modules', name);
  const found = locked[place];
  if (found !== undefined) return [place, found];
  if (folder === '') throw new Error(`package-lock.json has no ${name}`);
  return nearest(folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, ''), name);
}

function hasCode(folder: string): boolean {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.some((file) => /\.[cm]?js$/.test(file));
}
