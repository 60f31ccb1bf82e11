import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

const root = join(import.meta.dirname, '..');

/** Something that the action may say to a person, with `…` for what differs from run to run. */
export interface Message {
  /** Below `src/`. */
  readonly file: string;
  readonly text: string;
}

/**
 * What says nothing of its own to a person: `report` renders what others found, but for what stands
 * on lines of files and what the runner is told, and the descriptions of settings are for the schema.
 */
const silent = /^(report\/(?!annotations|runner)|config\/definition\.ts$)/;

/** Every message of `src/`, in the order of files and lines. */
export function messages(): readonly Message[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !silent.test(file));
  const found = files
    .sort()
    .flatMap((file) =>
      sentencesIn(readFileSync(join(root, 'src', file), 'utf8')).map((text) => ({ file, text })),
    );
  return found.filter(({ text }, i) => found.findIndex((other) => other.text === text) === i);
}

/**
 * The texts of a source that end a sentence, and so are said to somebody: the house's messages do,
 * and nothing else does. What is logged for debugging, or as progress, is left out.
 */
export function sentencesIn(source: string): readonly string[] {
  const found: string[] = [];
  visit(parseSync(source, { syntax: 'typescript', target: 'es2023' }).body, found);
  return found;
}

/** A node of the syntax tree, of which only the few kinds below matter. */
type Node = Readonly<Record<string, unknown>>;

function visit(value: unknown, found: string[]): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node; // whatever swc says of a syntax has named members
  if (isLogCall(node)) return;
  const text = textOf(node);
  if (text !== undefined && isSentence(text)) found.push(text);
  for (const part of text === undefined ? Object.values(node) : expressionsIn(node)) {
    visit(part, found);
  }
}

/**
 * More words than one, and a full stop behind them, or a further sentence that is filled in; and the
 * clauses about limits, which other sentences begin with.
 */
function isSentence(text: string): boolean {
  if (/ rows would (be gone|change)\b/.test(text)) return true;
  return /[\p{Letter}…)] \S[\s\S]*([.?]|[.:] …)$/u.test(text);
}

/** `log.debug(…)` and `log.info(…)`, however the log is called. */
function isLogCall(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = node.callee as Node; // a call has one
  const property = callee.property as Node | undefined; // only a member expression has one
  return property !== undefined && ['debug', 'info'].includes(String(property.value));
}

/** What a literal says, or literals joined by `+`; `undefined` for anything else. */
function textOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return String(node.value);
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as readonly Node[]; // the literal's parts between `${` and `}`
    return quasis.map(({ cooked }) => String(cooked)).join('…');
  }
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [node.left, node.right].map((side) => textOf(side as Node)); // expressions
  return left === undefined && right === undefined ? undefined : `${left ?? '…'}${right ?? '…'}`;
}

/** What stands inside a text, and may hold further ones. */
function expressionsIn(node: Node): readonly unknown[] {
  if (node.type === 'TemplateLiteral') return [node.expressions];
  if (node.type !== 'BinaryExpression') return [];
  return [node.left, node.right].flatMap((side) => {
    const part = side as Node; // an expression
    return textOf(part) === undefined ? [part] : expressionsIn(part);
  });
}
