import { expect, test } from '@jest/globals';
import { versionAt } from '../../src/record/version.ts';
import { config } from '../commands/validating.ts';
import { open } from '../repository/open.ts';
import { cloneOf, freshFolder, makeRemote } from '../repository/support.ts';

test('a content that is opened twice at once is whole both times', async () => {
  const clone = cloneOf(makeRemote({ 'content/teas.csv': '_id,title\na,Assam\n' }));
  const git = await open(clone);
  const version = await versionAt(git, 'HEAD', {
    below: '',
    folder: freshFolder(),
    placed: (content) => content,
  });
  const [teas] = config.contents;
  const tables = teas === undefined ? [] : [version.open(teas), version.open(teas)];
  const sizes = (await Promise.all(tables)).map((table) => table?.size);
  git.objects.close();
  expect(sizes).toEqual([1, 1]);
});
