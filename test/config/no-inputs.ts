import type { ConfigInputs } from '../../src/config/config.ts';

/** The inputs of a workflow that leaves everything to the configuration file. */
export const noInputs: ConfigInputs = {
  collections: [],
  languages: [],
  directory: undefined,
  deletes: undefined,
  writePolicy: undefined,
};
