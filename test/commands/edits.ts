import { type Files, header, key, shops, teas, texts } from './validating.ts';

/** Edits of those files, by what is wrong with them, and the findings in them. */
export const edits: readonly (readonly [rule: string, edit: Files, expected: readonly string[]])[] =
  [
    [
      'a key that stands twice',
      { 'teas.csv': `${teas}b,Again,1,,,\n` },
      ['duplicate-key teas.csv:8'],
    ],
    [
      'a translation without its ID',
      { 'texts.csv': `${texts},Tea,Thé,\n` },
      ['missing-key texts.csv:5'],
    ],
    [
      'an id that a spreadsheet rewrote',
      { 'teas.csv': `${teas}7.39E+10,Lapsang,12,,,\n` },
      ['damaged-key teas.csv:8'],
    ],
    [
      'an id that is a word of a program',
      { 'teas.csv': `${teas}nan,Assam two,12,,,\n` },
      ['damaged-key teas.csv:8'],
    ],
    [
      'the header once more',
      { 'teas.csv': `${teas}${header.replace('price,origin,tags', ',,')}\n` },
      ['damaged-key teas.csv:8'],
    ],
    [
      'an id that another row has in lower case',
      { 'teas.csv': `${teas}B,Dimbula,12,,,\n` },
      ['near-key teas.csv:8'],
    ],
    [
      'a row under a new id',
      { 'teas.csv': teas.replace('b,Uva', 'z,Uva') },
      ['re-keyed teas.csv:3'],
    ],
    [
      'a row whose id was emptied',
      { 'teas.csv': teas.replace('b,Uva', ',Uva') },
      ['re-keyed teas.csv:3'],
    ],
    [
      'an id with a blank behind it',
      { 'teas.csv': `${teas}a ,Assam two,12,,,\n` },
      ['damaged-key teas.csv:8'],
    ],
    [
      'a row under a new id that was edited, too',
      { 'teas.csv': teas.replace('a,Assam,11', 'z,Assam 2,11') },
      ['possibly-re-keyed teas.csv:2'],
    ],
    [
      'a header that is a field but for its case',
      { 'teas.csv': teas.replace('price', 'Price') },
      ['misspelled-column teas.csv:1'],
    ],
    [
      'a column that no field goes by',
      {
        'teas.csv': teas
          .replace(header, `${header},pirce`)
          .replace(/^([a-e],.*|and.*)$/gm, '$1,')
          .replace('"Sencha, ""fine"",', '"Sencha, ""fine""'),
      },
      ['unknown-column teas.csv:1'],
    ],
    ['an empty title', { 'teas.csv': teas.replace('Uva', '') }, ['required teas.csv:3:3']],
    ['a blank title', { 'teas.csv': teas.replace('Uva', '\u00a0') }, ['required teas.csv:3:3']],
    [
      'a title that nobody sees',
      { 'teas.csv': teas.replace('Uva', '\u200b') },
      ['required teas.csv:3:3'],
    ],
    [
      'a text in a number',
      { 'teas.csv': teas.replace(',9,', ',nine,') },
      ['type-number teas.csv:3:7'],
    ],
    [
      'a number in a row of several lines',
      { 'teas.csv': teas.replace(',14,', ',14 €,') },
      ['type-number teas.csv:5:12'],
    ],
    [
      'a number that is too large',
      { 'teas.csv': teas.replace(',9,', ',900,') },
      ['range teas.csv:3:7', 'price-jump teas.csv:3:7'],
    ],
    [
      'a title that is too short',
      { 'teas.csv': teas.replace('Uva', 'U') },
      ['length teas.csv:3:3'],
    ],
    [
      'a title that is too long',
      { 'teas.csv': teas.replace('Uva', 'U'.repeat(31)) },
      ['length teas.csv:3:3'],
    ],
    [
      'a list that is too long',
      { 'teas.csv': teas.replace('[""black""]', '[""a"",""b"",""c""]') },
      ['length teas.csv:2:18'],
    ],
    [
      'a list that is no JSON',
      { 'teas.csv': teas.replace('[""black""]', 'black') },
      ['type-json teas.csv:2:18'],
    ],
    [
      'the formula of a spreadsheet',
      { 'teas.csv': teas.replace('Uva', '=A1&B1') },
      ['formula teas.csv:3:3'],
    ],
    [
      'a new row with the formula of a spreadsheet',
      { 'teas.csv': `${teas}f,"=VLOOKUP(A2;B:B;1)",12,,,\n` },
      ['formula teas.csv:8:3'],
    ],
    ['a text that begins with =', { 'teas.csv': teas.replace('Uva', '= 5 cups =)') }, []],
    [
      'the languages of a localization that were swapped in its header',
      {
        'texts.csv': texts.replace('(FR)', '(XX)').replace('(DE)', '(FR)').replace('(XX)', '(DE)'),
      },
      ['shuffled-column texts.csv:1'],
    ],
    [
      'a reference to nothing',
      { 'teas.csv': teas.replace('ceylon', 'japan') },
      ['dangling-reference teas.csv:3:9'],
    ],
    [
      'a row that others refer to is removed',
      { 'origins.csv': '_id,title\nindia,India\n' },
      ['dangling-reference teas.csv:3'],
    ],
    [
      'leading zeros lost',
      { 'teas.csv': teas.replace('007', '7') },
      ['rewritten-number teas.csv:2:32'],
    ],
    [
      'a date rewritten',
      { 'teas.csv': teas.replace('2026-07-31', '31.07.2026') },
      ['rewritten-date teas.csv:3:17'],
    ],
    [
      'a text that became a date',
      { 'teas.csv': teas.replace('3-4', '03. Apr') },
      ['rewritten-date teas.csv:5:17'],
    ],
    [
      'a long number rounded',
      { 'teas.csv': teas.replace('739000000012', '7.39E+11') },
      ['scientific-number teas.csv:6:16'],
    ],
    [
      'characters lost',
      { 'teas.csv': teas.replace('Uva', 'Uv\ufffd') },
      ['replacement-character teas.csv:3:3'],
    ],
    [
      'a text that was read in another encoding',
      { 'shops.csv': shops.replace('Café 3', 'CafÃ© 3') },
      ['damaged-encoding shops.csv:5:4'],
    ],
    [
      'a link to another host',
      { 'shops.csv': shops.replace('shop4.example.com', 'evil.example.net') },
      ['host-changed shops.csv:6:11'],
    ],
    [
      'a text that lost most of its characters',
      { 'shops.csv': shops.replace('About shop 5. '.repeat(19), '') },
      ['text-shrunk shops.csv:7:75'],
    ],
    [
      'a status that changed in many rows',
      { 'shops.csv': shops.replaceAll('DRAFT', 'PUBLISHED') },
      ['mass-flip shops.csv:1'],
    ],
    [
      'the error of a formula',
      { 'teas.csv': teas.replace('Uva', '#REF!') },
      ['spreadsheet-error teas.csv:3:3'],
    ],
    [
      'a text with the escapes of another program',
      { 'shops.csv': shops.replace('Café 3', "'Café 3") },
      ['escaped-text shops.csv:5:4'],
    ],
    [
      'a column without its accents',
      { 'shops.csv': shops.replaceAll('Café', 'Cafe') },
      ['lost-accents shops.csv:1'],
    ],
    [
      'a character that nobody sees',
      { 'teas.csv': teas.replace('Uva', 'Uv\u200ba') },
      ['invisible-character teas.csv:3:3'],
    ],
    [
      'an empty cell that a program filled',
      { 'teas.csv': teas.replace('25,,,', '25,,,nan') },
      ['null-word teas.csv:7:15'],
    ],
    [
      'a column that was sorted without the others',
      {
        'shops.csv': shops.replaceAll(/,Café (\d+),/g, (_, i) => `,Café ${(Number(i) + 1) % 20},`),
      },
      ['shuffled-column shops.csv:1'],
    ],
    [
      'two rows whose ids were swapped',
      {
        'teas.csv': teas
          .replace('d,Gyokuro', 'e,Gyokuro')
          .replace('e,Matcha', 'd,Matcha')
          .replace('b,Uva', 'b,Dimbula'),
      },
      ['swapped-key teas.csv:7'],
    ],
    [
      'two columns that were swapped',
      { 'shops.csv': shops.replaceAll(/^(s[0-4],)(Café \d),(.*),DRAFT,/gm, '$1DRAFT,$3,$2,') },
      ['shuffled-column shops.csv:1'],
    ],
    [
      'a language that left its file',
      { 'texts.csv': texts.replaceAll(/^(.*),([^,]*),[^,]*$/gm, '$1,$2') },
      ['dropped-column texts.csv:1'],
    ],
    [
      'a column that was filled down',
      { 'shops.csv': shops.replaceAll(/,Café \d+,/g, ',Café 0,') },
      ['filled-column shops.csv:1'],
    ],
    [
      'a link with a password',
      { 'shops.csv': shops.replace('//shop4.', '//me:secret@shop4.') },
      ['link-password shops.csv:6:11'],
    ],
    [
      'a blank of another kind',
      { 'shops.csv': shops.replace('Café 3', 'Café\u00a03') },
      ['unseen-change shops.csv:5:4'],
    ],
    [
      'a picture that is none',
      { 'shops.csv': shops.replace('wix:image://v1/a~mv2.jpg/6.jpg', 'photo6.jpg') },
      ['type-media shops.csv:8:38'],
    ],
    [
      'a price with its point lost',
      { 'teas.csv': teas.replace(',9,', ',90,') },
      ['price-jump teas.csv:3:7'],
    ],
    [
      'a row that is larger than an item may be',
      { 'teas.csv': teas.replace('739000000012', 'x'.repeat(500_001)) },
      ['too-large teas.csv:6'],
    ],
    [
      'a header of a localization that was translated',
      { 'texts.csv': texts.replace('Target language (FR)', 'Langue cible (FR)') },
      ['localization-header texts.csv:1'],
    ],
    [
      'a column added amid a localization, beside a translation that lost its placeholder',
      {
        'texts.csv': texts
          .replace('ID,', 'ID,Note,')
          .replaceAll('}",', '}",,')
          .replace('Bonjour {name}', 'Bonjour {nom}'),
      },
      ['unknown-column texts.csv:1', 'placeholder texts.csv:3'],
    ],
    [
      'the markers of a merge between rows',
      { 'teas.csv': teas.replace('b,Uva', '<<<<<<< HEAD\nb,Uva') },
      ['conflict-marker teas.csv:3'],
    ],
    [
      'the markers of a merge inside a cell',
      { 'teas.csv': teas.replace('\nand green', '\n<<<<<<< HEAD\nand green\n=======\n>>>>>>> x') },
      ['length teas.csv:4:3', 'conflict-marker teas.csv:4:3'],
    ],
    ['semicolons', { 'teas.csv': teas.replaceAll(',', ';') }, ['delimiter teas.csv:1']],
    ['tabs', { 'teas.csv': teas.replaceAll(',', '\t') }, ['delimiter teas.csv:1']],
    [
      'the code page of a machine',
      { 'teas.csv': Buffer.from(teas.replace('Uva', 'Uvä'), 'latin1') },
      ['unreadable teas.csv:3:5'],
    ],
    [
      'rows that hold nothing',
      { 'teas.csv': `${teas},,,,,\n , ,\u200b,,,FALSE\n` },
      ['blank-row teas.csv:8'],
    ],
    ['a byte order mark', { 'teas.csv': `\ufeff${teas}` }, ['byte-order-mark teas.csv:1']],
    [
      'a broken file beside a bad cell in another one',
      { 'teas.csv': teas.replace('Uva', 'U"va'), 'texts.csv': texts.replace('Hello', 'Hullo') },
      ['unreadable teas.csv:3:4', 'source-edited texts.csv:3', 'stale-translation texts.csv:3'],
    ],
    [
      'a column that was dropped',
      { 'teas.csv': '_id,title\na,Assam\n' },
      [
        'dropped-column teas.csv:1',
        'dropped-column teas.csv:1',
        'dropped-column teas.csv:1',
        'dropped-column teas.csv:1',
      ],
    ],
    [
      'a column that was renamed',
      { 'teas.csv': teas.replace('price', 'cost') },
      ['unknown-column teas.csv:1', 'dropped-column teas.csv:1'],
    ],
    [
      'a column that is not imported',
      {
        'teas.csv':
          '_id,title,price,origin,tags,batch,link\na,Assam,11,india,"[""black""]",007,/a\n',
      },
      ['unknown-column teas.csv:1'],
    ],
    [
      'a column that went empty',
      { 'teas.csv': teas.replace(/,(11|9|14|30),/g, ',,') },
      ['emptied-column teas.csv:1'],
    ],
    [
      'a source column that was renamed in a localization',
      { 'texts.csv': texts.replace('Source language (EN)', 'Source language (English)') },
      ['localization-header texts.csv:1'],
    ],
    [
      'a row added to a localization',
      { 'texts.csv': `${texts}${key('z')},Tea,Thé,\n` },
      ['translation-added texts.csv:5'],
    ],
    [
      'a row that left a localization',
      { 'texts.csv': texts.slice(0, texts.indexOf(key('y'))) },
      ['translation-removed texts.csv:1'],
    ],
    [
      'a translation without its placeholder',
      { 'texts.csv': texts.replace('Bonjour {name}', 'Bonjour {nom}') },
      ['placeholder texts.csv:3'],
    ],
    [
      'a translation that is a blank',
      { 'texts.csv': texts.replace('Bonjour {name}', '\u00a0') },
      ['blank-text texts.csv:3:60', 'placeholder texts.csv:3'],
    ],
    [
      'a translation whose letters are all question marks',
      { 'texts.csv': texts.replace('Assam noir', '?????? ??') },
      ['lost-letters texts.csv:2:73'],
    ],
    [
      'a translation with another tag',
      { 'texts.csv': texts.replace('<b>Gras</b>', '<b>Gras') },
      ['tag texts.csv:4'],
    ],
    [
      'a text whose translations did not change with it',
      { 'teas.csv': teas.replace('Assam', 'Assam Gold') },
      ['stale-translation texts.csv:2'],
    ],
    [
      'a source that changed without its translation',
      { 'texts.csv': texts.replace('Hello {name}', 'Hi {name}') },
      ['source-edited texts.csv:3', 'stale-translation texts.csv:3'],
    ],
  ];
