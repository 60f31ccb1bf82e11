/** What another library makes of a table that is right, and of files that are not. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsOf, fileOf, rowsOf, S } from './data.ts';
import { peer } from './peers.ts';
import { scratch } from './scratch.ts';

const broken = {
  'a short row': 'a,b\n1\n',
  'a long row': 'a,b\n1,2,3\n',
  'a quote inside a bare cell': 'a,b\n1,2"3\n',
  'words behind a quoted cell': 'a,b\n1,"2"3\n',
  'a quote without an end': 'a,b\n1,"2\n',
} as const;

/** What is wrong with a reader; `undefined` if it reads as RFC 4180 has it and refuses the rest. */
export async function wrongWith(name: string): Promise<string | undefined> {
  const { read } = await peer(name);
  const expected = [fieldsOf(S).map(({ key }) => key), ...rowsOf(S)];
  if (JSON.stringify(await read(fileOf(S))) !== JSON.stringify(expected))
    return 'reads other cells';
  const found = Object.entries(broken).map(([what, text]) => ({ what, end: endOf(name, text) }));
  const faults = (['takes', 'hangs on'] as const).flatMap((fault) => {
    const ones = found.filter(({ end }) => end === fault).map(({ what }) => what);
    return ones.length === 0 ? [] : [`${fault} ${ones.join(', ')}`];
  });
  return faults.length === 0 ? undefined : faults.join('; ');
}

/** In a process of its own, which ends where the library does not. */
function endOf(name: string, text: string): 'takes' | 'hangs on' | 'refuses' {
  const file = scratch('broken.csv');
  writeFileSync(file, text);
  const child = [join(import.meta.dirname, 'child.ts'), 'read-peer', name, file];
  const { status, signal } = spawnSync(process.execPath, child, {
    stdio: 'ignore',
    timeout: 3_000,
    killSignal: 'SIGKILL',
  });
  if (signal !== null) return 'hangs on';
  return status === 0 ? 'takes' : 'refuses';
}
