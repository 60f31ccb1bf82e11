import { expect, test } from '@jest/globals';
import { within } from './situation.ts';

const path = 'content/collections/orders.csv';
const inputs = { collections: 'orders' };

/** Orders whose `Status` is the user's, beside the `Status` of the publish plugin. */
const orders = {
  id: 'orders',
  displayName: 'Orders',
  plugins: [{ type: 'PUBLISH' }],
  fields: [
    { key: 'title', displayName: 'Title', type: 'TEXT' },
    { key: 'status', displayName: 'Status', type: 'TEXT' },
  ],
  items: [{ _id: 'o1', title: 'Two teas', status: 'paid', _publishStatus: 'DRAFT' }],
};
const site = { collections: [orders] };

test('of two columns of one name, that of the field which no plugin owns is the file’s', async () => {
  await within({ site, headers: 'displayName' }, async ({ run, merge, file, emulator }) => {
    await run({ command: 'export', ...inputs });
    expect(file(path)).toBe('_id,title,status\no1,Two teas,paid\n');
    merge({ [path]: '_id,title,status\no1,Two teas,sent\n' });
    const { outputs } = await run({ command: 'import', ...inputs });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(emulator.site.collection('orders').items.get('o1')).toMatchObject({
      status: 'sent',
      _publishStatus: 'DRAFT',
    });
    const again = await run({ command: 'export', ...inputs });
    expect(again.outputs.status).toBe('unchanged');
  });
});

/** Orders with two fields of the user's that have one name. */
const [title, status] = orders.fields;
const twins = {
  ...orders,
  plugins: [],
  fields: [title, status, { key: 'state', displayName: 'Status', type: 'TEXT' }].flatMap(
    (field) => field ?? [],
  ),
  items: [{ _id: 'o1', title: 'Two teas', status: 'paid', state: 'Bavaria' }],
};
const named = { site: { collections: [twins] }, headers: 'displayName' } as const;

test('of two fields of a user’s with one name, nobody can tell whose column is whose', () =>
  within(named, async ({ run }) => {
    const { outputs, annotations } = await run({ command: 'export', ...inputs });
    expect(outputs.status).toBe('failed');
    expect(annotations.join('\n')).toContain(
      'column "Status" could be any of the fields "status", "state". Give the fields different display names in the CMS, or write into the configuration which is which, from left to right, such as columns: { Status: [status, state] }.',
    );
  }));

test('two fields of a user’s with one name come and go as the configuration tells them apart', () =>
  within(named, async ({ run, merge, file, emulator }) => {
    const config = 'collections:\n  - id: orders\n    columns: { Status: [status, state] }\n';
    merge({ '.github/wix-cms.yml': config });
    await run({ command: 'export', collections: '' });
    expect(file(path)).toBe('_id,title,status,state\no1,Two teas,paid,Bavaria\n');
    merge({ [path]: '_id,title,status,state\no1,Two teas,sent,Bavaria\n' });
    const { outputs } = await run({ command: 'import', collections: '' });
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    const { items } = emulator.site.collection('orders');
    expect(items.get('o1')).toMatchObject({ status: 'sent', state: 'Bavaria' });
  }));

test.each([
  [
    'auto',
    'success',
    'Display names would not tell its fields apart, so the rows were sent as JSONL',
  ],
  ['display-name', 'failed', 'two fields have the display name "Status"'],
])(
  'a site that wants display names gets no file in which two are the same (import-headers: %s)',
  (setting, status, words) =>
    within({ ...named, importHeaders: 'displayName' }, async ({ run, merge, emulator }) => {
      const entry = `id: orders, import-headers: ${setting}, columns: { Status: [status, state] }`;
      merge({ '.github/wix-cms.yml': `collections: [{ ${entry} }]\n` });
      await run({ command: 'export', collections: '' });
      merge({ [path]: '_id,title,status,state\no1,Two teas,sent,Bavaria\n' });
      const { outputs, annotations, summary } = await run({ command: 'import', collections: '' });
      expect(outputs.status).toBe(status);
      expect(annotations.join() + summary).toContain(words);
      const { items } = emulator.site.collection('orders');
      expect([...items.keys()]).toEqual(['o1']);
      const sent = status === 'success' ? 'sent' : 'paid';
      expect(items.get('o1')).toMatchObject({ status: sent, state: 'Bavaria' });
    }),
);

test('a site that wants display names gets none that a plugin has, too', () =>
  within(
    { site, headers: 'displayName', importHeaders: 'displayName' },
    async ({ run, merge, emulator }) => {
      await run({ command: 'export', ...inputs });
      merge({ [path]: '_id,title,status\no1,Three teas,sent\n' });
      const { outputs } = await run({ command: 'import', ...inputs });
      expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
      expect(emulator.site.collection('orders').items.get('o1')).toMatchObject({
        title: 'Three teas',
        status: 'sent',
        _publishStatus: 'DRAFT',
      });
    },
  ));

const besidePlugin = { ...twins, plugins: orders.plugins };
const besideSystem = {
  ...orders,
  fields: orders.fields.map((field) =>
    field.key === 'status' ? { ...field, displayName: 'Owner' } : field,
  ),
};

test.each([
  ['two of a user’s beside a plugin’s', besidePlugin, ', columns: { Status: [status, state] }'],
  ['one of a user’s beside the system’s', besideSystem, ''],
])('of columns of one name, %s, those of the user’s fields are the file’s', (_, collection, more) =>
  within(
    { site: { collections: [collection] }, headers: 'displayName' },
    async ({ run, merge, file }) => {
      merge({ '.github/wix-cms.yml': `collections: [{ id: orders${more} }]\n` });
      await run({ command: 'export', collections: '' });
      merge({ [path]: (file(path) ?? '').replace('paid', 'sent') });
      const { outputs } = await run({ command: 'import', collections: '' });
      expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    },
  ),
);

test('a field that the collection does not have is refused where the configuration names it', () =>
  within(named, async ({ run, merge, file }) => {
    const config = 'collections:\n  - id: orders\n    columns: { Status: [status, sate] }\n';
    merge({ '.github/wix-cms.yml': config });
    const { annotations } = await run({ command: 'export', collections: '' });
    expect(annotations[0]).toMatch(/line=3.*columns names "sate".*Did you mean state\?/);
    expect(file(path)).toBeUndefined();
  }));
