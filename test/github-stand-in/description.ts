import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';

/** An object of the description, whose shape OpenAPI 3.0 gives. */
// biome-ignore lint/suspicious/noExplicitAny: the description is checked by its publisher
type Described = any;

/** An operation of GitHub's REST API, found by a request. */
export interface Call {
  /** As `pulls/create`. */
  readonly operation: string;
  readonly path: Readonly<Record<string, string>>;
  readonly described: Described;
}

const published = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json'),
    'utf8',
  ),
) as Described;

const routes = Object.entries<Described>(published.paths).flatMap(([template, operations]) =>
  Object.entries<Described>(operations).map(([method, described]) => ({
    method: method.toUpperCase(),
    pattern: patternOf(template, described),
    described,
  })),
);

/** The operation that GitHub's published description has for a request, if any. */
export function findCall(method: string, pathname: string): Call | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(pathname) : null;
    if (match === null) continue;
    const path = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    return { operation: route.described.operationId, path, described: route.described };
  }
  return undefined;
}

/** What the description has against a request: one line each. */
export function requestProblems(call: Call, query: URLSearchParams, body: unknown): string[] {
  const parameters: Described[] = (call.described.parameters ?? []).map(resolve);
  const values = new Map([...Object.entries(call.path), ...query]);
  const problems: string[] = [];
  for (const { name, required, schema } of parameters) {
    const value = values.get(name);
    if (value === undefined && required) problems.push(`the parameter ${name} is missing`);
    if (value !== undefined) problems.push(...check(schema, coerce(value, schema), name));
  }
  const known = new Set(parameters.map(({ name }) => name));
  for (const name of query.keys()) {
    if (!known.has(name)) problems.push(`there is no parameter ${name}`);
  }
  return [...problems, ...bodyProblems(call.described.requestBody, body)];
}

/** What the description has against an answer: one line each. */
export function answerProblems({ described }: Call, status: number, body: unknown): string[] {
  const answer = described.responses[String(status)];
  if (answer === undefined) return [`the status ${status} is not described`];
  const schema = resolve(answer).content?.['application/json']?.schema;
  return schema === undefined || body === undefined ? [] : check(schema, body, 'answer');
}

/** What the description has against the body of an error that any operation may answer. */
export function errorProblems(body: unknown): string[] {
  return check({ $ref: '#/components/schemas/basic-error' }, body, 'answer');
}

/**
 * The least value that a schema of the description allows: what is required, with empty values.
 * Answers lay what is modelled over it.
 */
export function least(name: string): Record<string, unknown> {
  return leastOf({ $ref: `#/components/schemas/${name}` });
}

function leastOf(schema: Described): Described {
  const described = resolve(schema);
  if (described.nullable) return null;
  if (described.enum) return described.enum[0];
  if (described.allOf) return Object.assign({}, ...described.allOf.map(leastOf));
  const choices = described.oneOf ?? described.anyOf;
  if (choices) return leastOf(choices[0]);
  switch (described.type) {
    case 'array':
      return [];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    case 'string':
      return leastText(described.format);
    default: {
      const required: string[] = described.required ?? [];
      return Object.fromEntries(
        required.map((key) => [key, leastOf(described.properties?.[key] ?? {})]),
      );
    }
  }
}

function leastText(format: string | undefined): string {
  if (format === 'uri') return 'https://github.example/';
  if (format === 'date-time') return '2020-01-01T00:00:00Z';
  return '';
}

/** Matches a path template; only a reference may hold slashes. */
function patternOf(template: string, described: Described): RegExp {
  const parameters: Described[] = (described.parameters ?? []).map(resolve);
  const source = template.replace(/\{(\w+)\}/g, (_, name) => {
    const slashes = parameters.some((each) => each.name === name && each['x-multi-segment']);
    return slashes ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${source}$`);
}

function resolve(schema: Described): Described {
  if (schema?.$ref === undefined) return schema;
  const [, , kind, name] = schema.$ref.split('/');
  return resolve(published.components[kind][name]);
}

function coerce(value: string, schema: Described): unknown {
  const { type } = resolve(schema);
  if (type === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return value;
}

function bodyProblems(requestBody: Described, body: unknown): string[] {
  const described = resolve(requestBody);
  if (described === undefined) return body === undefined ? [] : ['a body is not described'];
  if (body === undefined) return described.required ? ['the body is missing'] : [];
  const schema = resolve(described.content['application/json'].schema);
  return [...check(schema, body, 'body'), ...unknownKeys(schema, body)];
}

/** GitHub ignores keys that it does not know; for us each of them is a mistake. */
function unknownKeys(schema: Described, body: unknown): string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const choices: Described[] = (schema.oneOf ?? schema.anyOf ?? [schema]).map(resolve);
  const known = new Set(choices.flatMap((choice) => Object.keys(choice.properties ?? {})));
  if (known.size === 0) return [];
  return Object.keys(body).flatMap((key) => (known.has(key) ? [] : [`body has unknown ${key}`]));
}

// Both are CommonJS whose types and values disagree on what the default import is.
const addFormats = addFormatsModule as unknown as (ajv: Ajv) => Ajv;
const ajv = addFormats(new Ajv({ strict: false, logger: false, validateFormats: true }));
const validators = new WeakMap<object, ValidateFunction>();

function check(schema: Described, value: unknown, subject: string): string[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    addReferenced(schema);
    validate = ajv.compile(jsonSchema(schema) as object);
    validators.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error: ErrorObject) =>
    `${subject}${error.instancePath} ${error.message}`.trim(),
  );
}

/** Makes the components known that a schema refers to, however far down. */
function addReferenced(schema: unknown): void {
  JSON.stringify(schema, (key, value) => {
    if (key === '$ref' && ajv.schemas[identifier(value)] === undefined) {
      const component = published.components.schemas[value.split('/')[3]];
      ajv.addSchema(jsonSchema(component) as object, identifier(value));
      addReferenced(component);
    }
    return value;
  });
}

function identifier(reference: string): string {
  return `github:${reference.split('/')[3]}`;
}

/** OpenAPI 3.0 says "or null" with `nullable`, JSON Schema with a type. */
function jsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example, examples, ...rest } = schema as Described;
  const converted = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === '$ref' ? identifier(String(value)) : jsonSchema(value),
    ]),
  );
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}
