import { Failure } from '../errors.ts';

/** Removes the secrets of a run from a text, a list, a map or an object, and from all that they hold. */
export type Redact = <T>(value: T) => T;

export interface Secrets {
  /** A word of a few letters is no secret. */
  add(secret: string): void;
  readonly redact: Redact;
}

const least = 8;

/** Long texts are cut, so this much of a secret's start counts as the secret. */
const headLength = 16;

/**
 * The secrets of a run, none at first. Reports and comments show what servers echo, and the runner's own
 * mask covers the log alone, and the plain spelling.
 */
export function createSecrets(): Secrets {
  const spellings = new Set<string>();
  let heads = /(?!)/g;
  const inText = (text: string): string => {
    let [shown, from] = ['', 0];
    for (const { index } of text.matchAll(heads)) {
      if (index < from) continue;
      shown += `${text.slice(from, index)}***`;
      from = index + Math.max(...Array.from(spellings, (each) => sharedLength(text, index, each)));
    }
    return from === 0 ? text : shown + text.slice(from);
  };
  return {
    add(secret) {
      if (secret.length < least) return;
      for (const spelling of spellingsOf(secret)) spellings.add(spelling);
      const starts = Array.from(spellings, (each) =>
        each.slice(0, headLength).replace(/\W/g, '\\$&'),
      );
      heads = new RegExp([...new Set(starts)].join('|'), 'g');
    },
    redact: (value) => redacted(value, inText),
  };
}

/** The secret as it is, in JSON, in an address, and in base64 anywhere in what was encoded. */
function spellingsOf(secret: string): readonly string[] {
  const percent = encodeURIComponent(Buffer.from(secret).toString());
  const lower = percent.replace(/%../g, (hex) => hex.toLowerCase());
  const encoded = [0, 1, 2]
    .map((offset) => inBase64(secret, offset))
    .filter((each) => each.length >= least);
  const forUrls = encoded.map((each) => each.replaceAll('+', '-').replaceAll('/', '_'));
  return [secret, JSON.stringify(secret).slice(1, -1), percent, lower, ...encoded, ...forUrls];
}

/** The characters that depend on the secret alone, after so many other bytes. */
function inBase64(secret: string, offset: number): string {
  const bytes = Buffer.from('\0'.repeat(offset) + secret);
  const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)];
  return bytes.toString('base64').slice(start, end);
}

function sharedLength(text: string, at: number, spelling: string): number {
  let length = 0;
  while (length < spelling.length && text[at + length] === spelling[length]) length += 1;
  return length;
}

/** The value itself if nothing in it changes: a result may hold a million rows. */
function redacted<T>(value: T, inText: (text: string) => string): T {
  const change = (each: unknown): unknown => {
    if (typeof each === 'string') return inText(each);
    if (typeof each !== 'object' || each === null) return each;
    if (each instanceof Failure) return inFailure(each);
    const before = each instanceof Map ? [...each].flat() : Object.values(each);
    const after = before.map(change);
    if (after.every((part, i) => part === before[i])) return each;
    if (Array.isArray(each)) return after;
    if (each instanceof Map)
      return new Map(Array.from(each, (pair) => [change(pair[0]), change(pair[1])]));
    return Object.fromEntries(Object.keys(each).map((name, i) => [name, after[i]]));
  };
  const inFailure = (failure: Failure) => {
    const message = inText(failure.message);
    const { reason, place } = failure;
    return message === failure.message ? failure : new Failure(reason, message, place && { place });
  };
  // Texts stay texts, and everything else keeps its shape.
  return change(value) as T;
}
