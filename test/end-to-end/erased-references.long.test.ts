import { expect, test } from '@jest/globals';
import type { ActionOptions } from './action.ts';
import { herbsOf, retitled, teas } from './erased.ts';
import { path, type Situation, within } from './situation.ts';

/** Imports, and is cancelled at its nth request after the first job, before or after Wix has taken it. */
async function importCutOffAt({ run, emulator }: Situation, nth: number, isTaken: boolean) {
  let requests = 0;
  const onStart: ActionOptions['onStart'] = (kill) => {
    const where = () => {
      if (!emulator.jobs().some(({ name }) => name?.includes(' import '))) return false;
      requests += 1;
      if (requests === nth && !isTaken) kill('SIGTERM');
      return requests === nth;
    };
    const until = async () => kill('SIGTERM');
    emulator.faults.add({
      match: { host: 'api', where },
      ...(isTaken ? { kind: 'wait', until } : { kind: 'hang' }),
    });
  };
  const { outputs } = await run({ command: 'import' }, { onStart });
  emulator.faults.clear();
  return { wasCutOff: outputs['failure-reason'] === 'cancelled', requests };
}

test.each([
  ['before Wix takes a request', false],
  ['when Wix has taken a request', true],
])(
  'no references are lost where an import is cut off %s, whichever it is',
  async (_, isTaken) => {
    let cutOffs = 0;
    for (let nth = 1, isOver = false; !isOver; nth += 1) {
      await within(teas(), async (situation) => {
        const { run, file } = situation;
        const edited = await retitled(situation, (text) =>
          text.replace('"[""h2""]"', '"[""h3""]"'),
        );
        const { wasCutOff, requests } = await importCutOffAt(situation, nth, isTaken);
        isOver = requests < nth;
        if (!isOver && !wasCutOff) throw new Error(`The import was not cut off at request ${nth}`);
        if (wasCutOff) cutOffs += 1;
        await run({ command: 'export' });
        await run({ command: 'import' });
        await run({ command: 'export' });
        const found = { nth, file: file(path), herbs: herbsOf(situation) };
        expect(found).toEqual({ nth, file: edited, herbs: [['h1', 'h2'], ['h3'], []] });
        expect((await run({ command: 'import' })).outputs.status).toBe('unchanged');
      });
    }
    expect(cutOffs).toBeGreaterThan(5);
  },
  400_000,
);
