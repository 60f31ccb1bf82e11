import type { Config, Content } from '../../config/config.ts';
import { readConfig } from '../../config/config.ts';
import { Failure } from '../../errors.ts';
import type { Inputs } from '../../inputs.ts';
import { freshFolder } from '../../record/sync.ts';
import { nameInRecord } from '../../record/sync-record.ts';
import { type Version, versionAt } from '../../record/version.ts';
import { fetchCommits } from '../../repository/remote.ts';
import type { Git } from '../../repository/run-git.ts';
import type { GitRun } from '../run.ts';

/** The configuration of a commit; `undefined` if it has no such file. */
export async function configAt(
  git: Git,
  inputs: Inputs,
  commit: string,
): Promise<Config | undefined> {
  const { file } = inputs.config;
  const found = await git.objects.entryAt(commit, file);
  if (found?.kind !== 'file') return undefined;
  return readConfig({ file, text: await git.objects.text(found.id) }, inputs);
}

/**
 * The files of a commit, where its own configuration places them: a moved file is still the same content.
 *
 * @returns `undefined` if the remote lacks the commit.
 */
export async function filesAt(
  run: GitRun,
  inputs: Inputs,
  commit: string,
): Promise<Version | undefined> {
  const { git } = run;
  const isThere = (await git.objects.top(commit)).length > 0;
  if (!isThere && (await fetchCommits(git, [commit])).length > 0) return undefined;
  const then =
    (await orWrong(configAt(git, inputs, commit))) ??
    (await orWrong(defaults(run, inputs, commit)));
  const { directory = '', managed = [] } = then ?? {};
  const places = new Map(managed.map((content) => [nameInRecord(content), content]));
  const below = directory === run.config.directory ? directory : '';
  return versionAt(git, commit, {
    below,
    folder: freshFolder(run, 'files'),
    placed: (content) => places.get(nameInRecord(content)) ?? content,
  });
}

/** A commit without a configuration file has contents in their default places. */
async function defaults(
  { git, config: { managed } }: GitRun,
  inputs: Inputs,
  commit: string,
): Promise<Pick<Config, 'directory' | 'managed'>> {
  const collections = managed.flatMap((each) => (each.kind === 'collection' ? [each.id] : []));
  const [languages = []] = managed.flatMap((each) =>
    each.kind === 'localization' ? [each.languages] : [],
  );
  const places: Content[] = [];
  const config = readConfig(undefined, { ...inputs, collections, languages });
  for (const content of config.managed) {
    if ((await git.objects.entryAt(commit, content.path)) !== undefined) places.push(content);
  }
  return { directory: config.directory, managed: places };
}

/** An older configuration that is wrong no longer matters, nor that an id has no default place. */
async function orWrong<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Failure && error.reason === 'config') return undefined;
    throw error;
  }
}
