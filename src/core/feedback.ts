import type { Coding } from './concept.js';
import type { Language } from './language.js';

/** What may be wrong with an article that a code led to. Texts are in resources/i18n under `feedback.reasons`. */
export const FEEDBACK_REASONS = [
  'wrong-topic',
  'wrong-age',
  'wrong-language',
  'broken-link',
  'frightening',
  'other',
] as const;
export type FeedbackReason = (typeof FEEDBACK_REASONS)[number];

/** What somebody said of an article: never who, nor for whom. */
export interface Feedback {
  readonly reason: FeedbackReason;
  /** Id of an article that the library holds. */
  readonly article: string;
  /** The language it was shown in. */
  readonly language: Language;
  /** The code that led to it, as its system writes it; undefined where it was found otherwise. */
  readonly coding: Coding | undefined;
  /** In the sender's own words; empty unless the site's configuration keeps them. */
  readonly remark: string;
}

/** The same said once or several times. Days are ISO 8601. */
export interface FeedbackEntry extends Feedback {
  readonly count: number;
  readonly firstOn: string;
  readonly lastOn: string;
}

/**
 * What was said and waits for the curator. Every implementation passes tests/contract/feedback-contract.ts.
 * Calls reject with RequestError `library-unavailable` where the database cannot answer now.
 */
export interface FeedbackQueue {
  /** Adds to the queue; what is there already is counted up. Where it is full, what has not been said for longest goes. */
  add(feedback: Feedback, now: Date): Promise<void>;
  /** All of it, ordered by article and code. */
  list(): Promise<FeedbackEntry[]>;
  /** Takes entries out; one that has been said again since it was listed stays. */
  remove(entries: readonly FeedbackEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** The reason of that name; undefined for any other text. */
export function findFeedbackReason(text: string): FeedbackReason | undefined {
  return FEEDBACK_REASONS.find((reason) => reason === text);
}
