import type { ParameterDocument, Schema } from './route-document.js';

/** A text that is one of some values. */
export const toEnum = (values: readonly string[]): Schema => ({ type: 'string', enum: values });

/** Parameters as the schema of a form that is posted. */
export const formSchema = (parameters: readonly ParameterDocument[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    parameters.map(({ name, description, schema = { type: 'string' } }) => [name, { ...schema, description }]),
  ),
});
