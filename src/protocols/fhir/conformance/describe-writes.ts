import type { ErrorCode } from '../../../core/errors.js';
import type { ToldMethods } from './describe-common.js';
import { COMMON_ERRORS, contentOf } from './describe-common.js';
import { FORMAT, IF_ABSENT, IF_MATCH, IF_NONE_EXIST, RETURNED, searchQuery } from './describe-parameters.js';
import type { TypeModule } from '../rest/interaction.js';

const DELETE_ERRORS: readonly ErrorCode[] = [
  ...COMMON_ERRORS,
  ...(['resource-shipped', 'resource-in-use', 'version-conflict', 'storage-full'] as const),
];
const CHANGE_ERRORS: readonly ErrorCode[] = [
  ...COMMON_ERRORS,
  ...(['bad-resource', 'invalid-resource', 'not-supported', 'resource-shipped', 'resource-exists'] as const),
  ...(['contradicting-rows', 'row-in-another-map', 'version-conflict', 'storage-full'] as const),
];

type Written = Pick<NonNullable<ToldMethods['PUT']>, 'body' | 'answers' | 'isWrite'>;

const deleted = (description: string): Pick<NonNullable<ToldMethods['DELETE']>, 'answers' | 'isWrite'> => ({
  answers: { 204: { description, headers: ['ETag'] } },
  isWrite: true,
});

/** What is sent and answered where a resource is written. `Prefer: return` decides what of it comes back. */
function written(type: string, ofOld: string, ofNew: string): Written {
  const content = contentOf(type, 'OperationOutcome');
  const headers = ['ETag', 'Last-Modified', 'Location'] as const;
  return {
    body: { required: true, content: contentOf(type) },
    answers: { 200: { description: ofOld, content, headers }, 201: { description: ofNew, content, headers } },
    isWrite: true,
  };
}

/** What is written at a type: a new resource, or the one that the query's criteria match (R4 http, 3.1.0.4.1, 3.1.0.7.1, 3.1.0.8). */
export function typeWrites(module: TypeModule): ToldMethods {
  const { type, create, update, delete: remove } = module;
  const criteria = searchQuery(module);
  return {
    ...(update
      ? {
          PUT: {
            summary: `Update the ${type} that the criteria match`,
            description: 'Creates it where none matches; several are 412.',
            query: criteria,
            headers: [IF_MATCH, RETURNED],
            errors: [...CHANGE_ERRORS, 'several-match'],
            ...written(type, 'It was updated.', 'It was created.'),
          },
        }
      : {}),
    ...(remove
      ? {
          DELETE: {
            summary: `Delete the ${type} that the criteria match`,
            description: 'Does nothing where none matches; several are 412.',
            query: criteria,
            headers: [IF_MATCH],
            errors: [...DELETE_ERRORS, 'several-match'],
            ...deleted('It is no longer there.'),
          },
        }
      : {}),
    ...(create
      ? {
          POST: {
            summary: `Create a ${type}`,
            query: FORMAT,
            headers: [IF_NONE_EXIST, RETURNED],
            errors: [...CHANGE_ERRORS, 'several-match'],
            ...written(type, 'The one resource that If-None-Exist matches.', 'It was created.'),
          },
        }
      : {}),
  };
}

/** What is written at a resource's own address (R4 http, 3.1.0.4 and 3.1.0.7). */
export function instanceWrites({ type, update, delete: remove }: TypeModule): ToldMethods {
  return {
    ...(update
      ? {
          PUT: {
            summary: `Update a ${type}, or create it under this id`,
            query: FORMAT,
            headers: [IF_MATCH, IF_ABSENT, RETURNED],
            errors: [...CHANGE_ERRORS, 'resource-not-found'],
            ...written(type, 'It was updated.', 'It was created.'),
          },
        }
      : {}),
    ...(remove
      ? {
          DELETE: {
            summary: `Delete a ${type}`,
            query: FORMAT,
            headers: [IF_MATCH],
            errors: [...DELETE_ERRORS, 'resource-not-found'],
            ...deleted('It is no longer there.'),
          },
        }
      : {}),
  };
}
