import { expect, test } from '@jest/globals';
import { planned } from './proposal.ts';
import { exported, path, type Situation, site, within } from './situation.ts';

const config = '.github/wix-cms.yml';
const inputs = { collections: '' };
const offline = { ...inputs, 'api-key': '' };

async function managed(play: (situation: Situation) => Promise<void>): Promise<void> {
  await within(site, async (situation) => {
    situation.merge({ [config]: 'collections: [products]\n' });
    await situation.run({ command: 'export', ...inputs });
    await play(situation);
  });
}

test.each([
  ['of another name', 'content/collections/Products (1).csv'],
  ['at the top of the repository', 'products.csv'],
  ['of a program at the top', 'Products.xlsx'],
  ['in a folder of another case', 'Content/collections/products.csv'],
  ['in a folder that lacks its own', 'collections/products.csv'],
  ['of another kind', 'content/collections/products.zip'],
])('an edit in a file %s is told by plan and import', (_where, copy) =>
  managed(async (situation) => {
    const files = { [copy]: exported.replace('Green', 'Blue') };
    const plan = await planned(situation, files, offline);
    situation.merge(files);
    const run = await situation.run({ command: 'import', ...inputs });
    for (const { annotations } of [plan, run]) {
      expect(annotations.join('\n')).toContain(`Did you mean ${path}?`);
    }
  }),
);

test('a file that is gone is told by plan and import, and nothing is deleted', () =>
  managed(async (situation) => {
    const plan = await planned(situation, { [path]: null }, offline);
    situation.merge({ [path]: null });
    const run = await situation.run({ command: 'import', ...inputs });
    for (const { annotations, outputs } of [plan, run]) {
      expect(annotations.join('\n')).toContain(`${path}: the file is gone`);
      expect(outputs['rows-removed']).toBe('0');
    }
  }));

test('a file that did not move with the configuration is refused', () =>
  managed(async (situation) => {
    const moved = { [config]: 'directory: site\ncollections: [products]\n' };
    const plan = await planned(situation, moved, offline);
    expect(plan.annotations.join('\n')).toContain(
      `site/collections/products.csv would be a second file of products, which is in ${path} already.`,
    );
  }));

test('a file that lost all its rows is told by the import, too, where the items stay', () =>
  managed(async (situation) => {
    situation.merge({ [path]: '_id,title,price,notes,tags\n' });
    const run = await situation.run({ command: 'import', ...inputs });
    expect(run.annotations.join('\n')).toContain('the file has lost all its 3 rows');
  }));

test('what was unmanaged before is no news', () =>
  managed(async (situation) => {
    situation.merge({ 'content/suppliers.csv': '_id\n' });
    const plan = await planned(situation, { [path]: exported.replace('Green', 'Blue') }, offline);
    expect(plan.annotations).toEqual([]);
  }));

test('a collection that an input misspells is red, though nothing of it is in git', () =>
  within(site, async (situation) => {
    const misspelled = { collections: 'prodcuts' };
    await situation.run({ command: 'export' });
    const files = { [path]: exported.replace('Green', 'Blue') };
    const plan = await planned(situation, files, { ...misspelled, 'api-key': '' });
    const event = situation.merge(files);
    const run = await situation.run({ command: 'import', ...misspelled }, { event });
    for (const { annotations, outputs } of [plan, run]) {
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      expect(annotations.join('\n')).toContain(
        `${path}: this file is not in the configuration, and git has no content/collections/prodcuts.csv, which an input`,
      );
    }
  }));
