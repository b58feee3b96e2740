import type { Coding } from '../codes/concept.js';
import type { Language } from '../model/language.js';

/** Reasons why an article shown for a code may be wrong. Texts are in resources/i18n under `feedback.reasons`. */
export const FEEDBACK_REASONS = [
  'wrong-topic',
  'wrong-age',
  'wrong-language',
  'broken-link',
  'frightening',
  'other',
] as const;
export type FeedbackReason = (typeof FEEDBACK_REASONS)[number];

/** A report on an article, without reporter or patient. */
export interface Feedback {
  readonly reason: FeedbackReason;
  /** Id of an article in the library. */
  readonly article: string;
  /** The language it was shown in. */
  readonly language: Language;
  /** The code that led to it, as its system writes it; undefined if it was found otherwise. */
  readonly coding: Coding | undefined;
  /** The reporter's own words; empty unless the site's configuration stores them. */
  readonly remark: string;
}

/** Equal reports, counted. Days are ISO 8601. */
export interface FeedbackEntry extends Feedback {
  readonly count: number;
  readonly firstOn: string;
  readonly lastOn: string;
}

/**
 * Reports that wait for the curator. Every implementation passes tests/contract/feedback-contract.ts.
 * Calls reject with RequestError `library-unavailable` if the database cannot answer now.
 */
export interface FeedbackQueue {
  /**
   * Adds a report; an equal one is counted up. If the queue is full, the entry with the oldest last report is dropped.
   */
  add(feedback: Feedback, now: Date): Promise<void>;
  /** All entries, ordered by article and code. */
  list(): Promise<FeedbackEntry[]>;
  /** Removes entries; an entry reported again since it was listed stays. */
  remove(entries: readonly FeedbackEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** The reason of that name; undefined for any other text. */
export function findFeedbackReason(text: string): FeedbackReason | undefined {
  return FEEDBACK_REASONS.find((reason) => reason === text);
}
