import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';

test('run by hand it says where it listens, serves, and ends on SIGTERM', async () => {
  const child = spawn(process.execPath, ['emulator/main.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.includes('/emulator/state')) break;
  }
  const url = lines.at(-1)?.split('curl ')[1] ?? '';
  const state = await (await fetch(url)).json();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');

  expect(state).toMatchObject({ sites: [{ collections: [{ schema: { id: 'products' } }] }] });
  expect(code).toBe(0);
});
