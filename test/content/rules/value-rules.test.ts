import { expect, test } from '@jest/globals';
import { valueProblem } from '../../../src/content/rules/value-rules.ts';

test.each([
  ['NUMBER', ['4', '-4.5', '0.10', '1e6', '.5'], ['ten', '1,000', '4 ', '1.2.3', '1e400']],
  ['BOOLEAN', ['true', 'FALSE', 'True'], ['WAHR', 'yes', '1']],
  ['DATE', ['2026-02-28', '2024-02-29'], ['2026-02-29', '28.02.2026', '2026-2-8']],
  [
    'DATETIME',
    ['2026-07-03T14:04:31Z', '2026-07-03T14:04:31.000Z'],
    ['2026-07-03', '2026-07-03 14:04', '2026-13-01T00:00:00Z', '2026-07-03T14:04:31+25:00'],
  ],
  ['TIME', ['14:04:00.000', '14:04'], ['25:00', '2 pm']],
  [
    'URL',
    ['https://example.com/a?b', 'mailto:a@b.c'],
    ['example.com', 'javascript:alert(1)', 'https://a b'],
  ],
  [
    'EMAIL',
    ['a@example.com'],
    ['a@b', 'a b@example.com', 'a@b@c.d', '@c.d', 'a@.d', 'a@c.', 'mailto:a@c.d'],
  ],
  ['ARRAY_STRING', ['["a"]', '[]'], ['a, b', '{"a":1}', '"a"', '[1]', '[["a"]]']],
  [
    'MEDIA_GALLERY',
    ['[{"src":"wix:image://v1/a.jpg/a.jpg"},{"src":"https://a.b/c.mp4"}]', '[{"title":"a"}]'],
    ['{"src":"https://a.b/c.jpg"}', '[{"src":"a.jpg"}]', '["C:\\\\photos\\\\a.jpg"]'],
  ],
  ['ARRAY_DOCUMENT', ['["wix:document://v1/a.pdf/a.pdf"]', '[]'], ['["a.pdf"]', 'a.pdf']],
  ['RICH_CONTENT', ['{"nodes":[]}'], ['<p>x</p>', '[1]']],
  ['ANY', ['whatever'], []],
  ['A_TYPE_FROM_THE_FUTURE', ['whatever'], []],
])('a cell of type %s', (type, good, bad) => {
  for (const text of good) expect([text, valueProblem(type, text)]).toEqual([text, undefined]);
  for (const text of bad) expect([text, valueProblem(type, text)]).not.toEqual([text, undefined]);
});
