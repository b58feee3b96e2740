import type { OperationDefinition } from '@medplum/fhirtypes';
import type { ErrorCode } from '../../../core/errors.js';
import type { ExampleCall, ParameterDocument, RouteDocument, RouteMethod } from '../../route-document.js';
import { formSchema, toEnum } from '../../describe.js';
import type { ToldMethods } from './describe-common.js';
import { COMMON_ERRORS, answer, contentOf } from './describe-common.js';
import {
  FORMAT,
  HISTORY_TIMES,
  ID,
  SHORTENING,
  STRICT,
  VERSION_ID,
  operationQuery,
  searchQuery,
} from './describe-parameters.js';
import { instanceWrites, typeWrites } from './describe-writes.js';
import { exampleCalls } from './example-calls.js';
import type { TypeModule } from '../rest/interaction.js';
import { isAskedByGet } from '../rest/read-operation-input.js';

const FORM = 'application/x-www-form-urlencoded';
/** What operations say of terminology that is not held, or that cannot be evaluated. */
const TERMINOLOGY_ERRORS: Readonly<Partial<Record<string, readonly ErrorCode[]>>> = {
  CodeSystem: ['resource-not-found', 'code-system-not-found', 'concept-not-found', 'supplement-not-found'],
  ValueSet: [
    'resource-not-found',
    'value-set-not-found',
    'code-system-not-found',
    'bad-value-set',
    'query-too-long',
    'too-costly',
    'answer-too-large',
  ],
  ConceptMap: ['resource-not-found', 'concept-map-not-found'],
};
/** What a Bundle is rejected for: a transaction fails as its first entry does that cannot be answered. */
const BUNDLE_ERRORS: readonly ErrorCode[] = [
  ...COMMON_ERRORS,
  ...(['bad-resource', 'invalid-resource', 'too-many-resources', 'transaction-not-supported'] as const),
  ...(['authorization-required', 'not-permitted', 'resource-not-found', 'method-not-allowed'] as const),
  ...(['resource-exists', 'resource-gone', 'version-conflict', 'storage-full'] as const),
];
/** How searches treat what they do not know. */
const SEARCH =
  'A parameter that is not listed is ignored and named in an outcome entry of the Bundle; with Prefer: handling=strict it is ' +
  'rejected. Unknown modifiers, chains, _has and _filter are always rejected.';
/** What an operation gives: one resource named `return` is given bare, anything else in Parameters (R4, 3.2.0.3). */
function outputOf({ parameter = [] }: OperationDefinition): string {
  const [first, ...more] = parameter.filter(({ use }) => use === 'out');
  return first?.name === 'return' && more.length === 0 ? (first.type ?? 'Parameters') : 'Parameters';
}

function operationMethods(definition: OperationDefinition): ToldMethods {
  const { title, name, description = '', affectsState, resource = [] } = definition;
  const told = {
    summary: title ?? name,
    description,
    headers: [STRICT],
    answers: answer('What the operation gives.', outputOf(definition)),
    ...(affectsState ? { isWrite: true } : {}),
  };
  const ofTerminology = resource.flatMap((type) => TERMINOLOGY_ERRORS[type] ?? []);
  const errors: ErrorCode[] = [...COMMON_ERRORS, 'missing-parameter', ...ofTerminology];
  const body = { required: false, content: contentOf('Parameters') };
  return {
    ...(isAskedByGet(definition)
      ? { GET: { ...told, query: [...operationQuery(definition), ...FORMAT], errors } }
      : {}),
    POST: { ...told, query: FORMAT, body, errors: [...errors, 'bad-resource', 'invalid-resource'] },
  };
}

function searchMethod(module: TypeModule): ToldMethods {
  if (!module.search) return {};
  return {
    GET: {
      summary: `Search ${module.type}`,
      description: SEARCH,
      query: searchQuery(module),
      headers: [STRICT],
      answers: answer('A searchset.', 'Bundle'),
      errors: [...COMMON_ERRORS, 'query-too-long', 'resource-gone'],
    },
  };
}

function typeMethods(module: TypeModule): ToldMethods {
  return {
    ...searchMethod(module),
    ...typeWrites(module),
  };
}

function instanceMethods(module: TypeModule): ToldMethods {
  const { type, read } = module;
  return {
    ...(read
      ? {
          GET: {
            summary: `Read a ${type}`,
            query: [...SHORTENING, ...FORMAT],
            answers: answer('The resource as it is now.', type),
            errors: [...COMMON_ERRORS, 'resource-not-found', 'resource-gone'],
          },
        }
      : {}),
    ...instanceWrites(module),
  };
}

/** Adds to methods what FHIR's all share, and the examples of their address. */
function toDocument(
  path: string,
  tag: string,
  methods: ToldMethods,
  parameters: readonly ParameterDocument[] = [],
): RouteDocument {
  const told = Object.entries(methods).map(([method, one]) => {
    const examples: readonly ExampleCall[] = exampleCalls(method as RouteMethod, path);
    return [method, { ...one, errorContent: contentOf('OperationOutcome'), examples }] as const;
  });
  return { tag, methods: Object.fromEntries(told), ...(parameters.length > 0 ? { path: parameters } : {}) };
}

const tagOf = (type: string): string => `FHIR ${type}`;

/** What clients read of each FHIR address, made of the modules that answer there. `path` is the whole address. */
export const describeFhir = {
  system: (path: string): RouteDocument =>
    toDocument(path, 'FHIR', {
      POST: {
        summary: 'Answer a batch of requests',
        query: FORMAT,
        headers: [STRICT],
        body: { required: true, content: contentOf('Bundle') },
        answers: answer('A batch-response: an entry for each request, each with its own status.', 'Bundle'),
        errors: BUNDLE_ERRORS,
      },
    }),
  metadata: (path: string): RouteDocument =>
    toDocument(path, 'FHIR', {
      GET: {
        summary: 'What this server can do',
        query: [
          {
            name: 'mode',
            description: 'terminology: TerminologyCapabilities instead.',
            schema: toEnum(['full', 'normative', 'terminology']),
          },
          ...SHORTENING,
          ...FORMAT,
        ],
        answers: answer(
          'A CapabilityStatement, or TerminologyCapabilities.',
          'CapabilityStatement',
          'TerminologyCapabilities',
        ),
        errors: COMMON_ERRORS,
      },
    }),
  operation: (path: string, definition: OperationDefinition, type?: string): RouteDocument =>
    toDocument(
      path,
      type === undefined ? 'FHIR' : tagOf(type),
      operationMethods(definition),
      path.includes('/:id/') ? [ID] : [],
    ),
  type: (path: string, module: TypeModule): RouteDocument => toDocument(path, tagOf(module.type), typeMethods(module)),
  postedSearch: (path: string, module: TypeModule): RouteDocument =>
    toDocument(path, tagOf(module.type), {
      ...searchMethod(module),
      POST: {
        summary: `Search ${module.type} by a form`,
        description: SEARCH,
        query: FORMAT,
        body: { required: false, content: { [FORM]: { schema: formSchema(searchQuery(module)) } } },
        answers: answer('A searchset.', 'Bundle'),
        headers: [STRICT],
        errors: [...COMMON_ERRORS, 'query-too-long', 'resource-gone'],
      },
    }),
  instance: (path: string, module: TypeModule): RouteDocument =>
    toDocument(path, tagOf(module.type), instanceMethods(module), [ID]),
  history: (path: string, type: string): RouteDocument =>
    toDocument(
      path,
      tagOf(type),
      {
        GET: {
          summary: `Versions of a ${type}`,
          query: [...HISTORY_TIMES, ...FORMAT],
          answers: answer('A history.', 'Bundle'),
          errors: [...COMMON_ERRORS, 'resource-not-found', 'resource-gone'],
        },
      },
      [ID],
    ),
  /** The history of a type, or of all. */
  historyOf: (path: string, type?: string): RouteDocument =>
    toDocument(path, type === undefined ? 'FHIR' : tagOf(type), {
      GET: {
        summary: type === undefined ? 'What was written' : `What was written of ${type}`,
        query: [
          ...HISTORY_TIMES,
          { name: '_count', description: 'Versions of a page.', schema: { type: 'integer', minimum: 0 } },
          ...FORMAT,
        ],
        answers: answer('A history.', 'Bundle'),
        errors: COMMON_ERRORS,
      },
    }),
  version: (path: string, type: string): RouteDocument =>
    toDocument(
      path,
      tagOf(type),
      {
        GET: {
          summary: `Read a version of a ${type}`,
          query: [...SHORTENING, ...FORMAT],
          answers: answer('The resource as it was.', type),
          errors: [...COMMON_ERRORS, 'resource-not-found', 'resource-gone'],
        },
      },
      [ID, VERSION_ID],
    ),
};
