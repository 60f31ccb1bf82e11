import { describe, expect, test } from '@jest/globals';
import { planned } from './proposal.ts';
import { exported, path, type Situation, site, within } from './situation.ts';

const config = '.github/wix-cms.yml';
const inputs = { collections: '' };
const offline = { ...inputs, 'api-key': '' };

/** A site whose content is in git, as this configuration says. */
async function configured(
  text: string,
  play: (situation: Situation) => Promise<void>,
): Promise<void> {
  await within(site, async (situation) => {
    situation.merge({ [config]: text });
    await situation.run({ command: 'export', ...inputs });
    await play(situation);
  });
}

test('a directory that is renamed with edits of both sides brings them together', () =>
  configured('collections: [products]\n', async (situation) => {
    const { run, merge, file, emulator } = situation;
    const moved = 'data/collections/products.csv';
    const schemaPath = path.replace('.csv', '.schema.json');
    emulator.site.edit('products', 'p1', { price: 5 });
    emulator.site.remove('products', 'p3');
    merge({
      [config]: 'directory: data\ncollections: [products]\n',
      [moved]: exported.replace('Green tea', 'Sencha'),
      [moved.replace('.csv', '.schema.json')]: `${file(schemaPath)}\n`,
      [path]: null,
      [schemaPath]: null,
    });
    const imported = await run({ command: 'import', ...inputs });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    await run({ command: 'export', ...inputs });
    const together = exported.replace('Green tea,4', 'Sencha,5').replace(/^p3,.*\n/m, '');
    expect(file(moved)).toBe(together);
    expect((await run({ command: 'import', ...inputs })).outputs.status).toBe('unchanged');
  }));

const emptied = '_id,title,price,notes,tags\n';

describe('a pull request that changes the configuration', () => {
  test('is told what deletes: apply removes of what left git before', () =>
    configured('collections: [products]\n', async (situation) => {
      situation.merge({ [path]: exported.replace(/^p3,.*\n/m, '') });
      const apply = 'collections:\n  - id: products\n    deletes: apply\n';
      const plan = await planned(situation, { [config]: apply }, offline);
      expect(plan.outputs).toMatchObject({ status: 'success', 'rows-removed': '1' });
      expect(plan.annotations.join('\n')).toMatch(
        /file=\.github\/wix-cms\.yml,line=3.*Caution.*deletes of products from keep to apply.*the items of 1 rows/,
      );
    }));

  test('is judged by the limits of its target branch', () =>
    configured('collections: [{ id: products, deletes: apply }]\n', async (situation) => {
      const raised = `collections: [{ id: products, deletes: apply }]\nlimits: { allow-empty: true, max-deletes: 100% }\n`;
      const plan = await planned(situation, { [config]: raised, [path]: emptied }, offline);
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
      expect(plan.annotations.join('\n')).toContain('all 3 rows would be gone');
      expect(plan.annotations.join('\n')).toContain('max-deletes from 10%25 to 100%25');
    }));

  test('is judged by the rules of its target branch', () =>
    configured('collections: [products]\n', async (situation) => {
      const off =
        'collections: [{ id: products, rules: { type-number: off, price-jump: error } }]\n';
      const files = { [config]: off, [path]: exported.replace('tea,4', 'tea,ten') };
      const plan = await planned(situation, files, offline);
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      const words = plan.annotations.join('\n');
      expect(words).toContain('price is "ten", but the field is a number');
      expect(words).toContain('the rules of the target branch judge this pull request');
    }));

  test.each([['exclude: [notes]'], ['fields: [title, price, tags]']])(
    'is told that a column comes with the next export, if it is no longer left out by %s',
    (by) =>
      configured(`collections:\n  - id: products\n    ${by}\n`, async (situation) => {
        const content = situation.file(path) ?? '';
        const withNotes = content.replaceAll(/^(_id|p\d),(.*)$/gm, (line, key) => {
          return `${line},${key === '_id' ? 'notes' : 'note'}`;
        });
        const files = { [config]: 'collections: [products]\n', [path]: withNotes };
        const { annotations } = await planned(situation, files, offline);
        expect(annotations.join('\n')).toContain(
          'the column "notes" was left out by the configuration until now, so it is not imported yet',
        );
        expect(annotations.join('\n')).not.toContain('Remove it');
      }),
  );

  test('is told nothing of settings that it leaves as they are', () =>
    configured('collections: [products]\n', async (situation) => {
      const same = '# The same.\ncollections:\n  - { id: products, deletes: keep }\n';
      const plan = await planned(situation, { [config]: same }, offline);
      expect(plan.annotations).toEqual([]);
    }));
});

test('a file that lost all its rows is over the limits, though its items would stay', () =>
  configured('collections: [products]\n', async (situation) => {
    const plan = await planned(situation, { [path]: emptied }, offline);
    expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'limit' });
    expect(plan.summary).toContain('all 3 rows would be gone');
  }));

describe('a name in the configuration that the site does not have', () => {
  const misspelled = 'collections:\n  - id: products\n    exclude: [note]\n';

  test('is an error in a filter, which would let everything through or nothing', () =>
    within(site, async (situation) => {
      const filtered =
        'collections:\n  - id: products\n    filter: { $not: { intern: { $eq: 1 } } }\n';
      situation.merge({ [config]: filtered });
      const { outputs, annotations } = await situation.run({ command: 'export', ...inputs });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(annotations.join()).toMatch(
        /line=3.*filter names "intern", but the collection has no/,
      );
      expect(situation.file(path)).toBeUndefined();
    }));

  test('stops the export before anything is committed, on its line', () =>
    within(site, async (situation) => {
      situation.merge({ [config]: misspelled });
      const run = await situation.run({ command: 'export', ...inputs });
      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(situation.file(path)).toBeUndefined();
      expect(run.annotations.join('\n')).toMatch(
        /file=\.github\/wix-cms\.yml,line=3.*exclude names "note".*Did you mean notes\? The site has: /,
      );
    }));

  test('makes the plan of the pull request red that brings it', () =>
    configured('collections: [products]\n', async (situation) => {
      const plan = await planned(situation, { [config]: misspelled }, inputs);
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      expect(plan.annotations.join('\n')).toMatch(/wix-cms\.yml,line=3.*Did you mean notes\?/);
    }));

  test('stops the import', () =>
    configured('collections: [products]\n', async (situation) => {
      situation.merge({ [config]: misspelled, [path]: exported.replace('Green', 'Blue') });
      const run = await situation.run({ command: 'import', ...inputs });
      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'config' });
      expect(run.annotations.join('\n')).toMatch(/wix-cms\.yml,line=3/);
    }));

  test.each([
    [
      'collections: [Products]\n',
      /line=1.*no such collection\. Did you mean products\? The site has/,
    ],
    [
      'collections: [{ id: products, fields: [title, prise] }]\n',
      /line=1.*fields names "prise".*Did you mean price\?/,
    ],
    ['collections: []\nlocalizations:\n  - languages: [en, xx]\n', /line=3.*xx/],
  ])('%s', (text, words) =>
    within({ site: { ...site.site, languages: ['en', 'fr'] } }, async (situation) => {
      situation.merge({ [config]: text });
      const run = await situation.run({ command: 'export', ...inputs });
      expect(run.outputs.status).toBe('failed');
      expect(run.annotations.join('\n')).toMatch(words);
    }),
  );
});

describe('a schema file that was edited by hand', () => {
  const schemaPath = path.replace('.csv', '.schema.json');
  const untyped = (situation: Situation) =>
    situation.file(schemaPath)?.replace('"NUMBER"', '"TEXT"') ?? '';

  test('is an error where the site has another type', () =>
    configured('collections: [products]\n', async (situation) => {
      const files = {
        [schemaPath]: untyped(situation),
        [path]: exported.replace('tea,4', 'tea,ten'),
      };
      const plan = await planned(situation, files, inputs);
      expect(plan.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      expect(plan.annotations.join('\n')).toContain('the field price is "TEXT" and was "NUMBER"');
    }));

  test('is a warning where nobody knows what the site has', () =>
    configured('collections: [products]\n', async (situation) => {
      const plan = await planned(situation, { [schemaPath]: untyped(situation) }, offline);
      expect(plan.outputs.status).toBe('unchanged');
      expect(plan.annotations.join('\n')).toContain('the field price is "TEXT" and was "NUMBER"');
    }));
});
