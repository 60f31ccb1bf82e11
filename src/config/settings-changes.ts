import type { Config, Content } from './config.ts';

/** A setting that a pull request changes, in words. */
export interface SettingsChange {
  /** The content as it is configured now, or was before; `undefined` for what is about all of them. */
  readonly content: Content | undefined;
  /** What messages call the setting, such as `deletes`. */
  readonly setting: string;
  readonly from: string;
  readonly to: string;
}

/** What a pull request changes in the configuration, entry by entry. */
export function settingsChanges(before: Config, now: Config): readonly SettingsChange[] {
  const former = new Map(before.managed.map((content) => [nameOf(content), content]));
  const present = new Map(now.managed.map((content) => [nameOf(content), content]));
  const gone = before.managed.filter((content) => !present.has(nameOf(content)));
  return [
    ...now.managed.flatMap((content) => {
      const old = former.get(nameOf(content));
      if (old === undefined) return [{ content, setting: 'entry', from: 'none', to: 'managed' }];
      return changesIn(old, content).map((change) => ({ ...change, content }));
    }),
    ...gone.map((content) => ({ content, setting: 'entry', from: 'managed', to: 'none' })),
    ...changesIn(before.limits, now.limits).map((change) => ({
      ...change,
      content: undefined,
    })),
  ];
}

/** The same content in two configurations, whatever else is said of it. */
export function nameOf(content: Content): string {
  return content.kind === 'collection' ? content.id : `localization ${content.languages[0]}`;
}

/** What differs in the properties of a content or of limits, each under the name of its setting. */
function changesIn(before: object, now: object): readonly Omit<SettingsChange, 'content'>[] {
  const [old, present] = [new Map(Object.entries(before)), new Map(Object.entries(now))];
  old.delete('schemaPath');
  return [...old.keys()].flatMap((property) => {
    const [from, to] = [inWords(old.get(property)), inWords(present.get(property))];
    const setting = property === 'path' ? 'file' : kebab(property);
    return from === to ? [] : [{ setting, from, to }];
  });
}

/** `writePolicy` as the file has it: `write-policy`. */
function kebab(property: string): string {
  return property.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

function inWords(value: unknown): string {
  if (value === undefined) return 'the default';
  if (typeof value !== 'object' || value === null) return String(value);
  if ('percent' in value) return `${value.percent}%`;
  return 'count' in value ? String(value.count) : JSON.stringify(value);
}
