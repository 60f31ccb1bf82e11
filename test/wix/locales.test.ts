import { expect, test } from '@jest/globals';
import { htmlError, silentRefusal } from '../../emulator/faults.ts';
import { mainLanguage } from '../../src/wix/locales.ts';
import { against } from './support.ts';

const polyglot = { site: { languages: ['de', 'en', 'fr'] } };
const match = { path: '/locales/*', times: 'always' } as const;

test('the main language of a site is the one that it names', () =>
  against(polyglot, async ({ client }) => {
    expect(await mainLanguage(client)).toBe('de');
  }));

test('a site without Multilingual has none', () =>
  against({ site: {} }, async ({ client }) => {
    expect(await mainLanguage(client)).toBeUndefined();
  }));

test.each([400, 403, 404, 428])('nor does one tell that answers with %i', (status) =>
  against(polyglot, async ({ emulator, client }) => {
    emulator.faults.add({ ...silentRefusal(status), match });
    expect(await mainLanguage(client)).toBeUndefined();
  }),
);

test('a site in trouble is no site without a main language', () =>
  against(polyglot, async ({ emulator, client }) => {
    emulator.faults.add({ ...htmlError(503), match });
    await expect(mainLanguage(client)).rejects.toMatchObject({ reason: 'api' });
  }));
