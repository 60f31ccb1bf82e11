import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { undisturbed } from './cell.ts';
import { expectedOutcome } from './expected.ts';
import { type Matrix, publishMatrices } from './matrix.ts';
import { playCells } from './players.ts';
import { editedInGit, editedOnBothSides } from './scenes.ts';
import { type WixFault, wixFaults } from './wix-faults.ts';
import type { PreparedScene, WixCell } from './wix-player.ts';
import { type Command, requestKinds, type WixRequestKind } from './wix-requests.ts';

const commands = ['export', 'plan', 'import'] as const;
const scenes = { export: editedOnBothSides, plan: editedOnBothSides, import: editedInGit };

const outcomes: string[][] = requestKinds.map(() => []);
let played: ReturnType<typeof playCells> | undefined;

beforeAll(async () => {
  const prepared = new Map<Command, PreparedScene>();
  for (const command of commands) {
    const scene = await scenes[command]();
    const { remote, checkout } = scene;
    prepared.set(command, { remote, checkout, expected: await undisturbed(scene, command) });
  }
  const cells = requestKinds.flatMap((request, row) =>
    wixFaults.flatMap((fault, column): readonly WixCell[] => {
      const scene = prepared.get(request.command);
      return scene !== undefined && concerns(fault, request) ? [{ row, column, scene }] : [];
    }),
  );
  played = playCells('wix-player.ts', cells);
});

afterAll(() => {
  played?.close();
  publishMatrices(commands.map(matrixOf));
});

test.each(
  requestKinds.map((request, row) => [request.command, request.name, row, request] as const),
)(
  '%s, asked to %s, survives whatever happens',
  async (_command, _name, row, request) => {
    const told = await Promise.all(
      wixFaults.map((_fault, column) => played?.outcome(row, column) ?? ''),
    );
    outcomes[row] = told;
    const expected = wixFaults.map((fault) =>
      concerns(fault, request) ? expectedOutcome(request, fault.name) : '-',
    );
    expect(named(told)).toEqual(named(expected));
  },
  240_000,
);

function named(outcomesOfRow: readonly string[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(wixFaults.map(({ name }, fault) => [name, outcomesOfRow[fault]]));
}

function concerns({ host }: WixFault, { name }: WixRequestKind): boolean {
  return host === undefined || name.startsWith(host);
}

function matrixOf(command: Command): Matrix {
  const rows = requestKinds.flatMap((request, row) =>
    request.command === command ? [{ name: request.name, outcomes: outcomes[row] ?? [] }] : [],
  );
  return { title: `${command}: asked to…`, columns: wixFaults.map(({ name }) => name), rows };
}
