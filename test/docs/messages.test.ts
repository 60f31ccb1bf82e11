import { expect, test } from '@jest/globals';
import { messages, messagesIn } from '../../scripts/messages.ts';
import {
  hasChapter,
  reasons,
  tellsWhatToDo,
  troubleshooting,
} from '../../scripts/troubleshooting.ts';
import { remedies } from '../../src/wix/remedies.ts';

const all = messages();

test('every message says what to do, or a comment before it does', () => {
  const lacking = all.filter(
    ({ text, cause, remedy, clause }) => !(tellsWhatToDo(text) || cause || remedy || clause),
  );
  expect(lacking).toEqual([]);
});

test('every message that is explained is on the page, in one chapter', () => {
  const explained = all.filter(({ cause, remedy }) => cause ?? remedy);
  expect(explained.length).toBeGreaterThan(30);
  expect(explained.filter((message) => !hasChapter(message))).toEqual([]);
  const page = troubleshooting();
  const rows = new Set([...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, text]) => text));
  const inCell = (text: string) => text.trim().replaceAll('`', "'").replaceAll('|', '\\|');
  expect(explained.filter(({ text }) => !rows.has(inCell(text)))).toEqual([]);
});

test('an explanation says more than the message', () => {
  const repeated = all.filter(({ text, remedy }) => remedy !== undefined && text.includes(remedy));
  expect(repeated).toEqual([]);
});

test('the page says what every failure reason means', () => {
  expect(reasons().map(([reason]) => reason)).toContain('verify-mismatch');
  expect(reasons()).toHaveLength(12);
});

test('every code of Wix that is known has a remedy that says what to do', () => {
  expect(remedies.size).toBeGreaterThan(20);
  expect([...remedies].filter(([, remedy]) => !tellsWhatToDo(remedy))).toEqual([]);
});

test.each([
  ['The answer was incomplete JSON.', false],
  ['Wix counted a row that its log does not name.', false],
  ['The run was cancelled (…).', false],
  ['… is missing. Did you mean …?', true],
  ['The next run tries again.', true],
  ['… is missing. Add it.', true],
  ['Wix has trouble; run again later.', true],
  ['If it is meant, put the label on it.', true],
  ['Wix refused to … (…). …', true],
])('whether "%s" says what to do', (text, tells) => {
  expect(tellsWhatToDo(text)).toBe(tells);
});

test('a message is found wherever it is written, and in one piece', () => {
  const source = `
    throw new Failure('config', 'The input is empty. Fill it in.');
    const message = \`\${file} line \${line}: odd. \` + 'Mend it.';
    const remedy = left ? 'Do this, please.' : \`Do \${that('No, not this one.')} now.\`;
    log.warning(\`It failed: \${reason}\`);
  `;
  expect(messagesIn(source).map(({ text }) => text)).toEqual([
    'The input is empty. Fill it in.',
    '… line …: odd. Mend it.',
    'Do this, please.',
    'Do … now.',
    'No, not this one.',
    'It failed: …',
  ]);
});

test('a comment explains the messages of what follows it', () => {
  const source = `
    /** The größte input. @cause Somebody
     * emptied it.
     * @remedy Fill it in. */
    function odd() { return a ? 'It is odd.' : 'It is even.'; }
    const list = ['It is left out.', /** @cause It was asked for. */ 'It is there.'];
  `;
  const odd = { cause: 'Somebody emptied it.', remedy: 'Fill it in.' };
  expect(messagesIn(source)).toEqual([
    { text: 'It is odd.', ...odd },
    { text: 'It is even.', ...odd },
    { text: 'It is left out.' },
    { text: 'It is there.', cause: 'It was asked for.' },
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
  expect(messagesIn(source)).toEqual([]);
});
