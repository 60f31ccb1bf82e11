import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { validate } from '../../src/commands/compare/validate.ts';
import { liveSide } from '../../src/commands/read/live-side.ts';
import { openHeads } from '../../src/commands/read/open-heads.ts';
import { readConfig } from '../../src/config/config.ts';
import { itemIdentity } from '../../src/content/identity.ts';
import { parseSchema } from '../../src/content/schema.ts';
import { sideOf } from '../../src/content/versions.ts';
import { CsvError } from '../../src/csv/errors.ts';
import { openTable } from '../../src/csv/table.ts';
import { readEnvironment } from '../../src/environment.ts';
import { Failure } from '../../src/errors.ts';
import { headSide } from '../../src/record/content-files.ts';
import { workingTree } from '../../src/record/version.ts';
import { noInputs } from '../config/no-inputs.ts';
import { damaged, distorted, expectFailure, oneLine } from './odd.ts';
import { exported } from './scenes.ts';

const folder = mkdtempSync(join(tmpdir(), 'wix-cms-fuzz-'));

const runs = { numRuns: 1_500 };

const config = readConfig(
  {
    file: '.github/wix-cms.yml',
    text: 'collections: [products]\nlocalizations: [{ languages: [en, fr, de] }]\n',
  },
  noInputs,
);
const [products, localization] = config.contents;

const idCell = (item: string) =>
  `"{""contentId"":""${item}"",""fieldId"":""title"",""sequencePath"":[]}"`;

/** As the Translation Manager writes it (wix-api.md 2.2). */
const translations = [
  'ID (do not edit),Content type,Element type,Source language (EN),Target language (FR),Target language (DE)',
  `${idCell('p1')},products,text,Green {tea},Thé {tea},`,
  `${idCell('p2')},products,text,<b>Black</b>,<b>Noir</b>,"Schwarz, ""stark"""`,
  `${idCell('p3')},products,text,"White\ntea",,`,
  '',
].join('\n');

/** As the dashboard writes it (wix-api.md 3.1 and 3.2), with a column that is no field (3.3). */
const dashboard = [
  '\ufeffID,Title,Price,Tags,Created Date,Owner,Status',
  '"p1","Green tea",4,"[""tea"",""green""]",2026-07-03T14:04:31Z,"o1",PUBLISHED',
  '"p2","Black tea, ""strong""",5.5,,2026-07-03T14:04:31Z,"o1",DRAFT',
  '',
].join('\n');

const field = {
  systemField: false,
  readOnly: false,
  required: false,
  encrypted: false,
  translatable: true,
};
const collection = {
  id: 'products',
  fields: [
    { ...field, key: 'title', type: 'TEXT', displayName: 'Title' },
    { ...field, key: 'price', type: 'NUMBER', displayName: 'Price' },
    { ...field, key: 'tags', type: 'ARRAY_STRING', displayName: 'Tags' },
  ],
};

describe('whatever is in a file', () => {
  test('CSV is read, or refused with the place of what is wrong', () => {
    const path = join(folder, 'products.csv');
    fc.assert(
      fc.property(damaged(exported), (bytes) => {
        writeFileSync(path, bytes);
        try {
          const table = openTable([path], itemIdentity('_id'), folder);
          for (const { cells } of table.rows()) expect(cells).toHaveLength(table.columns.length);
        } catch (error) {
          expect(error).toBeInstanceOf(CsvError);
          expect(error).toMatchObject({
            place: { file: 'products.csv', line: expect.any(Number) },
          });
          expect(error).toMatchObject({ message: expect.stringMatching(oneLine) });
        }
      }),
      runs,
    );
  });

  test.each([
    ['of translations', localization, translations],
    ['with display names, as of the dashboard', products, dashboard],
    ['with field keys', products, exported],
  ])('a download %s is read, or refused with one line', (_name, content, text) => {
    const path = join(folder, 'download.csv');
    fc.assert(
      fc.property(damaged(text), (bytes) => {
        writeFileSync(path, bytes);
        expectRefusal(() => {
          if (content === undefined) throw new Error('There is no such content');
          const { table, positions } = liveSide(content, path, collection);
          for (const { key, cells } of table.rows()) {
            expect(key).not.toBe('');
            for (const position of positions.values()) expect(cells[position]).toBeDefined();
          }
        });
      }),
      runs,
    );
  });

  test('the parts of a file are read as one, or refused with the place of what is wrong', async () => {
    const [header = '', ...rows] = exported.split(/\n(?=p)/);
    const parts = [rows.slice(0, 1), rows.slice(1)].map((some) => [header, ...some].join('\n'));
    const paths = parts.map((_, i) => `content/collections/products/${i}.csv`);
    const head = checkoutOf({});
    await fc.assert(
      fc.asyncProperty(fc.tuple(...parts.map(damaged)), async (bytes) => {
        for (const [i, path] of paths.entries()) put(head, path, bytes[i] ?? '');
        expectRefusal(() => {
          const files = paths.map((path) => join(head, path));
          const table = openTable(files, itemIdentity('_id'), head);
          expect(table.files).toEqual(paths);
          for (const { cells } of table.rows()) expect(cells).toHaveLength(table.columns.length);
        });
        await expectFindings(head, undefined);
      }),
      { numRuns: 700 },
    );
  });

  test.each([
    ['collection', 'content/collections/products.csv', exported],
    ['localization', 'content/localizations/en.csv', translations],
  ])('what an edit does to a %s is found, and told in one line each', async (_name, path, text) => {
    const base = checkoutOf({ [path]: text });
    const head = checkoutOf({});
    await fc.assert(
      fc.asyncProperty(damaged(text), async (bytes) => {
        put(head, path, bytes);
        await expectFindings(head, base);
      }),
      { numRuns: 700 },
    );
  });

  test('the configuration is read, or refused with one line', () => {
    const text = [
      'directory: cms',
      'collections:',
      '  - products',
      '  - id: Stores/Products',
      '    file: shop/products.csv',
      '    filter: { status: { $eq: published } }',
      '    fields: [title, price]',
      '    deletes: apply',
      'localizations:',
      '  - languages: [en, fr]',
      'limits:',
      '  max-deletes: 10%',
      '',
    ].join('\n');
    fc.assert(
      fc.property(damaged(text), (bytes) => {
        const source = { file: '.github/wix-cms.yml', text: bytes.toString('utf8') };
        expectFailure('config', () => {
          readConfig(source, noInputs);
        });
      }),
      runs,
    );
  });

  test('a committed schema is read, or refused with its file', () => {
    const field = { key: 'title', type: 'TEXT', displayName: 'Title' };
    const omitted = { key: 'related', type: 'MULTI_REFERENCE', reason: 'not carried' };
    const schema = { collection: 'products', fields: [field], omitted: [omitted] };
    const file = 'content/collections/products.schema.json';
    const texts = fc.oneof(
      damaged(JSON.stringify(schema, null, 2)).map((bytes) => bytes.toString('utf8')),
      distorted(schema).map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const error = expectFailure('validation', () => parseSchema(text, file));
        if (error !== undefined) expect(error.place).toMatchObject({ file });
      }),
      runs,
    );
  });

  test("the event's payload is read, or refused with one line", () => {
    const sha = 'a'.repeat(40);
    const pull = { number: 7, base: { sha }, head: { sha } };
    const payload = { before: sha, pull_request: pull };
    const runner = { GITHUB_WORKSPACE: '/w', RUNNER_TEMP: '/t', GITHUB_EVENT_PATH: '/e' };
    const texts = fc.oneof(
      damaged(JSON.stringify(payload)).map((bytes) => bytes.toString('utf8')),
      distorted(payload).map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expectFailure('config', () => {
          const env = { ...runner, GITHUB_EVENT_NAME: 'push' };
          const { event } = readEnvironment(env, () => text);
          for (const commit of [event.before, event.pullRequest?.base.sha]) {
            expect(commit ?? sha).toMatch(/^[0-9a-f]{40,64}$/);
          }
        });
      }),
      runs,
    );
  });
});

/** A folder with these files, as a checkout has them. */
function checkoutOf(files: Readonly<Record<string, string>>): string {
  const checkout = mkdtempSync(join(folder, 'checkout-'));
  for (const [path, text] of Object.entries(files)) put(checkout, path, text);
  return checkout;
}

function put(checkout: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), content);
}

const going = { signal: new AbortController().signal };

function opened(head: string, base: string | undefined) {
  const earlier = base === undefined ? undefined : workingTree(base);
  return openHeads(going, config.contents, workingTree(head), async (content, table) => {
    const agreed = await earlier?.open(content, table);
    return { head: headSide(table, content), recorded: agreed && sideOf(agreed) };
  });
}

/** Validates what a pull request holds, as a plan does. */
async function expectFindings(head: string, base: string | undefined): Promise<void> {
  const { heads, findings } = await opened(head, base);
  const open = (content: unknown) => heads.find((each) => each.content === content);
  const found = await validate(going, heads, config.contents, open);
  for (const { place, message } of [...findings, ...found]) {
    expect(place.file).toMatch(/^content\//);
    expect(message).toMatch(oneLine);
  }
}

function expectRefusal(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.message).toMatch(oneLine);
  }
}
