import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { call, exportRows, exportText, logsOf, runJob, siteWith, upload } from './driving.ts';

const shop: EmulatorOptions = {
  site: {
    languages: ['en', 'fr', 'pt-BR'],
    collections: [
      {
        id: 'products',
        displayName: 'Products',
        fields: [
          { key: 'title', type: 'TEXT' },
          { key: 'story', type: 'RICH_TEXT' },
          { key: 'price', type: 'NUMBER' },
        ],
        translatable: ['title', 'story'],
        items: [
          { _id: 'a', title: 'Desk', story: '<p>Oak</p>', price: 480 },
          { _id: 'b', title: 'Lamp' },
        ],
      },
    ],
    translations: [{ itemId: 'a', field: 'title', language: 'fr', text: 'Bureau' }],
  },
};

const languages = ['en', 'fr', 'pt-BR'];
const source = { localization: { languages } };
const id = (contentId: string, fieldId: string) =>
  JSON.stringify({ contentId, fieldId, sequencePath: [] }).replaceAll('"', '""');

async function importLocalizations(
  emulator: Parameters<typeof upload>[0],
  text: string,
  into: readonly string[] = languages,
) {
  const fileId = await upload(emulator, text);
  const destination = { localization: { languages: into } };
  return runJob(emulator, { source: { file: { fileId, format: 'CSV' } }, destination });
}

describe('an export', () => {
  test('has one row for each text and one target column for each further language', async () => {
    await using emulator = await startEmulator({ ...shop, bom: false });

    expect(await exportText(emulator, source)).toBe(
      [
        '"ID (do not edit)","Content type","Element type","Source language (EN)","Target language (FR)","Target language (PT-BR)"',
        `"${id('a', 'title')}","Products","PlainText","Desk","Bureau",`,
        `"${id('a', 'story')}","Products","RichText","<p>Oak</p>",,`,
        `"${id('b', 'title')}","Products","PlainText","Lamp",,`,
        '',
      ].join('\n'),
    );
  });

  test('has its rows and the keys of its ids in another order every time', async () => {
    await using emulator = await startEmulator({ ...shop, shuffle: true });
    const texts = new Set<string>();
    for (let turn = 0; turn < 5; turn += 1) texts.add(await exportText(emulator, source));

    expect(texts.size).toBeGreaterThan(1);
  });

  test('may have other header cells, and columns that nobody knows', async () => {
    await using emulator = await startEmulator({
      ...shop,
      bom: false,
      localizationColumns: {
        id: 'Key',
        source: 'Original',
        target: 'Translation {language}',
        more: ['Context'],
      },
    });
    const text = await exportText(emulator, source);

    expect(text.split('\n').slice(0, 2)).toEqual([
      '"Key","Content type","Element type","Context","Original","Translation fr","Translation pt-BR"',
      `"${id('a', 'title')}","Products","PlainText","Context of title","Desk","Bureau",`,
    ]);
    await importLocalizations(emulator, text.replace('"Bureau"', '"Table"'));
    expect(emulator.site.translation('a', 'title', 'fr')).toBe('Table');
  });

  test('may have the flat layout', async () => {
    await using emulator = await startEmulator({ ...shop, localizationLayout: 'flat' });
    const rows = await exportRows(emulator, source);

    expect(rows).toHaveLength(9);
    expect(rows).toContainEqual({
      schemaId: 'products',
      entityId: 'a',
      fieldId: 'title',
      locale: 'fr',
      value: 'Bureau',
    });
  });
});

describe('an import', () => {
  test('sets translations and leaves the source language alone', async () => {
    await using emulator = await startEmulator(shop);

    const job = await importLocalizations(
      emulator,
      [
        'ID (do not edit),Source language (EN),Target language (FR),Target language (PT-BR)',
        `"${id('a', 'title')}",Changed,Table,Mesa`,
        '',
      ].join('\r\n'),
    );

    expect(job).toMatchObject({ status: 'COMPLETED', progress: { itemsSuccessful: 1 } });
    expect(emulator.site.translation('a', 'title', 'fr')).toBe('Table');
    expect(emulator.site.translation('a', 'title', 'pt-BR')).toBe('Mesa');
    expect(emulator.site.collection('products').items.get('a')?.title).toBe('Desk');
  });

  test('of what was exported changes nothing, in either layout', async () => {
    for (const localizationLayout of ['translation-manager', 'flat'] as const) {
      await using emulator = await startEmulator({ ...shop, localizationLayout });
      const before = [...emulator.site.translations.values()];

      const job = await importLocalizations(emulator, await exportText(emulator, source));

      expect(job.progress.itemsRejected).toBe(0);
      expect([...emulator.site.translations.values()]).toEqual(before);
    }
  });

  test('of an empty target keeps the translation, or clears it when set so', async () => {
    await using emulator = await startEmulator(shop);
    const text = `ID (do not edit),Target language (FR)\n"${id('a', 'title')}",\n`;

    await importLocalizations(emulator, text);
    expect(emulator.site.translation('a', 'title', 'fr')).toBe('Bureau');

    emulator.settings.emptyTranslation = 'clear';
    await importLocalizations(emulator, text);
    expect(emulator.site.translation('a', 'title', 'fr')).toBeUndefined();
  });

  test('rejects rows for items, fields and ids that are not there', async () => {
    await using emulator = await startEmulator(shop);
    const job = await importLocalizations(
      emulator,
      [
        'ID (do not edit),Target language (FR)',
        `"${id('z', 'title')}",x`,
        `"${id('a', 'price')}",x`,
        'nonsense,x',
        '',
      ].join('\n'),
    );
    const codes = (await logsOf(emulator, job.id)).map((log) => log.failure?.code);

    expect(codes).toEqual(['WDE0073', 'WDE0157', 'WDE0080']);
  });

  test('of a file without an ID column fails as malformed', async () => {
    await using emulator = await startEmulator(shop);

    expect(await importLocalizations(emulator, 'a,b\n1,2\n')).toMatchObject({
      status: 'FAILED',
      error: { code: 'WDH0003' },
    });
  });

  test('may land as drafts, which visitors do not see', async () => {
    await using emulator = await startEmulator({ ...shop, importedTranslations: 'draft' });
    const query = { dataCollectionId: 'products', language: 'fr', query: {} };
    const titleInFrench = async () => {
      const { body } = await call(emulator, 'POST', '/wix-data/v2/items/query', query);
      return body.dataItems.find((item) => item.id === 'a')?.data.title;
    };
    expect(await titleInFrench()).toBe('Bureau');

    const text = `ID (do not edit),Target language (FR)\n"${id('a', 'title')}",Table\n`;
    await importLocalizations(emulator, text);

    expect(await titleInFrench()).toBe('Desk');
  });
});

describe('without Multilingual', () => {
  const destination = { file: { format: 'CSV' } };

  test('a localization job is refused with 428', async () => {
    await using emulator = await startEmulator(siteWith({}));
    const path = '/data-mover/v1/jobs';

    expect(await call(emulator, 'POST', path, { source, destination })).toMatchObject({
      status: 428,
      body: { details: { applicationError: { code: 'MULTILINGUAL_NOT_INSTALLED' } } },
    });
  });

  test('a localization job fails, when set so', async () => {
    await using emulator = await startEmulator({
      ...siteWith({}),
      multilingualMissing: 'failed-job',
    });

    expect(await runJob(emulator, { source, destination })).toMatchObject({
      status: 'FAILED',
      error: { code: 'WDH0002' },
    });
  });
});

test('a language that the site does not have fails the job', async () => {
  await using emulator = await startEmulator(shop);
  const request = {
    source: { localization: { languages: ['en', 'ja'] } },
    destination: { file: { format: 'CSV' } },
  };

  expect(await runJob(emulator, request)).toMatchObject({ error: { code: 'WDH0001' } });
});

test('an ID cell is JSON whatever the order of its keys', async () => {
  await using emulator = await startEmulator({ ...shop, shuffle: true });
  const rows: string[][] = parse(await exportText(emulator, source), { from: 2, bom: true });

  for (const [cell = ''] of rows) {
    expect(JSON.parse(cell)).toEqual({
      contentId: expect.any(String),
      fieldId: expect.any(String),
      sequencePath: [],
    });
  }
});

test('the Locales API names the languages of the site, the main one first', async () => {
  await using emulator = await startEmulator(shop);
  const { text } = await call(emulator, 'POST', '/locales/v2/locale/query', { query: {} });

  expect(JSON.parse(text).locales).toMatchObject([
    { id: 'en', primaryLocale: true },
    { id: 'fr', primaryLocale: false },
    { id: 'pt-BR', languageCode: 'pt' },
  ]);
});

test('a translation is stored in the forms of its field', async () => {
  await using emulator = await startEmulator({ ...shop, forms: ['trimmed', 'strongTags'] });

  const rows = [
    '"ID (do not edit)","Target language (FR)"',
    `"${id('a', 'title')}"," Table "`,
    `"${id('a', 'story')}","<p><b>Bois</b></p>"`,
  ];
  await importLocalizations(emulator, rows.join('\n'));
  expect(emulator.site.translation('a', 'title', 'fr')).toBe('Table');
  expect(emulator.site.translation('a', 'story', 'fr')).toBe('<p><strong>Bois</strong></p>');
});

test('a site may keep its languages to itself', async () => {
  await using emulator = await startEmulator({ ...shop, localesStatus: 403 });

  const answer = await call(emulator, 'POST', '/locales/v2/locale/query', { query: {} });
  expect(answer.status).toBe(403);
});
