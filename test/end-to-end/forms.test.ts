import { expect, test } from '@jest/globals';
import { path, within } from './situation.ts';

const fields = [
  { key: 'title', type: 'TEXT' },
  { key: 'opened', type: 'DATETIME' },
  { key: 'price', type: 'NUMBER' },
];
const item = {
  _id: 'p1',
  title: 'Green tea',
  opened: { $date: '2026-07-03T14:04:31Z' },
  price: 12345678901234560,
};
const teas = { site: { collections: [{ id: 'products', fields, items: [item] }] } };

test('a value that the site stores in its own form is a remark, and comes to git with the next export', async () => {
  await within(teas, async ({ run, merge }) => {
    await run({ command: 'export' });
    merge({
      [path]:
        '_id,title,opened,price\np1,Green tea,2026-07-03T16:04:31.250+02:00,12345678901234567\n',
    });
    const imported = await run({ command: 'import' });
    expect(imported.outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(imported.annotations).toEqual([]);
    const words =
      'products: the site stores 2 cells in its own form: opened of p1 was sent as "2026-07-03T16:04:31.250+02:00" and is "2026-07-03T14:04:31Z" there. The next export brings the form to git.';
    expect(imported.summary).toContain('The next export brings the form to git');
    const [report] = JSON.parse(imported.read(imported.outputs['report-json'] ?? '')).files;
    expect(report.remarks).toEqual([words]);
  });
});
