import type { ExampleCall, MethodDocument, Schema } from '../route-document.js';
import { flatMap } from '../../core/flat-map.js';

const FORM = 'application/x-www-form-urlencoded';

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

function readBody({ headers = {}, body }: ExampleCall): ExampleValues['body'] {
  const type = headers['Content-Type'];
  if (body === undefined || type === undefined) return {};
  return { [type]: type === FORM ? Object.fromEntries(new URLSearchParams(body)) : (JSON.parse(body) as unknown) };
}

/** The values of a route's path that an address has. */
function readPath(pattern: string, path: string): Record<string, string> {
  const parts = path.split('/');
  const pairs = pattern.split('/').map((name, index) => [name, parts[index] ?? ''] as const);
  return Object.fromEntries(
    flatMap(pairs, ([name, value]) => (name.startsWith(':') ? [[name.slice(1), decodeURIComponent(value)]] : [])),
  );
}

/**
 * Reads the values of a method's first example that is answered without an error.
 * @param path the route's, with `:id` where it has parameters
 */
export function readExamples({ examples }: MethodDocument, path: string): ExampleValues {
  const call = examples.find(({ status }) => status < 400);
  if (!call) return { path: {}, query: new URLSearchParams(), header: {}, body: {} };
  const [at = '', query = ''] = call.address.split(/\?(.*)/s, 2);
  return {
    path: readPath(path, at),
    query: new URLSearchParams(query),
    header: call.headers ?? {},
    body: readBody(call),
  };
}
