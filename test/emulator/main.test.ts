import { spawn, spawnSync } from 'node:child_process';
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
    if (line.startsWith('export ')) break;
  }
  const url = / (http\S+\/emulator\/state)$/m.exec(lines.join('\n'))?.[1] ?? '';
  const state = await (await fetch(url)).json();
  const shell = spawnSync('sh', ['-euc', `${lines.at(-1)}\nprintf '%s %s %s' $API $KEY $SITE`]);
  const [api, key = '', site = ''] = shell.stdout.toString().split(' ');
  const jobs = await fetch(`${api}/data-mover/v1/jobs`, {
    headers: { authorization: key, 'wix-site-id': site },
  });
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');

  expect(state).toMatchObject({ sites: [{ collections: [{ schema: { id: 'products' } }] }] });
  expect(jobs.status).toBe(200);
  expect(code).toBe(0);
});
