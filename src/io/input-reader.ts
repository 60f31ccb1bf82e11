import { Failure } from '../errors.ts';

/** Reads single inputs, as the runner passes them: `INPUT_<NAME>`. */
export function inputReader(env: NodeJS.ProcessEnv) {
  const text = (name: string): string | undefined => {
    const value = env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim();
    return value === '' ? undefined : value;
  };
  const choice = <Choice extends string, Standard extends Choice | undefined = undefined>(
    name: string,
    choices: readonly Choice[],
    standard?: Standard,
  ): Choice | Standard => {
    const value = text(name);
    // Without a standard, `Standard` is `undefined`.
    if (value === undefined) return standard as Standard;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw wrong(name, value, `one of ${choices.join(', ')}`);
  };
  return {
    text,
    choice,
    list: (name: string): readonly string[] =>
      (text(name) ?? '')
        .split(/[\n,]/)
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    /** A boolean as YAML's core schema has it. */
    flag: (name: string, standard: boolean, allowed = 'true or false'): boolean => {
      const value = text(name);
      if (value === undefined) return standard;
      if (/^(true|True|TRUE)$/.test(value)) return true;
      if (/^(false|False|FALSE)$/.test(value)) return false;
      throw wrong(name, value, allowed);
    },
    /** A share of all: 0.02 for `2%`. */
    share: (name: string): number | undefined => {
      const [, digits] = /^(\d+(?:\.\d+)?) ?%$/.exec(text(name) ?? '') ?? [];
      const share = Number(digits) / 100;
      return share <= 1 ? share : undefined;
    },
    count: (name: string, standard: number, least: number, most: number): number => {
      const value = text(name);
      if (value === undefined) return standard;
      const number = Number(value);
      if (/^\d+$/.test(value) && number >= least && number <= most) return number;
      throw wrong(name, value, `a whole number from ${least} to ${most}`);
    },
  };
}

export type Reader = ReturnType<typeof inputReader>;

function wrong(name: string, value: string, allowed: string): Failure {
  /**
   * @cause The workflow has a typo.
   * @remedy Write one of the values that the message names; all are in [the list of
   * inputs](inputs-and-outputs.md#inputs).
   */
  return new Failure('config', `The input ${name} is "${shown(value)}", but should be ${allowed}.`);
}

/** A value, short enough for a message. */
export function shown(value: string): string {
  return value.length > 80 ? `${value.slice(0, 77)}...` : value;
}
