import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

const root = join(import.meta.dirname, '..');

/** Something that the action may say to a person, with `…` for what differs from run to run. */
export interface Message extends Explanation {
  /** Below `src/`. */
  readonly file: string;
  readonly text: string;
}

/** What a message does not say itself, from the tags of the comment before it. */
export interface Explanation {
  readonly cause?: string;
  readonly remedy?: string;
  /** It is a clause of a message that says itself what to do. */
  readonly clause?: string;
}

/**
 * What says nothing of its own to a person: `report` renders what others found, but for what stands
 * on lines of files and what the runner is told, and the descriptions of settings are for the schema.
 */
const silent = /^(report\/(?!annotations|publish)|config\/definition\.ts$)/;

/** Every message of `src/`, in the order of files and lines. */
export function messages(): readonly Message[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !silent.test(file));
  const found = files
    .sort()
    .flatMap((file) =>
      messagesIn(readFileSync(join(root, 'src', file), 'utf8')).map((said) => ({ file, ...said })),
    );
  return found.filter(({ text }, i) => found.findIndex((other) => other.text === text) === i);
}

/**
 * The texts of a source that end a sentence, and so are said to somebody: the house's messages do,
 * and nothing else does. What is logged for debugging, or as progress, is left out. A comment with
 * `@cause`, `@remedy` or `@clause` is about every message of what follows it: a text, a statement, a
 * function.
 */
export function messagesIn(source: string): readonly (Explanation & { readonly text: string })[] {
  const found: (Explanation & { readonly text: string })[] = [];
  const { body } = parseSync(source, { syntax: 'typescript', target: 'es2023' });
  visit(body, { found, explanations: explanationsIn(source) }, {});
  return found;
}

/** Explanations, by the position of what they explain as the parser counts it: in bytes, from 1. */
function explanationsIn(source: string): ReadonlyMap<number, Explanation> {
  const comments = source.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*?@(?:cause|remedy|clause)[\s\S]*?)\*\/\s*/g,
  );
  return new Map(
    Array.from(comments, ({ 0: comment, 1: text = '', index }) => {
      const words = text.replaceAll(/\s*\n\s*\* ?|\s+/g, ' ');
      const tag = (name: string) => {
        const value = new RegExp(`@${name} (.+?)(?= @|$)`).exec(words.trim())?.[1];
        return value === undefined ? {} : { [name]: value };
      };
      const position = Buffer.byteLength(source.slice(0, index + comment.length)) + 1;
      return [position, { ...tag('cause'), ...tag('remedy'), ...tag('clause') }];
    }),
  );
}

interface Search {
  readonly found: (Explanation & { readonly text: string })[];
  readonly explanations: ReadonlyMap<number, Explanation>;
}

/** A node of the syntax tree, of which only the few kinds below matter. */
type Node = Readonly<Record<string, unknown>>;

function visit(value: unknown, search: Search, inherited: Explanation): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, search, inherited);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node; // whatever swc says of a syntax has named members
  if (isLogCall(node)) return;
  const explanation = search.explanations.get(positionOf(node)) ?? inherited;
  const text = textOf(node);
  if (text !== undefined && isSentence(text)) search.found.push({ text, ...explanation });
  for (const part of text === undefined ? Object.values(node) : expressionsIn(node)) {
    visit(part, search, explanation);
  }
}

/** Where a node begins; a property of an object begins where its key does. */
function positionOf({ span, key }: Node): number {
  const given = span ?? (key as Node | undefined)?.span; // a key is a node
  return ((given ?? { start: 0 }) as { readonly start: number }).start; // as swc writes spans
}

/**
 * More words than one, and a full stop behind them, or a further sentence that is filled in; and the
 * clauses about limits, which other sentences begin with.
 */
function isSentence(text: string): boolean {
  if (/ rows would (be gone|change)[ ;]+[(a]/.test(text)) return true;
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
