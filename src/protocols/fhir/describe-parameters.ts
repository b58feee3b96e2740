import type { OperationDefinition, OperationDefinitionParameter } from '@medplum/fhirtypes';
import type { ParameterDocument, Schema } from '../route-document.js';
import type { TypeModule } from './interaction.js';
import { allowedTypes, isPrimitive } from './operation-values.js';

export const ID: ParameterDocument = {
  name: 'id',
  description: 'Logical id of the resource.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' },
};
export const FORMAT: readonly ParameterDocument[] = [
  { name: '_format', description: 'json or xml, or a media type; it goes before the Accept header.' },
  { name: '_pretty', description: 'Whether the answer is laid out for a person.', schema: { type: 'boolean' } },
];
export const SHORTENING: readonly ParameterDocument[] = [
  {
    name: '_summary',
    description: 'A part of the resource that R4 defines.',
    schema: { enum: ['true', 'text', 'data', 'count', 'false'] },
  },
  { name: '_elements', description: 'Names of the elements that are wanted, divided by commas.' },
];
export const HISTORY_TIMES: readonly ParameterDocument[] = [
  { name: '_since', description: 'Versions from this instant on alone.' },
  {
    name: '_at',
    description: 'Versions that were current at some time of this date, which may have a prefix: ge2026-11-24.',
  },
];
/** JSON Schema's types of FHIR's primitives, as a query or a form writes them; the others are texts. */
const PRIMITIVES: Readonly<Record<string, Schema>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  unsignedInt: { type: 'integer', minimum: 0 },
  positiveInt: { type: 'integer', minimum: 1 },
  decimal: { type: 'number' },
  date: { type: 'string', format: 'date' },
};

/** The query of a search: the type's own parameters, and those that say how its answer is divided. */
export function searchQuery({ searchParameters = [], includes = [] }: TypeModule): ParameterDocument[] {
  const told = searchParameters.map(({ name, type, documentation, modifiers }) => ({
    name,
    description: [
      `${documentation}.`,
      `A ${type}${modifiers.length > 0 ? `; modifiers: ${modifiers.map((one) => `:${one}`).join(' ')}` : ''}.`,
    ].join(' '),
  }));
  return [
    ...told,
    { name: '_count', description: 'The most matches of a page.', schema: { type: 'integer', minimum: 0 } },
    { name: '_sort', description: 'Names of search parameters, divided by commas; - before one that falls.' },
    {
      name: '_total',
      description: 'Whether a total is wanted; it is always accurate.',
      schema: { enum: ['none', 'estimate', 'estimated', 'accurate'] },
    },
    ...(includes.length > 0
      ? [
          { name: '_include', description: 'What is given along.', schema: { enum: [...includes] } },
          { name: '_revinclude', description: 'What points to a match, given along.', schema: { enum: [...includes] } },
        ]
      : []),
    ...SHORTENING,
    ...FORMAT,
  ];
}

/** The query of an operation: what of its input is primitive. */
export function operationQuery({ parameter = [] }: OperationDefinition): ParameterDocument[] {
  return parameter.flatMap((one: OperationDefinitionParameter) => {
    const type = allowedTypes(one).find(isPrimitive);
    if (one.use !== 'in' || type === undefined) return [];
    const schema = PRIMITIVES[type] ?? { type: 'string' };
    return [
      {
        name: one.name,
        description: one.documentation ?? '',
        schema: one.max === '1' ? schema : { type: 'array', items: schema },
        ...(one.min > 0 ? { required: true } : {}),
      },
    ];
  });
}
