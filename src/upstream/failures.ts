const texts = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The cause of a failure, for the log: a code of the protocol or the network, or our own words; never a description of another server. */
function findDetail(cause: unknown): string | undefined {
  const { error, code, cause: deeper, message } = texts(cause);
  const words = [error, texts(deeper).code, code].find((one) => typeof one === 'string' && /^\w{1,60}$/.test(one));
  if (typeof words === 'string') return words;
  return cause instanceof Error && cause.name === 'Error' && typeof message === 'string' ? message : undefined;
}

/** A failure at another server. It holds nothing of a person and nothing of the server's response. */
abstract class ReportedFailure<Reason extends string> extends Error {
  readonly reason: Reason;
  /** Status of its page. */
  readonly status: number;
  /** For the log. */
  readonly detail: string | undefined;

  constructor(reason: Reason, statuses: Readonly<Record<Reason, number>>, cause: unknown) {
    super(reason);
    this.reason = reason;
    this.status = statuses[reason];
    this.detail = findDetail(cause);
  }
}

/**
 * Why a launch failed, with the status of its page. Texts are in resources/i18n under `launch.failures`, each with what to do.
 * A status of 502 is the EHR's fault or ours, not the user's.
 */
const LAUNCH_FAILURES = {
  'not-set-up': 404,
  'unknown-issuer': 400,
  'bad-launch': 400,
  'ehr-unreachable': 502,
  'ehr-unfit': 502,
  denied: 403,
  'sign-in-needed': 403,
  'scope-refused': 502,
  'client-refused': 502,
  'request-refused': 502,
  'ehr-failed': 502,
  'wrong-state': 400,
  'code-expired': 400,
  'bad-token': 502,
  'no-patient': 400,
  'no-user': 400,
  'other-patient': 502,
  'token-refused': 403,
  'session-ended': 410,
  'not-for-patients': 403,
  'too-many-sessions': 503,
} as const satisfies Readonly<Record<string, number>>;
export type LaunchFailureReason = keyof typeof LAUNCH_FAILURES;

/** A failed launch, or a session that cannot continue. */
export class LaunchFailure extends ReportedFailure<LaunchFailureReason> {
  override readonly name = 'LaunchFailure';

  constructor(reason: LaunchFailureReason, cause?: unknown) {
    super(reason, LAUNCH_FAILURES, cause);
  }
}

/** Why a sign-in failed, with the status of its page. Texts are in resources/i18n under `signIn.failures`. */
const SIGN_IN_FAILURES = {
  unreachable: 502,
  'by-proxy': 403,
  denied: 403,
  refused: 502,
  'wrong-state': 400,
  'bad-token': 502,
  'no-role': 403,
} as const satisfies Readonly<Record<string, number>>;
type SignInFailureReason = keyof typeof SIGN_IN_FAILURES;

/** A failed sign-in. */
export class SignInFailure extends ReportedFailure<SignInFailureReason> {
  override readonly name = 'SignInFailure';

  constructor(reason: SignInFailureReason, cause?: unknown) {
    super(reason, SIGN_IN_FAILURES, cause);
  }
}
