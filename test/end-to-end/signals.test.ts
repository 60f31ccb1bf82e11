import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { proposed } from './proposal.ts';
import { exported, path, type Situation, site, within } from './situation.ts';

/** A signal that reaches the process so many milliseconds after its start. */
interface Moment {
  readonly signal: NodeJS.Signals;
  readonly after: number;
}

const slow: EmulatorOptions = {
  ...site,
  jobSteps: { uninitialized: 20, initializing: 20, inProgress: 160 },
};

/** An edit, a new row without an id, and a removal. */
const edited = `${exported.replace('Green tea', 'Sencha').replace('p3,White tea,9,,\n', '')},Oolong,7,,\n`;

interface Interrupted {
  readonly inputs: Readonly<Record<string, string>>;
  /** Answers where the command runs, if not on main. */
  readonly prepare: (situation: Situation) => Promise<Place>;
}

type Place = Parameters<Situation['run']>[1];

const importing: Interrupted = {
  inputs: { command: 'import', deletes: 'apply' },
  async prepare({ run, merge }) {
    await run({ command: 'export' });
    merge({ [path]: edited });
    return {};
  },
};

const exporting: Interrupted = {
  inputs: { command: 'export', commit: 'pull-request' },
  async prepare({ run, emulator }) {
    await run({ command: 'export' });
    emulator.site.edit('products', 'p1', { title: 'Gyokuro' });
    return {};
  },
};

const planning: Interrupted = {
  inputs: { command: 'plan', deletes: 'apply' },
  async prepare(situation) {
    await situation.run({ command: 'export' });
    situation.emulator.site.edit('products', 'p2', { price: 6 });
    return proposed(situation, { [path]: edited });
  },
};

test.each([
  ['import', importing, 30],
  ['export', exporting, 20],
  ['plan', planning, 6],
] as const)(
  '%s: a run that gets a signal at any moment ends within five seconds, tells what it did, and can be run again',
  async (_command, interrupted, points) => {
    const undisturbed = await play(interrupted, undefined);
    const moments = Array.from({ length: points }, (_, i): Moment => {
      const after = Math.round(((i + 0.5) / points) * undisturbed.milliseconds);
      return { signal: i % 2 === 0 ? 'SIGINT' : 'SIGTERM', after };
    });
    const problems: string[] = [];
    const outcomes = new Set<string>();
    for (let first = 0; first < points; first += 3) {
      const played = moments.slice(first, first + 3).map(async (moment) => {
        const { outcome, settled } = await play(interrupted, moment);
        outcomes.add(outcome);
        const at = `${moment.signal} after ${moment.after} of ${undisturbed.milliseconds} ms`;
        if (outcome.startsWith('PROBLEM')) problems.push(`${outcome} (${at})`);
        if (settled !== undisturbed.settled) problems.push(`The next runs left ${settled} (${at})`);
      });
      await Promise.all(played);
    }
    expect(problems).toEqual([]);
    expect([...outcomes]).toEqual(expect.arrayContaining(['cancelled, nothing written']));
  },
  600_000,
);

interface Played {
  readonly outcome: string;
  /** Both sides, when the command was run again, and an export after it. */
  readonly settled: string;
  readonly milliseconds: number;
}

async function play({ inputs, prepare }: Interrupted, moment: Moment | undefined): Promise<Played> {
  const played: Played[] = [];
  await within(slow, async (situation) => {
    const place = await prepare(situation);
    const before = sidesOf(situation);
    const asked = situation.emulator.requests.length;
    let signalled = 0;
    const run = await situation.run(inputs, {
      ...place,
      bundled: true,
      onStart: (kill) => {
        if (moment === undefined) return;
        setTimeout(() => {
          signalled = Date.now();
          kill(moment.signal);
        }, moment.after);
      },
    });
    const ending = Date.now() - signalled;
    const outcome = outcomeOf(situation, run, { inputs, before, asked });
    const isSlow = moment !== undefined && signalled > 0 && ending >= 5_000;
    const settled = await settle(situation, inputs, place);
    const words = isSlow ? `PROBLEM: it ended after ${ending} ms` : outcome;
    played.push({ outcome: words, settled, milliseconds: run.milliseconds });
  });
  const [only] = played;
  if (only === undefined) throw new Error('Nothing was played');
  return only;
}

function outcomeOf(
  situation: Situation,
  { exitCode, outputs, annotations, workspace }: Awaited<ReturnType<Situation['run']>>,
  {
    inputs,
    before,
    asked,
  }: Pick<Interrupted, 'inputs'> & { readonly before: string; readonly asked: number },
): string {
  const { emulator } = situation;
  const left = emulator
    .jobs()
    .filter(({ name, status }) => name?.includes(' import ') && /I(NG|ZED|ESS)$/.test(status));
  if (left.length > 0) return `PROBLEM: ${left.length} import jobs still run`;
  const odd = oddFileIn(workspace);
  if (odd !== undefined) return `PROBLEM: ${odd}`;
  const isUntouched = sidesOf(situation) === before;
  if (exitCode === -1) {
    // Before its first line has run, the process can not hear.
    const isEarly = isUntouched && emulator.requests.length === asked;
    return isEarly ? 'not begun' : 'PROBLEM: it was killed in the middle';
  }
  if (inputs.command === 'plan' && !isUntouched) return 'PROBLEM: a plan has written';
  if (exitCode === 0) return outputs.status === 'success' ? 'too late' : 'PROBLEM: no success';
  if (outputs['failure-reason'] !== 'cancelled') {
    return `PROBLEM: ${outputs['failure-reason']} ${annotations.join()}`;
  }
  if (isUntouched) return 'cancelled, nothing written';
  const counted = ['rows-added', 'rows-changed', 'rows-removed'].some(
    (name) => outputs[name] !== '0',
  );
  const isTold =
    counted || /may (still write|run|have been written|have arrived)/.test(annotations.join());
  return isTold ? 'cancelled, and told' : 'PROBLEM: it wrote in secret';
}

/** The rows of the site, and the branches of the repository. */
function sidesOf({ emulator, file }: Situation): string {
  const items = [...emulator.site.collection('products').items.values()];
  const rows = items.map(({ title, price }) => `${title} ${price}`).sort();
  return JSON.stringify({ rows, main: file(path), offered: file(path, 'wix-cms/export') });
}

/** A file of the working tree that is not whole. */
function oddFileIn(workspace: string): string | undefined {
  const names = readdirSync(join(workspace, 'content/collections'));
  const other = names.find((name) => !/^products\.(csv|schema\.json)$/.test(name));
  if (other !== undefined) return `${other} was left`;
  const text = readFileSync(join(workspace, path), 'utf8');
  return text.startsWith('_id,') && text.endsWith('\n') ? undefined : `a torn file: ${text}`;
}

/** Runs the command again, and an export, as the workflows do. */
async function settle(
  situation: Situation,
  inputs: Interrupted['inputs'],
  place: Place,
): Promise<string> {
  const again = await situation.run(inputs, place);
  const after = await situation.run({ command: 'export', deletes: 'apply' });
  const codes = `${again.exitCode} ${after.exitCode}`;
  const { comments, pulls } = situation.hub;
  const told = `${comments.length} comments ${pulls.map(({ labels }) => labels)}`;
  return `${codes} ${told} ${sidesOf(situation).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')}`;
}
