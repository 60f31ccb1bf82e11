import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import type { FormName } from '../../emulator/forms.ts';
import { checkWriting } from '../../scripts/check-site/write.ts';
import { products } from '../end-to-end/situation.ts';
import { connectionTo } from './connection.ts';

const site = { languages: ['en', 'fr'], collections: [products] };

/** What the script finds out about a local Wix by writing to it: the answers, and the settings that follow. */
async function answersOf(
  options: EmulatorOptions,
  prepare: (emulator: Emulator) => void = () => {},
): Promise<{ readonly answers: Readonly<Record<string, string>>; readonly settings: string[] }> {
  const emulator = await startEmulator({ site, ...options });
  prepare(emulator);
  const before = JSON.stringify([...emulator.site.collection('products').items]);
  try {
    const answers: Record<string, string> = {};
    const settings = new Set<string>();
    for await (const found of checkWriting(connectionTo(emulator), { languages: [] })) {
      answers[found.question] = found.answer;
      if (found.setting !== undefined) settings.add(found.setting);
    }
    expect([...emulator.site.collections.keys()]).toEqual(['products']);
    expect(JSON.stringify([...emulator.site.collection('products').items])).toBe(before);
    expect(emulator.leaks()).toEqual([]);
    return { answers, settings: [...settings] };
  } finally {
    await emulator.close();
  }
}

test('a site is asked by imports into a collection of its own, which is then read and removed', async () => {
  const { answers, settings } = await answersOf({});
  expect(answers).toMatchObject({
    'Which collections does the check use?': expect.stringMatching(
      /^in WixCmsSyncCheck\w{8} and WixCmsSyncCheck\w{8}$/,
    ),
    'Which headers does an import understand?': 'field keys',
    'Which types do values have that came in a CSV file?': expect.stringContaining(
      'NUMBER number, BOOLEAN boolean, DATE text, DATETIME {$date}',
    ),
    'Which types do values have that came in JSON lines?': expect.stringContaining('NUMBER number'),
    'How does an import end?': 'COMPLETED, 5 arrived, 0 rejected, 0 in the log',
    'Which values does the site store in another form?': expect.stringContaining(
      'RICH_TEXT `""` as `"<p></p>\\n"`',
    ),
    'Which values does the site change?': 'none',
    'Does an import write multi-references?': 'no (COMPLETED, 1 arrived, 0 rejected, 0 in the log)',
    'May the key set multi-references?': 'yes',
    'Does an import keep multi-references that it leaves out?': 'yes',
    'What happens to a column that is not a field?': 'a property of the item',
    'What happens to fields that a file leaves out?':
      'fields: erased; properties without a field: erased',
    'Which system fields does an import change?': 'none',
    'What happens to a value if its cell is emptied?': 'absent',
    'May the key remove items?': 'yes',
    'How does an import end if one of three rows is too large?':
      'COMPLETED, 2 arrived, 1 rejected, 1 in the log',
    'What does its log call that row?': '"2" (WDE0009)',
    'Is the MULTI_REFERENCE friends exported?': '1 of 9 cells are filled',
    'Can the MULTI_REFERENCE friends be read?': '1 of 9 items refer',
    'Which columns are not fields, and which come twice?': 'none; none',
    'Is a job found by its name?': 'yes',
    'Are both collections gone?': 'yes',
  });
  expect(settings).toEqual([]);
});

test('it names the settings of a site that takes display names and keeps no types', async () => {
  const { answers, settings } = await answersOf({
    headers: 'displayName',
    importHeaders: 'displayName',
    csvTypes: 'text',
    queryJobsStatus: 404,
  });
  expect(answers).toMatchObject({
    'Which headers does an import understand?': 'display names',
    'Which types do values have that came in a CSV file?': expect.stringContaining('NUMBER text'),
    'Which types do values have that came in JSON lines?': expect.stringContaining('NUMBER number'),
    'Are headers field keys or display names?': '0 are keys, 17 only display names, of 17',
    'Is the MULTI_REFERENCE friends exported?': '1 of 9 cells are filled',
    'Do two exports have the same order?': 'of columns: yes, of rows: yes',
    'Is a job found by its name?': 'no (HTTP 404)',
  });
  expect(settings).toEqual(['import-headers: display-name', 'upload-format: jsonl']);
});

test('it shows what an import does to what is there already', async () => {
  const { answers } = await answersOf({
    importedItems: 'patched',
    importedMultiReferences: 'erased',
    emptyCell: 'text',
    unknownColumns: 'ignore',
    undeclaredProperties: 'absent',
  });
  expect(answers).toMatchObject({
    'Does an import keep multi-references that it leaves out?': 'no',
    'What happens to a column that is not a field?':
      'nothing (COMPLETED, 1 arrived, 0 rejected, 0 in the log)',
    'What happens to fields that a file leaves out?':
      'fields: kept; properties without a field: kept',
    'What happens to a value if its cell is emptied?': '""',
    'Which columns are not fields, and which come twice?': 'none; none',
  });
});

test('it shows how a job ends that rejects a row, and what its log calls it', async () => {
  const question = 'What does its log call that row?';
  const end = 'How does an import end if one of three rows is too large?';
  const { answers } = await answersOf({
    logIds: 'item',
    rejectedRowsEnd: 'PARTIALLY_SUCCESSFUL',
    successesLogged: true,
    importedMultiReferences: 'written',
  });
  expect(answers).toMatchObject({
    [end]: 'PARTIALLY_SUCCESSFUL, 2 arrived, 1 rejected, 3 in the log',
    [question]: 'its id (WDE0009)',
    'Does an import write multi-references?': 'yes',
  });
  expect((await answersOf({ csvRowBase: 0 })).answers[question]).toBe('"1" (WDE0009)');
});

/** What the answer shows of forms that may be in force together. */
const shown: readonly Readonly<Partial<Record<FormName, string>>>[] = [
  {
    composed: 'TEXT `"Cafe\u0301"` as `"Caf\u00e9"`',
    closedBreaks: 'as `"<p>Green<br/>tea</p>\\n"`',
    strongTags: 'as `"<p><strong>Green</strong>&nbsp;tea</p>\\n"`',
    finalNewline: 'RICH_TEXT `"<p>Green tea</p>"` as `"<p>Green tea</p>\\n"`',
    instantsInUtc: 'as `"2026-07-03T14:04:31.123Z"`',
    datesAsInstants: 'DATE `"2026-07-03"` as `"2026-07-03T00:00:00.000Z"`',
    timesInFull: 'TIME `"14:04"` as `"14:04:00.000"`',
    urlsWithSlash: 'URL `"https://tea.example"` as `"https://tea.example/"`',
    tagsOnce: 'as `"[\\"green\\",\\"tea\\"]"`',
    fullRichContent: 'RICH_CONTENT `"{\\"nodes\\"',
    fullAddresses: 'ADDRESS `"{\\"formatted\\":\\"Oslo\\"}"` as',
  },
  {
    trimmed: 'TEXT `" Green tea "` as `"Green tea"`',
    plainSpaces: 'as `"<p><b>Green</b>\u00a0tea</p>"`',
    rewrittenHtml: 'as `"<p class=\\"tea\\">Green &amp; black</p>"`',
    wholeSeconds: 'DATETIME `"2026-07-03T14:04:31.000Z"` as `"2026-07-03T14:04:31Z"`',
  },
];

test.each(shown)('it shows each form of a site', async (wordsOf) => {
  const forms = Object.keys(wordsOf) as FormName[];
  const { answers } = await answersOf({ forms });
  for (const words of Object.values(wordsOf))
    expect(answers['Which values does the site store in another form?']).toContain(words);
  expect(answers['Which values does the site change?']).toBe('none');
});

test.each([
  ['make collections', [], /^Wix refused to create the collection .*HTTP 403/],
  [
    'read items',
    ['SCOPE.DC-DATA.MANAGE_MOVEMENT_JOBS', 'SCOPE.DC-DATA.DATA-COLLECTIONS-MANAGE'],
    /^Wix refused to read items .*HTTP 403/,
  ],
] as const)(
  'a key that may not %s stops the check, and nothing stays',
  async (_name, scopes, words) => {
    const { answers } = await answersOf({ apiKeys: [{ key: 'IST.emulator', scopes }] });
    expect(answers).toEqual({
      'Which collections does the check use?': expect.any(String),
      'What stopped the check?': expect.stringMatching(words),
      'Are both collections gone?': 'yes',
    });
  },
);

test('a collection whose making got no answer is removed', async () => {
  const { answers } = await answersOf({}, ({ faults }) =>
    faults.add({
      match: { method: 'POST', path: '/wix-data/v2/collections' },
      kind: 'reset',
      when: 'after',
    }),
  );
  expect(answers['Are both collections gone?']).toBe('yes');
});

test('references and removals that are refused are answers, and the check goes on', async () => {
  const { answers, settings } = await answersOf({}, ({ faults }) => {
    for (const path of ['items/replace-references', 'bulk/items/remove'])
      faults.add({ match: { path: `/wix-data/v2/${path}` }, kind: 'answer', status: 403 });
  });
  expect(answers).toMatchObject({
    'May the key set multi-references?': expect.stringMatching(/^no: Wix refused .*HTTP 403/),
    'Does an import keep multi-references that it leaves out?': 'not tried: there were none',
    'May the key remove items?': expect.stringMatching(/^no: Wix refused .*HTTP 403/),
    'What does its log call that row?': '"2" (WDE0009)',
  });
  expect(settings).toEqual(['multi-references: read']);
});

test('a collection that stays is named', async () => {
  const emulator = await startEmulator({ site });
  try {
    emulator.faults.add({
      match: { method: 'DELETE', path: '/wix-data/v2/collections/*', times: 2 },
      ...{ kind: 'answer', status: 403 },
    });
    emulator.faults.add({ match: { path: '/data-mover/v1/jobs' }, kind: 'answer', status: 403 });
    const answers: string[] = [];
    for await (const { answer } of checkWriting(connectionTo(emulator), { languages: [] }))
      answers.push(answer);
    const [, other, scratch] = [...emulator.site.collections.keys()];
    expect(answers.at(-1)).toBe(`no: remove ${scratch}, ${other} in the CMS`);
  } finally {
    await emulator.close();
  }
});

const root = join(import.meta.dirname, '../..');

function checkOf(emulator: Emulator): ChildProcess {
  const { apiUrl, apiKey, siteId } = emulator;
  const env = { WIX_API_URL: apiUrl, WIX_API_KEY: apiKey, WIX_SITE_ID: siteId };
  return spawn(process.execPath, [join(root, 'scripts/check-site.ts'), '--write'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('interrupted by Ctrl-C, it removes what it made', async () => {
  const emulator = await startEmulator({
    site,
    jobSteps: { uninitialized: 2, initializing: 2, inProgress: 60_000 },
  });
  try {
    const check = checkOf(emulator);
    const printed: string[] = [];
    createInterface({ input: check.stdout ?? process.stdin }).on('line', (line) => {
      printed.push(line);
    });
    while (emulator.jobs().length === 0) await new Promise((later) => setTimeout(later, 20));
    expect(emulator.site.collections.size).toBe(3);
    check.kill('SIGINT');
    await once(check, 'exit');
    expect([...emulator.site.collections.keys()]).toEqual(['products']);
    expect(printed.slice(-5)).toEqual([
      expect.stringMatching(/^\| Which collections does the check use\? \| in /),
      '| What stopped the check? | The check was interrupted. |',
      '| Are both collections gone? | yes |',
      '',
      'No setting follows: the defaults fit this site.',
    ]);
  } finally {
    await emulator.close();
  }
});
