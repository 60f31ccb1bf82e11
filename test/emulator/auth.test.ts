import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { call } from './driving.ts';

const jobs = '/data-mover/v1/jobs';
const site = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';

describe('a request is refused', () => {
  const cases: [string, Record<string, string | undefined>, number, string | undefined][] = [
    ['without a key', { authorization: undefined }, 401, undefined],
    ['with an unknown key', { authorization: 'IST.other' }, 401, undefined],
    ['with a key behind Bearer', { authorization: 'Bearer IST.emulator' }, 400, 'WDE0117'],
    ['with a key behind APIKey', { authorization: 'APIKey IST.emulator' }, 400, 'WDE0117'],
    ['without a site id', { 'wix-site-id': undefined }, 403, undefined],
    ['for a site that does not exist', { 'wix-site-id': other }, 400, 'WDE0117'],
  ];
  test.each(cases)('%s', async (_, headers, status, code) => {
    await using emulator = await startEmulator({ site: { id: site } });

    const answer = await call(emulator, 'GET', jobs, undefined, headers);

    expect(answer.status).toBe(status);
    expect(answer.body.details.applicationError?.code).toBe(code);
    if (code === undefined) expect(answer.body).toEqual({ message: '', details: {} });
    expect(answer.headers.get('x-wix-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('a key that may not move data is refused with an empty 403', async () => {
  const scopes = ['SCOPE.DC-DATA.READ'] as const;
  await using emulator = await startEmulator({ apiKeys: [{ key: 'IST.reader', scopes }] });

  expect(await call(emulator, 'GET', jobs)).toMatchObject({
    status: 403,
    body: { message: '', details: {} },
  });
  expect((await call(emulator, 'GET', '/wix-data/v2/collections')).status).toBe(200);
});

test('each site sees its own jobs', async () => {
  await using emulator = await startEmulator({ site: { id: site }, otherSites: [{ id: other }] });
  const source = { wixDataCollection: { collectionId: 'none' } };
  await call(emulator, 'POST', jobs, { source, destination: { file: { format: 'CSV' } } });

  const here = await call(emulator, 'GET', jobs);
  const there = await call(emulator, 'GET', jobs, undefined, { 'wix-site-id': other });

  expect(here.body.jobs).toHaveLength(1);
  expect(there.body.jobs).toHaveLength(0);
});

test('a quota answers 429 above so many requests a minute', async () => {
  await using emulator = await startEmulator({ requestsPerMinute: 2 });
  const statuses = [];
  for (let sent = 0; sent < 3; sent += 1) statuses.push((await call(emulator, 'GET', jobs)).status);

  expect(statuses).toEqual([200, 200, 429]);
});
