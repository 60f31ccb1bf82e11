import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { damageRules } from '../../../src/content/rules/damage.ts';
import { guardRules } from '../../../src/content/rules/guards.ts';
import { withoutMojibake, withoutPlainMojibake } from '../../../src/content/rules/mojibake.ts';

/** The rules that have something to say of an edited cell. */
function found(type: string, old: string, text: string, key = 'field'): readonly string[] {
  const cell = { key, type, isText: type !== 'NUMBER', field: undefined, old, text };
  return Object.entries({ ...damageRules, ...guardRules })
    .filter(([, judge]) => judge(cell))
    .map(([rule]) => rule);
}

/** A text as a program shows it that takes UTF-8 for another encoding. */
const misread = (text: string, encoding: 'latin1' | 'windows-1252' | 'macintosh') =>
  encoding === 'latin1'
    ? Buffer.from(text).toString('latin1')
    : new TextDecoder(encoding).decode(Buffer.from(text));

const long = 'A tea that is grown in the shade of old trees, high above the valley. '.repeat(4);

test('in HTML an ampersand is an entity, and tags and their quotes are not', () => {
  const html = '<p><a href="https://x.example">Milk & tea</a></p>';
  expect(found('RICH_TEXT', html, html.replace('&', '&amp;'))).toEqual([]);
  const escaped = html.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  expect(found('RICH_TEXT', html, escaped)).toContain('escaped-text');
  expect(found('RICH_TEXT', html, html.replaceAll('"', '”'))).toContain('escaped-text');
  expect(found('RICH_TEXT', '<p>a "b"</p>', '<p>a “b”</p>')).toEqual([]);
});

describe('what a spreadsheet or a conversion did to a text', () => {
  test.each([
    ['+4930123456', '4930123456', 'rewritten-number'],
    ['+49', '49', 'rewritten-number'],
    ['007', '7', 'rewritten-number'],
    ['-007', '-7', 'rewritten-number'],
    ['007', '7.0', 'rewritten-number'],
    ['Café “noir”', 'CafÃ© “noir”', 'damaged-encoding'],
    ['Café “noir”', 'CafÃƒÂ© “noir”', 'damaged-encoding'],
    ['Café', 'Caf\\u00e9', 'escaped-text'],
    ['Café', 'Cafe\u0301', 'unseen-change'],
    ['Café', 'Ca\u{e0041}fé', 'unseen-change'],
    ['1.10', '1.1', 'rewritten-number'],
    ['1,10', '1,1', 'rewritten-number'],
    ['1,10', '1.1', 'rewritten-number'],
    ['2.0', '2', 'rewritten-number'],
    ['00', '0', 'rewritten-number'],
    ['4006381333931234567', '4006381333931230000', 'rewritten-number'],
    ['739000000012', '7.39E+11', 'scientific-number'],
    ['2026-07-31', '31.07.2026', 'rewritten-date'],
    ['3-4', '03. Apr', 'rewritten-date'],
    ['Café', 'Caf\ufffd', 'replacement-character'],
    ['Café', 'CafÃ©', 'damaged-encoding'],
    ['Größe', 'GrÃ¶ÃŸe', 'damaged-encoding'],
    ['Größe', misread('Größe', 'latin1'), 'damaged-encoding'],
    ['Größe', misread('Größe', 'macintosh'), 'damaged-encoding'],
    ['Café', misread(misread('Café', 'windows-1252'), 'windows-1252'), 'damaged-encoding'],
    ['Café “noir”', 'CafÃ© â€œnoirâ€\u009d', 'damaged-encoding'],
    ['Café', 'CafÃ© noir', 'damaged-encoding'],
    ['茶', misread('茶', 'windows-1252'), 'damaged-encoding'],
    ['🍵 Tee', misread('🍵 Tee', 'windows-1252'), 'damaged-encoding'],
    ['茶 und Café', '? und Café', 'damaged-encoding'],
    ['Café', 'Caf?', 'damaged-encoding'],
    ['Café', 'Caf_', 'damaged-encoding'],
    ['IRMÃ', misread('IRMÃ', 'windows-1252'), 'damaged-encoding'],
    ['Größe', 'Gr├╢├ƒe', 'damaged-encoding'],
    ['Größe', 'Gr├Â├ƒe', 'damaged-encoding'],
    ['Größe', 'Grц╤ц÷e', 'damaged-encoding'],
    ['Größe', 'Gr枚脽e', 'damaged-encoding'],
    ['Größe 1', 'Gr&ouml;&#223;e 1', 'escaped-text'],
    ['Green tea', 'Green\u00a0tea', 'unseen-change'],
    ['Green tea', 'Green\u00adtea '.replace('\u00ad', ' \u00ad'), 'unseen-change'],
    ['7', '7.0', 'rewritten-number'],
    ['Green tea', '#REF!', 'spreadsheet-error'],
    ['', '#BEZUG!', 'spreadsheet-error'],
    ['Green tea', '#NOM?', 'spreadsheet-error'],
    ['Green tea', '#######', 'spreadsheet-error'],
    ['', 'nan', 'null-word'],
    ['', 'NULL', 'null-word'],
    ['', '<NA>', 'null-word'],
    ['Milk & tea', 'Milk &amp; tea', 'escaped-text'],
    ['"Best" <new>', '&quot;Best&quot; &lt;new&gt;', 'escaped-text'],
    ['one\ntwo', 'one\\ntwo', 'escaped-text'],
    ['one\r\ntwo', 'one\\ntwo', 'escaped-text'],
    ['a "b"', 'a \\"b\\"', 'escaped-text'],
    ['one\ntwo', 'one_x000D_\ntwo', 'escaped-text'],
    ['007', "'007", 'escaped-text'],
    ['007', '\t007', 'escaped-text'],
    ['007', '="007"', 'escaped-text'],
    ['a "b"', '"a ""b"""', 'escaped-text'],
    ['Green tea', 'Green\u200b tea', 'invisible-character'],
    ['Green tea', 'Green \u202eaet', 'invisible-character'],
    ['Green tea', 'Green\0tea', 'invisible-character'],
  ])('%j became %j: %s', (old, text, rule) => {
    expect(found('TEXT', old, text)).toEqual([rule]);
  });

  test.each([
    ['Milk & tea', 'Milk &amp; two teas'],
    ['&amp;', '&'],
    ['none', 'NULL'],
    ['a', "'b"],
    ['Milk & tea', 'Milk &amp; &tea;'],
    ['Tea™', 'Tea'],
    ['Café – noir', 'Cafe - noir'],
    ['Green tea', 'Green\ntea'],
    ['family', '👩‍👩‍👧 family'],
    ['one', 'one\ttwo'],
    ['A \u200b', 'B \u200b'],
    ['#1', '#REF'],
    ['7', '7.5'],
    ['007', '008'],
    ['1.10', '1.2'],
    ['1.10', '1.10.1'],
    ['+49 30', '+49 31'],
    ['10', '1'],
    ['100', '1'],
    ['Café', 'Cafe'],
    ['Café', 'Café noir'],
    ['Cafe', 'Café?'],
    ['Ménage', 'MENÜ–Karte'],
    ['„Menü“', '„MENÜ“'],
    ['São Paulo', 'SÃO PAULO'],
    ['Größe', 'Grösse'],
    ['Wie geht es dir, Zoë?', 'Wie geht es dir?'],
    ['The sign is Ã©', 'The signs are Ã© and é'],
  ])('%j became %j, as people edit', (old, text) => {
    expect(found('TEXT', old, text)).toEqual([]);
  });

  test('a number may lose its zeros, and a new text has lost nothing', () => {
    expect(found('NUMBER', '1.10', '1.1')).toEqual([]);
    expect(found('TEXT', '', '7')).toEqual([]);
  });

  test('any text comes back whole, however often it was misread', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ' ', 'é', 'ß', '€', '“', '茶', '🍵') });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 3 }), (text, times) => {
        let damaged = text;
        for (let i = 0; i < times; i += 1) damaged = misread(damaged, 'windows-1252');
        expect(withoutMojibake(damaged, text)).toBe(damaged === text ? undefined : text);
      }),
    );
  });

  test('what people write in one alphabet or another is not taken for damage', () => {
    const texts = fc.string({
      unit: fc.constantFrom(...'aeiou ÄÖÜäöüßéèêàçñãõ„“”’–—€…ØåŁžşğ茶の한я'),
    });
    fc.assert(
      fc.property(texts, texts, (old, text) => {
        expect(withoutMojibake(text, old)).toBeUndefined();
      }),
    );
  });
});

describe('a new text', () => {
  const damaged = (text: string) => withoutPlainMojibake(text);

  test.each([
    ['Café', 'windows-1252'],
    ['École', 'windows-1252'],
    ['© 2026', 'windows-1252'],
    ['mały', 'windows-1252'],
    ['Việt Nam', 'windows-1252'],
    ['Tom’s tea', 'windows-1252'],
    ['🍵', 'windows-1252'],
    ['中文', 'windows-1252'],
    ['Чай', 'windows-1251'],
    ['Größe', 'windows-1250'],
    ['Café', 'macintosh'],
    ['Größe', 'ibm866'],
    ['чай', 'koi8-r'],
  ])('%s is found in what a program made of it that took it for %s', (text, encoding) => {
    const misread = new TextDecoder(encoding).decode(Buffer.from(text));
    expect(damaged(misread)).toBe(text);
    expect(found('TEXT', '', misread)).toEqual(['damaged-encoding']);
    expect(damaged(new TextDecoder(encoding).decode(Buffer.from(misread)))).toBe(text);
  });

  test.each([
    ...[
      'NESCAFÉ® GOLD',
      'CAFÉ’S',
      'IRMÃ…',
      'Viel Spaß…',
      'Le café…»',
      'BELÉM “',
      'l’école',
      'CITROËN',
    ],
    ...['дії', 'Ні', 'Рік', 'её', 'ВОЈ', 'księżą', 'KOŚCIÓŁ', 'sıçan', 'Größe 5 × 3 m²', '2√π'],
    ...[
      '25 °C',
      '1º',
      '½ £',
      'naïve',
      'Đà Nẵng',
      'ελληνικά',
      'עברית',
      '日本語',
      '한국어',
      'ไทย',
      '🍵',
    ],
  ])('%s is as it should be', (text) => {
    expect(damaged(text)).toBeUndefined();
  });

  test('in many languages is not taken for damage', () => {
    const words = [
      ...'Crème brûlée à l’orange, «où ?», garçon, Noël, cœur, ÉTÉ, ÇA'.split(/\s/),
      ...'Größe, „Käse“, Füße, Straße, ÄPFEL, ÜBER, Maß½, 5 €, §, Müller–Öl'.split(/\s/),
      ...'Żółć gęślą jaźń, książę, łąka, źdźbło, „Święto”, ŁÓDŹ'.split(/\s/),
      ...'Tiếng Việt phở Hà Nội, đường, ĐƯỜNG, Nguyễn, cà phê sữa đá'.split(/\s/),
      ...'Příliš žluťoučký kůň úpěl ďábelské ódy, ČESKÝ, řeka'.split(/\s/),
      ...'¿Qué? ¡Sí! niño, piñón, SEÑOR, 1ª, 2º, pão, IRMÃ, São, ação, Açúcar'.split(/\s/),
      ...'İstanbul, ığdır, çay, şeker, Öğüt, sıçan, smørbrød, Ålesund, æble, þú, ð'.split(/\s/),
      ...'Чай «зелёный», Её, дії, їжа, Київ, №5, љубав, Ђорђе'.split(/\s/),
      ...'Ελλάδα, ΤΣΑΪ, שלום, مرحبا, 茶, 日本語。, 「お茶」, 한국어, ไทย, 🍵, 👩‍👩‍👧, ™, ®, …, —'.split(
        /\s/,
      ),
    ];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 5 });
    fc.assert(
      fc.property(text, fc.constantFrom(' ', '\u00a0', '\n'), (some, between) => {
        expect(damaged(some.join(between))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a text that looks empty', () => {
  test.each([' ', '\u00a0', '\n', '\u200b', '\u200d', '\u00ad', '\u2800', '\u3164'])(
    '%j is found',
    (text) => {
      expect(found('TEXT', '', text)).toEqual(['blank-text']);
      expect(found('TEXT', 'Tea', text)).toContain('blank-text');
    },
  );

  test.each([
    ['emptied', 'Tea', ''],
    ['blank before', '  ', ' '],
    ['a mark', '', '·'],
  ])('one that is %s is not', (_, old, text) => {
    expect(found('TEXT', old, text)).not.toContain('blank-text');
  });
});

describe('an edit that is possible and seldom meant', () => {
  test.each([
    ['NUMBER', '4.50', '450', 'price-jump'],
    ['NUMBER', '4.50', '0', 'price-jump'],
    ['NUMBER', '0', '4.50', 'price-jump'],
    ['NUMBER', '100', '49', 'price-jump'],
    ['NUMBER', '100', '-100', 'price-jump'],
    ['NUMBER', '-3', '-30', 'price-jump'],
    ['TEXT', long, 'x', 'text-shrunk'],
    ['RICH_TEXT', long, '', 'text-shrunk'],
    ['RICH_CONTENT', JSON.stringify({ nodes: [long] }), '{"nodes":[]}', 'text-shrunk'],
    ['TEXT', 'a'.repeat(40_000), 'a'.repeat(32_767), 'text-shrunk'],
    ['URL', 'https://example.com/a', 'https://example.org/a', 'host-changed'],
    ['URL', 'https://shop.example.com/', 'https://shop.example.com.evil.net/', 'host-changed'],
    ['URL', 'https://a.com/', 'https://a.com@evil.net/', 'host-changed'],
    ['URL', 'https://a.com/', 'https://a.com:8080/', 'host-changed'],
    ['URL', 'https://a.com/', 'https://me:secret@a.com/', 'link-password'],
    [
      'RICH_TEXT',
      '<a href="https://a.com/x">x</a>',
      '<a href="https://b.com/x">x</a>',
      'host-changed',
    ],
    ['TEXT', 'see https://a.com, too', 'see https://b.com, too', 'host-changed'],
  ])('%s: %j became %j: %s', (type, old, text, rule) => {
    expect(found(type, old, text)).toEqual([rule]);
  });

  test('references that are gone are counted, not their characters', () => {
    const old = JSON.stringify(Array.from({ length: 30 }, (_, i) => `herb${i}`));
    const cell = { key: 'herbs', type: 'MULTI_REFERENCE', isText: true, field: undefined, old };
    const words = guardRules['text-shrunk']?.({ ...cell, text: '["herb1"]' });
    expect(words).toContain('herbs had 30 references and now has 1');
  });

  test.each([
    ['NUMBER', '4.50', '4.95', 'price'],
    ['NUMBER', '100', '150', 'price'],
    ['NUMBER', '100', '50', 'price'],
    ['NUMBER', '0', '0.00', 'price'],
    ['NUMBER', '', '12', 'price'],
    ['NUMBER', '12', '', 'price'],
    ['NUMBER', '1', '2', 'sortOrder'],
    ['NUMBER', '3', '0', 'stock'],
    ['NUMBER', '3', '12', 'items_count'],
    ['TEXT', '12', '1200', 'sku'],
    ['TEXT', 'A short text', '', 'text'],
    ['TEXT', long, long.slice(0, long.length / 2), 'text'],
    ['URL', 'https://example.com/a', 'https://example.com/b?c', 'url'],
    ['URL', 'http://example.com/', 'https://example.com/', 'url'],
    ['URL', 'https://www.example.com/', 'https://example.com/', 'url'],
    ['URL', 'https://example.com/', 'mailto:a@example.com', 'url'],
    ['URL', '', 'https://example.com/', 'url'],
    ['URL', 'https://example.com/', 'https://example.com/@maria:1', 'url'],
    [
      'RICH_TEXT',
      '<a href="https://a.com">x</a>',
      '<a href="https://a.com">x</a> https://b.com',
      '',
    ],
  ])('%s: %j became %j in %s, as people edit', (type, old, text, key) => {
    expect(found(type, old, text, key)).toEqual([]);
  });

  test('a price within half of what it was is never a jump, and beyond it always', () => {
    const cents = fc.integer({ min: 2, max: 10_000_000 });
    fc.assert(
      fc.property(cents, fc.double({ min: -0.49, max: 0.49, noNaN: true }), (price, change) => {
        const near = String(Math.round(price * (1 + change)));
        const far = String(Math.ceil(price * (2 + Math.abs(change))));
        fc.pre(2 * Math.abs(Number(near) - price) <= price);
        expect(found('NUMBER', String(price), near, 'price')).toEqual([]);
        expect(found('NUMBER', String(price), far, 'price')).toEqual(['price-jump']);
      }),
    );
  });
});

test('the cost of a cell grows with its length', () => {
  const time = (length: number) => {
    const [old, text] = ['é'.repeat(length), 'Ã©'.repeat(length)];
    const links = 'https://a'.repeat(length);
    const start = process.cpuUsage();
    for (let i = 0; i < 3; i += 1) {
      found('TEXT', old, text);
      found('TEXT', `${links} `, links);
      found('TEXT', `${'<'.repeat(length)}://`, `${'0'.repeat(length)}://`);
    }
    return process.cpuUsage(start).user;
  };
  time(1_000);
  expect(time(50_000)).toBeLessThan(60 * time(5_000) + 1_000_000);
});
