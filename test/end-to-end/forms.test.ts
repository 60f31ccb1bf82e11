import { expect, test } from '@jest/globals';
import { type FormName, forms } from '../../emulator/forms.ts';
import { cellText } from '../../src/content/values/stored-item.ts';
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

/** A cell of CSV. */
function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

test('three rounds on a site that stores everything in forms of its own end in one value, without a conflict', async () => {
  const names = Object.keys(forms) as FormName[];
  const typed = names.map((key) => ({ key, type: forms[key].types[0] }));
  const title = { key: 'title', type: 'TEXT' };
  const before = names.map((key) => [key, formerOf(forms[key].stored)]);
  const collection = {
    id: 'products',
    fields: [title, ...typed],
    items: [{ _id: 'p1', title: 'Green Tea', ...Object.fromEntries(before) }],
  };
  await within({ site: { collections: [collection] }, forms: names }, async (situation) => {
    const { run, merge, file, emulator } = situation;
    await run({ command: 'export' });
    const [header = ''] = (file(path) ?? '').split('\n');
    for (const round of [1, 2, 3]) {
      const row = header.split(',').map((key) => {
        const form = names.find((name) => name === key);
        if (form !== undefined) return cell(cellText(forms[form].sent));
        return key === '_id' ? 'p1' : `Green Tea ${round}`;
      });
      merge({ [path]: `${header}\n${row.join(',')}\n` });
      const imported = await run({ command: 'import' });
      expect(imported.annotations.filter((line) => line.startsWith('::error'))).toEqual([]);
      expect(imported.outputs).toMatchObject({ status: 'success', 'rows-conflicting': '0' });
      expect(imported.summary).toContain('in its own form');
      const exported = await run({ command: 'export' });
      expect(exported.outputs).toMatchObject({ status: 'success', 'rows-conflicting': '0' });
      expect(file(path)).toContain(`Green Tea ${round}`);
      expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
      expect((await run({ command: 'export' })).outputs.status).toBe('unchanged');
    }
    expect(emulator.site.collection('products').items.size).toBe(1);
  });
});

/** A value of the same kind, which git edits. */
function formerOf(stored: unknown): unknown {
  if (Array.isArray(stored)) return ['old'];
  if (typeof stored !== 'object' || stored === null) return 'old';
  return '$date' in stored ? { $date: '2020-01-01T00:00:00Z' } : { old: true };
}
