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

test('of two fields of a user’s with one name, nobody can tell whose column is whose', async () => {
  const [title, status] = orders.fields;
  const fields = [title, status, { key: 'state', displayName: 'Status', type: 'TEXT' }];
  const twins = { ...orders, plugins: [], fields: fields.flatMap((field) => field ?? []) };
  await within({ site: { collections: [twins] }, headers: 'displayName' }, async ({ run }) => {
    const { outputs, annotations } = await run({ command: 'export', ...inputs });
    expect(outputs.status).toBe('failed');
    expect(annotations.join('\n')).toContain(
      'column "Status" could be any of the fields "status", "state". Give the fields different display names in the CMS.',
    );
  });
});
