import type { FeedbackQueue } from '../../core/evaluation/feedback.js';
import { getOrAdd } from '../../core/remember.js';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.js';
import type { CardMemory } from './card-memory.js';
import { OVERRIDE_REASONS } from './card.js';
import type { CdsHook } from './services.js';

/** Counts of feedback on cards, by our own words. */
export class CardFeedbackCounts {
  readonly #counts = new Map<
    string,
    { readonly labels: Readonly<Record<'hook' | 'outcome' | 'reason', string>>; count: number }
  >();

  add(hook: CdsHook, outcome: string, reason: string): void {
    const key = `${hook} ${outcome} ${reason}`;
    getOrAdd(this.#counts, key, () => ({ labels: { hook, outcome, reason }, count: 0 })).count += 1;
  }

  /** The current counts, for a scrape. */
  read = () => [...this.#counts.values()].map(({ labels, count }) => [labels, count] as const);
}

export interface CardFeedbackOptions {
  readonly memory: CardMemory;
  readonly counts: CardFeedbackCounts;
  /** Undefined: the site has no queue. */
  readonly queue: FeedbackQueue | undefined;
}

/** One of our reasons; `other` for an unknown one, `none` without one. */
function findReason({ overrideReason }: JsonObject): string {
  const reason = asObject(asObject(overrideReason)?.reason);
  if (!reason) return 'none';
  return OVERRIDE_REASONS.find((one) => one === asText(reason.code)) ?? 'other';
}

/** One item of feedback: Epic's `overrideReasons`, an object or a list, is read as `overrideReason`. A Coding alone is its reason. */
function spellItem(item: unknown): unknown {
  const { overrideReasons, ...rest } = asObject(item) ?? {};
  if (overrideReasons === undefined || rest.overrideReason !== undefined) return item;
  const [first] = asObjects(overrideReasons);
  if (!first) return rest;
  const isCoding = first.reason === undefined && first.code !== undefined;
  return { ...rest, overrideReason: isCoding ? { reason: first } : first };
}

/** Returns a body of feedback in the spelling of CDS Hooks. */
export function withOneSpelling(value: unknown): unknown {
  const body = asObject(value);
  return body && Array.isArray(body.feedback) ? { ...body, feedback: body.feedback.map(spellItem) } : value;
}

/**
 * Records feedback on cards (CDS Hooks 2.0.1, "Feedback"): it is counted, the articles of an answered card are not offered again for its
 * user, patient and encounter, and a wrong page is queued for the curator. Nothing else is stored, in particular no comment.
 * @param body checked against `cardFeedback` of resources/openapi/cds-hooks.yaml
 */
export async function recordFeedback(
  body: JsonObject,
  hook: CdsHook,
  now: Date,
  { memory, counts, queue }: CardFeedbackOptions,
): Promise<number> {
  const items = asObjects(body.feedback);
  for (const one of items) {
    const outcome = asText(one.outcome);
    const isOverridden = outcome === 'overridden';
    const reason = isOverridden ? findReason(one) : 'none';
    counts.add(hook, outcome, reason);
    const linked = memory.answer(asText(one.card), hook, now);
    if (reason !== 'wrong-page' || !linked || !queue) continue;
    for (const { article, language, coding } of linked) {
      await queue.add({ reason: 'wrong-topic', article, language, coding, remark: '' }, now);
    }
  }
  return items.length;
}
