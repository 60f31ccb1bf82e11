import * as v from 'valibot';
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import { Failure, type Place } from '../errors.ts';
import { nearest } from '../io/did-you-mean.ts';
import { type Definition, definition, settingNames } from './definition.ts';

export type PlaceOf = (path: Path) => Place;

type Path = readonly (string | number)[];

export interface ParsedConfig {
  readonly values: Definition;
  readonly placeOf: PlaceOf;
}

/** Parses a configuration file. Throws a config failure that names the key and its line. */
export function parseConfig(file: string, text: string): ParsedConfig {
  const lines = new LineCounter();
  // The library compares each key with all the others, and quotes the whole line of each error.
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false };
  const document = parseDocument(text, options);
  const placeAt = (offset = 0) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    throw failure(placeAt(error.pos[0]), yamlProblem(text, error));
  }
  visit(document, {
    // Aliases can make a small file unfold into a huge one.
    Alias(_key, { source, range }) {
      const words = `aliases such as *${source} are not used here. Write the value out.`;
      throw failure(placeAt(range?.[0]), words);
    },
    Map: (_key, { items }) => {
      const known = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value)) {
          throw failure(placeAt(key.range?.[0]), 'Map keys must be unique. Correct the YAML.');
        }
        known.add(key.value);
      }
    },
  });
  const placeOf: PlaceOf = (path) => {
    const paths = Array.from({ length: path.length + 1 }, (_, i) => path.slice(0, path.length - i));
    const node = paths.map((each) => nodeAt(document, each)).find((each) => each !== undefined);
    return placeAt(node?.range?.[0]);
  };
  const result = v.safeParse(definition, document.toJS() ?? {});
  if (result.success) return { values: result.output, placeOf };
  const { issue, path } = furthest(result.issues);
  throw failure(placeOf(path), wordsFor(issue, path));
}

/** The settings that inputs stand for. Throws a config failure that names the input. */
export function checkedInputs(values: unknown): Definition {
  const result = v.safeParse(definition, values);
  if (result.success) return result.output;
  const { issue, path } = furthest(result.issues);
  const input = path[0] === 'collections' ? 'collections' : 'languages';
  throw new Failure('config', `The input ${input} ${shouldBe(issue)}. Correct it.`);
}

function yamlProblem(text: string, { code, message }: YAMLParseError): string {
  if (/^(?:<{7}|>{7}) /m.test(text)) {
    return 'a merge left its markers in the file. Choose one side, and remove the lines with the markers.';
  }
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here. Remove the line.';
  const isDeep = message.includes('call stack');
  return `${isDeep ? 'This is nested too deeply' : message}. Correct the YAML.`;
}

function failure(place: Place, words: string): Failure {
  return new Failure('config', `${place.file} line ${place.line}: ${words}`, { place });
}

/** The key at a path; for an item of a list, the item. */
function nodeAt(document: Document, path: Path): Node | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const pairs = isMap(parent) ? parent.items : [];
  const pair = pairs.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  const node = pair?.key ?? document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

type Issue = v.BaseIssue<unknown>;

/** The issue that got furthest says best what was meant. */
function furthest(issues: readonly Issue[]): { readonly issue: Issue; readonly path: Path } {
  const all = issues.flatMap((issue) => {
    const path = pathOf(issue);
    const inner = issue.type === 'union' ? (issue.issues ?? []) : [];
    if (inner.length === 0) return [{ issue, path }];
    return inner.map((each) => ({ issue: each, path: [...path, ...pathOf(each)] }));
  });
  const [first, ...rest] = all;
  if (first === undefined) throw new Error('Validation failed without an issue');
  return rest.reduce((best, each) => (each.path.length > best.path.length ? each : best), first);
}

function pathOf({ path }: Issue): Path {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

function wordsFor(issue: Issue, path: Path): string {
  const name = path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`))
    .join('');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const list = /^(?:(.*)\.)?0$/.exec(name);
    if (list !== null) {
      const what = list[1] === undefined ? 'the file' : `"${list[1]}"`;
      return `${what} should be ${kinds.get('Object')}, but is a list. Correct it.`;
    }
    const near = nearest(String(path.at(-1)), settingNames);
    const hint = near === undefined ? 'Remove it.' : `Did you mean ${near}?`;
    /**
     * @cause The action never ignores an unknown setting, because it may be a protection with a typo.
     * @remedy Write the name as [the configuration](configuration.md) has it, or remove the line.
     */
    return `there is no setting "${name}". ${hint}`;
  }
  const setting = name === '' ? 'the file' : `"${name}"`;
  if (issue.received === 'undefined') return `${setting} is missing. Add it.`;
  const received = kinds.get(issue.received ?? '') ?? issue.received;
  const is = /^[<>]=/.test(issue.expected ?? '') ? '' : `, but is ${received}`;
  return `${setting} ${shouldBe(issue)}${is}. Correct it.`;
}

function shouldBe({ message, expected }: Issue): string {
  if (/^should /.test(message)) return message;
  if (expected === '>=1') return 'should not be empty';
  if (expected?.startsWith('<=')) return `should have at most ${expected.slice(2)} characters`;
  return `should be ${kinds.get(expected ?? '') ?? expected ?? 'something else'}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Array', 'a list'],
  ['Object', 'settings, each as "name: value"'],
  ['null', 'empty'],
]);
