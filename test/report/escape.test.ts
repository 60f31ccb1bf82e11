import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { code, htmlText, logLine, visible, withoutSignatures } from '../../src/report/escape.ts';
import { hostileText } from './hostile.ts';

describe('visible', () => {
  test.each([
    ['one\ntwo', 'one↵two'],
    ['one\r\ntwo', 'one␍↵two'],
    ['a\tb\u0000', 'a␉b␀'],
    ['\u001B[31mred', '␛[31mred'],
    ['user\u202Egnp.exe', 'user⟨U+202E⟩gnp.exe'],
    ['\uFEFFid', '⟨U+FEFF⟩id'],
    ['half \uD83D', 'half ⟨U+D83D⟩'],
    ['family 👨‍👩‍👧 stays', 'family 👨‍👩‍👧 stays'],
    ['Größe 漢字 stay', 'Größe 漢字 stay'],
  ])('shows %j as %s', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

describe('htmlText', () => {
  test('holds nothing that HTML or a line of Markdown reads, whatever the content', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(htmlText(text)).not.toMatch(/[<>"\\`*_~[\]|$@.\n\r]|&(?!#\d+;|amp;|lt;|gt;|quot;)/);
        expect(htmlText(text).replace(/&#\d+;/g, '')).not.toMatch(/[#:]/);
      }),
    );
  });

  test('holds no control, bidi or other invisible character, whatever the content', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(htmlText(text)).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200B\u200E\u200F\u202A-\u202E]/u,
        );
      }),
    );
  });

  test('reads as the visible text again in a browser', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(unescaped(htmlText(text))).toBe(visible(text));
      }),
    );
  });
});

describe('code', () => {
  test.each([
    ['@everyone', '<code>&#64;everyone</code>'],
    ['<img src=x onerror=alert(1)>', '<code>&lt;img src=x onerror=alert(1)&gt;</code>'],
    ['</code><script>', '<code>&lt;/code&gt;&lt;script&gt;</code>'],
    ['fixes #12', '<code>fixes &#35;12</code>'],
    ['www.example.com', '<code>www&#46;example&#46;com</code>'],
    ['https://example.com', '<code>https&#58;//example&#46;com</code>'],
    ['a | b', '<code>a &#124; b</code>'],
    ['$x^2$', '<code>&#36;x^2&#36;</code>'],
    ['[^1]: note', '<code>&#91;^1&#93;&#58; note</code>'],
    ['&#64;everyone', '<code>&amp;&#35;64;everyone</code>'],
  ])('shows %s and lets nothing of it act', (text, html) => {
    expect(code(text)).toBe(html);
  });
});

describe('logLine', () => {
  test.each([
    ['::error::boo', ': :error::boo'],
    ['  ::set-output name=x::y', '  : :set-output name=x::y'],
    ['\u00A0::add-mask::e', '\u00A0: :add-mask::e'],
    ['row ##[group]x', 'row ## [group]x'],
    ['one\n::error::two', 'one\\n::error::two'],
    ['tab\tand line\r\n', 'tab\\tand line\\r\\n'],
    ['bell\u0007 \u202E\u{E0001}', 'bell\\x07 \\u{202E}\\u{E0001}'],
    ['a::b stays', 'a::b stays'],
  ])('turns %j into a line that is no command', (line, shown) => {
    expect(logLine(line)).toBe(shown);
  });

  test('is one line that the runner takes for no command, whatever it says', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(logLine(text)).not.toMatch(/^\s*::|##\[|\p{Cc}/u);
      }),
    );
  });
});

describe('withoutSignatures', () => {
  test.each([
    [
      'PUT https://upload.example.com/f/1?token=abc failed',
      'PUT https://upload.example.com/f/1?... failed',
    ],
    ['at https://example.com/a#b.', 'at https://example.com/a?...'],
    ['push to https://user:secret@example.com/repo', 'push to https://example.com/repo'],
    ['see https://example.com/docs', 'see https://example.com/docs'],
    ['both http://a:b@c/,http://d:e@f?g', 'both http://c/,http://f?...'],
  ])('leaves out of %j what signs an address', (line, shown) => {
    expect(withoutSignatures(line)).toBe(shown);
  });
});

test('a line of very many addresses is read in no time', () => {
  // Two minutes, when the end of the line was looked for from each of them.
  const addresses = 'http://'.repeat(100_000);
  expect(logLine(addresses)).toBe(addresses);
});

function unescaped(html: string): string {
  const named = new Map([
    ['amp', '&'],
    ['lt', '<'],
    ['gt', '>'],
    ['quot', '"'],
  ]);
  return html.replace(/&(?:#(\d+)|(\w+));/g, (_, number: string | undefined, name: string) =>
    number === undefined ? (named.get(name) ?? '?') : String.fromCodePoint(Number(number)),
  );
}
