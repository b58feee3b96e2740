import { capText } from '../../../core/client-text.js';
import { asObject } from '../../json-object.js';
import type { OperationDefinitionParameter, ParametersParameter, Resource } from '@medplum/fhirtypes';
import type { RequestError } from '../../../core/errors.js';
import {
  NUMBER_FORMS,
  TEXT_FORMS,
  capitalize,
  findValue,
  uncapitalize,
  isNumberType,
  isPrimitiveType,
  isTextType,
} from '../syntax/primitives.js';
import { badValue } from './bad-request.js';
import { findOwn } from '../../../core/find-own.js';

/** A parameter with its name, as operations receive and return it. */
export type NamedParameter = ParametersParameter & { name: string };

const ALLOWED_TYPE = 'http://hl7.org/fhir/StructureDefinition/operationdefinition-allowed-type';

/** The types that a parameter may have: its own, or those that an abstract one allows. */
export function listAllowedTypes({ type, extension = [] }: OperationDefinitionParameter): readonly string[] {
  const allowed = extension.flatMap(({ url, valueUri }) => (url === ALLOWED_TYPE && valueUri ? [valueUri] : []));
  return allowed.length > 0 ? allowed : type ? [type] : [];
}

const rejectValue = (parameter: string, types: readonly string[], expression?: string): RequestError =>
  badValue(parameter, `expected ${types.join(' or ')}`, expression);

/** A parameter with its value, under the name of its type. V8 takes ten times as long for a computed name in a literal. */
export function nameValue(name: string, type: `value${string}`, value: unknown): NamedParameter {
  const parameter: Record<string, unknown> = { name };
  parameter[type] = value;
  return parameter as unknown as NamedParameter;
}

const toTypedValue = (name: string, type: string, value: unknown): NamedParameter =>
  nameValue(name, `value${capitalize(type)}`, value);

/** A value as its type has it in JSON; undefined where it is none. */
function readPrimitive(type: string, value: unknown): unknown {
  if (type === 'boolean')
    return value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = capText(String(value));
  if (isNumberType(type)) return findOwn(NUMBER_FORMS, type)?.test(text) ? Number(text) : undefined;
  return findOwn(TEXT_FORMS, type)?.test(text) ? text : undefined;
}

/** A parameter of the query. @throws RequestError `bad-parameter-value`, also where a query cannot say such a value */
export function readPrimitiveParameter(definition: OperationDefinitionParameter, text: string): NamedParameter {
  const { name } = definition;
  const types = listAllowedTypes(definition);
  const primitives = types.filter(isPrimitiveType);
  if (primitives.length === 0)
    throw rejectValue(
      name,
      types.map((type) => `${type}, in Parameters that are posted`),
    );
  for (const type of primitives) {
    const value = readPrimitive(type, text.trim());
    if (value !== undefined) return toTypedValue(name, type, value);
  }
  throw rejectValue(name, primitives);
}

/** Text may come as another kind of text (a code as a string, an address as a canonical), numbers as other numbers. */
function isKin(sent: string, wanted: string): boolean {
  return sent === wanted || [isTextType, isNumberType].some((isKind) => isKind(sent) && isKind(wanted));
}

/** The one value of a parameter that was posted: its type's name, in the lower case of primitives where it is one. */
function readSentValue(parameter: object): [type: string, value: unknown] | undefined {
  const entry = findValue(parameter);
  if (!entry) return undefined;
  const type = entry[0].slice('value'.length);
  const lower = uncapitalize(type);
  return [isPrimitiveType(lower) ? lower : type, entry[1]];
}

/** A parameter that was posted, as its definition has it. @throws RequestError `bad-parameter-value` */
export function readTypedValue(
  definition: OperationDefinitionParameter,
  parameter: object,
  expression: string,
): NamedParameter {
  const { name } = definition;
  const types = listAllowedTypes(definition);
  const { resource } = parameter as { resource?: Resource };
  // R4's inv-1: a parameter has one value, or a resource, or parts.
  const values = Object.keys(parameter).filter((key) => /^(value[A-Z]|resource$)/.test(key));
  if (values.length > 1) throw rejectValue(name, types, expression);
  if (resource !== undefined) {
    const isWanted = types.some((type) => type === 'Resource' || type === resource.resourceType);
    if (!isWanted || !asObject(resource)) throw rejectValue(name, types, expression);
    return { name, resource };
  }
  const [sent, value] = readSentValue(parameter) ?? ['', undefined];
  for (const type of types) {
    if (isPrimitiveType(type)) {
      // A number or a truth value that JSON writes as text is none.
      const isText = typeof value === 'string';
      const read = isKin(sent, type) && isText === isTextType(type) ? readPrimitive(type, value) : undefined;
      if (read !== undefined) return toTypedValue(name, type, read);
    } else if ((type === sent || type === 'Element') && (asObject(value) || isPrimitiveType(sent))) {
      return toTypedValue(name, sent, value);
    }
  }
  throw rejectValue(name, types, expression);
}
