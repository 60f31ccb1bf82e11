import { afterAll } from '@jest/globals';
import { systemClock } from '../../src/io/clock.ts';
import { openRepository } from '../../src/repository/open-repository.ts';
import type { Git } from '../../src/repository/run-git.ts';

const opened: Git[] = [];

afterAll(() => {
  for (const { objects } of opened) objects.close();
});

/** Opens a repository until the tests of the file have ended. */
export async function open(directory: string, token?: string): Promise<Git> {
  const git = await openRepository({
    directory,
    environment: process.env,
    signal: new AbortController().signal,
    clock: systemClock,
    token,
    serverUrl: 'https://github.com',
  });
  if (git === undefined) throw new Error(`${directory} is not a repository`);
  opened.push(git);
  return git;
}
