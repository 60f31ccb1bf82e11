import * as v from 'valibot';
import {
  type Alias,
  type Document,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { Failure, type Place } from '../errors.ts';
import { nearest } from '../io/did-you-mean.ts';
import { type Definition, definition, settingNames } from './definition.ts';

/** Where a key of the configuration stands in its file. */
export type PlaceOf = (path: readonly (string | number)[]) => Place;

/** A configuration file that holds what it may hold. */
export interface ParsedConfig {
  readonly values: Definition;
  readonly placeOf: PlaceOf;
}

/** Parses a configuration file. Throws a config failure that names the key and its line. */
export function parseConfig(file: string, text: string): ParsedConfig {
  const lines = new LineCounter();
  // The library would compare each key with all the others.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    const [words = ''] = error.message.split(' at line ');
    throw yamlFailure({ file, line, column: col }, words);
  }
  const placeAt = (node: Node) => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return { file, line, column: col };
  };
  visit(document, {
    Alias: (_key, node) => refuseAlias(node, placeAt(node)),
    Map: (_key, { items }) => refuseDuplicateKeys(items, placeAt),
  });
  const placeOf = (path: readonly (string | number)[]) => place(document, lines, file, path);
  const result = v.safeParse(definition, document.toJS() ?? {});
  if (result.success) return { values: result.output, placeOf };
  throw failureOf(result.issues, placeOf);
}

function yamlFailure(place: Place, words: string): Failure {
  const message = `${place.file} line ${place.line}: ${words}. Correct the YAML.`;
  return new Failure('config', message, { place });
}

/** An alias can make a small file unfold into a huge one, and the configuration needs none. */
function refuseAlias({ source }: Alias, place: Place): never {
  throw new Failure(
    'config',
    `${place.file} line ${place.line}: aliases such as *${source} are not used here. Write the value out.`,
    { place },
  );
}

function refuseDuplicateKeys(pairs: readonly Pair[], placeAt: (node: Node) => Place): void {
  const known = new Set<unknown>();
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    if (known.has(key.value)) throw yamlFailure(placeAt(key), 'Map keys must be unique');
    known.add(key.value);
  }
}

function place(
  document: Document,
  lines: LineCounter,
  file: string,
  path: readonly (string | number)[],
): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  }
  return { file, line: 1 };
}

/** Where the key of a path begins; for an item of a list, where the item does. */
function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (
    typeof parent === 'object' &&
    parent !== null &&
    'items' in parent &&
    Array.isArray(parent.items)
  ) {
    const pair = parent.items.find((item) => item?.key?.value === last);
    if (pair !== undefined) return pair.key.range?.[0];
  }
  // `getIn` with `true` gives nodes; what it finds at a path of a parsed document is one.
  const node = document.getIn(path, true) as Node | undefined;
  return node?.range?.[0];
}

function failureOf(issues: readonly v.BaseIssue<unknown>[], placeOf: PlaceOf): Failure {
  const issue = deepest(issues);
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const where = placeOf(path);
  const message = `${where.file} line ${where.line}: ${wordsFor(issue, pathInWords(path))}`;
  return new Failure('config', message, { place: where });
}

/** Of the issues of a union, the one that got furthest says what was meant. */
function deepest(issues: readonly v.BaseIssue<unknown>[]): v.BaseIssue<unknown> {
  const all = issues.flatMap((issue): readonly v.BaseIssue<unknown>[] =>
    issue.type === 'union' && issue.issues !== undefined
      ? issue.issues.map((inner) => ({ ...inner, path: joined(issue, inner) }))
      : [issue],
  );
  const depth = ({ path }: v.BaseIssue<unknown>) => path?.length ?? 0;
  const [first, ...rest] = all;
  if (first === undefined) throw new Error('Validation failed without an issue');
  const best = rest.reduce((found, issue) => (depth(issue) > depth(found) ? issue : found), first);
  return best.type === 'union' && best.issues !== undefined ? deepest(best.issues) : best;
}

function joined(outer: v.BaseIssue<unknown>, inner: v.BaseIssue<unknown>) {
  const [first, ...rest] = [...(outer.path ?? []), ...(inner.path ?? [])];
  return first === undefined
    ? undefined
    : ([first, ...rest] as const satisfies readonly unknown[] as typeof inner.path);
}

function pathInWords(path: readonly (string | number)[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`))
    .join('');
}

function wordsFor(issue: v.BaseIssue<unknown>, path: string): string {
  const name = path === '' ? 'the file' : `"${path}"`;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const list = /^(.*)\.0$/.exec(path)?.[1];
    if (list !== undefined)
      return `"${list}" should be ${kinds.get('Object')}, but is a list. Correct it.`;
    /**
     * @cause An unknown setting is never ignored: it may be one that protects something.
     * @remedy Write the name as [the configuration](configuration.md) has it, or remove the line.
     */
    return `there is no setting ${name}. ${suggestion(path)}`;
  }
  if (issue.received === 'undefined') return `${name} is missing. Add it.`;
  const custom = /^should /.test(issue.message) ? issue.message : undefined;
  const { received } = issue;
  const expected = issue.expected ?? 'something else';
  const should = custom ?? `should be ${kinds.get(expected) ?? expected}`;
  return `${name} ${should}, but is ${kinds.get(received ?? '') ?? received}. Correct it.`;
}

/** What the library calls the kinds of values, as people call them. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Array', 'a list'],
  ['Object', 'settings, each as "name: value"'],
  ['null', 'empty'],
]);

function suggestion(path: string): string {
  const near = nearest(path.split('.').at(-1) ?? path, settingNames);
  return near === undefined ? 'Remove it.' : `Did you mean ${near}?`;
}
