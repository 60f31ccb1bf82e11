import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forms } from '../emulator/forms.ts';
import { defaultSettings } from '../emulator/settings.ts';
import { table } from './tables.ts';

/** The tables of the emulator's README: its settings and its forms, as the code has them. */
export const emulatorTables = {
  settings: () => table(['setting', 'default', 'others', 'meaning'], settingRows()),
  forms: () => table(['form', 'fields', 'sent', 'stored'], formRows()),
};

/** A row for each setting: its comment, its type and its default are read where they are written. */
function settingRows(): string[][] {
  const source = readFileSync(join(import.meta.dirname, '../emulator/settings.ts'), 'utf8');
  const body = /export interface Settings \{(.*?)\n\}/s.exec(source)?.[1] ?? '';
  const written = body.matchAll(/\/\*\*(.*?)\*\/\s+(\w+): ([^;]+);/gs);
  const rows = [...written].map(([, comment = '', name = '', type = '']) => {
    const standard = asCode(defaultOf(name));
    const others = valuesOf(type).filter((value) => value !== standard);
    return [
      `\`${name}\``,
      standard,
      others.join(', '),
      comment.replaceAll(/\s+\*?\s*/g, ' ').trim(),
    ];
  });
  const missing = Object.keys(defaultSettings).filter(
    (name) => !rows.some(([cell]) => cell === `\`${name}\``),
  );
  if (missing.length > 0) throw new Error(`emulator/settings.ts does not explain ${missing}`);
  return rows;
}

function formRows(): string[][] {
  return Object.entries(forms).map(([name, { types, sent, stored }]) => [
    `\`${name}\``,
    types.join(', '),
    asCode(sent),
    asCode(stored),
  ]);
}

function defaultOf(name: string): unknown {
  return Object.entries(defaultSettings).find(([key]) => key === name)?.[1];
}

/** The values that a type allows, where they can be listed. */
function valuesOf(type: string): readonly string[] {
  if (type === 'boolean') return ['`true`', '`false`'];
  const values = type.split('|').map((value) => value.trim());
  const listed = values.every((value) => /^('.*'|\d+)$/.test(value));
  return listed ? values.map((value) => `\`${value.replaceAll("'", '')}\``) : [];
}

function asCode(value: unknown): string {
  if (value === Number.POSITIVE_INFINITY) return 'no limit';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const visible = text.replaceAll('\u00a0', '\\u00a0').replaceAll('\u0301', '\\u0301');
  return `\`${visible.replaceAll('\n', '\\n').replaceAll('|', '\\|')}\``;
}
