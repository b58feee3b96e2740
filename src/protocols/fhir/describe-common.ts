import type { ErrorCode } from '../../core/errors.js';
import type { Content, ContentByType, MethodDocument, RouteMethod, Schema } from '../route-document.js';

/** A method as it is told here: what all of FHIR's share, and its examples by address, are added. */
export type Told = Omit<MethodDocument, 'errorContent' | 'examples'>;

/** What is told of an address, by method. */
export type ToldMethods = Partial<Record<RouteMethod, Told>>;

const JSON_TYPE = 'application/fhir+json';
const XML_TYPE = 'application/fhir+xml';
export const COMMON_ERRORS: readonly ErrorCode[] = ['bad-parameter-value', 'unsupported-response-type'];
export const BODY_ERRORS: readonly ErrorCode[] = ['bad-resource', 'unsupported-media-type', 'body-too-large'];

const resourceSchema = (type: string): Schema => ({
  type: 'object',
  description: `A ${type} of FHIR R4: http://hl7.org/fhir/R4/${type.toLowerCase()}.html`,
  required: ['resourceType'],
  properties: { resourceType: type === 'Resource' ? { type: 'string' } : { const: type } },
});

export function contentOf(type: string): ContentByType {
  const json: Content = { name: type, schema: resourceSchema(type) };
  return { [JSON_TYPE]: json, [XML_TYPE]: { schema: { type: 'string' } } };
}

export const answer = (description: string, type: string): Told['answers'] => ({
  200: { description, content: contentOf(type) },
});
