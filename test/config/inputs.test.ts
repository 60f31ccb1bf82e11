import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.ts';
import { noInputs } from './no-inputs.ts';

test.each(['["teas"]', '"teas"', '- teas\t', '*', '{ id: teas }'])(
  'a list that is written as %s in the input collections is told how to be written',
  (id) => {
    expect(() => readConfig(undefined, { ...noInputs, collections: [id] })).toThrow(
      'which is not a collection id. Write only ids, with commas or line breaks between them.',
    );
  },
);

test('a collection that the input names twice is one', () => {
  const { contents } = readConfig(undefined, { ...noInputs, collections: ['teas', 'teas'] });
  expect(contents).toHaveLength(1);
});

test('an id that is a device of Windows needs another file', () => {
  const words = 'The input collections: Windows keeps the name "nul.csv" for a device';
  expect(() => readConfig(undefined, { ...noInputs, collections: ['nul'] })).toThrow(words);
});
