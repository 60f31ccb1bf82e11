import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fill, type Section, utf8Bytes } from '../../src/report/budget.ts';

function aSection(title: string, rows: readonly string[]): Section {
  const columns = ['Row'];
  return { title, note: '', columns, unit: 'row', total: rows.length, rows };
}

const rowsOf = (count: number, size: number) =>
  Array.from({ length: count }, (_, i) => `<tr><td>${String(i).padEnd(size, 'ß')}</td></tr>`);

function shownIn(text: string): number {
  return text.split('<tr><td>').length - 1;
}

test('shows all the rows where there is room', () => {
  const sections = [aSection('Removed', rowsOf(2, 3)), aSection('Added', [])];
  expect(
    fill(sections, { limit: 10_000, measure: utf8Bytes }, 'the report'),
  ).toMatchInlineSnapshot(`
"<h3>Removed (2)</h3>
<table>
<tr><th align="left">Row</th></tr>
<tr><td>0ßß</td></tr>
<tr><td>1ßß</td></tr>
</table>"
`);
});

test('counts the rows that are left out, and gives the room to the first sections', () => {
  const sections = [aSection('Removed', rowsOf(3, 50)), aSection('Added', rowsOf(1_200, 50))];
  const text = fill(sections, { limit: 1_000, measure: utf8Bytes }, 'the report');
  expect(text).toMatchInlineSnapshot(`
"<h3>Removed (3)</h3>
<table>
<tr><th align="left">Row</th></tr>
<tr><td>0ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß</td></tr>
<tr><td>1ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß</td></tr>
<tr><td>2ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß</td></tr>
</table>
<h3>Added (1,200)</h3>
<table>
<tr><th align="left">Row</th></tr>
<tr><td>0ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß</td></tr>
<tr><td>1ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß</td></tr>
<tr><td>2ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß</td></tr>
</table>
<p>1,197 more rows are not shown here, but in the report.</p>"
`);
});

test('asks for no more rows than it shows, but one', () => {
  let asked = 0;
  function* rows() {
    for (; asked < 1_000_000; asked += 1) yield '<tr><td>row</td></tr>';
  }
  const section = { ...aSection('Changed', []), total: 1_000_000, rows: rows() };
  fill([section], { limit: 2_000, measure: utf8Bytes }, 'the report');
  expect(asked).toBeLessThan(100);
});

test('stays within its budget and counts exactly, whatever the rows', () => {
  const some = fc.tuple(fc.nat(40), fc.nat(80));
  fc.assert(
    fc.property(
      fc.array(some, { maxLength: 6 }),
      fc.integer({ min: 1_800, max: 6_000 }),
      (sizes, limit) => {
        const sections = sizes.map(([count, size], i) =>
          aSection(`Part ${i}`, rowsOf(count, size)),
        );
        const text = fill(sections, { limit, measure: utf8Bytes }, 'the report');
        expect(utf8Bytes(text)).toBeLessThanOrEqual(limit);
        const missing = [...text.matchAll(/<p>(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
        expect(shownIn(text) + missing).toBe(sizes.reduce((sum, [count]) => sum + count, 0));
      },
    ),
  );
});

test('counts in the unit that it is given', () => {
  const sections = [aSection('Changed', rowsOf(60, 20))];
  const bytes = fill(sections, { limit: 2_000, measure: utf8Bytes }, 'the report');
  const characters = fill(sections, { limit: 2_000, measure: (text) => text.length }, 'the report');
  expect(shownIn(characters)).toBeGreaterThan(shownIn(bytes));
  expect(characters.length).toBeLessThanOrEqual(2_000);
});
