import type { ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';
import { LIMITS } from '../../../../limits.js';
import { asObject, type JsonObject } from '../../../json-object.js';
import { badResource } from '../../rest/bad-request.js';

/**
 * The elements of a value set that are evaluated, each with what it must hold. The types of all are checked when it is read; a
 * filter's value when it is evaluated.
 */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  contained: [],
  compose: [],
  include: [],
  exclude: [],
  concept: ['code'],
  designation: ['value'],
  filter: ['property', 'op'],
};

/** Where an element is missing, or holds too many; undefined where nothing is wrong. */
function findFault(element: JsonObject, at: string): string | undefined {
  for (const [name, value] of Object.entries(element)) {
    const required = REQUIRED[name];
    const list = Array.isArray(value) ? (value as unknown[]) : undefined;
    if (name === 'valueSet' && list?.includes(null)) return `${at}.${name}`;
    if (name === 'designation' && (list?.length ?? 0) > LIMITS.maxListValues) return `${at}.${name}`;
    if (!required) continue;
    for (const [index, one] of (list ?? [value]).entries()) {
      const part = asObject(one) ?? {};
      const place = list ? `${at}.${name}[${index}]` : `${at}.${name}`;
      const missing = required.find((wanted) => part[wanted] === undefined);
      const fault = missing === undefined ? findFault(part, place) : `${place}.${missing}`;
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** Extension of a value set that requires a supplement, which no request can supply here. */
const SUPPLEMENT = 'http://hl7.org/fhir/StructureDefinition/valueset-supplement';

/**
 * Checks what is read of a value set that was sent with the request: it has the elements that the program relies on, and
 * requires nothing that the library cannot hold.
 * @throws RequestError `bad-resource`, `supplement-not-found`
 */
export function checkValueSet(valueSet: ValueSet): ValueSet {
  const fault = findFault(asObject(valueSet) ?? {}, 'ValueSet');
  if (fault !== undefined) {
    throw badResource(`${fault} is missing, of another type, or a list of more than ${LIMITS.maxListValues}`, fault);
  }
  const required = valueSet.extension?.find(({ url }) => url === SUPPLEMENT);
  if (required) {
    throw new RequestError('supplement-not-found', { url: required.valueCanonical ?? required.valueUri ?? '' });
  }
  return valueSet;
}

/** What R4 wants of each include (invariants vsd-1 to vsd-3): undefined for what can be evaluated. */
function findIncludeFault({ system, valueSet, concept, filter }: ValueSetComposeInclude): string | undefined {
  if (!system && !valueSet?.length) return 'names neither a system nor a value set';
  if (!system && (concept ?? filter)) return 'has concepts or filters without a system';
  return concept && filter ? 'has both concepts and filters' : undefined;
}

/** Rejects a value set that R4 gives no meaning. @throws RequestError `bad-value-set` */
export function checkCompose({ url, compose }: ValueSet): void {
  const refuse = (reason: string, expression: string): RequestError =>
    new RequestError('bad-value-set', { reason: `The value set '${url ?? ''}' ${reason}`, expression });
  // A value set from a client may lack anything.
  const { include = [] }: Partial<NonNullable<ValueSet['compose']>> = compose ?? {};
  if (!compose || include.length === 0) throw refuse('includes nothing', 'ValueSet.compose');
  for (const kind of ['include', 'exclude'] as const) {
    for (const [index, one] of (compose[kind] ?? []).entries()) {
      const fault = findIncludeFault(one);
      if (fault !== undefined) throw refuse(fault, `ValueSet.compose.${kind}[${index}]`);
    }
  }
}
