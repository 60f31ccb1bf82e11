import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addToSummary, command, setOutput } from '../../src/report/workflow-commands.ts';

test.each([
  ['a message', {}, 'All is well.', '::notice::All is well.'],
  ['a place', { file: 'a.csv', line: 3 }, 'Here.', '::notice file=a.csv,line=3::Here.'],
  ['properties that are not given', { title: '', line: undefined }, 'No.', '::notice::No.'],
  ['lines', {}, 'one\r\ntwo 100%', '::notice::one%0D%0Atwo 100%25'],
  ['what ends a property', { title: 'a: b, c\n%' }, '', '::notice title=a%3A b%2C c%0A%25::'],
])('a command carries %s', (_, properties, message, line) => {
  expect(command('notice', properties, message)).toBe(line);
});

test('whatever a command carries, it is one line that the runner reads back', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ':', ',', '%', '\n', '\r', '=', '2', '5') });
  fc.assert(
    fc.property(text, text, (title, message) => {
      const line = command('error', { title: `t${title}` }, message);
      const [, property = '', data = ''] =
        /^::error title=([^,:\r\n]*)::([^\r\n]*)$/.exec(line) ?? [];
      expect([decodeURIComponent(property), decodeURIComponent(data)]).toEqual([
        `t${title}`,
        message,
      ]);
    }),
  );
});

test('an output ends where its delimiter stands, whatever it holds', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'commands-')), 'output');
  writeFileSync(file, '');
  setOutput(file, 'branch', 'a\nEOF\nb<<EOF');
  setOutput(file, 'status', 'success');
  const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const delimiter = first.slice('branch<<'.length);
  expect(lines.slice(0, 4)).toEqual(['a', 'EOF', 'b<<EOF', delimiter]);
  expect(lines[4]).toMatch(/^status<<ghadelimiter_/);
  expect(lines[4]).not.toContain(delimiter);
});

test('a file that the runner did not make is not made', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'commands-')), 'summary');
  expect(() => addToSummary(file, 'Done.')).toThrow('ENOENT');
});
