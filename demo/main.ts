/**
 * The story of the action on a terminal: a local site, a real repository, and the bundled action
 * started the way the runner starts it. Every step is checked; a story that turns out otherwise
 * ends in an error.
 */
import { idOf } from './shop.ts';
import { type Shown, type Stage, setStage } from './stage.ts';
import {
  bold,
  chapter,
  during,
  faint,
  plainText,
  proven,
  quote,
  red,
  tell,
  yellow,
} from './terminal.ts';

const teas = 'content/collections/teas.csv';
const translations = 'content/localizations/en.csv';
const breakfast = idOf('Assam Black, First Flush, Broken Leaf');

const stage = await setStage();
try {
  introduce();
  await exportEverything(stage);
  await review(stage);
  await editOnBothSides(stage);
  await rejectARow(stage);
  await conflict(stage);
  await translate(stage);
  conclude(stage);
} catch (error) {
  tell(red(`\nThe story went wrong: ${error instanceof Error ? error.message : error}`));
  process.exitCode = 1;
} finally {
  await stage.close();
}

function introduce(): void {
  tell(bold('wix-cms-sync: the content of a Wix site, in git'));
  tell(faint('A tea shop runs on a local stand-in for Wix. Lines after | are real output.'));
}

async function exportEverything({ act, git, read }: Stage): Promise<void> {
  chapter(1, 'The first export');
  const shown = await during('Exporting', act('export'));
  quote(shown.log);
  expectExit(shown, 0);
  tell('\nTwo collections and the translations are CSV files in git now:');
  quote(git('show', '--stat=72', '--format=%an: %s', 'HEAD'));
  tell('\nA row of the teas:');
  quote(rowOf(read(teas), breakfast));
  expect(read(teas).split('\n').length > 360, 'all the teas are in the file');
  const again = await during('Exporting again', act('export'));
  expectExit(again, 0);
  expect(/Nothing to export/.test(again.log), 'a second export finds nothing new');
  proven('A second export commits nothing: the same content gives the same bytes.');
}

async function review({ act, emulator, propose }: Stage): Promise<void> {
  chapter(2, 'A pull request');
  tell('Maria proposes new prices and a new tea. Meanwhile somebody edits another tea in the CMS.');
  emulator.site.edit('teas', idOf('Fujian White, Autumn, Broken Leaf'), { price: 15.5 });
  const plan = await during(
    'Planning',
    propose({ [teas]: newPrices, [translations]: newTranslation }, 'New prices for Darjeeling'),
  );
  expectExit(plan, 0);
  tell('The plan comments on her pull request what its merge would do to the site:\n');
  quote(plainText(plan.comment));
  expect(/monsoon/i.test(plan.comment), 'the comment shows the edited tea');
  plan.merge();
  const shown = await during('Importing', act('import'));
  expectExit(shown, 0);
  expect(
    shown.outputs.fingerprint === plan.outputs.fingerprint,
    'the import does what was planned',
  );
  proven('Merged and imported: the fingerprint is the one of the plan.');
  expectExit(await during('Exporting', act('export')), 0);
}

function newPrices(text: string): string {
  const blend = `,"Uva Black, Autumn Blend",12,true,${idOf('Uva')},"[""black"",""blend""]",,,<p>A blend.</p>`;
  const edited = text
    .replace(/^([^,]*,"Darjeeling Green, Monsoon, Gold Tips"),[^,]*,/m, '$1,18.5,')
    .replace(
      /^([^,]*,"Darjeeling Oolong, Autumn, Whole Leaf",.*)Steep for 3 minutes/m,
      '$1Steep for 3 minutes in water of 85 °C',
    );
  return `${edited}${blend}\n`;
}

function newTranslation(text: string): string {
  return text.replace(
    'Thé vert Darjeeling, Monsoon, Gold Tips',
    'Thé vert Darjeeling, mousson, pointes dorées',
  );
}

async function editOnBothSides({ act, emulator, merge, read }: Stage): Promise<void> {
  chapter(3, 'Two people edit the same tea');
  const { items } = emulator.site.collection('teas');
  const price = items.get(breakfast)?.price;
  merge(
    teas,
    (text) =>
      text.replace('"Assam Black, First Flush, Broken Leaf"', '"Assam Breakfast, First Flush"'),
    'Rename the breakfast tea',
  );
  tell(`In git, Maria renames it: ${yellow('Assam Breakfast, First Flush')}.`);
  emulator.site.edit('teas', breakfast, { price: 12.5 });
  tell(
    `At the same time somebody changes its price in the CMS, from ${price} to ${yellow('12.5')}.`,
  );
  tell('\nHer pull request is merged, and the import runs:');
  const shown = await during('Importing', act('import'));
  quote(shown.log);
  expectExit(shown, 0);
  const item = items.get(breakfast);
  expect(item?.title === 'Assam Breakfast, First Flush', "git's title is on the site");
  expect(item?.price === 12.5, "the CMS's price is still on the site");
  proven(`On the site: "${String(item?.title)}" at ${String(item?.price)}. Both edits are there.`);
  expectExit(await during('Exporting', act('export')), 0);
  expect(
    rowOf(read(teas), breakfast).includes('"Assam Breakfast, First Flush",12.5,'),
    'both edits are in git',
  );
  proven('The next export brings the price to git. Nobody has lost anything.');
}

async function rejectARow({ act, emulator, merge }: Stage): Promise<void> {
  chapter(4, 'Wix rejects a row');
  merge(
    teas,
    (text) =>
      text
        .replace('"Uva White, Winter, Gold Tips"', '"Uva White, Winter Gold"')
        .replace('"Uva Green, Winter, Gold Tips"', '"Uva Green, Winter Gold"'),
    'Shorten two names',
  );
  const undo = emulator.faults.rejectRow({
    collection: 'teas',
    id: idOf('Uva White, Winter, Gold Tips'),
    code: 'WDE0009',
    description: 'The item is too large',
  });
  tell('Maria shortens two names. Wix takes one of them and refuses the other:');
  const shown = await during('Importing', act('import'));
  quote([shown.log, ...shown.annotations].join('\n'));
  expectExit(shown, 1);
  expect(
    shown.annotations.some((line) => line.includes(teas) && line.includes('WDE0009')),
    'the row is annotated on its line',
  );
  const { items } = emulator.site.collection('teas');
  expect(
    items.get(idOf('Uva Green, Winter, Gold Tips'))?.title === 'Uva Green, Winter Gold',
    'the other row arrived',
  );
  proven('The run is red, an annotation marks the line in the file, and the other row arrived.');
  undo();
  expectExit(await during('Importing again', act('import')), 0);
  expect(
    items.get(idOf('Uva White, Winter, Gold Tips'))?.title === 'Uva White, Winter Gold',
    'the next run tries again',
  );
  proven('When Wix takes the row, the next run sends only that one.');
}

async function conflict({ act, emulator, merge }: Stage): Promise<void> {
  chapter(5, 'Two people edit the same cell');
  merge(
    teas,
    (text) =>
      text
        .replace('"Yunnan Oolong, Autumn, Whole Leaf"', '"Yunnan Oolong, Late Autumn"')
        .replace('"Yunnan White, Autumn, Whole Leaf"', '"Yunnan White, Late Autumn"'),
    'Rename two teas',
  );
  emulator.site.edit('teas', idOf('Yunnan Oolong, Autumn, Whole Leaf'), {
    title: 'Yunnan Oolong, Golden Autumn',
  });
  const { items } = emulator.site.collection('teas');
  const titleOf = (name: string) => items.get(idOf(name))?.title;
  tell(
    'Maria renames a white tea and an oolong. In the CMS, somebody gives the oolong another name:',
  );
  const shown = await during('Importing', act('import'));
  quote([shown.log, ...shown.annotations].join('\n'));
  expectExit(shown, 1);
  expect(
    titleOf('Yunnan Oolong, Autumn, Whole Leaf') === 'Yunnan Oolong, Golden Autumn',
    'the conflict was left alone',
  );
  expect(
    titleOf('Yunnan White, Autumn, Whole Leaf') === 'Yunnan White, Late Autumn',
    'the other row arrived',
  );
  proven(
    'The import left the oolong alone on both sides, and shows all three values. The rest arrived.',
  );
  const decided = await during('Importing, git wins', act('import', { 'on-conflict': 'git' }));
  expectExit(decided, 0);
  proven("To decide, set on-conflict to git or cms, or write the site's value into the line.");
}

async function translate({ act, emulator, merge }: Stage): Promise<void> {
  chapter(6, 'A translation');
  const french = 'Thé noir Assam, Second Flush, Gold Tips';
  merge(
    translations,
    (text) => text.replace(french, "Thé noir d'Assam, pointes dorées"),
    'Polish the French',
  );
  const shown = await during('Importing', act('import'));
  quote(shown.log);
  expectExit(shown, 0);
  const text = emulator.site.translation(
    idOf('Assam Black, Second Flush, Gold Tips'),
    'title',
    'fr',
  );
  expect(text === "Thé noir d'Assam, pointes dorées", 'the translation is on the site');
  proven(`On the site, in French: ${text}.`);
}

function conclude({ emulator }: Stage): void {
  const requests = emulator.requests.filter(({ host }) => host === 'api').length;
  tell(
    `\n${bold('That was it.')} Edits on both sides survived, a rejected row was named on its line, and a`,
  );
  tell('conflict waited for somebody to decide.');
  tell(
    faint(
      `${requests} requests went to the local Wix. docs/getting-started.md sets this up for a real site.`,
    ),
  );
}

/** The record of an item: its lines up to where the next item begins. */
function rowOf(text: string, id: string): string {
  return text.split('\n').find((line) => line.startsWith(`${id},`)) ?? '';
}

function expectExit(shown: Shown, code: number): void {
  if (shown.exitCode === code) return;
  quote([shown.log, ...shown.annotations].join('\n'));
  throw new Error(`the action ended with ${shown.exitCode}, not ${code}`);
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`it was expected that ${what}`);
}
