import { expect, test } from '@jest/globals';
import { finding, firstOfEach } from '../../../src/content/rules/finding.ts';

const file = 'content/teas.csv';

test('of very many findings of a rule the first are listed, and all are counted', () => {
  const prices = Array.from({ length: 1_500 }, (_, i) =>
    finding('type-number', { file, line: i + 2 }, 'price is "ten".'),
  );
  const title = finding('required', { file, line: 2 }, 'title is empty.');
  const found = [...firstOfEach([...prices, title], { file, line: 1 })];
  expect(found).toHaveLength(1_002);
  expect(found).toContain(title);
  expect(found[0]).toMatchObject({ rule: 'type-number', severity: 'error' });
  expect(found[0]?.message).toContain('type-number found 1500 cells or rows. Only the first 1000');
});

test('of a thousand findings none is left out', () => {
  const found = Array.from({ length: 1_000 }, () =>
    finding('required', { file }, 'title is empty.'),
  );
  expect([...firstOfEach(found, { file })]).toEqual(found);
});

test('the new ids of rows are all listed, to be mapped back', () => {
  const moved = { from: 'a', to: 'b' };
  const found = Array.from({ length: 1_500 }, () => ({
    ...finding('re-keyed', { file }, 'x'),
    moved,
  }));
  expect([...firstOfEach(found, { file })]).toEqual(found);
});
