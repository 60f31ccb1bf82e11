import { expect, test } from '@jest/globals';
import { git } from '../repository/support.ts';
import { products, within } from './situation.ts';

const path = 'content/collections/products.csv';
const site = { site: { collections: [products] } };

test('content goes out of the CMS into git', async () => {
  await within(site, async ({ run, file, remote }) => {
    const first = await run({ command: 'export' });
    expect(first.log).toBe('');
    expect(first.exitCode).toBe(0);
    expect(file(path)).toBe(
      [
        '_id,title,price,notes,tags',
        'p1,Green tea,4,order more,"[""tea"",""green""]"',
        'p2,"Black tea, ""strong""",5.5,"line one\nline two",',
        'p3,White tea,9,,',
        '',
      ].join('\n'),
    );
    expect(first.outputs).toMatchObject({ status: 'success', changed: 'true', 'rows-added': '3' });
    expect(git(remote, 'log', '-1', '--format=%an%n%B', 'main')).toMatch(/^github-actions\[bot\]\nExport Wix CMS content\n\nproducts: 3 added/);
  });
});
