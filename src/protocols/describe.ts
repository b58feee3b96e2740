import type { ContentByType, ParameterDocument, Schema } from './route-document.js';

/** An error as render-error.ts writes it in JSON. */
export const JSON_ERROR: ContentByType = {
  'application/json': {
    name: 'Error',
    schema: {
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['code', 'status'],
          properties: {
            code: { type: 'string', description: 'What went wrong, as docs/errors.md lists it.' },
            status: { type: 'integer' },
            message: { type: 'string', description: 'The same in words, in the asked language.' },
          },
        },
      },
    },
  },
};

/** A text that is one of some values. */
export const toEnum = (values: readonly string[]): Schema => ({ type: 'string', enum: values });

/** Parameters as the schema of a form that is posted. */
export const formSchema = (parameters: readonly ParameterDocument[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    parameters.map(({ name, description, schema = { type: 'string' } }) => [name, { ...schema, description }]),
  ),
});
