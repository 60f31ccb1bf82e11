import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { kindWords, planLabels, rowKinds } from '../../src/report/entries.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/reviewing-content.md'), 'utf8');

test('the page for reviewers says what every label means, and no other', () => {
  const said = [...page.matchAll(/^\| `(wix-cms: [a-z-]+)` \|/gm)].map(([, label]) => label);
  expect(said.sort()).toEqual([...planLabels].sort());
});

test('the page for reviewers says what every heading of rows means, and no other', () => {
  const said = [...page.matchAll(/^\| (\*.*?) \|/gm)].flatMap(([, titles = '']) =>
    [...titles.matchAll(/\*(.+?)\*/g)].map(([, title]) => title),
  );
  expect(said.sort()).toEqual(rowKinds.map((kind) => kindWords[kind].title).sort());
});
