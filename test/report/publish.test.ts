import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { defectLine } from '../../src/report/publish.ts';
import type { Result } from '../../src/report/result.ts';

import { aPlan } from './plan-samples.ts';
import { aCell, aChange, aConflict, aFile, aRejection, aResult, file } from './samples.ts';

const onRunner = { GITHUB_ACTIONS: 'true', NO_COLOR: '1' };

describe('publish', () => {
  test('hands a result to the runner in all its forms', () => {
    const step = aStep();
    const files = [aFile({ changes: [aChange()], rejections: [aRejection()] })];
    const lines = published(aResult({ status: 'partial', files }), step);

    expect(lines).toEqual([
      'Imported in part: 1 product changed; Wix rejected 1 row',
      '  products: 1 rejected row and 1 changed row',
      `::warning title=Rejected row,file=${file},line=7::${file} line 7: products, row "sofa": WDE0009: Item is too large.`,
    ]);
    expect(outputsIn(step)).toMatchObject({
      status: 'partial',
      changed: 'true',
      'rows-rejected': '1',
      'failure-reason': '',
      'report-json': join(step.tempDir, 'wix-cms-report.json'),
      'report-html': '',
    });
    expect(readFileSync(step.summary, 'utf8')).toContain('<b>Rejected by Wix (1)</b>');
    const report = JSON.parse(readFileSync(join(step.tempDir, 'wix-cms-report.json'), 'utf8'));
    expect(report.totals.rejected).toBe(1);
  });

  test('lets no content start a command, end one or add an output', () => {
    const step = aStep();
    const text = 'x\n::error::boo\n##[error]boo %0A::warning::boo';
    const files = [aFile({ conflicts: [aConflict({ key: text, git: text })], name: text })];
    const lines = published(aResult({ branch: 'a\nb<<EOF', files }), step);

    const commands = lines.filter((line) => /^\s*::|##\[/.test(line));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^::error title=Conflict,file=[^:]+,line=3::/);
    expect(outputsIn(step).branch).toBe('a\nb<<EOF');
  });

  test('never shows a secret that a server has echoed', () => {
    const step = aStep();
    const secret = 'IST.eyJraWQiOi-a-key-of-Wix';
    const changes = [aChange({ key: secret, cells: [aCell('note', '', `it is ${secret}`)] })];
    const conflicts = [
      aConflict({ key: secret, cms: Buffer.from(`:${secret}`).toString('base64') }),
    ];
    const plan = aPlan({ files: [aFile({ name: secret, changes, conflicts })], branch: secret });
    const lines = published(plan, step, onRunner, secret);
    const reports = ['wix-cms-report.json', 'wix-cms-report.html', 'output', 'summary'];
    const said = [
      lines.join(),
      ...reports.map((name) => readFileSync(join(step.tempDir, name), 'utf8')),
    ];
    for (const text of said) {
      expect(text).toMatch(/(\*|&#42;){3}/);
      expect(text).not.toMatch(/IST|eyJraWQiOi|a-key-of|SVNULmV5SnJhV1F/);
    }
  });

  test('says what the run came to though the summary cannot be written', () => {
    const step = aStep();
    const lines = published(aResult(), {
      ...step,
      summary: join(step.tempDir, 'nowhere', 'summary'),
    });
    expect(lines[0]).toBe('Imported: no row changed');
    expect(lines.at(-1)).toMatch(/^::warning::Cannot write the job summary: /);
    expect(outputsIn(step).status).toBe('success');
  });

  test('says what the run came to though the report cannot be written', () => {
    const step = aStep();
    const lines = published(aResult(), { ...step, tempDir: step.output });
    expect(lines[0]).toMatch(/^::warning::Cannot write the JSON report: /);
    expect(outputsIn(step)).toMatchObject({ status: 'success', 'report-json': '' });
    expect(readFileSync(step.summary, 'utf8')).toContain('Imported');
  });

  test('needs no runner, and speaks no commands without', () => {
    const files = [aFile({ conflicts: [aConflict()] })];
    const warnings = ['There is no record yet.'];
    const result = aResult({ status: 'failed', failureReason: 'conflict', files, warnings });
    expect(published(result, { ...aStep(), output: '', summary: '' }, {})).toEqual([
      'Import failed: git and the site both changed 1 cell',
      '  failure-reason: conflict',
      '  products: 1 conflict',
      `error: ${file} line 3: products, row "chair": price was "10"; in git it is "12", on the site "11".`,
      'warning: There is no record yet.',
    ]);
  });
});

test('of anything but a failure it is said that it is a defect, and where to report it', () => {
  const error = new TypeError('x is not a function');
  expect(defectLine(error, 'owner/action')).toBe(
    'This is a defect of the action, not of the content: TypeError: x is not a function. ' +
      'Please report it at https://github.com/owner/action/issues, with the log of a run with debug logging.',
  );
  expect(defectLine('lost')).toContain("lost. Please report it at the issues of the action's");
});

/** The files that a runner gives to one step of a job. */
function aStep() {
  const tempDir = mkdtempSync(join(tmpdir(), 'report-'));
  const step = { tempDir, output: join(tempDir, 'output'), summary: join(tempDir, 'summary') };
  writeFileSync(step.output, '');
  writeFileSync(step.summary, '');
  return step;
}

/** Publishes in a process of its own, and returns the lines that it printed. */
function published(
  result: Result,
  step: ReturnType<typeof aStep>,
  environment: object = onRunner,
  secret = '',
): readonly string[] {
  const node = join(import.meta.dirname, '../../node_modules/.bin/node');
  const child = join(import.meta.dirname, 'publish-child.ts');
  const { PATH = '' } = process.env;
  const env = {
    ...environment,
    PATH,
    GITHUB_OUTPUT: step.output,
    GITHUB_STEP_SUMMARY: step.summary,
  };
  const args = ['--no-warnings', child, JSON.stringify(result), step.tempDir, secret];
  return execFileSync(node, args, { env, encoding: 'utf8' }).trimEnd().split(/\r?\n/);
}

/** Reads the outputs as the runner does: `name<<delimiter`, lines, `delimiter`. */
function outputsIn({ output }: { readonly output: string }): Record<string, string> {
  const pattern = /^([\w-]+)<<(ghadelimiter_[\w-]+)\n([\s\S]*?)\n\2$/gm;
  const entries = [...readFileSync(output, 'utf8').matchAll(pattern)];
  return Object.fromEntries(entries.map(([, name, , value]) => [name, value]));
}
