import { expect, test } from '@jest/globals';
import { languageOf } from '../../src/content/identity.ts';
import { rowNameOf } from '../../src/report/result.ts';
import { aFile } from './samples.ts';

const idCell = '{"contentId":"chair","fieldId":"title","sequencePath":[]}';
const flatKey = '["products","chair","title","fr"]';

test('a row of a collection has its key and its title', () => {
  const file = aFile({ titles: new Map([['chair', 'The red chair']]) });
  expect(rowNameOf(file, 'chair')).toEqual({ item: 'chair', title: 'The red chair' });
});

test('a row of a collection whose key looks like an ID cell keeps it', () => {
  expect(rowNameOf(aFile(), idCell)).toEqual({ item: idCell });
});

test.each([
  { key: idCell, name: { item: 'chair', field: 'title' } },
  { key: flatKey, name: { item: 'chair', field: 'title', language: 'fr' } },
  { key: '{"contentId":7}', name: { item: '{"contentId":7}' } },
  { key: 'no JSON', name: { item: 'no JSON' } },
])('the row $key of a localization is taken apart where it can be', ({ key, name }) => {
  const file = aFile({ sources: new Map([[key, 'The source']]) });
  expect(rowNameOf(file, key)).toEqual({ title: 'The source', ...name });
});

test('a column of translations is called by its language', () => {
  expect(['Target language (FR)', 'value'].map(languageOf)).toEqual(['FR', 'value']);
});
