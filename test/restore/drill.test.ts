import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { pushElsewhere } from '../repository/support.ts';
import { inputs, rowsIn, withBackup } from './shop.ts';

const teas = 'content/collections/teas.csv';
const texts = 'content/localizations/en.csv';
const keyless = { 'api-key': '', 'site-id': '', token: '' };
const drill = { command: 'restore', to: 'HEAD', drill: 'true', ...inputs, ...keyless };

test('a drill plays the files into a stand-in and back, without a key', async () => {
  await withBackup(async ({ run, emulator, hub }) => {
    const requests = emulator.requests.length;
    const { outputs, annotations, summary } = await run(drill);
    expect(annotations).toEqual([]);
    expect(outputs).toMatchObject({ status: 'success', 'failure-reason': '' });
    expect(summary).toContain('all files came back as they were');
    expect(JSON.parse(readFileSync(outputs['badge-json'] ?? '', 'utf8'))).toEqual({
      schemaVersion: 1,
      label: 'Wix backup',
      message: expect.stringMatching(
        /^last backup \d{4}-\d\d-\d\d · \d+ rows · restored \d{4}-\d\d-\d\d$/,
      ),
      color: 'brightgreen',
    });
    expect(emulator.requests).toHaveLength(requests);
    expect(hub.operations).toEqual([]);
  });
});

test.each<[string, string, (text: string) => string | null, RegExp]>([
  [
    'a flipped byte that breaks a quote',
    texts,
    (text) => text.replace('"{', '"{"'),
    /en\.csv line 2/,
  ],
  ['a wrong type', teas, (text) => text.replace(',5.5,', ',cheap,'), /teas\.csv line 4: .*number/],
  ['a dangling reference', teas, (text) => text.replace(',b2,', ',b9,'), /teas\.csv line 5: .*b9/],
  [
    'a row out of order',
    teas,
    (text) => text.replace(/(t1.*)(t2.*)(?=t3)/s, '$2$1'),
    /teas\.csv line 2: the row came back with different bytes/,
  ],
  [
    'a schema that is gone',
    'content/collections/teas.schema.json',
    () => null,
    /teas\.schema\.json is missing/,
  ],
])('%s is found, and its place named', async (_name, path, damage, words) => {
  await withBackup(async ({ run, remote, file }) => {
    const text = file(path) ?? '';
    const damaged = damage(text);
    expect(damaged).not.toBe(text);
    await run(drill);
    pushElsewhere(remote, { [path]: damaged });
    const { exitCode, annotations, outputs, summary } = await run(drill);
    expect(exitCode).toBe(1);
    expect(annotations.join('\n')).toMatch(words);
    expect(annotations.join('\n')).not.toContain('defect');
    expect(summary).toContain('Drill failed');
    expect(JSON.parse(readFileSync(outputs['badge-json'] ?? '', 'utf8'))).toMatchObject({
      message: expect.stringMatching(/ cannot be restored · last restored \d{4}-\d\d-\d\d$/),
      color: 'red',
    });
  });
});

test('a text that the site would store in a form of its own is played as git has it', async () => {
  await withBackup(async ({ run, remote, file }) => {
    const edited = (file(teas) ?? '').replace('"<p>Malty.</p>\n"', '<p>Very<br>malty.</p>');
    pushElsewhere(remote, { [teas]: edited });
    expect((await run(drill)).outputs.status).toBe('success');
  });
});

test('translations of collections that git does not keep are played, too', async () => {
  await withBackup(async ({ run }) => {
    const { outputs } = await run({ ...drill, collections: 'teas' });
    expect(outputs.status).toBe('success');
  });
});

test.each([
  ['a collection', [teas]],
  ['a collection with its schema', [teas, 'content/collections/teas.schema.json']],
  ['a localization', [texts]],
])('that %s is missing is found', async (_name, paths) => {
  await withBackup(async ({ run, remote }) => {
    pushElsewhere(remote, Object.fromEntries(paths.map((path) => [path, null])));
    const { exitCode, annotations } = await run(drill);
    expect(exitCode).toBe(1);
    expect(annotations).toEqual([expect.stringContaining(`${paths[0]} is missing`)]);
  });
});

test('a missing part is found', async () => {
  await withBackup(async ({ run, remote, file }) => {
    const [header = '', , second = ''] = rowsIn(file(teas));
    const parts = { 'content/collections/teas/0002.csv': header + second };
    pushElsewhere(remote, { [teas]: null, ...parts });
    const { exitCode, annotations } = await run(drill);
    expect(exitCode).toBe(1);
    expect(annotations.join('\n')).toMatch(/teas\/0002\.csv: a part of the file is missing/);
  });
});
