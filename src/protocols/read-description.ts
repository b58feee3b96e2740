import { formSchema } from './describe.js';
import { readDataFile } from '../core/read-data-file.js';
import { readOnce } from '../core/read-once.js';
import type { ExampleCall, MethodDocument, ParameterDocument, RouteDocument, RouteMethod } from './route-document.js';
import { findOwn } from '../core/find-own.js';

type Values = Readonly<Record<string, unknown>>;

function fill(node: unknown, values: Values): unknown {
  if (typeof node === 'string') {
    const name = node.slice(1);
    if (node.startsWith('$') && Object.hasOwn(values, name)) return values[name];
    return node.replace(/\$(\w+)/g, (sent, one: string) => (Object.hasOwn(values, one) ? String(values[one]) : sent));
  }
  if (Array.isArray(node)) return node.flatMap((one) => fill(one, values));
  if (typeof node !== 'object' || node === null) return node;
  const { $form, $json } = node as Values;
  if ($form) return formSchema(fill($form, values) as ParameterDocument[]);
  if ($json) return JSON.stringify(fill($json, values));
  const members = Object.entries(node).map(([key, one]): object =>
    key.startsWith('$') && key !== '$ref' ? (values[key.slice(1)] as object) : { [key]: fill(one, values) },
  );
  return Object.assign({}, ...members) as unknown;
}

/**
 * Fills a description: `$name` stands for that value, within a text for its text; a list within a list stands for its parts.
 * `$form` of parameters is the schema of a form with them, `$json` the text of a value in JSON.
 */
export const fillDescription = (description: unknown, values: Values): unknown => fill(description, values);

/**
 * Reads a file of `resources/openapi`: what clients read of some addresses.
 * @param values what `$name` stands for in it; `$jsonError` is an error in JSON
 */
export function readDescription(file: string, values: Values = {}): unknown {
  return fill(readDataFile(`openapi/${file}.yaml`), { jsonError: readDataFile('openapi/json-error.yaml'), ...values });
}

/** A description that is made when the OpenAPI document is: most servers never make it. */
export function describeLater(make: () => RouteDocument): RouteDocument {
  const made = readOnce({ document: make });
  return readOnce<Required<RouteDocument>>({
    tag: () => made.document.tag,
    path: () => made.document.path ?? [],
    methods: () => made.document.methods,
  });
}

/**
 * Describes addresses by a file of `resources/openapi` that has a description under each name.
 * @param listValues what `$name` stands for in it
 */
export function readDescriptions(file: string, listValues?: () => Values): (name: string) => RouteDocument {
  const read = readOnce({
    all: () => readDescription(file, listValues?.()) as Readonly<Record<string, RouteDocument>>,
  });
  return (name) =>
    describeLater(() => {
      const document = findOwn(read.all, name);
      if (!document) throw new Error(`${file}.yaml describes no ${name}`);
      return document;
    });
}

/** Puts a description at its address: an example that begins with no slash is a query of it. */
export function describeAt(path: string, document: RouteDocument): RouteDocument {
  const place = (call: ExampleCall): ExampleCall =>
    call.address.startsWith('/') ? call : { ...call, address: `${path}${call.address}` };
  return describeLater(() => {
    const placed = (Object.entries(document.methods) as [RouteMethod, MethodDocument][]).map(
      ([method, described]) => [method, { ...described, examples: described.examples.map(place) }] as const,
    );
    return { ...document, methods: Object.fromEntries(placed) };
  });
}
