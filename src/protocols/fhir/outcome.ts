import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { ERRORS } from '../../core/errors.js';
import type { Texts } from '../../texts.js';
import type { ErrorRenderer, RouteResponse } from '../route.js';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** An OperationOutcome of one issue (R4 OperationOutcome; `code` from value set issue-type). */
export function operationOutcome(
  severity: OperationOutcomeIssue['severity'],
  code: OperationOutcomeIssue['code'],
  diagnostics: string,
): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics }] };
}

/** Renders errors of the FHIR routes. */
export function createOutcomeRenderer(texts: Texts): ErrorRenderer {
  return (error): RouteResponse => {
    const message = texts('en')(`errors.${error.code}`, error.values);
    return {
      status: error.status,
      contentType: FHIR_JSON,
      body: JSON.stringify(operationOutcome('error', ERRORS[error.code].issue, message)),
      facts: { outcome: error.code },
    };
  };
}
