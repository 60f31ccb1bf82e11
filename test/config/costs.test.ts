import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.ts';
import { noInputs } from './no-inputs.ts';

test('the errors of a hostile line cost no more than their number', () => {
  const before = process.cpuUsage();
  const text = `collections: ${'!x '.repeat(66_000)}`;
  expect(() => readConfig({ file: 'wix-cms.yml', text }, noInputs)).toThrow('Correct the YAML.');
  expect(process.cpuUsage(before).user).toBeLessThan(8_000_000);
});
