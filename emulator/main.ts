import { startEmulator } from './emulator.ts';

/** Runs an emulator by hand, with a small site, until Ctrl-C. */
const emulator = await startEmulator({
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
  },
});

process.stdout.write(`Wix emulator
  api        ${emulator.apiUrl}
  upload     ${emulator.uploadUrl}
  download   ${emulator.downloadUrl}
  api key    ${emulator.apiKey}
  site id    ${emulator.siteId}
  by hand    curl ${emulator.apiUrl}/emulator/state
`);

process.once('SIGINT', () => void emulator.close());
process.once('SIGTERM', () => void emulator.close());
