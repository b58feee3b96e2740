import type { OperationDefinition, OperationDefinitionParameter, Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { groupBy } from '../../../core/group-by.js';
import type { FhirRequest, OperationInput } from './interaction.js';
import { listAllowedTypes, readPrimitiveParameter, readTypedValue, type NamedParameter } from './operation-values.js';
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

/** The definitions of an operation's parameters, or of the parts of one. */
interface Defined {
  readonly definitions: readonly Definition[];
  /** Names that are not among them are rejected. */
  readonly strict: boolean;
}

/** The definition of a name; undefined where there is none and unknown names are ignored. */
function findDefinition({ definitions, strict }: Defined, name: string, expression?: string): Definition | undefined {
  const found = definitions.find((definition) => definition.name === name);
  // An extension of the standard's tools (`_…`) is no parameter of the operation.
  if (!found && strict) throw badValue(name, 'no such parameter here', expression);
  return found;
}

/** Values by their names. @throws RequestError `missing-parameter`, `bad-parameter-value` where there are too many */
function checkCounts(values: readonly NamedParameter[], { definitions }: Defined, expression: string): OperationInput {
  const byName = groupBy(values, ({ name }) => name);
  for (const { name, min, max } of definitions) {
    const count = byName.get(name)?.length ?? 0;
    if (count < min) throw missingParameter(name, expression);
    if (max !== '*' && count > Number(max)) throw badValue(name, `at most ${max} of it`, expression);
  }
  return byName;
}

function readPosted(sent: readonly unknown[], defined: Defined, path: string): NamedParameter[] {
  return sent.flatMap((one, index) => {
    const expression = `${path}[${index}]`;
    const parameter = (one ?? {}) as { readonly name?: unknown; readonly part?: unknown };
    const { name, part } = parameter;
    if (typeof name !== 'string' || name === '') throw badResource('a parameter has no name', expression);
    const definition = findDefinition(defined, name, expression);
    if (!definition?.part) return definition ? readTypedValue(definition, parameter, expression) : [];
    if (!Array.isArray(part)) throw badValue(name, 'expected parts', expression);
    const below = { ...defined, definitions: definition.part };
    const parts = checkCounts(readPosted(part, below, `${expression}.part`), below, expression);
    return { name, part: [...parts.values()].flat() };
  });
}

/** A resource as the whole body stands for the one parameter that takes such a resource (R4 operations, 3.2.0.2). */
function readBare(resource: Resource, { definitions }: Defined): NamedParameter {
  const findTakers = (wanted: string): Definition[] =>
    definitions.filter((one) => listAllowedTypes(one).includes(wanted));
  // A parameter of this very type comes before those of any resource.
  const own = findTakers(resource.resourceType);
  const [taker, other] = own.length > 0 ? own : findTakers('Resource');
  if (!taker || other) throw badResource(`it is a ${resource.resourceType}, and Parameters are asked for`);
  return { name: taker.name, resource };
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
  const defined = { definitions: listInputs(definition), strict };
  const values = parameters.flatMap(([name, text]) => {
    const one = text.trim() === '' ? undefined : findDefinition(defined, name);
    return one ? readPrimitiveParameter(one, text) : [];
  });
  if (body?.resourceType === 'Parameters') {
    const sent: unknown = body.parameter ?? [];
    if (!Array.isArray(sent)) throw badResource('parameter is no list');
    values.push(...readPosted(sent, defined, 'Parameters.parameter'));
  } else if (body) values.push(readBare(body, defined));
  return checkCounts(values, defined, body ? 'Parameters.parameter' : '');
}
