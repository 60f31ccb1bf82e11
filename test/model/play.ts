import fc from 'fast-check';
import type { Rows } from './ledger.ts';
import type { Repository } from './repository.ts';
import { makeTemplate, type Setting } from './site.ts';
import { inWords, play, type Step, sequence, setting } from './steps.ts';
import { csvPath } from './tables.ts';
import { openWorld, Violation, type World } from './world.ts';

/**
 * Plays sequences, several at a time, since a run waits for git most of the time. Prints the
 * shortest sequence that goes wrong, if any does, and exits with 1.
 *
 * Usage: node play.ts <seed> <sequences>. A process of its own is small, and processes of git are
 * begun much faster from a small process.
 */
const [seed = 0, sequences = 100] = process.argv.slice(2).map(Number);
const lanes = 3;

const template = await makeTemplate();
const failures = await Promise.all(
  Array.from({ length: lanes }, (_, lane) => {
    const share = Math.ceil((sequences - lane) / lanes);
    return check(template, seed + lane * 1_000_003, share);
  }),
);
const [failure] = failures.filter((each) => each !== undefined);
if (failure !== undefined) process.stdout.write(`${failure}\n`);
process.exit(failure === undefined ? 0 : 1);

async function check(
  template: Repository,
  seed: number,
  numRuns: number,
): Promise<string | undefined> {
  const property = fc.asyncProperty(setting, sequence, (setting, steps) =>
    playAll(template, setting, steps),
  );
  const { failed, counterexample, errorInstance } = await fc.check(property, { seed, numRuns });
  if (!failed) return undefined;
  const [given] = counterexample ?? [];
  const story = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${JSON.stringify(given)}\n${story}`;
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
  const running = { onConflict: 'git', commit: 'push', behind: 0 } as const;
  const expected = ['success', 'unchanged'];
  const run = async (command: 'import' | 'export', statuses: readonly string[]) => {
    const result = await world.run({ ...running, command });
    story.push(`${command}: ${inWords(result)}`);
    const { status } = result;
    if (!statuses.includes(status)) throw new Violation(`the ${command} came to ${status}`);
  };
  await run('import', expected);
  await run('export', expected);
  const { git, site } = world.sides();
  if (shown(git) !== shown(site)) throw new Violation(`git: ${shown(git)}\nsite: ${shown(site)}`);
  const settled = stateOf(world);
  await run('import', ['unchanged']);
  await run('export', ['unchanged']);
  if (stateOf(world) !== settled) throw new Violation('runs without edits changed something');
  const committed = world.repository.filesAt(world.repository.tip())[csvPath];
  const fresh = await world.exportAfresh();
  if (fresh !== committed)
    throw new Violation(`git holds\n${committed}\nbut an export is\n${fresh}`);
}

function shown(rows: Rows): string {
  const entries = [...rows].map(([key, { cells }]) => [key, cells] as const);
  return JSON.stringify(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function stateOf({ repository, emulator }: World): string {
  return JSON.stringify([repository.tip(), [...emulator.site.collection('items').items]]);
}
