import type { BundleEntry, OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { ERRORS, type ErrorCode, type RequestError } from '../../../core/errors.js';
import type { Texts } from '../../../texts.js';
import { createNameUuid } from '../../feed/name-uuid.js';
import type { ErrorRenderer, RouteResponse } from '../../route.js';
import { CONTENT_TYPES, chooseErrorFormat } from './format.js';
import { writeResource } from '../syntax/write-resource.js';
import { InvalidResourceError } from '../writing/faults.js';
import { dropEmpty } from '../syntax/drop-empty.js';

/**
 * An OperationOutcome of one issue (R4 OperationOutcome; `code` from value set issue-type).
 * @param expression where in the resource that was sent, as simple FHIRPaths
 */
export function createOutcome(
  severity: OperationOutcomeIssue['severity'],
  code: OperationOutcomeIssue['code'],
  text: string,
  expression?: string | readonly string[],
): OperationOutcome {
  const places = [expression ?? []].flat();
  const issue: OperationOutcomeIssue[] = [
    dropEmpty({ severity, code, details: { text }, diagnostics: text, expression: places }),
  ];
  return { resourceType: 'OperationOutcome', issue };
}

/**
 * Gives the outcome entries of a Bundle their `fullUrl` (R4 bundle, 2.36.4: every entry of a search has one). It is derived
 * from place and content, so that the same answer has the same bytes.
 */
export function nameOutcomes<R extends Resource>(entries: readonly BundleEntry<R>[]): BundleEntry<R>[] {
  return entries.map((entry, index) =>
    entry.search?.mode === 'outcome'
      ? { fullUrl: `urn:uuid:${createNameUuid(`${index} ${JSON.stringify(entry.resource)}`)}`, ...entry }
      : entry,
  );
}

/** Errors of one parameter, whose name is their place, as in other terminology servers. */
const OF_A_PARAMETER: ReadonlySet<ErrorCode> = new Set(['bad-parameter-value', 'missing-parameter']);

function findExpression({ code, values }: RequestError): string | undefined {
  if (values.expression !== undefined) return String(values.expression);
  const name = String(values.parameter ?? '');
  return OF_A_PARAMETER.has(code) && /^[A-Za-z]+(\.[A-Za-z]+)*$/.test(name) ? name : undefined;
}

/** An error as an OperationOutcome, with an issue for each fault of a resource. */
export function toOutcome(error: RequestError, texts: Texts): OperationOutcome {
  if (error instanceof InvalidResourceError) {
    const issue = error.faults.flatMap((one) => createOutcome('error', one.code, one.reason, one.expression).issue);
    return { resourceType: 'OperationOutcome', issue };
  }
  const { code, values } = error;
  const message = texts('en')(`errors.${code}`, values);
  const text = values.entry === undefined ? message : `${values.entry}: ${message}`;
  return createOutcome('error', ERRORS[code].issue, text, findExpression(error));
}

/** Renders errors of the FHIR routes, in the requested format. */
export function createOutcomeRenderer(texts: Texts): ErrorRenderer {
  return (error, request): RouteResponse => {
    const format = chooseErrorFormat(request);
    return {
      status: error.status,
      contentType: CONTENT_TYPES[format.syntax],
      body: writeResource(toOutcome(error, texts), format),
      facts: { outcome: error.code },
    };
  };
}
