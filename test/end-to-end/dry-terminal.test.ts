import { expect, test } from '@jest/globals';
import { messages } from '../../scripts/messages.ts';
import type { ActionRun } from './action.ts';
import { planned } from './proposal.ts';
import { path, type Situation, site, within } from './situation.ts';

/** A terminal that knows neither colours nor GitHub, and shows nothing but ASCII. */
const dry = { GITHUB_ACTIONS: '' };
const token = 'ghs_nobodyMaySeeThis';

/** The situation, off a runner: whatever is run there, and all that it has printed. */
function offRunner(situation: Situation) {
  const printed: string[] = [];
  const run: Situation['run'] = async (inputs, options = {}) => {
    const environment = { ...options.environment, ...dry };
    const result = await situation.run({ token, ...inputs }, { ...options, environment });
    printed.push(result.log);
    return result;
  };
  return { ...situation, run, printed };
}

/** What was printed; how long something took is some seconds, and how long ago it was some minutes. */
function linesOf({ log }: ActionRun): readonly string[] {
  return log
    .trimEnd()
    .replaceAll(/\b\d+ s$/gm, 'some s')
    .replaceAll(/\b\d+ minutes? ago$/gm, 'some minutes ago')
    .split('\n');
}

const age = '  last export before this run: some minutes ago';

test('an export, a plan and an import are plain lines that a reader can follow', async () => {
  await within(site, async (situation) => {
    const dryer = offRunner(situation);
    const { run, file, merge, emulator, printed } = dryer;
    const exported = linesOf(await run({ command: 'export' }));
    expect(exported).toEqual([
      'Reading the site',
      '  reading products: completed, 3 items, some s',
      '  took some s',
      'Exported: 3 products added',
      '  products: 3 added rows',
      expect.stringMatching(/^ {2}commit: [0-9a-f]{12} on main$/),
    ]);

    const text = file(path) ?? '';
    const plan = linesOf(await planned(dryer, { [path]: text.replace('Green tea', 'Sencha') }));
    expect(plan.slice(3)).toEqual([
      'Merging this changes 1 product',
      '  products: 1 changed row',
      age,
    ]);

    merge({ [path]: text.replace('Green tea', 'Sencha') });
    expect(linesOf(await run({ command: 'import' }))).toEqual([
      'Reading the site',
      '  reading products: completed, 3 items, some s',
      '  took some s',
      'Writing to the site',
      '  writing products: completed, 1 item, some s',
      '  took some s',
      'Imported: 1 product changed',
      '  products: 1 changed row',
      age,
    ]);
    expect(linesOf(await run({ command: 'import' }))).toEqual([
      'Nothing to import: git has nothing new',
      age,
    ]);
    expect(linesOf(await run({ command: 'export' })).slice(-2)).toEqual([
      'Nothing to export: the site has nothing new',
      age,
    ]);
    expectDry(printed, emulator.apiKey);
  });
});

test('what is wrong is said with its file and line', async () => {
  await within(site, async (situation) => {
    const dryer = offRunner(situation);
    const { run, file, merge, emulator, printed } = dryer;
    await run({ command: 'export' });
    const text = file(path) ?? '';

    const wrong = { [path]: text.replace(',9,', ',nine,') };
    expect(linesOf(await planned(dryer, wrong)).slice(3)).toEqual([
      'Not ready to merge: the files have 1 error',
      '  failure-reason: validation',
      '  products: 1 error and 1 changed row',
      age,
      `error: ${path} line 5: price is "nine", but the field is a number. Write digits with a point, such as 1234.5.`,
    ]);

    emulator.faults.rejectRow({ id: 'p3', code: 'WDE0009', description: 'Item is too large' });
    merge({ [path]: text.replace('Green tea', 'Sencha').replace('White tea', 'Silver tips') });
    expect(linesOf(await run({ command: 'import' })).slice(-5)).toEqual([
      'Imported in part: 1 product changed; Wix rejected 1 row',
      '  failure-reason: partial',
      '  products: 1 rejected row and 1 changed row',
      age,
      expect.stringMatching(
        `^error: ${path} line 5: products, row "p3": WDE0009: Item is too large`,
      ),
    ]);
    const tolerant = { command: 'import', 'fail-on-partial-success': 'false' };
    expect(linesOf(await run(tolerant)).slice(-4)).toEqual([
      'Not imported: Wix rejected 1 row',
      '  products: 1 rejected row',
      age,
      expect.stringMatching(`^warning: ${path} line 5: `),
    ]);

    merge({ '.github/wix-cms.yml': 'collections:\n  - id: products\n    exlude: [notes]\n' });
    expect(linesOf(await run({ command: 'export', collections: '' }))).toEqual([
      'Export failed: the configuration needs a correction',
      '  failure-reason: config',
      expect.stringMatching(/^error: \.github\/wix-cms\.yml line 3: .*exclude/),
    ]);
    expectDry(printed, emulator.apiKey);
  });
});

test('a conflict on cells of several lines is one line, and an import that wrote them in another form says so', async () => {
  await within({ ...site, csvTypes: 'text' }, async (situation) => {
    const dryer = offRunner(situation);
    const { run, file, merge, emulator, printed } = dryer;
    await run({ command: 'export' });
    const text = file(path) ?? '';
    merge({ [path]: text.replace('line two', 'line 2\u200B') });
    emulator.site.edit('products', 'p2', { notes: 'line one\tand\nmore' });
    expect(linesOf(await run({ command: 'import' })).slice(-7)).toEqual([
      'Not imported: 1 conflict',
      '  failure-reason: conflict',
      '  products: 1 conflict and 1 warning',
      age,
      'error: One row was changed in the same place both in git and in the CMS, and left alone on both sides. To keep what the site has, write it into the files; or set the input on-conflict to git or cms.',
      `error: ${path} line 3: products, row "p2": notes was "line one\\nline two"; in git it is "line one\\nline 2\\u{200B}", on the site "line one\\tand\\nmore".`,
      `warning: ${path} line 3: notes holds the invisible character U+200B. Delete it, or type the cell anew.`,
    ]);

    merge({ [path]: text.replace(',9,', ',10,') });
    expect(linesOf(await run({ command: 'import', 'on-conflict': 'cms' })).slice(-3)).toEqual([
      'Imported: 1 product changed',
      '  products: 1 row edited on the site, 1 changed row and 1 remark',
      age,
    ]);
    expectDry(printed, emulator.apiKey);
  });
});

test('content that a terminal could not show is spelled out', async () => {
  await within(site, async (situation) => {
    const { run, emulator, printed } = offRunner(situation);
    const collections = 'products\u202E::error::';
    expect(linesOf(await run({ command: 'export', collections })).at(-1)).toContain(
      'products\\u{202E}::error::',
    );
    expectDry(printed, emulator.apiKey);
  });
});

test('every message of the action is ASCII', () => {
  const all = messages();
  // Of the texts, these dots stand for what is filled in.
  const odd = all.filter(({ text }) => /[^\n -~…]/.test(text));
  expect(all.length).toBeGreaterThan(100);
  expect(odd).toEqual([]);
});

/** ASCII without control characters, colours or commands to a runner, and no secret. */
function expectDry(printed: readonly string[], apiKey: string): void {
  expect(printed.length).toBeGreaterThan(0);
  for (const log of printed) {
    expect(log).toMatch(/^[\n -~]+$/);
    expect(log).not.toMatch(/^\s*::|##\[/m);
    expect(log).not.toContain(apiKey);
    expect(log).not.toContain(token);
  }
}
