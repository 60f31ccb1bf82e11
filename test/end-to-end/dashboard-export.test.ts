import { expect, test } from '@jest/globals';
import { exported, path, site, within } from './situation.ts';

/** The products as the dashboard exports them, one of them edited: a BOM, display names, and more columns. */
const dashboard = `\ufeff${[
  '"Title","ID","Created Date","Price","Internal notes","Tags","Products (Item)","Status","Status"',
  '"Green tea","p1",2026-07-03T14:04:31Z,4.5,"order more","[""tea"",""green""]","/green-tea","PUBLISHED",',
  '"Black tea, ""strong""","p2",2026-07-03T14:04:31Z,5.5,"line one\nline two",,"/black-tea","PUBLISHED",',
  '"White tea","p3",2026-07-03T14:04:31Z,9,,,"/white-tea","PUBLISHED",',
].join('\n')}\n`;

test('a dashboard export in the place of a file is taken for what it holds, and healed by the next export', async () => {
  await within(site, async ({ run, merge, file, emulator }) => {
    await run({ command: 'export' });
    merge({ [path]: dashboard });
    const planned = await run({ command: 'plan' });
    expect(planned.outputs).toMatchObject({ 'rows-changed': '1', 'rows-added': '0' });
    const imported = await run({ command: 'import' });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(imported.summary).toContain('9 headers were read as the fields that they name');
    const item = emulator.site.collection('products').items.get('p1');
    expect(item).toMatchObject({ title: 'Green tea', price: 4.5, tags: ['tea', 'green'] });
    await run({ command: 'export' });
    const rows = (file(path) ?? '').trimEnd().split('\n');
    expect(new Set(rows[0]?.split(','))).toEqual(
      new Set(['_id', 'title', 'price', 'notes', 'tags']),
    );
    expect(file(path)).toContain('p1,Green tea,4.5,order more,');
    expect(exported).toContain('p1,Green tea,4,order more,');
  });
});

test('one without other columns can be edited and imported again', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    const fields = exported.replace(/^.*/, 'ID,Title,Price,Internal notes,Tags');
    for (const title of ['Sencha', 'Gyokuro']) {
      merge({ [path]: fields.replace('Green tea', title) });
      const { outputs } = await run({ command: 'import' });
      expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(emulator.site.collection('products').items.get('p1')?.title).toBe(title);
    }
  });
});

test('what a dashboard export has beside the fields is one remark', async () => {
  await within(site, async ({ run, merge }) => {
    await run({ command: 'export' });
    merge({ [path]: dashboard });
    const { annotations } = await run({ command: 'plan' });
    expect(annotations).toHaveLength(2);
    expect(annotations[1]).toContain(
      'Those that name none are not imported: "Products (Item)", "Status", "Status".',
    );
  });
});

test.each([
  ['in capitals', 'PRICE', '1', ''],
  ['with a blank', 'Price ', '1', ''],
  ['renamed', 'Cost', '0', 'the column "price" is gone'],
])('of a column whose header is %s no edit gets lost unseen', async (_, header, changed, words) => {
  await within(site, async ({ run, merge }) => {
    await run({ command: 'export' });
    merge({ [path]: dashboard.replace('"Price"', `"${header}"`) });
    const { outputs, annotations } = await run({ command: 'plan' });
    expect(outputs['rows-changed']).toBe(changed);
    expect(annotations.join()).toContain(words);
  });
});

/** Orders whose `Status` may be the user's, or that of the publish plugin. */
const orders = {
  id: 'products',
  fields: [
    { key: 'title', displayName: 'Title', type: 'TEXT' },
    { key: 'status', displayName: 'Status', type: 'TEXT' },
  ],
  items: [{ _id: 'o1', title: 'Two teas', status: 'paid' }],
};

test('nobody guesses which of two columns with one name is the field', async () => {
  await within({ site: { collections: [orders] } }, async ({ run, merge, emulator }) => {
    await run({ command: 'export' });
    const [header, row] = ['Title,ID,Status,Status', 'Two teas,o1,PUBLISHED,sent'];
    merge({ [path]: `${header}\n${row}\n` });
    const { outputs, annotations } = await run({ command: 'import' });
    expect(outputs['failure-reason']).toBe('validation');
    expect(annotations[0]).toMatch(/line=1.*"Status" could stand for another.*\(status\)/);
    merge({ [path]: 'Title,ID,status\nTwo teas,o1,sent\n' });
    expect((await run({ command: 'import' })).outputs['rows-changed']).toBe('1');
    expect(emulator.site.collection('products').items.get('o1')?.status).toBe('sent');
  });
});

test('one that was there before the first export says what to do, and that works', async () => {
  await within(site, async ({ run, merge, emulator }) => {
    merge({ [path]: dashboard });
    const schemaPath = path.replace('.csv', '.schema.json');
    for (const command of ['export', 'plan', 'import']) {
      const { outputs, annotations } = await run({ command });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'validation' });
      expect(annotations.join('\n')).toContain(
        `${path} line 1: this looks like an export of the dashboard, and there is no ${schemaPath} to say which fields its headers name. Move it out of the repository and run an export, which writes both files. Then put yours in the place of the CSV file, in a pull request.`,
      );
    }
    merge({ [path]: null });
    await run({ command: 'export' });
    merge({ [path]: dashboard });
    const { outputs } = await run({ command: 'import' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('products').items.get('p1')).toMatchObject({ price: 4.5 });
  });
});
