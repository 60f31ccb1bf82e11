import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLog, plain, runLog, styleOf } from '../../src/report/log.ts';
import type { Runner } from '../../src/report/runner.ts';
import { createSecrets } from '../../src/report/secrets.ts';
import { hostileText } from './hostile.ts';
import { aPlan } from './plan-samples.ts';
import {
  aChange,
  aConflict,
  added,
  aFile,
  aFinding,
  aLoss,
  aMismatch,
  aRejection,
  aResult,
} from './samples.ts';

function recorder(): { readonly lines: string[]; readonly runner: Runner } {
  const lines: string[] = [];
  const runner: Runner = {
    info: (line) => void lines.push(line),
    warning: (line) => void lines.push(`warning ${line}`),
    debug: (line) => void lines.push(`debug ${line}`),
    startGroup: (title) => void lines.push(`group ${title}`),
    endGroup: () => void lines.push('end'),
    annotate() {},
    mask() {},
    setOutput() {},
    async addToSummary() {},
  };
  return { lines, runner };
}

/** A log in black and white, at a moment that the test decides. */
function aLog(runner: Runner, now = () => 0, secrets = createSecrets()) {
  return createLog(runner, secrets.redact, { now, sleep: async () => {} }, plain);
}

describe('createLog', () => {
  test('hands each kind of line to the runner', () => {
    const { lines, runner } = recorder();
    const log = aLog(runner);
    log.info('one');
    log.warning('two');
    log.debug('three');
    expect(lines).toEqual(['one', 'warning two', 'debug three']);
  });

  test('folds the lines of a step and says how long it took, even if it failed', async () => {
    const { lines, runner } = recorder();
    let now = 0;
    const log = aLog(runner, () => now);
    const work = log.step('Reading the site', async () => {
      log.info('products: 3 rows');
      log.warning('tags: none');
      now = 4_000;
      throw new Error('lost');
    });
    await expect(work).rejects.toThrow('lost');
    log.info('done');
    expect(lines).toEqual([
      'group Reading the site',
      'products: 3 rows',
      'warning tags: none',
      'took 4 s',
      'end',
      'done',
    ]);
  });

  test('says how long a step took that had nothing to say, where it took long', async () => {
    const { lines, runner } = recorder();
    let now = 0;
    const log = aLog(runner, () => now);
    await log.step('Merging the site into the files', async () => {
      now += 17_000;
    });
    expect(lines).toEqual(['group Merging the site into the files', 'took 17 s', 'end']);
  });

  test('does not mention a step that has nothing to say', async () => {
    const { lines, runner } = recorder();
    const log = aLog(runner);
    expect(await log.step('Reading the site', async () => log.debug('one'))).toBeUndefined();
    log.info('done');
    expect(lines).toEqual(['debug one', 'done']);
  });

  test('never says how an address was signed', () => {
    const { lines, runner } = recorder();
    const log = aLog(runner);
    log.debug('PUT https://upload.example.com/1?signature=abc');
    expect(lines).toEqual(['debug PUT https://upload.example.com/1?...']);
  });
});

test('a secret stays out of every line, before the line is written for a terminal', () => {
  const { lines, runner } = recorder();
  const secrets = createSecrets();
  secrets.add('key-\twith-tab');
  const log = aLog(runner, undefined, secrets);
  log.info('The key is key-\twith-tab.');
  log.debug('{"key":"key-\\twith-tab"}');
  expect(lines).toEqual(['The key is ***.', 'debug {"key":"***"}']);
});

describe('styleOf', () => {
  test.each([
    [{}, false, false],
    [{}, true, true],
    [{ GITHUB_ACTIONS: 'true' }, false, true],
    [{ GITHUB_ACTIONS: 'true', NO_COLOR: '1' }, false, false],
    [{ NO_COLOR: '' }, true, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
  ])('with %j and a terminal: %j, colours: %j', (env, isTerminal, colours) => {
    expect(styleOf(env, isTerminal) !== plain).toBe(colours);
  });
});

describe('runLog', () => {
  const result = aResult({
    status: 'failed',
    failureReason: 'validation',
    commit: '0123456789abcdef0123456789abcdef01234567',
    branch: 'main',
    findings: [aFinding()],
    files: [
      aFile({
        changes: [aChange(), added('sofa')],
        rejections: [aRejection()],
        conflicts: [aConflict()],
        losses: [aLoss()],
        mismatches: [aMismatch()],
        drift: [aChange()],
      }),
      aFile({
        name: 'tags',
        path: 'content/collections/tags.csv',
        failure: { reason: 'job-failed', message: 'tags: the job failed.' },
      }),
      aFile({ name: 'quiet', path: 'content/collections/quiet.csv' }),
    ],
    pullRequest: { number: 12, url: 'https://github.com/owner/site/pull/12' },
  });

  test('closes a run in plain lines', () => {
    expect(runLog(result)).toMatchInlineSnapshot(`
     "Import failed: the files have 1 error. Done before that: 1 product changed and 1 added; Wix rejected 1 row
       failure-reason: validation
       tags: the job failed.
       products: 1 conflict, 1 lost value, 1 cell stored differently, 1 rejected row, 1 error, 1 row edited on the site, 1 changed row and 1 added row
       commit with the ids of new rows: 0123456789ab on main
       pull request with the ids of new rows: https://github.com/owner/site/pull/12"
    `);
  });

  test.each([
    [{ status: 'success' }, 'Imported: no row changed'],
    [{ status: 'unchanged' }, 'Nothing to import: git has nothing new'],
    [{ command: 'export', status: 'unchanged' }, 'Nothing to export: the site has nothing new'],
    [
      { command: 'plan', status: 'unchanged', commitPlanned: 'c0ffee' },
      'Merging this changes nothing on the site',
    ],
    [{ command: 'plan', status: 'unchanged' }, 'An import would change nothing on the site'],
    [
      { command: 'plan', status: 'failed', failureReason: 'verify-mismatch' },
      'The site was edited since git and the site last agreed\n  failure-reason: verify-mismatch',
    ],
    [{ status: 'partial' }, 'Not imported: the site took only some of the rows'],
    [
      { status: 'partial', failureReason: 'partial' },
      'Not imported: the site took only some of the rows\n  failure-reason: partial',
    ],
    [
      { status: 'partial', failureReason: 'verify-mismatch' },
      'Not imported: the site does not have what it was sent\n  failure-reason: verify-mismatch',
    ],
    [
      { status: 'failed', failureReason: 'cancelled' },
      'Import failed: it was cancelled\n  failure-reason: cancelled',
    ],
  ] as const)('says of %j what it came to', (how, line) => {
    expect(runLog(aResult(how))).toBe(line);
  });

  test('says of a plan what the merge would do', () => {
    const files = [aFile({ changes: [aChange(), added('sofa')] })];
    expect(runLog(aPlan({ files })).split('\n')[0]).toBe(
      'Merging this changes 1 product and adds 1',
    );
  });

  test('marks what failed where there are colours', () => {
    const style = styleOf({ FORCE_COLOR: '1' }, false);
    expect(runLog(aResult({ status: 'failed', failureReason: 'auth' }), style)).toBe(
      '\u001B[31m\u001B[1mImport failed: Wix or GitHub did not accept the credentials\u001B[22m\u001B[39m\n  failure-reason: auth',
    );
  });

  test('holds no line that the runner takes for a command, whatever the content', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const failure = { reason: 'api', message: text } as const;
        const hostile = aFile({
          name: text,
          changes: [aChange({ key: text })],
          failure,
        });
        const lines = runLog(aResult({ failureMessage: text, files: [hostile] })).split('\n');
        expect(lines).toHaveLength(3);
        for (const line of lines) expect(line).not.toMatch(/^\s*::|##\[|\p{Cc}/u);
      }),
    );
  });
});
