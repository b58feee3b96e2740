import { findDetail } from '../failure-detail.js';

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

/** A failed launch, or a session that cannot continue. It holds nothing of the patient and nothing of the EHR's response. */
export class LaunchFailure extends Error {
  override readonly name = 'LaunchFailure';
  readonly reason: LaunchFailureReason;
  /** For the log. */
  readonly detail: string | undefined;

  constructor(reason: LaunchFailureReason, cause?: unknown) {
    super(reason);
    this.reason = reason;
    this.detail = findDetail(cause);
  }

  get status(): number {
    return LAUNCH_FAILURES[this.reason];
  }
}
