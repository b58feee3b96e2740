import type { ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';
import { LIMITS } from '../../../../limits.js';

/** What a member must be where it is there; with `!` it must be there. */
type Shape = 'text' | 'text!' | 'texts' | 'object' | (() => Members);
interface Members {
  readonly [name: string]: Shape;
}

const extension = (): Members => ({ url: 'text!' });
const designation = (): Members => ({ language: 'text', value: 'text!', use: 'object' });
const include = (): Members => ({
  system: 'text',
  version: 'text',
  concept: () => ({ code: 'text!', display: 'text', designation }),
  filter: () => ({ property: 'text!', op: 'text!', value: 'text' }),
  valueSet: 'texts',
});
const named: Members = { url: 'text', version: 'text', name: 'text', language: 'text', extension };
const contained = (): Members => ({ ...named, compose: 'object' });
const COMPOSE: Members = { include, exclude: include, extension };
const VALUE_SET: Members = { ...named, compose: 'object', contained };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isShape(value: unknown, shape: Exclude<Shape, () => Members>): boolean {
  if (shape === 'object') return isObject(value);
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return shape === 'texts' ? isTexts : typeof value === 'string';
}

/** Where something is that cannot be read; undefined for what can. */
function findFault(value: Record<string, unknown>, members: Members, at: string): string | undefined {
  for (const [name, shape] of Object.entries(members)) {
    const member = value[name];
    const path = `${at}.${name}`;
    if (member === undefined || member === null) {
      if (shape === 'text!') return path;
    } else if (typeof shape !== 'function') {
      if (!isShape(member, shape)) return path;
    } else {
      const fault = findListFault(member, shape(), path);
      if (fault !== undefined) return fault;
    }
  }
  return isObject(value.compose) && 'compose' in members
    ? findFault(value.compose, COMPOSE, `${at}.compose`)
    : undefined;
}

function findListFault(list: unknown, members: Members, path: string): string | undefined {
  if (!Array.isArray(list)) return path;
  if (path.endsWith('.designation') && list.length > LIMITS.maxListValues) return path;
  for (const [index, one] of list.entries()) {
    const at = `${path}[${index}]`;
    const fault = isObject(one) ? findFault(one, members, at) : at;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Extension of a value set that requires a supplement, which no request can supply here. */
const SUPPLEMENT = 'http://hl7.org/fhir/StructureDefinition/valueset-supplement';

/**
 * Checks what is read of a value set that was sent with the request: it has the types that the program relies on, and requires
 * nothing that the library cannot hold.
 * @throws RequestError `bad-resource`, `supplement-not-found`
 */
export function checkValueSet(valueSet: ValueSet): ValueSet {
  const fault = findFault(valueSet as unknown as Record<string, unknown>, VALUE_SET, 'ValueSet');
  if (fault !== undefined) {
    throw new RequestError('bad-resource', {
      reason: `${fault} is missing, of another type, or a list of more than ${LIMITS.maxListValues}`,
      expression: fault,
    });
  }
  const required = valueSet.extension?.find(({ url }) => url === SUPPLEMENT);
  if (required) {
    throw new RequestError('supplement-not-found', { url: required.valueCanonical ?? required.valueUri ?? '' });
  }
  return valueSet;
}

/** What R4 wants of each include (invariants vsd-1 to vsd-3): undefined for what can be evaluated. */
function faultOfInclude({ system, valueSet, concept, filter }: ValueSetComposeInclude): string | undefined {
  if (!system && !valueSet?.length) return 'names neither a system nor a value set';
  if (!system && (concept ?? filter)) return 'has concepts or filters without a system';
  return concept && filter ? 'has both concepts and filters' : undefined;
}

/** Refuses a value set that R4 gives no meaning. @throws RequestError `bad-value-set` */
export function checkCompose({ url, compose }: ValueSet): void {
  const refuse = (reason: string, expression: string): RequestError =>
    new RequestError('bad-value-set', { reason: `The value set '${url ?? ''}' ${reason}`, expression });
  // A value set from a client may lack anything.
  const { include = [] }: Partial<NonNullable<ValueSet['compose']>> = compose ?? {};
  if (!compose || include.length === 0) throw refuse('includes nothing', 'ValueSet.compose');
  for (const kind of ['include', 'exclude'] as const) {
    for (const [index, one] of (compose[kind] ?? []).entries()) {
      const fault = faultOfInclude(one);
      if (fault !== undefined) throw refuse(fault, `ValueSet.compose.${kind}[${index}]`);
    }
  }
}
