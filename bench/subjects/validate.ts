import { validate } from '../../src/commands/compare/validate.ts';
import type { Work } from '../child.ts';
import { content, opened, placeContent } from '../content.ts';
import { dataOf } from '../data.ts';
import { scratch } from '../scratch.ts';

const going = { signal: new AbortController().signal };

/** Every cell of a table is checked, as where no base is known. */
export function prepare(table?: string): Work {
  const head = scratch('head');
  placeContent(head, dataOf(table));
  return async () => {
    const whole = await opened(head, undefined);
    const findings = await validate(going, [whole], [content], () => whole);
    if (findings.length !== 0) throw new Error(`Found: ${JSON.stringify(findings[0])}`);
  };
}
