import type { Schema } from '../../../src/protocols/route-document.js';
import type { ParameterDocument } from './route-document.js';

/** Parameters as the schema of a form that is posted. */
export const formSchema = (parameters: readonly ParameterDocument[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    parameters.map(({ name, description, schema = { type: 'string' } }) => [name, { ...schema, description }]),
  ),
});
