import { readFile } from 'node:fs/promises';
import { type EmulatorOptions, startEmulator } from './emulator.ts';

/** Runs an emulator by hand until Ctrl-C; the argument is a JSON file of `EmulatorOptions`. */
const [, , file] = process.argv;
const emulator = await startEmulator(file === undefined ? smallShop() : await optionsFrom(file));

process.stdout.write(`Wix emulator
  api        ${emulator.apiUrl}
  upload     ${emulator.uploadUrl}
  download   ${emulator.downloadUrl}
  state      ${emulator.apiUrl}/emulator/state

By hand, paste this line into another terminal:

export API=${emulator.apiUrl} KEY=${emulator.apiKey} SITE=${emulator.siteId}
`);

process.once('SIGINT', () => void emulator.close());
process.once('SIGTERM', () => void emulator.close());

async function optionsFrom(path: string): Promise<EmulatorOptions> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function smallShop(): EmulatorOptions {
  return {
    jobSteps: { uninitialized: 300, initializing: 500, inProgress: 1500 },
    site: {
      id: '5f1c6d4e-3b2a-4c1d-9e8f-7a6b5c4d3e2f',
      languages: ['en', 'fr', 'de'],
      collections: [
        {
          id: 'products',
          displayName: 'Products',
          fields: [
            { key: 'title', type: 'TEXT', displayName: 'Title', required: true },
            { key: 'price', type: 'NUMBER', displayName: 'Price' },
            { key: 'tags', type: 'ARRAY_STRING', displayName: 'Tags' },
          ],
          translatable: ['title'],
          items: [
            { _id: 'p1', title: 'Walnut desk', price: 480, tags: ['office', 'wood'] },
            { _id: 'p2', title: 'Reading lamp', price: 59.5 },
          ],
        },
      ],
      translations: [{ itemId: 'p1', field: 'title', language: 'fr', text: 'Bureau en noyer' }],
    },
  };
}
