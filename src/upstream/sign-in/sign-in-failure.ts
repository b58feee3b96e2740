import { findDetail } from '../failure-detail.js';

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
export type SignInFailureReason = keyof typeof SIGN_IN_FAILURES;

/** A failed sign-in. It holds nothing of the person and nothing of the provider's response. */
export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  readonly reason: SignInFailureReason;
  /** For the log. */
  readonly detail: string | undefined;

  constructor(reason: SignInFailureReason, cause?: unknown) {
    super(reason);
    this.reason = reason;
    this.detail = findDetail(cause);
  }

  get status(): number {
    return SIGN_IN_FAILURES[this.reason];
  }
}
