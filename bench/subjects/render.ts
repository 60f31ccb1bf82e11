import { join } from 'node:path';
import { planFile } from '../../src/commands/plan/file-plan.ts';
import type { HeadContent } from '../../src/commands/read/head-content.ts';
import { comment, summary } from '../../src/report/comment.ts';
import { page } from '../../src/report/page/page.ts';
import { type Result, untouched } from '../../src/report/result.ts';
import type { Work } from '../child.ts';
import { content, opened, placeContent } from '../content.ts';
import { dataOf } from '../data.ts';
import { scratch } from '../scratch.ts';

const renderings = {
  comment: (result: Result) => comment(result, { marker: '<!-- bench -->' }),
  summary: (result: Result) => summary(result),
  page: (result: Result) => [...page(result)].join('').length,
};

/** A plan of 1 % changed rows, as one of the reports. */
export async function prepare(report = '', table?: string): Promise<Work> {
  const data = dataOf(table);
  const folder = scratch('versions');
  const folders = { head: join(folder, 'head'), base: join(folder, 'base') };
  placeContent(folders.base, data);
  placeContent(folders.head, { ...data, edited: data.rows / 100 });
  const result = resultOf(await opened(folders.head, folders.base));
  for (const [name, render] of Object.entries(renderings)) {
    if (name === report) return () => render(result);
  }
  throw new Error(`There is no report ${report}`);
}

function resultOf(head: HeadContent): Result {
  const limits = {
    maxDeletes: { kind: 'percent', percent: 10 },
    maxChanges: { kind: 'percent', percent: 50 },
    allowEmpty: false,
  } as const;
  const plan = planFile(head, { ...head.sides, recorded: undefined }, limits, undefined);
  return {
    command: 'plan',
    status: 'success',
    failureReason: undefined,
    files: [{ ...untouched(content.id, content.path), changes: plan.changes }],
    findings: [],
    warnings: [],
    commit: undefined,
    branch: undefined,
    pullRequest: undefined,
    fingerprint: '0'.repeat(64),
    backupDirectory: undefined,
  };
}
