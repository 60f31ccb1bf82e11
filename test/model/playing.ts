import { spawn } from 'node:child_process';

/** Runs a program of the model in a process of its own; answers what it prints, trimmed. */
export async function played(program: string, args: readonly (string | number)[]): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', program, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return output.trim();
}
