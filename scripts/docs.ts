/** Writes what is generated into the docs: the tables, the messages and the configuration's schema. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { emulatorTables } from './emulator.ts';
import { configSchema } from './schema.ts';
import { table } from './tables.ts';
import { troubleshooting } from './troubleshooting.ts';

const root = join(import.meta.dirname, '..');

interface Action {
  readonly inputs: Readonly<
    Record<string, { description: string; required?: boolean; default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { description: string }>>;
}

/** Puts the tables of an action's inputs and outputs between the marks of a page. */
function withTables(page: string, action: Action): string {
  const inputs = Object.entries(action.inputs).map(([name, input]) => [
    `\`${name}\``,
    input.required ? '(required)' : input.default === undefined ? '' : `\`${input.default}\``,
    input.description,
  ]);
  const outputs = Object.entries(action.outputs).map(([name, output]) => [
    `\`${name}\``,
    output.description,
  ]);
  const filled = between(page, 'inputs', table(['input', 'default', 'meaning'], inputs));
  return between(filled, 'outputs', table(['output', 'meaning'], outputs));
}

function between(page: string, mark: string, content: string): string {
  const pattern = new RegExp(`(<!-- ${mark} -->\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  if (!pattern.test(page)) throw new Error(`The page has no region <!-- ${mark} -->`);
  return page.replace(pattern, (_all, begin, end) => `${begin}\n${content}\n\n${end}`);
}

/** What the generated files should hold. */
export function generated(): ReadonlyMap<string, string> {
  const action: Action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const inputs = readFileSync(join(root, 'docs/inputs-and-outputs.md'), 'utf8');
  const emulator = readFileSync(join(root, 'emulator/README.md'), 'utf8');
  return new Map([
    ['docs/inputs-and-outputs.md', withTables(inputs, action)],
    [
      'emulator/README.md',
      Object.entries(emulatorTables).reduce(
        (page, [mark, content]) => between(page, mark, content()),
        emulator,
      ),
    ],
    ['docs/troubleshooting.md', troubleshooting()],
    ['schema/wix-cms.schema.json', configSchema()],
  ]);
}

function read(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

if (process.argv[1] === import.meta.filename) {
  const stale = [...generated()].filter(([path, text]) => read(path) !== text);
  if (process.argv.includes('--check')) {
    for (const [path] of stale) console.error(`${path} is stale. Run npm run docs and commit it.`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const [path, text] of stale) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      console.log(`${path} written`);
    }
  }
}
