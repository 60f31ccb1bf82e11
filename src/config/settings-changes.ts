import type { Config, Content } from './config.ts';

export interface SettingsChange {
  /** `undefined` for limits. */
  readonly content: Content | undefined;
  readonly setting: string;
  readonly from: string;
  readonly to: string;
}

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

/** What a content is called in every configuration. */
export function nameOf(content: Content): string {
  return content.kind === 'collection' ? content.id : `localization ${content.languages[0]}`;
}

/** The settings that differ in a content or in limits. */
function changesIn(before: object, now: object): readonly Omit<SettingsChange, 'content'>[] {
  const [old, present] = [new Map(Object.entries(before)), new Map(Object.entries(now))];
  const properties = new Set([...old.keys(), ...present.keys()]);
  properties.delete('schemaPath');
  return [...properties].flatMap((property) => {
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
