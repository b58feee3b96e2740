import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { RequestError } from '../../core/errors.js';
import { ERRORS } from '../../core/errors.js';
import type { Texts } from '../../texts.js';
import type { ErrorRenderer, RouteResponse } from '../route.js';
import { CONTENT_TYPES, chooseErrorFormat } from './format.js';
import { writeResource } from './write-resource.js';

/**
 * An OperationOutcome of one issue (R4 OperationOutcome; `code` from value set issue-type).
 * @param expression where in the resource that was sent, as a simple FHIRPath
 */
export function operationOutcome(
  severity: OperationOutcomeIssue['severity'],
  code: OperationOutcomeIssue['code'],
  text: string,
  expression?: string,
): OperationOutcome {
  const where = expression ? { expression: [expression] } : {};
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity, code, details: { text }, diagnostics: text, ...where }],
  };
}

/** An error as an OperationOutcome. */
export function outcomeOf(error: RequestError, texts: Texts): OperationOutcome {
  const { expression } = error.values;
  const message = texts('en')(`errors.${error.code}`, error.values);
  return operationOutcome(
    'error',
    ERRORS[error.code].issue,
    message,
    expression === undefined ? '' : String(expression),
  );
}

/** Renders errors of the FHIR routes, in the format that was asked for. */
export function createOutcomeRenderer(texts: Texts): ErrorRenderer {
  return (error, request): RouteResponse => {
    const format = chooseErrorFormat(request);
    return {
      status: error.status,
      contentType: CONTENT_TYPES[format.syntax],
      body: writeResource(outcomeOf(error, texts), format),
      facts: { outcome: error.code },
    };
  };
}
