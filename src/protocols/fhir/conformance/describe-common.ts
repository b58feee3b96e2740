import type { ErrorCode } from '../../../core/errors.js';
import type { Content, ContentByType, MethodDocument, RouteMethod, Schema } from '../../route-document.js';
import { describeResource } from './describe-resources.js';

/** A method as it is told here: what all of FHIR's share, and its examples by address, are added. */
export type Told = Omit<MethodDocument, 'errorContent' | 'examples'>;

/** What is told of an address, by method. */
export type ToldMethods = Partial<Record<RouteMethod, Told>>;

const JSON_TYPE = 'application/fhir+json';
const XML_TYPE = 'application/fhir+xml';
export const COMMON_ERRORS: readonly ErrorCode[] = [
  ...(['bad-parameter-value', 'unsupported-response-type', 'answer-too-large'] as const),
];

/** A resource of one of some types in FHIR's two formats. */
export function contentOf(...types: readonly string[]): ContentByType {
  const contents = types.map(describeResource);
  const [only] = contents;
  const described = only && contents.length === 1 ? only : anyOf(contents);
  return { [JSON_TYPE]: described, [XML_TYPE]: { schema: { type: 'string' } } };
}

function anyOf(contents: readonly Content[]): Content {
  const parts = contents.map(({ name = '', schema, parts: own = {} }) => ({ ...own, [name]: schema }));
  const schema = { anyOf: contents.map(({ name = '' }) => ({ $ref: `#/components/schemas/${name}` })) };
  return { schema, parts: Object.assign({}, ...parts) as Readonly<Record<string, Schema>> };
}

/** What is answered with a resource of one of some types, and when it was last changed. */
export const answer = (description: string, ...types: readonly string[]): Told['answers'] => ({
  200: { description, content: contentOf(...types), headers: ['Last-Modified'] },
});
