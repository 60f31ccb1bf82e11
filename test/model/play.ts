import fc from 'fast-check';
import type { Result } from '../../src/report/result.ts';
import type { Rows } from './ledger.ts';
import type { Repository } from './repository.ts';
import { makeTemplate, type Setting } from './site.ts';
import { type History, history, inWords, play, type Step } from './steps.ts';
import { csvPath } from './tables.ts';
import { Violation } from './verdict.ts';
import { openWorld, type World } from './world.ts';

/**
 * Plays sequences, several at a time, since a run waits for git most of the time. Prints the
 * shortest sequence that goes wrong, if any does, and exits with 1.
 *
 * Usage: node play.ts <seed> <sequences> [lose], or node play.ts <a history that was printed>. A process of its
 * own is small, and processes of git are begun much faster from a small process.
 */
const [first = '0', sequences = '100', loses] = process.argv.slice(2);
const lanes = 3;

const template = await makeTemplate();
const failures = first.startsWith('[')
  ? // It is what this program has printed.
    [await storyOf(JSON.parse(first) as History)]
  : await Promise.all(
      Array.from({ length: lanes }, (_, lane) => {
        const share = Math.ceil((Number(sequences) - lane) / lanes);
        return check(Number(first) + lane * 1_000_003, share);
      }),
    );
const [failure] = failures.filter((each) => each !== undefined);
if (failure !== undefined) process.stdout.write(`${failure}\n`);
process.exit(failure === undefined ? 0 : 1);

/** Plays a history; answers its story, where it goes wrong. */
async function storyOf([setting, steps]: History): Promise<string | undefined> {
  try {
    await playAll(template, setting, steps);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function check(seed: number, numRuns: number): Promise<string | undefined> {
  const property = fc.asyncProperty(history(loses === 'lose'), async (each) => {
    const story = await storyOf(each);
    if (story !== undefined) throw new Error(story);
  });
  const { counterexample } = await fc.check(property, { seed, numRuns, endOnFailure: true });
  return counterexample ? shortest(counterexample[0]) : undefined;
}

/** The history with as many steps left out as can be in a minute, while it still goes wrong. */
async function shortest([setting, steps]: History): Promise<string> {
  const deadline = Date.now() + 60_000;
  let [shorter, story] = [steps, await storyOf([setting, steps])];
  for (let i = 0; i < shorter.length && Date.now() < deadline; ) {
    const without = shorter.toSpliced(i, 1);
    const still = await storyOf([setting, without]);
    if (still === undefined) i += 1;
    else [shorter, story] = [without, still];
  }
  return `${JSON.stringify([setting, shorter])}\n${story}`;
}

/** Plays one sequence to its end; throws with the whole story where something is wrong. */
async function playAll(
  template: Repository,
  setting: Setting,
  steps: readonly Step[],
): Promise<void> {
  const world = await openWorld(template, setting);
  const story: string[] = [];
  try {
    for (const step of steps) {
      story.push(JSON.stringify(step));
      const words = await play(world, step);
      story.pop();
      if (words !== '') story.push(words);
    }
    world.decide();
    story.push('Then undisturbed runs.');
    await settle(world, story);
  } catch (error) {
    const wrong =
      error instanceof Violation
        ? error.message
        : String(error instanceof Error ? error.stack : error);
    throw new Error([...story.map((line) => `  ${line}`), `  WRONG: ${wrong}`].join('\n'));
  } finally {
    await world.close();
  }
}

/** Undisturbed runs bring both sides together, and further ones change nothing. */
async function settle(world: World, story: string[]): Promise<void> {
  const commit = world.setting.publishing;
  const running = { onConflict: 'git', commit, behind: 0 } as const;
  const run = async (command: 'import' | 'export', statuses: readonly string[]) => {
    let result = await world.run({ ...running, command });
    if (isInTheWay(result)) {
      // As the run says: nobody else can decide about what they have committed there.
      story.push(`${command}: ${inWords(result)}`, world.proposal.discard());
      result = await world.run({ ...running, command });
    }
    story.push(`${command}: ${inWords(result)}`);
    const { status } = result;
    if (!statuses.includes(status)) throw new Violation(`the ${command} came to ${status}`);
    story.push(await world.proposal.merge({ method: 'squash', winner: 'main', keeps: true }));
  };
  // A pull request that was merged may bring what the next import has to write.
  for (let round = 0; round < (commit === 'push' ? 1 : 2); round += 1) {
    await run('import', ['success', 'unchanged']);
    await run('export', ['success', 'unchanged']);
  }
  const { git, site } = world.sides();
  if (shown(git) !== shown(site)) throw new Violation(`git: ${shown(git)}\nsite: ${shown(site)}`);
  const missing = world.missing();
  if (missing.length > 0) throw new Violation(`an import took ${missing.join(', ')} off the site`);
  const settled = stateOf(world);
  await run('import', ['unchanged']);
  await run('export', ['unchanged']);
  if (stateOf(world) !== settled) throw new Violation('runs without edits changed something');
  const committed = world.repository.filesAt(world.repository.tip())[csvPath];
  const fresh = await world.exportAfresh();
  if (fresh !== committed)
    throw new Violation(`git holds\n${committed}\nbut an export is\n${fresh}`);
}

/** Whether the branch of a closed pull request has somebody's commit that conflicts with main. */
function isInTheWay({ failureReason, failureMessage = '' }: Result): boolean {
  return failureReason === 'conflict' && /has somebody's commits/.test(failureMessage);
}

function shown(rows: Rows): string {
  const entries = [...rows].map(([key, { cells }]) => [key, cells] as const);
  return JSON.stringify(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function stateOf({ repository, emulator }: World): string {
  return JSON.stringify([repository.tip(), [...emulator.site.collection('items').items]]);
}
