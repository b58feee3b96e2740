import { readDataFile } from '../core/read-data-file.js';

type Values = Readonly<Record<string, unknown>>;

function fillObject(node: object, values: Values): unknown {
  const entries = Object.entries(node) as [string, unknown][];
  const [[name, one] = ['', undefined]] = entries;
  const apply = entries.length === 1 && name.startsWith('$') ? values[name.slice(1)] : undefined;
  if (typeof apply === 'function') return (apply as (filled: unknown) => unknown)(fillDescription(one, values));
  const members = entries.map(([key, member]): object =>
    key.startsWith('$') && key !== '$ref'
      ? (values[key.slice(1)] as object)
      : { [key]: fillDescription(member, values) },
  );
  return Object.assign({}, ...members) as unknown;
}

/**
 * Fills a description: `$name` stands for that value, within a text for its text; a list within a list stands for its parts. A function
 * is applied to what is filled below its name.
 */
export function fillDescription(node: unknown, values: Values): unknown {
  if (typeof node === 'string') {
    const name = node.slice(1);
    if (node.startsWith('$') && Object.hasOwn(values, name)) return values[name];
    return node.replace(/\$(\w+)/g, (sent, one: string) => (Object.hasOwn(values, one) ? String(values[one]) : sent));
  }
  if (Array.isArray(node)) return node.flatMap((one) => fillDescription(one, values));
  return typeof node === 'object' && node !== null ? fillObject(node, values) : node;
}

/** Reads a file of resources/openapi, filled. `$jsonError` is an error in JSON, `$json` the text of a value in JSON. */
export function readDescription(file: string, values: Values = {}): unknown {
  const jsonError = readDataFile('openapi/json-error.yaml');
  return fillDescription(readDataFile(`openapi/${file}.yaml`), { jsonError, json: JSON.stringify, ...values });
}
