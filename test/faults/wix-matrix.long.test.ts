/**
 * What each request of each command to Wix may meet: one fault for each way in which a run can come out
 * of it. How faults of a transport are told apart and ridden out is shown at the client, in `test/wix/`.
 */
import { expect, test } from '@jest/globals';
import { convergence, outcomeOf, undisturbed } from './cell.ts';
import { expectedOutcome } from './expected.ts';
import { editedInGit, editedOnBothSides } from './scenes.ts';
import { type WixFault, wixFaults } from './wix-faults.ts';
import { requestKinds, type WixRequestKind } from './wix-requests.ts';

const scenes = {
  export: await editedOnBothSides(),
  plan: await editedOnBothSides(),
  import: await editedInGit(),
};
const expected = {
  export: await undisturbed(scenes.export, 'export'),
  plan: await undisturbed(scenes.plan, 'plan'),
  import: await undisturbed(scenes.import, 'import'),
};
const converges = convergence();

test.each(requestKinds.map((request) => [request.command, request.name, request] as const))(
  '%s, asked to %s, survives whatever happens',
  async (command, _name, request) => {
    const faults = wixFaults.filter((fault) => concerns(fault, request));
    const outcomes = await Promise.all(
      faults.map((fault) =>
        outcomeOf(scenes[command], request, fault, expected[command], converges),
      ),
    );
    const named = (all: readonly string[]) => faults.map(({ name }, i) => `${name}: ${all[i]}`);
    expect(named(outcomes)).toEqual(
      named(faults.map(({ name }) => expectedOutcome(request, name))),
    );
  },
  240_000,
);

function concerns({ host }: WixFault, { name }: WixRequestKind): boolean {
  return host === undefined || name.startsWith(host);
}
