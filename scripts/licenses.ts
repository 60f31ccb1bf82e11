/** Which packages a bundle holds, and under which licences. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of what may be bundled: they ask for nothing but that their text goes along. */
export const allowedLicenses: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
];

/** A module as webpack's statistics have it; one that was joined with others lies inside of it. */
export interface Module {
  /** Its file, if it has one. */
  readonly nameForCondition?: string | null;
  /** In no chunk under its own name: joined with others, or not bundled at all. */
  readonly orphan?: boolean;
  readonly modules?: readonly Module[];
}

interface Package {
  readonly name: string;
  readonly license: string;
}

/**
 * The licences of all packages that a bundle holds, as a text.
 *
 * ncc can write such a file, but it leaves packages out: of those of the action yaml and valibot.
 *
 * @throws Error for a package that must not be bundled, or that comes without its licence's text.
 */
export function licensesOf(modules: readonly Module[]): string {
  const texts = foldersOf(modules).map((folder) => {
    const { name, license }: Package = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    if (!allowedLicenses.includes(license))
      throw new Error(
        `${name} has the licence ${license}, and scripts/licenses.ts does not know it`,
      );
    return `${name}\n${license}\n${textsIn(folder)}`;
  });
  // A package may be there in two versions, and say the same twice.
  return [...new Set(texts)].sort().join('\n\n');
}

/** The folders of the packages that modules come from. */
function foldersOf(modules: readonly Module[]): readonly string[] {
  const inPackage = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;
  const folders = new Set<string>();
  const visit = (module: Module) => {
    const folder = module.nameForCondition?.match(inPackage)?.[0];
    if (folder !== undefined) folders.add(folder);
    module.modules?.forEach(visit);
  };
  modules.filter(({ orphan }) => orphan !== true).forEach(visit);
  return [...folders];
}

function textsIn(folder: string): string {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  if (names.length === 0) throw new Error(`${folder} has no text of its licence`);
  return names
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n'))
    .join('\n');
}
