/** What belongs to the process: `dist/` as a runner starts it, and the signals that a runner sends. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { proposed } from './proposal.ts';
import { exported, path, type Situation, site, titleOf, within } from './situation.ts';

const edited = exported.replace('Green tea', 'Sencha');

interface Command {
  readonly inputs: Readonly<Record<string, string>>;
  /** Answers where the command runs, if not on main. */
  readonly prepare: (situation: Situation) => Promise<Parameters<Situation['run']>[1]>;
}

const commands = {
  export: {
    inputs: { command: 'export' },
    async prepare({ run, emulator }) {
      await run({ command: 'export' });
      emulator.site.edit('products', 'p1', { title: 'Sencha' });
      return {};
    },
  },
  plan: {
    inputs: { command: 'plan' },
    async prepare(situation) {
      await situation.run({ command: 'export' });
      return proposed(situation, { [path]: edited });
    },
  },
  import: {
    inputs: { command: 'import' },
    async prepare({ run, merge }) {
      await run({ command: 'export' });
      merge({ [path]: edited });
      return {};
    },
  },
} satisfies Readonly<Record<string, Command>>;

const names = ['export', 'plan', 'import'] as const;

test.each(names)('%s runs as a process, as the runner starts it', async (name) => {
  await within(site, async (situation) => {
    const { inputs, prepare } = commands[name];
    const place = await prepare(situation);
    const { exitCode, outputs, summary, log } = await situation.run(inputs, {
      ...place,
      bundled: true,
    });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ status: 'success', 'rows-changed': '1' });
    expect(summary).toContain('Sencha');
    expect(log).toContain(`::add-mask::${situation.emulator.apiKey}`);
    if (name === 'export') expect(situation.file(path)).toBe(edited);
    if (name === 'import') expect(titleOf(situation, 'p1')).toBe('Sencha');
  });
});

/** Signals the process once the site was asked for something that fits. */
function signalled(
  { run, emulator }: Situation,
  inputs: Command['inputs'],
  place: Parameters<Situation['run']>[1],
  signal: NodeJS.Signals,
  at: Parameters<Emulator['faults']['add']>[0]['match'] & object,
) {
  return run(inputs, {
    ...place,
    bundled: true,
    onStart: (kill) => {
      const where: typeof at.where = (body) => {
        if (at.where?.(body) !== false) kill(signal);
        return false;
      };
      emulator.faults.add({ kind: 'hang', match: { ...at, where } });
    },
  });
}

test.each([
  ['export', 'SIGTERM'],
  ['plan', 'SIGINT'],
  ['import', 'SIGTERM'],
] as const)('%s that gets a %s ends by itself, and says so', async (name, signal) => {
  await within(site, async (situation) => {
    const { inputs, prepare } = commands[name];
    const place = await prepare(situation);
    situation.emulator.faults.addToJob({ match: { kind: 'export' }, stuck: 'IN_PROGRESS' });
    const query = { path: '/data-mover/v1/jobs/query' };
    const result = await signalled(situation, inputs, place, signal, query);
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'cancelled' });
    expect(result.annotations.join()).toContain(`The run was cancelled (${signal}).`);
    expect(situation.file(path)).toBe(name === 'import' ? edited : exported);
    situation.emulator.faults.clear();
    expect((await situation.run(inputs, place)).outputs.status).toBe('success');
  });
});

test('an import that gets a signal while its job runs ends the job, and says so', async () => {
  await within(site, async (situation) => {
    const { emulator, run } = situation;
    const place = await commands.import.prepare(situation);
    emulator.faults.addToJob({ match: { kind: 'import' }, stuck: 'IN_PROGRESS' });
    // The first look at the jobs once there is one of an import.
    const follow = {
      path: '/data-mover/v1/jobs/query',
      where: () => emulator.jobs().some(({ name }) => name?.includes(' import ')),
    };
    const result = await signalled(situation, { command: 'import' }, place, 'SIGINT', follow);
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'cancelled' });
    expect(result.annotations.join()).toMatch(/The import job .* was terminated/);
    expect(emulator.jobs().filter(({ name }) => name?.includes(' import '))).toEqual([]);
    emulator.faults.clear();
    expect((await run({ command: 'import' })).outputs.status).toBe('success');
    expect(titleOf(situation, 'p1')).toBe('Sencha');
  });
});
