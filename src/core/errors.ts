/**
 * All client-visible errors: code → HTTP status and FHIR issue type (R4 value set issue-type).
 * Texts are in resources/i18n under `errors`; docs/errors.md explains each.
 */
export const ERRORS = {
  'missing-code-system': { status: 400, issue: 'required' },
  'unknown-code-system': { status: 400, issue: 'not-supported' },
  'missing-search-criteria': { status: 400, issue: 'required' },
  'missing-query': { status: 400, issue: 'required' },
  'query-too-long': { status: 400, issue: 'too-long' },
  'too-many-criteria': { status: 400, issue: 'too-long' },
  'too-many-resources': { status: 413, issue: 'too-costly' },
  'too-many-parameters': { status: 400, issue: 'too-long' },
  'bad-callback': { status: 400, issue: 'value' },
  'bad-parameter-value': { status: 400, issue: 'value' },
  'missing-parameter': { status: 400, issue: 'required' },
  'bad-request': { status: 400, issue: 'structure' },
  'bad-hook-request': { status: 400, issue: 'structure' },
  'bad-resource': { status: 400, issue: 'structure' },
  'foreign-form': { status: 403, issue: 'forbidden' },
  'step-not-allowed': { status: 409, issue: 'business-rule' },
  'authorization-required': { status: 401, issue: 'login' },
  'not-permitted': { status: 403, issue: 'forbidden' },
  'not-found': { status: 404, issue: 'not-found' },
  'article-not-found': { status: 404, issue: 'not-found' },
  'resource-not-found': { status: 404, issue: 'not-found' },
  'history-not-served': { status: 404, issue: 'not-supported' },
  'code-system-not-found': { status: 404, issue: 'not-found' },
  'concept-not-found': { status: 404, issue: 'not-found' },
  'value-set-not-found': { status: 404, issue: 'not-found' },
  'concept-map-not-found': { status: 404, issue: 'not-found' },
  'unknown-resource-type': { status: 404, issue: 'not-supported' },
  'unknown-operation': { status: 404, issue: 'not-supported' },
  'method-not-allowed': { status: 405, issue: 'not-supported' },
  'unsupported-response-type': { status: 406, issue: 'not-supported' },
  'writing-off': { status: 405, issue: 'not-supported' },
  'request-timeout': { status: 408, issue: 'timeout' },
  'resource-exists': { status: 409, issue: 'duplicate' },
  'resource-shipped': { status: 409, issue: 'business-rule' },
  'resource-in-use': { status: 409, issue: 'conflict' },
  'contradicting-rows': { status: 409, issue: 'conflict' },
  'row-in-another-map': { status: 409, issue: 'duplicate' },
  'resource-gone': { status: 410, issue: 'deleted' },
  'version-conflict': { status: 412, issue: 'conflict' },
  'data-not-available': { status: 412, issue: 'incomplete' },
  'several-match': { status: 412, issue: 'multiple-matches' },
  'body-too-large': { status: 413, issue: 'too-long' },
  'address-too-long': { status: 414, issue: 'too-long' },
  unprintable: { status: 422, issue: 'not-supported' },
  'unsupported-media-type': { status: 415, issue: 'not-supported' },
  'wrong-host': { status: 421, issue: 'security' },
  'invalid-resource': { status: 422, issue: 'invalid' },
  'not-supported': { status: 422, issue: 'not-supported' },
  'too-costly': { status: 422, issue: 'too-costly' },
  'transaction-not-supported': { status: 422, issue: 'not-supported' },
  'rate-limited': { status: 429, issue: 'throttled' },
  'headers-too-large': { status: 431, issue: 'too-long' },
  'answer-too-large': { status: 422, issue: 'too-costly' },
  internal: { status: 500, issue: 'exception' },
  'library-unavailable': { status: 503, issue: 'transient' },
  overloaded: { status: 503, issue: 'throttled' },
  'storage-full': { status: 507, issue: 'no-store' },
  'issuer-unavailable': { status: 503, issue: 'transient' },
} as const satisfies Record<string, { status: number; issue: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** A client's error, or a condition it has to wait for: a code of the table and the values for its text. */
export class RequestError extends Error {
  readonly code: ErrorCode;
  readonly values: Readonly<Record<string, string | number>>;

  /** @param cause the underlying error on our side, for the log only */
  constructor(code: ErrorCode, values: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(code, { cause });
    this.name = 'RequestError';
    this.code = code;
    this.values = values;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
