import { groupBy } from '../../../src/core/group-by.js';
import { getOrAdd } from '../../../src/core/remember.js';
import type { Schema } from '../../../src/protocols/route-document.js';
import type { Content } from './route-document.js';
import {
  findRequiredCodes,
  getStructure,
  type Property,
  type Structure,
} from '../../../src/protocols/fhir/syntax/structure.js';
import { capitalize, isPrimitiveType } from '../../../src/protocols/fhir/syntax/primitives.js';
import { findOwn } from '../../../src/core/find-own.js';

/** R4's primitive types in JSON; the others are texts. */
const PRIMITIVES: Readonly<Record<string, Schema>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  unsignedInt: { type: 'integer', minimum: 0 },
  positiveInt: { type: 'integer', minimum: 1 },
  decimal: { type: 'number' },
  instant: { type: 'string', format: 'date-time' },
};
const TEXT: Schema = { type: 'string' };
/** Longer lists of codes (types, licences) are not repeated in the document. */
const MOST_CODES = 40;
/** A choice of any data type, such as an extension's value: of these the document describes the usual ones. */
const OPEN_CHOICE = 20;
const USUAL_TYPES: ReadonlySet<string> = new Set([
  ...['Coding', 'CodeableConcept', 'Identifier', 'Period', 'Quantity', 'Reference', 'Meta'],
]);

/** `ValueSet.compose.include` → `ValueSetComposeInclude`. */
const toName = ({ path }: Structure): string => path.split('.').map(capitalize).join('');

/** Schemas of R4's types, by name. */
type Schemas = Map<string, Schema>;

/** Adds the schema of a type, and those of all that it refers to. @throws Error for a type that R4 does not have */
function addSchema(structure: Structure, schemas: Schemas): Schema {
  const name = toName(structure);
  if (!schemas.has(name)) {
    // It may contain itself.
    schemas.set(name, {});
    schemas.set(name, describeStructure(structure, schemas));
  }
  return { $ref: `#/components/schemas/${name}` };
}

function describeStructure({ properties, isResource, path }: Structure, schemas: Schemas): Schema {
  const choices = groupBy(properties, ({ choice }) => choice);
  const shown = properties.filter(
    ({ choice, type }) =>
      choice === undefined ||
      (choices.get(choice)?.length ?? 0) < OPEN_CHOICE ||
      isPrimitiveType(type) ||
      USUAL_TYPES.has(type),
  );
  const required = [
    ...(isResource ? ['resourceType'] : []),
    ...properties.filter((one) => one.required && one.choice === undefined).map(({ name }) => name),
  ];
  // Of a resource of any type, its type alone is known.
  const resourceType: Schema = path === 'Resource' ? TEXT : { type: 'string', const: path };
  return {
    type: 'object',
    ...(isResource ? { description: `FHIR R4: http://hl7.org/fhir/R4/${path.toLowerCase()}.html` } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(path === 'Resource' ? { additionalProperties: true } : {}),
    properties: {
      ...(isResource ? { resourceType } : {}),
      ...Object.fromEntries(shown.map((one) => [one.name, describeProperty(one, schemas)])),
    },
  };
}

function describeProperty({ type, multiple, structure, valueSet }: Property, schemas: Schemas): Schema {
  const codes = valueSet === undefined ? undefined : findRequiredCodes(valueSet);
  let schema = findOwn(PRIMITIVES, type) ?? TEXT;
  if (structure) schema = addSchema(structure(), schemas);
  else if (type === 'Resource') schema = addSchema(getStructure('Resource'), schemas);
  else if (type === 'code' && codes && codes.size <= MOST_CODES) schema = { type: 'string', enum: [...codes] };
  return multiple ? { type: 'array', items: schema } : schema;
}

const contents = new Map<string, Content>();

/** A resource type of R4 as the content of a body or an answer in JSON, with the data types that it is made of. */
export const describeResource = (type: string): Content =>
  getOrAdd(contents, type, () => {
    const schemas: Schemas = new Map();
    addSchema(getStructure(type), schemas);
    const { [type]: schema = {}, ...parts } = Object.fromEntries(schemas);
    return { name: type, schema, parts };
  });
