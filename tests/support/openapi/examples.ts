import { findOwn } from '../../../src/core/find-own.js';
import { FORM } from '../../../src/protocols/input/request-headers.js';
import type { Schema } from '../../../src/protocols/route-document.js';
import type { ContentByType, ExampleCall, MethodDocument } from './route-document.js';

/** The values that the example call of a method sends. */
export interface ExampleValues {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly header: Readonly<Record<string, string>>;
  /** By media type: an object for JSON and forms. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A value as its schema has it: numbers, booleans and lists are none of a query's texts. */
export function readExample(values: readonly string[], { type, items }: Schema): unknown {
  if (type === 'array') return values.map((value) => readExample([value], items as Schema));
  const [value = ''] = values;
  if (type === 'integer' || type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}

/** The fields of a form that was sent, as its schema has them. */
function readForm(form: string, { properties }: Schema): Record<string, unknown> {
  const sent = new URLSearchParams(form);
  const schemas = properties as Readonly<Record<string, Schema>>;
  return Object.fromEntries(
    [...sent.keys()].map((name) => [name, readExample(sent.getAll(name), findOwn(schemas, name) ?? {})]),
  );
}

function readBody({ headers = {}, body }: ExampleCall, content: ContentByType): ExampleValues['body'] {
  const type = headers['Content-Type'];
  if (body === undefined || type === undefined) return {};
  const form = type === FORM ? content[type] : undefined;
  return { [type]: form ? readForm(body, form.schema) : (JSON.parse(body) as unknown) };
}

/** The values of a route's path that an address has. */
function readPath(pattern: string, path: string): Record<string, string> {
  const parts = path.split('/');
  const pairs = pattern.split('/').map((name, index) => [name, parts[index] ?? ''] as const);
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (name.startsWith(':') ? [[name.slice(1), decodeURIComponent(value)]] : [])),
  );
}

/**
 * Reads the values of a method's first example that is answered without an error.
 * @param path the route's, with `:id` where it has parameters
 */
export function readExamples({ examples, body }: MethodDocument, path: string): ExampleValues {
  const call = examples.find(({ status }) => status < 400);
  if (!call) return { path: {}, query: new URLSearchParams(), header: {}, body: {} };
  const [at = '', query = ''] = call.address.split(/\?(.*)/s, 2);
  return {
    path: readPath(path, at),
    query: new URLSearchParams(query),
    header: call.headers ?? {},
    body: readBody(call, body?.content ?? {}),
  };
}
