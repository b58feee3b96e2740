import { RequestError } from '../../../core/errors.js';

/** The place of a fault in a posted resource, as a simple FHIRPath; empty where the fault is not in the body. */
const placeAt = (expression: string | undefined): { expression?: string } => (expression ? { expression } : {});

/** A parameter with a value that it cannot have. */
export const badValue = (parameter: string, expected: string, expression?: string): RequestError =>
  new RequestError('bad-parameter-value', { parameter, expected, ...placeAt(expression) });

/** A parameter that is required and was not sent. */
export const missingParameter = (parameter: string, expression?: string): RequestError =>
  new RequestError('missing-parameter', { parameter, ...placeAt(expression) });

/** A resource that is not well-formed, or not the one that is needed. */
export const badResource = (reason: string, expression?: string): RequestError =>
  new RequestError('bad-resource', { reason, ...placeAt(expression) });
