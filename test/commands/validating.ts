import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { validate } from '../../src/commands/compare/validate.ts';
import { openHeads } from '../../src/commands/read/open-heads.ts';
import { readConfig } from '../../src/config/config.ts';
import { type Cells, sideOf } from '../../src/content/versions.ts';
import { headSide } from '../../src/record/content-files.ts';
import { workingTree } from '../../src/record/version.ts';
import { noInputs } from '../config/no-inputs.ts';

export type Files = Readonly<Record<string, string | Buffer>>;

export function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'wix-cms-validate-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'content', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

export const config = readConfig(
  {
    file: 'wix-cms.yml',
    text: [
      'collections:',
      '  - { id: teas, file: teas.csv, deletes: apply }',
      '  - { id: origins, file: origins.csv, deletes: apply }',
      '  - { id: shops, file: shops.csv }',
      '  - { id: quiet, file: quiet.csv, rules: { price-jump: off, host-changed: error } }',
      'localizations:',
      '  - { languages: [en, fr, de], file: texts.csv }',
      '  - { languages: [en, es], file: kept.csv, empty-translation: skip }',
    ].join('\n'),
  },
  noInputs,
);

const field = (key: string, type = 'TEXT', more = {}) => ({
  key,
  type,
  displayName: key,
  ...more,
});

const teaSchema = JSON.stringify({
  collection: 'teas',
  fields: [
    field('title', 'TEXT', { required: true, translatable: true, bounds: { min: 3, max: 30 } }),
    field('price', 'NUMBER', { bounds: { min: 1, max: 100 } }),
    field('origin', 'REFERENCE', { references: 'origins' }),
    field('tags', 'ARRAY_STRING', { bounds: { max: 2 } }),
    field('batch'),
  ],
  omitted: [{ key: 'link', type: 'PAGE_LINK', reason: 'a page link, which Wix computes' }],
});

export const header = '_id,title,price,origin,tags,batch';
export const teas = [
  header,
  'a,Assam,11,india,"[""black""]",007',
  'b,Uva,9,ceylon,,2026-07-31',
  'c,"Sencha, ""fine""\nand green",14,,,3-4',
  'd,Gyokuro,30,,,739000000012',
  'e,Matcha,25,,,',
  '',
].join('\n');

export const key = (item: string) => `"{""contentId"":""${item}"",""fieldId"":""title""}"`;
export const texts = [
  'ID,Source language (EN),Target language (FR),Target language (DE)',
  `"{""contentId"":""a"",""fieldId"":""title"",""sequencePath"":[]}",Assam,Assam noir,Schwarzer Assam`,
  `${key('x')},Hello {name},Bonjour {name},`,
  `${key('y')},<b>Bold</b>,<b>Gras</b>,`,
  '',
].join('\n');

export const shops = [
  '_id,name,site,photo,status,about',
  ...Array.from(
    { length: 20 },
    (_, i) =>
      `s${i},Café ${i},https://shop${i}.example.com/,wix:image://v1/a~mv2.jpg/${i}.jpg,DRAFT,${`About shop ${i}. `.repeat(20)}`,
  ),
  '',
].join('\n');

const shopSchema = JSON.stringify({
  collection: 'shops',
  fields: [
    field('name'),
    field('site', 'URL'),
    field('photo', 'IMAGE'),
    field('status'),
    field('about', 'RICH_TEXT'),
  ],
  omitted: [],
});

export const quietSchema = JSON.stringify({
  collection: 'quiet',
  fields: [field('price', 'NUMBER'), field('site', 'URL')],
  omitted: [],
});

export const before: Files = {
  'shops.csv': shops,
  'shops.schema.json': shopSchema,
  'teas.csv': teas,
  'teas.schema.json': teaSchema,
  'origins.csv': '_id,title\nceylon,Ceylon\nindia,India\n',
  'texts.csv': texts,
};

export const going = { signal: new AbortController().signal };

/** The contents of one folder beside those of another, and what was offered to git since. */
export function opened(head: string, base: string | undefined, offered: readonly Cells[] = []) {
  const earlier = base === undefined ? undefined : workingTree(base);
  return openHeads(going, config.contents, workingTree(head), async (content, table) => {
    const agreed = await earlier?.open(content, table);
    return {
      head: headSide(table, content),
      recorded: agreed && sideOf(agreed),
      offered: content.kind === 'localization' ? offered : [],
    };
  });
}

/** What is found in these files, as `rule file:line:column`. */
export async function findingsIn(edited: Files, base: Files | undefined = before) {
  const head = folderOf({ ...base, ...edited });
  const { heads, findings } = await opened(head, base && folderOf(base));
  const open = (content: unknown) => heads.find((each) => each.content === content);
  return [...findings, ...(await validate(going, heads, config.contents, open))];
}

export async function found(edited: Files, base?: Files): Promise<readonly string[]> {
  return (await findingsIn(edited, base)).map(({ rule, place: { file, line, column } }) =>
    [`${rule} ${file.replace('content/', '')}`, line, column].filter(Boolean).join(':'),
  );
}
