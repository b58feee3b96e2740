import type { FeedbackQueue } from '../../core/evaluation/feedback.js';
import type { JsonObject } from '../json-object.js';
import { objectOf, objectsOf, textOf } from '../json-object.js';
import type { CardMemory } from './card-memory.js';
import { OVERRIDE_REASONS } from './override-reasons.js';
import type { CdsHook } from './services.js';

/** What was said of cards, counted by words of ours. */
export class CardFeedbackCounts {
  readonly #counts = new Map<
    string,
    { readonly labels: Readonly<Record<'hook' | 'outcome' | 'reason', string>>; count: number }
  >();

  add(hook: CdsHook, outcome: string, reason: string): void {
    const key = `${hook} ${outcome} ${reason}`;
    const known = this.#counts.get(key) ?? { labels: { hook, outcome, reason }, count: 0 };
    known.count += 1;
    this.#counts.set(key, known);
  }

  /** The counts as they stand, for a scrape. */
  read = () => [...this.#counts.values()].map(({ labels, count }) => [labels, count] as const);
}

export interface CardFeedbackOptions {
  readonly memory: CardMemory;
  readonly counts: CardFeedbackCounts;
  /** Undefined where nothing is written down. */
  readonly queue: FeedbackQueue | undefined;
}

/** A reason of ours, `other` for one that is none, `none` where there is none. */
function reasonIn({ overrideReason }: JsonObject): string {
  const reason = objectOf(objectOf(overrideReason)?.reason);
  if (!reason) return 'none';
  return OVERRIDE_REASONS.find((one) => one === textOf(reason.code)) ?? 'other';
}

/**
 * Takes what was said of cards (CDS Hooks 2.0.1, "Feedback"): it is counted, a card that was overridden ends the cards for its user, patient
 * and encounter, and a wrong page waits for the curator. Nothing else of it is kept, a user's own words least of all.
 * @param body checked by `FEEDBACK_SCHEMA`
 */
export async function takeFeedback(
  body: JsonObject,
  hook: CdsHook,
  now: Date,
  { memory, counts, queue }: CardFeedbackOptions,
): Promise<number> {
  const told = objectsOf(body.feedback);
  for (const one of told) {
    const outcome = textOf(one.outcome);
    const isOverridden = outcome === 'overridden';
    const reason = isOverridden ? reasonIn(one) : 'none';
    counts.add(hook, outcome, reason);
    const linked = isOverridden ? memory.override(textOf(one.card), hook, now) : undefined;
    if (reason !== 'wrong-page' || !linked || !queue) continue;
    for (const { article, language, coding } of linked) {
      await queue.add({ reason: 'wrong-topic', article, language, coding, remark: '' }, now);
    }
  }
  return told.length;
}
