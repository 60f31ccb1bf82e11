import type { Faults } from './faults.ts';
import type { JsonObject } from './json.ts';
import type { Collection } from './schema.ts';
import type { Settings } from './settings.ts';

/** Why the destination does not take a row or an item. */
export interface Refusal {
  readonly code: string;
  readonly description: string;
}

/** Largest item, in bytes of JSON (wix-api.md 3.2). */
const largestItem = 500_000;

/** Whether a row or an item is refused by a fault or by the rules that hold for every write. */
export function refusalOf(
  item: JsonObject,
  schema: Collection,
  { faults, settings }: { readonly faults: Faults; readonly settings: Settings },
): Refusal | undefined {
  const programmed = faults.forRow(schema.id, item);
  if (programmed !== undefined) {
    return { code: programmed.code, description: programmed.description };
  }
  const missing = schema.fields.find(
    ({ key, required }) => required === true && (item[key] ?? '') === '',
  );
  if (settings.requiredEnforced && missing !== undefined) {
    return { code: 'WDE0075', description: `The field ${missing.key} is required.` };
  }
  if (Buffer.byteLength(JSON.stringify(item)) > largestItem) {
    return { code: 'WDE0009', description: 'The item is too large.' };
  }
  return undefined;
}
