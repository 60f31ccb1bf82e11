import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { call, runJob, siteWith } from './driving.ts';

const toCsv = { file: { format: 'CSV' } };
const products = { wixDataCollection: { collectionId: 'products' } };
const tags = (count: number) => Array.from({ length: count }, () => 'en');

describe('Submit Job refuses with fieldViolations', () => {
  const cases: [string, object, string][] = [
    ['no source', { destination: toCsv }, 'source'],
    [
      'two sources',
      { source: { ...products, file: { fileId: 'x' } }, destination: toCsv },
      'source',
    ],
    ['no destination', { source: products }, 'destination'],
    [
      'both site overrides',
      { source: products, destination: toCsv, sourceSiteId: 'a', destinationSiteId: 'b' },
      'destinationSiteId',
    ],
    ['no file id', { source: { file: {} }, destination: products }, 'source.file.fileId'],
    ['no format', { source: products, destination: { file: {} } }, 'destination.file.format'],
    [
      'no collection id',
      { source: { wixDataCollection: {} }, destination: toCsv },
      'source.wixDataCollection.collectionId',
    ],
    [
      'one language',
      { source: { localization: { languages: ['en'] } }, destination: toCsv },
      'source.localization.languages',
    ],
    [
      '65 languages',
      { source: { localization: { languages: tags(65) } }, destination: toCsv },
      'source.localization.languages',
    ],
    [
      'an unknown write policy',
      {
        source: { file: { fileId: 'x' } },
        destination: { wixDataCollection: { collectionId: 'products', writePolicy: 'MERGE' } },
      },
      'destination.wixDataCollection.writePolicy',
    ],
    [
      'a filter beside an aggregation',
      {
        source: {
          wixDataCollection: { collectionId: 'products', filterQuery: {}, aggregationQuery: {} },
        },
        destination: toCsv,
      },
      'source.wixDataCollection.aggregationQuery',
    ],
    [
      'an aggregation stage that it does not know',
      {
        source: {
          wixDataCollection: {
            collectionId: 'products',
            aggregationQuery: { aggregationPipeline: { stages: [{ group: {} }] } },
          },
        },
        destination: toCsv,
      },
      'source.wixDataCollection.aggregationQuery.aggregationPipeline.stages[0]',
    ],
  ];
  test.each(cases)('%s', async (_, request, field) => {
    await using emulator = await startEmulator(siteWith({}));

    const answer = await call(emulator, 'POST', '/data-mover/v1/jobs', request);

    expect(answer.status).toBe(400);
    const violations = answer.body.details.validationError?.fieldViolations ?? [];
    expect(violations.map((violation) => violation.field)).toEqual([field]);
    expect(emulator.jobs()).toHaveLength(0);
  });
});

test('a collection that does not exist fails the job', async () => {
  await using emulator = await startEmulator();
  const request = { source: products, destination: toCsv };

  expect(await runJob(emulator, request)).toMatchObject({
    status: 'FAILED',
    error: { code: 'WDH0001', data: { code: 'WDE0025' } },
  });
});

test('a collection that does not exist is a 404 at once, when set so', async () => {
  await using emulator = await startEmulator({ unknownCollection: 'not-found' });
  const request = { source: products, destination: toCsv };

  const submitted = await call(emulator, 'POST', '/data-mover/v1/jobs', request);

  expect(submitted).toMatchObject({
    status: 404,
    body: { details: { applicationError: { code: 'WDE0025' } } },
  });
});

test('the job may come bare, as the vendor shows it in a sample', async () => {
  await using emulator = await startEmulator({ ...siteWith({}), submitAnswer: 'bare' });
  const request = { name: 'Export', source: products, destination: toCsv };

  const submitted = await call(emulator, 'POST', '/data-mover/v1/jobs', request);

  expect(submitted.body).toMatchObject({ name: 'Export', status: 'UNINITIALIZED' });
});

test('a body that is not JSON is a 400', async () => {
  await using emulator = await startEmulator();
  const response = await fetch(`${emulator.apiUrl}/data-mover/v1/jobs`, {
    method: 'POST',
    headers: { authorization: emulator.apiKey, 'wix-site-id': emulator.siteId },
    body: '{"source":',
  });

  expect(response.status).toBe(400);
});
