import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dependencies, root } from './bundled.ts';

interface Component {
  readonly name: string;
  readonly version: string;
}

test('the bill of materials has what the action is made of, and no tool', () => {
  const script = join(root, 'scripts/sbom.ts');
  const { metadata, components } = JSON.parse(
    execFileSync(process.execPath, [script], { encoding: 'utf8' }),
  );
  const idOf = ({ name, version }: Component) => `${name}@${version}`;
  expect(metadata.component.name).toBe('wix-cms-sync');
  expect(components.map(idOf).sort()).toEqual([...new Set(dependencies().map(idOf))].sort());
});
