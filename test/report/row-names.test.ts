import { expect, test } from '@jest/globals';
import { languageOf } from '../../src/content/identity.ts';
import { namesIn } from '../../src/report/result.ts';
import { aFile } from './samples.ts';

const idCell = '{"contentId":"chair","fieldId":"title","sequencePath":[]}';
const flatKey = '["products","chair","title","fr"]';

test('the key of a row of a collection is its item, though it looks like an ID cell', () => {
  expect(['chair', idCell].map((key) => namesIn(aFile(), key))).toEqual([['chair'], [idCell]]);
});

test.each([
  [idCell, ['chair', 'title']],
  [flatKey, ['chair', 'title', 'fr']],
  ['{"contentId":7}', ['{"contentId":7}']],
  ['no JSON', ['no JSON']],
])('the key %j of a localization is taken apart where it can be', (key, names) => {
  expect(namesIn(aFile({ sources: new Map([[key, 'The source']]) }), key)).toEqual(names);
});

test('a column of translations is called by its language', () => {
  expect(['Target language (FR)', 'value'].map(languageOf)).toEqual(['FR', 'value']);
});
