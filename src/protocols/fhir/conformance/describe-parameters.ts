import type { OperationDefinition, OperationDefinitionParameter } from '@medplum/fhirtypes';
import { toEnum } from '../../describe.js';
import type { ParameterDocument, Schema } from '../../route-document.js';
import type { TypeModule } from '../rest/interaction.js';
import { allowedTypes, isPrimitive } from '../rest/operation-values.js';

/** What an id in an address is: a resource's, or a version's. */
const ID_PATTERN = '^[A-Za-z0-9.-]{1,64}$';
/** A date to any precision (R4 dateTime). */
const DATE = String.raw`\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?`;
const PREFIXED = `(eq|ne|gt|lt|ge|le|sa|eb|ap)?${DATE}`;
/** How a search writes dates (R4 search, 3.1.1.4.8). */
const DATES: Schema = { type: 'string', pattern: `^${PREFIXED}(,${PREFIXED})*$` };

export const FORMAT: readonly ParameterDocument[] = [
  {
    name: '_format',
    description: 'json or xml, or a media type; it goes before the Accept header.',
    schema: { type: 'string', pattern: '^ *(json|xml|[A-Za-z*]+/[^/]+) *(;.*)?$' },
  },
  { name: '_pretty', description: 'Whether the answer is laid out for a person.', schema: { type: 'boolean' } },
];
export const ID: ParameterDocument = {
  name: 'id',
  description: 'Logical id of the resource.',
  schema: { type: 'string', pattern: ID_PATTERN },
};
export const VERSION_ID: ParameterDocument = {
  name: 'versionId',
  description: 'As meta.versionId has it.',
  schema: { type: 'string', pattern: ID_PATTERN },
};
export const STRICT: ParameterDocument = {
  name: 'Prefer',
  description: 'handling=strict: parameters that are not known are rejected; otherwise they are ignored.',
};
export const RETURNED: ParameterDocument = {
  name: 'Prefer',
  description:
    'return=minimal: without a body; return=OperationOutcome: a message; return=representation, or nothing: the resource.',
};
export const IF_MATCH: ParameterDocument = {
  name: 'If-Match',
  description: 'The version that is to be changed, as its ETag: 412 where it is no longer the current one.',
};
export const IF_ABSENT: ParameterDocument = {
  name: 'If-None-Match',
  description: '*: written only where there is no such resource; 412 otherwise.',
};
export const IF_NONE_EXIST: ParameterDocument = {
  name: 'If-None-Exist',
  description:
    'Criteria of a search: nothing is created where one resource matches, which is returned with 200; 412 where several do.',
};
export const SHORTENING: readonly ParameterDocument[] = [
  {
    name: '_summary',
    description: 'A part of the resource that R4 defines.',
    schema: toEnum(['true', 'text', 'data', 'count', 'false']),
  },
  { name: '_elements', description: 'Names of the elements that are wanted, divided by commas.' },
];
export const HISTORY_TIMES: readonly ParameterDocument[] = [
  {
    name: '_since',
    description: 'Versions from this instant on alone.',
    schema: { type: 'string', pattern: `^${DATE}$` },
  },
  {
    name: '_at',
    description: 'Versions that were current at some time of this date, which may have a prefix: ge2026-11-24.',
    schema: { type: 'string', pattern: `^${PREFIXED}$` },
  },
];
/** JSON Schema's types of FHIR's primitives, as a query or a form writes them; the others are texts. */
const PRIMITIVES: Readonly<Record<string, Schema>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  unsignedInt: { type: 'integer', minimum: 0 },
  positiveInt: { type: 'integer', minimum: 1 },
  decimal: { type: 'number' },
  date: { type: 'string', pattern: String.raw`^\d{4}(-\d\d(-\d\d)?)?$` },
  dateTime: { type: 'string', pattern: `^${DATE}$` },
  code: { type: 'string', pattern: String.raw`^\S+( \S+)*$` },
};

/** The query of a search: the type's own parameters, and those that say how its answer is divided. */
export function searchQuery({ searchParameters = [], includes = [] }: TypeModule): ParameterDocument[] {
  const told = searchParameters.map(({ name, type, documentation, modifiers }) => ({
    name,
    ...(type === 'date' ? { schema: DATES } : {}),
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
      schema: toEnum(['none', 'estimate', 'estimated', 'accurate']),
    },
    ...(includes.length > 0
      ? [
          { name: '_include', description: 'What is given along.', schema: toEnum(includes) },
          { name: '_revinclude', description: 'What points to a match, given along.', schema: toEnum(includes) },
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
