import { readFileSync } from 'node:fs';
import { cloneOf, git, makeRemote, pushElsewhere } from '../../test/repository/support.ts';
import { measureAction } from '../action.ts';
import { content } from '../content.ts';
import { dataOf, fileOf } from '../data.ts';
import type { Measured } from '../measure.ts';

/** The whole process that plans a pull request with 1 % of a table changed, its reports written. */
export async function run(of = '', runs = '', table?: string): Promise<readonly Measured[]> {
  const data = dataOf(table);
  const measured: Measured[] = [];
  const path = content.path;
  const remote = makeRemote({ [path]: readFileSync(fileOf(data), 'utf8') });
  const base = git(remote, 'rev-parse', 'main');
  const head = pushElsewhere(remote, {
    [path]: readFileSync(fileOf({ ...data, edited: data.rows / 100 }), 'utf8'),
  });
  const workspace = cloneOf(remote, { depth: 2 });
  for (let i = 0; i < Number(runs); i += 1) {
    const inputs = { command: 'plan', collections: content.id, comment: 'false', token: 'token' };
    const event = { pull_request: { number: 1, base: { sha: base }, head: { sha: head } } };
    const environment = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/1/merge' };
    measured.push(await measureAction(of, { workspace, inputs, event, environment }));
  }
  return measured;
}
