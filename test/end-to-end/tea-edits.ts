import { path, type Situation } from './situation.ts';

/** Edits the title of the first teas in git, and imports that. */
export async function importEdits(
  { run, merge, file }: Situation,
  count: number,
  inputs: Readonly<Record<string, string>> = {},
) {
  await run({ command: 'export' });
  const [header, ...rows] = (file(path) ?? '').trimEnd().split('\n');
  const edited = rows.map((row, i) => (i < count ? row.replace('Tea', 'Fine tea') : row));
  merge({ [path]: `${[header, ...edited].join('\n')}\n` });
  return run({ command: 'import', ...inputs });
}

/** Adds a row without an id in git, and imports that. */
export async function importNew({ run, merge, file }: Situation) {
  await run({ command: 'export' });
  const text = file(path) ?? '';
  const blanks = ','.repeat((text.split('\n')[0] ?? '').split(',').length - 2);
  merge({ [path]: `${text},Oolong${blanks}\n` });
  return run({ command: 'import' });
}

/** How many imports there were. */
export function imports({ emulator }: Situation): number {
  return emulator.jobs().filter(({ name }) => name?.includes(' import ')).length;
}
