import { expect, test } from '@jest/globals';
import { messages, sentencesIn } from '../../scripts/messages.ts';
import { causeOf, chapters } from '../../scripts/troubleshooting.ts';

const all = messages();
/** The page shows these with their codes. */
const own = all.filter(({ file }) => file !== 'wix/remedies.ts');

test('every message of the action has one cause in scripts/causes', () => {
  const odd = own.map((message) => ({ message, causes: causeOf(message, all) }));
  expect(odd.filter(({ causes }) => causes.length !== 1)).toEqual([]);
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
