import type { ApiDocument, ApiOperation } from './openapi/document.js';
import type { Schema } from '../../src/protocols/route-document.js';
import { operationsOf } from './api-examples.js';

/*
 * Limits of openapi-python-client (0.2x), as far as it fails on an OpenAPI document: an operation that it cannot read is left
 * out of its client, or nothing is generated. It cannot be run here; these are its rules (parser/ and schema/ of its source).
 */

const words = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
const pascal = (name: string): string =>
  words(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
const snake = (name: string): string => words(name).join('_').toLowerCase();

/** The name of an enum's value in Python. */
const enumKey = (value: string, index: number): string => (/^[A-Za-z]/.test(value) ? snake(value) : `value_${index}`);

function complaintOfEnum(values: readonly unknown[], type: unknown): string | undefined {
  if (values.length === 0) return 'an enum without values';
  if (type === 'boolean') return undefined;
  const types = new Set(values.map((value) => typeof value));
  if (types.size > 1 || !['string', 'number'].includes([...types][0] ?? '')) return 'an enum of mixed values';
  const keys = values.map((value, index) => enumKey(String(value), index));
  return new Set(keys).size < keys.length ? `an enum with two names alike: ${keys.join()}` : undefined;
}

/** Complaint about one schema, whatever is below it. */
function complaintOfSchema(schema: Schema): string | undefined {
  const { const: value, enum: values, type, items, required, exclusiveMinimum, exclusiveMaximum } = schema;
  if (value !== undefined && typeof value !== 'string' && !Number.isInteger(value)) return 'a const that is no text';
  if (type === 'array' && items === undefined) return 'an array without items';
  // openapi-typescript makes an object of it that can have no member.
  const isBare = schema['properties'] === undefined && schema['additionalProperties'] === undefined;
  if (type === 'object' && isBare) return 'an object without members';
  if (Array.isArray(required) && required.length === 0) return 'an empty list of required members';
  if (exclusiveMinimum !== undefined || exclusiveMaximum !== undefined) return 'an exclusive limit';
  if (Array.isArray(values)) {
    if (schema['default'] !== undefined && !values.includes(schema['default'])) return 'a default outside its enum';
    return complaintOfEnum(values as unknown[], type);
  }
  return undefined;
}

const listOf = (value: unknown): Schema[] => (Array.isArray(value) ? (value as Schema[]) : []);

class Reader {
  readonly complaints: string[] = [];
  /** Members of each class that is generated. */
  readonly #classes = new Map<string, string>();
  readonly #schemas: Readonly<Record<string, Schema>>;

  constructor(api: ApiDocument) {
    this.#schemas = api.components.schemas;
    for (const [name, schema] of Object.entries(this.#schemas)) this.read(schema, '', name);
    const [ids, names] = [new Set<string>(), operationsOf(api).map(({ operation }) => snake(operation.operationId))];
    for (const name of names) ids.add(name);
    if (ids.size < names.length) this.complaints.push('two operations have one name');
    for (const { operation } of operationsOf(api)) this.#readOperation(operation);
  }

  #complain(place: string, what: string | undefined): void {
    if (what !== undefined) this.complaints.push(`${place}: ${what}`);
  }

  /** @param parent the class that the schema stands in, whose name begins that of its own */
  read(schema: Schema, parent: string, name: string): void {
    const place = `${parent} ${name}`;
    const { $ref: reference } = schema;
    if (typeof reference === 'string') {
      const known = Object.hasOwn(this.#schemas, reference.replace('#/components/schemas/', ''));
      this.#complain(place, known ? undefined : `nothing is at ${reference}`);
      return;
    }
    this.#complain(place, complaintOfSchema(schema));
    const { type, title, properties, items } = schema;
    const own = `${pascal(parent)}${pascal(typeof title === 'string' ? title : name)}`;
    const isModel = type === 'object' || properties !== undefined;
    if (isModel || (Array.isArray(schema['enum']) && type !== 'boolean')) {
      const made = isModel ? `${place} ${JSON.stringify(schema)}` : JSON.stringify(schema['enum']);
      const other = this.#classes.get(own);
      this.#complain(place, other === undefined || other === made ? undefined : `two classes are called ${own}`);
      this.#classes.set(own, made);
    }
    for (const [key, one] of Object.entries((properties ?? {}) as Record<string, Schema>)) this.read(one, own, key);
    if (items) this.read(items as Schema, parent, `${name}_item`);
    for (const [index, one] of [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].entries())
      this.read(one, parent, `${name}_type_${index}`);
  }

  #readOperation({ operationId, parameters = [], requestBody, responses }: ApiOperation): void {
    // Names that are alike in lower case are told apart as they are spelt.
    const names = parameters.map((one) => `${one.in} ${one.name.replace(/\W/g, '_')}`);
    this.#complain(operationId, new Set(names).size < names.length ? 'two parameters have one name' : undefined);
    for (const { name, schema } of parameters) this.read(schema, operationId, name);
    if (requestBody) {
      const read = Object.keys(requestBody.content).filter((type) => /[/+]json$|\/x-www-form-urlencoded$/.test(type));
      this.#complain(operationId, read.length === 0 ? 'no body that can be sent' : undefined);
      for (const type of read) this.read(requestBody.content[type]?.schema ?? {}, operationId, 'body');
    }
    for (const [status, { content }] of Object.entries(responses)) {
      const types = Object.keys(content ?? {});
      const read = types.find((type) => /[/+]json$|^text\/|\/octet-stream$/.test(type));
      if (read !== undefined) this.read(content?.[read]?.schema ?? {}, operationId, `response_${status}`);
      else if (types.length > 0) this.unread.push(`${operationId} ${status} ${types.join()}`);
    }
  }

  /** Answers that its client gives as bytes alone. */
  readonly unread: string[] = [];
}

/** Parts of a document that cannot be generated, and answers that a generated client does not parse. */
export function findGeneratorFaults(api: ApiDocument): { complaints: string[]; unread: string[] } {
  const { complaints, unread } = new Reader(api);
  return { complaints, unread };
}
