import { toJsonSchema } from '@valibot/to-json-schema';
import { definition } from '../src/config/definition.ts';

/** The configuration file's JSON Schema, from the definition that also validates it. */
export function configSchema(): string {
  const schema = toJsonSchema(definition, {
    target: 'draft-07',
    typeMode: 'input',
    // A filter: its members are those of Wix.
    overrideSchema: ({ valibotSchema }) =>
      valibotSchema.type === 'custom' ? { type: 'object' } : undefined,
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
