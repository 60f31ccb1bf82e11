import { expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { finished, vendorSdk } from './vendor-sdk.ts';

test("a collection goes out, is edited and comes back through the vendor's SDK", async () => {
  const emulator = await startEmulator({
    site: {
      collections: [
        {
          id: 'products',
          fields: [
            { key: 'title', type: 'TEXT' },
            { key: 'price', type: 'NUMBER' },
          ],
          items: [
            { _id: 'a', title: 'Desk, "large"', price: 480 },
            { _id: 'b', title: 'Lamp', price: 59.5 },
          ],
        },
      ],
    },
  });
  try {
    const sdk = vendorSdk(emulator);
    const submitted = await sdk.jobs.submitJob(
      { wixDataCollection: { collectionId: 'products' } },
      { file: { format: 'CSV', fileName: 'products.csv' } },
      { name: 'Export products' },
    );
    const exported = await finished(emulator, submitted.job?._id ?? '');
    expect(exported.status).toBe('COMPLETED');
    const csv = await (await fetch(exported.destination?.file?.url ?? '')).text();
    expect(csv).toContain('"Desk, ""large"""');

    const edited = csv.replace(/\b480\b/, '450');
    const { fileId, uploadUrl } = await sdk.jobs.createFileUploadUrl({ fileName: 'products.csv' });
    const put = await fetch(uploadUrl ?? '', { method: 'PUT', body: edited });
    expect(put.status).toBe(200);
    const imported = await sdk.jobs.submitJob(
      { file: { fileId: fileId ?? '', format: 'CSV' } },
      { wixDataCollection: { collectionId: 'products', writePolicy: 'OVERWRITE' } },
    );
    const done = await finished(emulator, imported.job?._id ?? '');

    expect(done.status).toBe('COMPLETED');
    expect(done.progress).toMatchObject({ itemsSuccessful: 2, itemsRejected: 0 });
    expect(emulator.site.collection('products').items.get('a')).toMatchObject({
      title: 'Desk, "large"',
      price: 450,
    });
    expect(emulator.site.collection('products').items.get('b')).toMatchObject({ price: 59.5 });
  } finally {
    await emulator.close();
  }
});
