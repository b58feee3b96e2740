import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RequestError } from '../../core/errors.js';
import { readOnce } from '../../core/read-once.js';
import { getOrAdd } from '../../core/remember.js';
import { LIMITS } from '../../limits.js';
import { asObject, type JsonObject } from '../json-object.js';
import { decodeText, readJsonText } from '../input/parse-json.js';
import { readDescription } from '../read-description.js';
import type { RequestBody } from '../route.js';
import type { Schema } from '../route-document.js';
import type { CdsHook } from './services.js';

/** Creates the error for an invalid request. */
export const refuseRequest = (reason: string): RequestError => new RequestError('bad-hook-request', { reason });

/** True if a body is JSON; it may come without a media type. */
export const isJson = (contentType: string): boolean =>
  contentType === '' || /^application\/(?:[a-z.]+\+)?json\s*(?:;|$)/i.test(contentType);

/** Explains an error by the path of the member; nothing else of the request is repeated. */
function explainError({ instancePath, message = 'is wrong', parentSchema, keyword, params }: ErrorObject): string {
  const place = instancePath === '' ? 'the request' : instancePath.slice(1).replaceAll('/', '.');
  const { description } = (parentSchema ?? {}) as { description?: string };
  if (keyword === 'pattern' && description !== undefined) return `${place} must be ${description}`;
  const { allowedValue, allowedValues } = params as { allowedValue?: string; allowedValues?: readonly string[] };
  if (allowedValue !== undefined) return `${place} must be ${allowedValue}`;
  return allowedValues ? `${place} must be one of ${allowedValues.join(', ')}` : `${place} ${message}`;
}

/** The schemas of requests: a call of each hook's service, and feedback on cards. */
export const SCHEMAS = readOnce({
  all: () =>
    readDescription('cds-hooks', LIMITS) as {
      readonly requests: Readonly<Record<CdsHook, Schema>>;
      readonly cardFeedback: Schema;
    },
});

/** Validators by their schemas: compiling one takes longer than hundreds of requests. */
const compiled = new WeakMap<Schema, ValidateFunction<JsonObject>>();

/** Returns the validator of a schema, compiled on first use. */
function findValidator(schema: Schema): ValidateFunction<JsonObject> {
  // The schemas are our own: the meta-schema would take longer to compile than they do.
  const options = { strict: false, verbose: true, validateSchema: false };
  return getOrAdd(compiled, schema, () => new Ajv2020(options).compile<JsonObject>(schema));
}

const dropNulls = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));

/** Drops members that are `null` from a call and its context. In the prefetch `null` has a meaning and stays. */
export function withoutNulls(value: unknown): unknown {
  const call = asObject(value);
  if (!call) return value;
  const context = asObject(call.context);
  return { ...dropNulls(call), ...(context ? { context: dropNulls(context) } : {}) };
}

/**
 * Reads and checks a JSON body.
 * @param findSchema returns the schema for a body, which is not checked yet
 * @param prepare changes it before the check
 * @throws RequestError `bad-hook-request`
 */
export function readCall(
  body: RequestBody | undefined,
  findSchema: (value: JsonObject) => Schema,
  prepare: (value: unknown) => unknown = (value) => value,
): JsonObject {
  if (!body || body.bytes.length === 0) throw refuseRequest('there is no body');
  const value = prepare(readJsonText(decodeText(body.bytes, refuseRequest), refuseRequest));
  const check = findValidator(findSchema(asObject(value) ?? {}));
  if (check(value)) return value;
  const [error] = check.errors ?? [];
  throw refuseRequest(error ? explainError(error) : 'it is no JSON object');
}
