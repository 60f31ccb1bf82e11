import { expect, test } from '@jest/globals';
import { messages, sentencesIn } from '../../scripts/messages.ts';
import {
  causeOf,
  chapters,
  tellsWhatToDo,
  troubleshooting,
} from '../../scripts/troubleshooting.ts';
import { remedies } from '../../src/wix/remedies.ts';

const all = messages();
/** The page shows these with their codes. */
const own = all.filter(({ file }) => file !== 'wix/remedies.ts');

test('every message of the action has one cause in scripts/causes', () => {
  const odd = own.map((message) => ({ message, causes: causeOf(message, all) }));
  expect(odd.filter(({ causes }) => causes.length !== 1)).toEqual([]);
});

test('every message has its cause and a remedy on the page, or tells itself what to do', () => {
  const lacking = own.filter((message) => {
    const [cause] = causeOf(message, all);
    return !cause?.why.trim() || !(cause.help?.trim() || tellsWhatToDo(message.text));
  });
  expect(lacking).toEqual([]);
  const page = troubleshooting();
  const rows = [...page.matchAll(/^\| `(.+?)` \| (.+) \| (.+) \|$/gm)].map(([, text]) => text);
  const listed = new Set(rows);
  const inCell = (text: string) => text.replaceAll('`', "'").replaceAll('|', '\\|');
  const missing = own.filter(({ text }) => !listed.has(inCell(text)));
  expect(missing).toEqual([]);
});

test('a help is not given where a message says it all in the same words', () => {
  const said = own.flatMap((message) =>
    causeOf(message, all).map(({ help = '' }) => ({ text: message.text, help })),
  );
  expect(said.filter(({ text, help }) => help !== '' && text.endsWith(` ${help}`))).toEqual([]);
});

test('every code of Wix that is known has a remedy that says what to do', () => {
  expect(remedies.size).toBeGreaterThan(20);
  expect([...remedies].filter(([, remedy]) => !tellsWhatToDo(remedy))).toEqual([]);
});

test.each([
  ['The answer was not whole JSON.', false],
  ['… is missing. Did you mean …?', false],
  ['The next run tries again.', false],
  ['Wix counted a row that its log does not name.', false],
  ['The run was cancelled (…).', false],
  ['… is missing. Add it.', true],
  ['Wix has trouble; run again later.', true],
  ['If it is meant, put the label on it.', true],
])('whether "%s" tells somebody to do something', (text, tells) => {
  expect(tellsWhatToDo(text)).toBe(tells);
});

test('every cause is of a message that the action still has', () => {
  const known = new Set(own.flatMap((message) => causeOf(message, all)));
  const stale = chapters.flatMap(({ causes }) => causes).filter((cause) => !known.has(cause));
  expect(stale).toEqual([]);
});

test('a message is found wherever it is written, and in one piece', () => {
  const source = `
    throw new Failure('config', 'The input is empty. Fill it in.');
    const message = \`\${file} line \${line}: odd. \` + 'Mend it.';
    const remedy = left ? 'Do this, please.' : \`Do \${that('No, not this one.')} now.\`;
    log.warning(\`It failed: \${reason}\`);
  `;
  expect(sentencesIn(source)).toEqual([
    'The input is empty. Fill it in.',
    '… line …: odd. Mend it.',
    'Do this, please.',
    'Do … now.',
    'No, not this one.',
    'It failed: …',
  ]);
});

test('what is no message to a person is not taken for one', () => {
  const source = `
    import { a } from './a.ts';
    const file = 'localizations/en.csv';
    log.debug('The branch moved. Trying again.');
    run.log.info(\`Waiting for \${jobs.length} jobs.\`);
    const pattern = /^Some words\\.$/;
  `;
  expect(sentencesIn(source)).toEqual([]);
});
