import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { type Config, readConfig } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import type { Inputs } from '../../inputs.ts';
import { resolveInside } from '../../repository/working-tree.ts';

/** In bytes: as much as a thousand collections with all settings. Each byte takes time. */
const longestConfig = 200_000;

/**
 * Reads the configuration of a run, from the file in the checkout if there is one.
 *
 * @throws Failure for a file that the workflow names and that is missing, is outside of the checkout, is
 * too large, or is wrong.
 */
export function readConfigFile(inputs: Inputs, workspace: string): Config {
  const { file, named } = inputs.config;
  const path = resolveInside(workspace, file);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) {
    if (found.size > longestConfig) {
      const message = `${file} has ${found.size} bytes, and a configuration of more than ${longestConfig} is not read. Name what is to be kept in git, and nothing else.`;
      throw new Failure('config', message, { place: { file } });
    }
    const bytes = readFileSync(path);
    // In another encoding, `exclude: [größe]` would exclude nothing.
    if (!isUtf8(bytes)) {
      const message = `${file} is not UTF-8. Save it as UTF-8.`;
      throw new Failure('config', message, { place: { file } });
    }
    return readConfig({ file, text: bytes.toString('utf8') }, inputs);
  }
  if (found === undefined && !named) {
    refuseNoCheckout(inputs, workspace, file);
    refuseOtherName(workspace, file);
    return readConfig(undefined, inputs);
  }
  const trouble = found === undefined ? 'not there' : 'not a file';
  throw new Failure(
    'config',
    `The input config names ${file}, which is ${trouble}. Correct the path, or run actions/checkout before this step.`,
  );
}

function refuseNoCheckout(
  { collections, languages }: Inputs,
  workspace: string,
  file: string,
): void {
  if (collections.length + languages.length > 0 || existsSync(join(workspace, '.git'))) return;
  throw new Failure(
    'config',
    `Nothing is checked out, so there is no ${file} to read. Run actions/checkout before this step, or name collections in the input collections.`,
  );
}

/** A configuration that is not read may exclude confidential fields, which would come to git for ever. */
function refuseOtherName(workspace: string, file: string): void {
  for (const folder of ['.', '.github']) {
    const path = join(workspace, folder);
    const names = existsSync(path) ? readdirSync(path) : [];
    const other = names.find((name) => /^\.?wix[-_]cms\.ya?ml$/i.test(name));
    if (other === undefined) continue;
    throw new Failure(
      'config',
      `${join(folder, other)} is not read, because the configuration is ${file}. Rename it, or name it in the input config.`,
      { place: { file: join(folder, other) } },
    );
  }
}
