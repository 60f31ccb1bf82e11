import type { Rows } from './ledger.ts';
import { type Choice, mainStays, mergeLines } from './merge-lines.ts';
import { repositoryName } from './running.ts';
import { csvPath, type FieldName, fields, type Line, linesOf, textOf } from './tables.ts';
import type { Scene } from './world.ts';

/** What people do with the pull request of an export. */
export interface Merging {
  readonly method: 'merge' | 'squash' | 'rebase';
  /** Whose value they take where both changed a cell. */
  readonly winner: 'main' | 'branch';
  /** Whether GitHub keeps the branch. */
  readonly keeps: boolean;
}

const branchName = 'wix-cms/export';
const branchRef = `refs/heads/${branchName}`;

/** The branch of the pull request, whether or not one is open. */
export function proposedBranch({ repository }: Scene) {
  const tip = repository.ref(branchRef);
  return { tip, lines: tip === undefined ? [] : linesAt(repository, tip) };
}

function linesAt(repository: Scene['repository'], commit: string): readonly Line[] {
  return linesOf(repository.filesAt(commit)[csvPath] ?? '');
}

/** The open pull request, and what it and main have made of what both began with. */
async function openProposal(scene: Scene, winner: Merging['winner']) {
  const { hub, main, repository, names } = scene;
  await hub?.follow();
  const pull = hub?.pulls.find(
    ({ state, headBranch }) => state === 'open' && headBranch === branchName,
  );
  const { tip, lines } = proposedBranch(scene);
  if (pull === undefined || tip === undefined) return undefined;
  main.merge();
  const target = repository.tip();
  const base = repository.git('merge-base', target, tip);
  const versions = { base: linesAt(repository, base), main: main.lines(), branch: lines };
  const { site } = scene.sides();
  // Nobody decides for what the CMS has taken back.
  const isLive: Choice = (row, field, text) => site.get(row)?.cells[field] === text;
  const merged = (choose: Choice) => mergeLines(names.nameOf, versions, choose);
  return {
    ...{ pull, tip, target, base, lines, fork: versions.base },
    clean: merged(mainStays),
    resolved: merged(winner === 'main' ? mainStays : isLive),
    /** As it would be if the pull request won wherever both changed a cell. */
    opposite: merged(() => true),
  };
}

type Proposal = NonNullable<Awaited<ReturnType<typeof openProposal>>>;

/** Somebody merges it, and resolves what git cannot. */
export async function mergeProposal(
  scene: Scene,
  { method, winner, keeps }: Merging,
): Promise<string> {
  const { main, repository, names, ledger, hub } = scene;
  const proposal = await openProposal(scene, winner);
  if (proposal === undefined || proposal.base === proposal.tip) return '';
  const { tip, target, base, resolved, pull } = proposal;
  const before = names.gitRows(main.lines());
  for (const step of method === 'rebase' && base === target
    ? earlierCommits(scene, proposal)
    : []) {
    repository.commit('main', [repository.tip()], repository.filesAt(step));
  }
  const parents = [repository.tip(), ...(method === 'merge' ? [tip] : [])];
  const files = repository.filesAt(tip);
  const merged = base === target ? files : { ...files, [csvPath]: textOf(resolved) };
  repository.commit('main', parents, merged);
  main.merge();
  accept(scene, proposal, before);
  decide(scene, proposal);
  if (scene.offered) ledger.agree({ git: names.gitRows(main.lines()), site: scene.offered }, true);
  ledger.agree(scene.sides(), false);
  await hub?.follow();
  // The stand-in merges as git does alone, so it has not seen a squash merge.
  const closed = { state: 'closed', merged: true, mergeCommit: repository.tip() };
  Object.assign(pull, { ...closed, closedAt: '2026-01-01T00:00:00Z' });
  if (!keeps) repository.git('update-ref', '-d', branchRef);
  return `the pull request is merged by ${method}: ${JSON.stringify(resolved)}`;
}

/** The commits of the branch but the last one, oldest first; none where the target was merged into it. */
function earlierCommits({ repository }: Scene, { base, tip }: Proposal): readonly string[] {
  const listed = repository.git('rev-list', '--reverse', '--parents', `${base}..${tip}`);
  const commits = listed.split('\n').map((line) => line.split(' '));
  const isLinear = commits.every((each) => each.length === 2);
  return isLinear ? commits.slice(0, -1).map(([commit = '']) => commit) : [];
}

/**
 * Somebody has taken what was proposed, and what the site holds by now stays the newest. Example: an export
 * lets the CMS win, an import lets git win, and then the pull request of the export is merged: the next
 * export brings back what git had.
 */
function accept({ ledger, names, sides }: Scene, { clean }: Proposal, before: Rows): void {
  const merged = names.gitRows(clean);
  const { site } = sides();
  for (const key of merged.keys()) if (!before.has(key)) ledger.restored('git', key);
  for (const [key, was] of before) {
    const [row, live] = [merged.get(key), site.get(key)];
    if (!row && !live) ledger.people('git', new Map([[key, was]]), merged);
    const taken = fields.filter((field) => row && live && row.cells[field] !== was.cells[field]);
    for (const field of taken) {
      ledger.follows(key, field, row?.cells[field] ?? '', live?.cells[field] ?? '');
    }
  }
}

/** Whoever resolves has seen both; by the values alone, nobody can tell that afterwards. */
function decide({ ledger, names }: Scene, proposal: Proposal): void {
  const { clean, resolved, opposite, fork, lines } = proposal;
  const [ours, chosen] = [names.gitRows(clean), names.gitRows(resolved)];
  ledger.people('git', ours, chosen);
  const [was, branch] = [names.gitRows(fork), names.gitRows(lines)];
  for (const key of chosen.keys()) {
    if (was.has(key) && !branch.has(key)) ledger.keep(key);
  }
  for (const [key, { cells }] of names.gitRows(opposite)) {
    const [mine, now] = [ours.get(key)?.cells, chosen.get(key)?.cells];
    const torn = fields.filter((field) => mine && mine[field] !== cells[field]);
    ledger.doubt(key, torn);
    for (const field of torn) ledger.follows(key, field, cells[field] ?? '', now?.[field] ?? '');
  }
}

/** Somebody presses Update branch, and resolves what git cannot. */
export async function updateProposal(scene: Scene, winner: Merging['winner']): Promise<string> {
  const proposal = await openProposal(scene, winner);
  if (proposal === undefined || proposal.base === proposal.target) return '';
  const { tip, target, resolved } = proposal;
  decide(scene, proposal);
  scene.repository.commit(branchName, [tip, target], { [csvPath]: textOf(resolved) });
  return `main is merged into the pull request: ${JSON.stringify(resolved)}`;
}

/** Somebody corrects a cell on its branch. */
export async function correctProposal(
  scene: Scene,
  row: number,
  [field, text]: readonly [FieldName, string],
): Promise<string> {
  const { repository, names, ledger } = scene;
  const { lines = [], tip } = (await openProposal(scene, 'main')) ?? {};
  const line = lines[row % Math.max(1, lines.length)];
  if (tip === undefined || line === undefined || line.id === '') return '';
  const edited = { ...line, cells: { ...line.cells, [field]: text } };
  const corrected = lines.map((each) => (each === line ? edited : each));
  ledger.people('git', names.gitRows(lines), names.gitRows(corrected));
  ledger.doubt(names.nameOf(line), [field]);
  repository.commit(branchName, [tip], { [csvPath]: textOf(corrected) });
  return `the pull request is corrected: ${line.id}.${field} = ${JSON.stringify(text)}`;
}

/** Somebody deletes the branch, with what they have committed to it. */
export function discardProposal({ repository }: Scene): string {
  repository.deleteRef(branchRef);
  return 'the branch of the pull request is deleted';
}

/** Somebody closes it, and may delete its branch. */
export async function closeProposal(scene: Scene, keeps: boolean): Promise<string> {
  const { hub, repository } = scene;
  const proposal = await openProposal(scene, 'main');
  if (hub === undefined || proposal === undefined) return '';
  const url = `${hub.url}/repos/${repositoryName}/pulls/${proposal.pull.number}`;
  const headers = { authorization: 'token token-of-maria' };
  const body = JSON.stringify({ state: 'closed' });
  const answer = await fetch(url, { method: 'PATCH', headers, body });
  if (!answer.ok) throw new Error(`PATCH ${url}: ${answer.status} ${await answer.text()}`);
  if (!keeps) repository.git('update-ref', '-d', branchRef);
  return `the pull request is closed${keeps ? '' : ', and its branch deleted'}`;
}
