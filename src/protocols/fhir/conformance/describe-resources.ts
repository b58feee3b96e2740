import { toEnum } from '../../describe.js';
import type { Content, Schema } from '../../route-document.js';
import { findRequiredCodes, getStructure, type Property, type Structure } from '../syntax/structure.js';
import { capitalize, isPrimitiveType } from '../syntax/primitives.js';

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

const referTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** `ValueSet.compose.include` → `ValueSetComposeInclude`. */
const toName = ({ path }: Structure): string => path.split('.').map(capitalize).join('');

/** Schemas of R4's types, by name; collects what each refers to. */
class ResourceSchemas {
  readonly #schemas = new Map<string, Schema>();

  /** @throws Error for a type that R4 does not have */
  add(structure: Structure): Schema {
    const name = toName(structure);
    if (this.#schemas.has(name)) return referTo(name);
    // It may contain itself.
    this.#schemas.set(name, {});
    this.#schemas.set(name, this.#describe(structure));
    return referTo(name);
  }

  get all(): Readonly<Record<string, Schema>> {
    return Object.fromEntries(this.#schemas);
  }

  #describe({ properties, isResource, path }: Structure): Schema {
    const sizes = new Map<string, number>();
    for (const { choice = '' } of properties) sizes.set(choice, (sizes.get(choice) ?? 0) + 1);
    const shown = properties.filter(
      ({ choice, type }) =>
        choice === undefined ||
        (sizes.get(choice) ?? 0) < OPEN_CHOICE ||
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
        ...Object.fromEntries(shown.map((one) => [one.name, this.#property(one)])),
      },
    };
  }

  #property(property: Property): Schema {
    const { type, multiple, structure, valueSet } = property;
    const codes = valueSet === undefined ? undefined : findRequiredCodes(valueSet);
    let schema = PRIMITIVES[type] ?? TEXT;
    if (structure) schema = this.add(structure());
    else if (type === 'Resource') schema = this.add(getStructure('Resource'));
    else if (type === 'code' && codes && codes.size <= MOST_CODES) schema = toEnum([...codes]);
    return multiple ? { type: 'array', items: schema } : schema;
  }
}

const contents = new Map<string, Content>();

/** A resource type of R4 as the content of a body or an answer in JSON, with the data types that it is made of. */
export function describeResource(type: string): Content {
  const known = contents.get(type);
  if (known) return known;
  const schemas = new ResourceSchemas();
  schemas.add(getStructure(type));
  const { [type]: schema = {}, ...parts } = schemas.all;
  const content = { name: type, schema, parts };
  contents.set(type, content);
  return content;
}
