import type { ErrorCode } from '../../core/errors.js';
import type { ToldMethods } from './describe-common.js';
import { BODY_ERRORS, COMMON_ERRORS, answer, contentOf } from './describe-common.js';
import { FORMAT, searchQuery } from './describe-parameters.js';
import type { TypeModule } from './interaction.js';

/** What is written on a condition: of the one resource that the query's criteria match. */
export function conditionalMethods(module: TypeModule): ToldMethods {
  const { type, update, delete: remove } = module;
  const query = [...searchQuery(module), ...FORMAT];
  const errors: ErrorCode[] = [...COMMON_ERRORS, 'several-match'];
  return {
    ...(update
      ? {
          PUT: {
            summary: `Update the ${type} that the criteria match`,
            description: 'Creates it where none matches; several are 412.',
            query,
            body: { required: true, content: contentOf(type) },
            answers: answer('The resource as it is now.', type),
            errors: [...errors, ...BODY_ERRORS],
            isWrite: true,
          },
        }
      : {}),
    ...(remove
      ? {
          DELETE: {
            summary: `Delete the ${type} that the criteria match`,
            description: 'Does nothing where none matches; several are 412.',
            query,
            answers: { 204: { description: 'It is no longer there.' } },
            errors,
            isWrite: true,
          },
        }
      : {}),
  };
}
