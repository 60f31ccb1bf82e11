import { expect, test } from '@jest/globals';
import { findingsIn, teas } from './validating.ts';

test.each([
  ['Our teas,,,,,\n', 'If this is a title, delete the line, so that the header is the first'],
  ['Our teas\n', 'If line 1 is a title, delete it, so that the header is the first line'],
])('a title above the header, %j, is told as one', async (title, words) => {
  const [found, ...others] = await findingsIn({ 'teas.csv': title + teas });
  expect(others).toEqual([]);
  expect(found?.message).toContain(words);
});

test('two rows on one line are told as such', async () => {
  const [found] = await findingsIn({ 'teas.csv': teas.replace('\ne,', 'e,') });
  expect(found?.message).toContain('put a line break between them');
});

test.each([
  ['a mark for Excel above it', `sep=,\n${teas}`, 'this line is only for Excel. Delete it'],
  ['a byte order mark within its quotes', teas.replace('_id', '"\ufeff_id"'), 'write _id'],
  ['two byte order marks', `\ufeff\ufeff${teas}`, 'write _id'],
  ['the id in capital letters', teas.replace('_id', '_ID'), 'write _id'],
  ['the id without its line', teas.replace('_id', 'id'), 'write _id'],
  ['no column of ids', teas.replace('_id', 'sku'), 'the column _id is missing'],
])('a header with %s is told as what it is', async (_name, text, words) => {
  const [found, ...others] = await findingsIn({ 'teas.csv': text });
  expect(others).toEqual([]);
  expect(found?.message).toContain(words);
});

test('a column without a name, as an index of rows, is not taken for a misspelled one', async () => {
  const indexed = teas.replaceAll(/^(_id|[a-e],)/gm, (start) =>
    start === '_id' ? ',_id' : `1,${start}`,
  );
  const findings = await findingsIn({ 'teas.csv': indexed });
  expect(findings.map(({ message }) => message).join('\n')).toContain(
    'a column has no name, so it is not sent. Delete it',
  );
});

test.each(['\u0085', '\u2028', '\u2029'])(
  'lines that end with %j are told as such',
  async (end) => {
    const [found, ...others] = await findingsIn({ 'teas.csv': teas.replaceAll('\n', end) });
    expect(others).toEqual([]);
    expect(found?.message).toContain(
      'holds a line break. Save the file with LF or CRLF line ends.',
    );
  },
);

test('a key in two parts of a file is named with both of them', async () => {
  const part = '_id,title\nuva,Uva\n';
  const [found] = await findingsIn({ 'origins/0.csv': part, 'origins/1.csv': part }, {});
  expect(found?.message).toContain('the key "uva" is on lines 2 of 0.csv, 2 of 1.csv');
});
