import type { OperationDefinition, OperationDefinitionParameter, ParametersParameter } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { FhirRequest, OperationInput } from './interaction.js';
import { listAllowedTypes, readPrimitiveParameter, readTypedValue, toResourceParameter } from './operation-values.js';
import { isPrimitiveType, uncapitalize } from '../syntax/primitives.js';
import { badResource, badValue, missingParameter } from './bad-request.js';

type Definition = OperationDefinitionParameter;

const listInputs = ({ parameter }: OperationDefinition): Definition[] =>
  (parameter ?? []).filter(({ use }) => use === 'in');

/** Whether an operation can be invoked by GET: it changes nothing and needs nothing that a query cannot hold (R4, 3.2.0.2). */
export function allowsGet(definition: OperationDefinition): boolean {
  const needed = listInputs(definition).filter(({ min }) => min > 0);
  return definition.affectsState !== true && needed.every((one) => listAllowedTypes(one).some(isPrimitiveType));
}

/** Collects values of defined parameters, in the order sent, and checks how many there are at the end. */
class Collector {
  readonly values = new Map<string, ParametersParameter[]>();
  readonly #definitions: readonly Definition[];
  readonly #strict: boolean;

  constructor(definitions: readonly Definition[], strict: boolean) {
    this.#definitions = definitions;
    this.#strict = strict;
  }

  /** The definition of a name; undefined where there is none and that may be passed over. */
  find(name: string, expression?: string): Definition | undefined {
    const found = this.#definitions.find((definition) => definition.name === name);
    // What an extension of the standard's tools adds (`_…`) is no parameter of the operation.
    if (!found && this.#strict) throw badValue(name, 'no such parameter here', expression);
    return found;
  }

  add(value: ParametersParameter & { name: string }): void {
    const values = this.values.get(value.name) ?? [];
    values.push(value);
    this.values.set(value.name, values);
  }

  /** @throws RequestError `missing-parameter`, `bad-parameter-value` where there are too many */
  finish(expression: string): OperationInput {
    for (const { name, min, max } of this.#definitions) {
      const count = this.values.get(name)?.length ?? 0;
      if (count < min) throw missingParameter(name, expression);
      if (max !== '*' && count > Number(max)) throw badValue(name, `at most ${max} of it`, expression);
    }
    return this.values;
  }
}

function readPosted(sent: readonly ParametersParameter[], collector: Collector, path: string, strict: boolean): void {
  for (const [index, parameter] of sent.entries()) {
    const expression = `${path}[${index}]`;
    const { name } = (parameter as { name?: unknown } | null) ?? {};
    if (typeof name !== 'string' || name === '') {
      throw badResource('a parameter has no name', expression);
    }
    const definition = collector.find(name, expression);
    if (!definition) continue;
    if (definition.part) {
      if (!Array.isArray(parameter.part)) throw badValue(name, 'expected parts', expression);
      const parts = new Collector(definition.part, strict);
      readPosted(parameter.part, parts, `${expression}.part`, strict);
      collector.add({ name, part: [...parts.finish(expression).values()].flat() });
    } else collector.add(readTypedValue(definition, parameter, expression));
  }
}

/** A resource as the whole body stands for the one parameter that takes such a resource (R4 operations, 3.2.0.2). */
function readBare(
  body: NonNullable<FhirRequest['body']>,
  definitions: readonly Definition[],
  collector: Collector,
): void {
  const findTakers = (wanted: string): Definition[] =>
    definitions.filter((one) => listAllowedTypes(one).includes(wanted));
  // What asks for this very type comes before what takes resources of any.
  const own = findTakers(body.resourceType);
  const [taker, other] = own.length > 0 ? own : findTakers('Resource');
  if (!taker || other) {
    throw badResource(`it is a ${body.resourceType}, and Parameters are asked for`);
  }
  collector.add(toResourceParameter(taker.name, body));
}

/**
 * Rejects a request that holds a declined parameter, even an empty one, in its query, its Parameters or as its bare body.
 * @throws RequestError `not-supported`
 */
export function rejectDeclined(declined: readonly string[], { body, parameters }: FhirRequest): void {
  const posted: unknown = body?.resourceType === 'Parameters' ? body.parameter : undefined;
  const named = Array.isArray(posted) ? posted.map((one) => (one as { name?: unknown } | null)?.name) : [];
  // A bare body may be a resource in place of a declined parameter of that name.
  const bare = body ? [uncapitalize(body.resourceType)] : [];
  const names = new Set<unknown>([...parameters.map(([name]) => name), ...named, ...bare]);
  const found = declined.find((name) => names.has(name));
  if (found !== undefined) throw new RequestError('not-supported', { what: found });
}

/**
 * Reads the input of an operation as its definition describes it (R4 operations, 3.2.0.2 Executing an Operation):
 * primitives of the query, Parameters that were posted, or one bare resource. Names that are not in the definition are
 * ignored, unless the request is strict.
 * @throws RequestError `bad-parameter-value`, `missing-parameter`, `bad-resource`
 */
export function readOperationInput(definition: OperationDefinition, request: FhirRequest): OperationInput {
  const { body, parameters, strict } = request;
  const definitions = listInputs(definition);
  const collector = new Collector(definitions, strict);
  for (const [name, text] of parameters) {
    const one = text.trim() === '' ? undefined : collector.find(name);
    if (one) collector.add(readPrimitiveParameter(one, text));
  }
  if (body?.resourceType === 'Parameters') {
    const sent: unknown = body.parameter ?? [];
    if (!Array.isArray(sent)) throw badResource('parameter is no list');
    readPosted(sent as ParametersParameter[], collector, 'Parameters.parameter', strict);
  } else if (body) readBare(body, definitions, collector);
  return collector.finish(body ? 'Parameters.parameter' : '');
}
