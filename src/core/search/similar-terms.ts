import { readPackedList } from './packed-list.js';
import { soundLength } from './text-index.js';
import { trigramsOf } from './text-tokens.js';
import { flatMap } from '../flat-map.js';

/** The terms of one index whose sounds contain a trigram. */
export interface GramTerms {
  readonly release: number;
  readonly gram: string;
  /** A packed list of ids, each with the length of its sound. */
  readonly terms: Uint8Array;
}

export interface TermRef {
  readonly release: number;
  readonly id: number;
}

/** Sounds with a greater difference in length are not spellings of one word. */
const MOST_LONGER = 2;

/** Two edits in a short word leave as much in common: `athsma`, asthma. */
const LEAST_SHARE = 0.2;

/**
 * The terms of each index that share most trigrams with a sound (Dice coefficient), up to a maximum per index.
 * @param grams the terms of all trigrams of the sound; other trigrams are skipped
 */
export function likeliestTerms(sound: string, grams: readonly GramTerms[], most: number): TermRef[] {
  const wanted = new Set(trigramsOf(sound));
  const length = soundLength(sound);
  const byRelease = new Map<number, Map<number, number>>();
  for (const { release, gram, terms } of grams) {
    if (!wanted.has(gram)) continue;
    const shares = byRelease.get(release) ?? new Map<number, number>();
    byRelease.set(release, shares);
    readPackedList(terms, (id, other) => {
      if (Math.abs(other - length) > MOST_LONGER) return;
      shares.set(id, (shares.get(id) ?? 0) + 2 / (wanted.size + other));
    });
  }
  return flatMap([...byRelease], ([release, shares]) =>
    [...shares]
      .filter(([, share]) => share >= LEAST_SHARE)
      .sort(([a, left], [b, right]) => right - left || a - b)
      .slice(0, most)
      .map(([id]) => ({ release, id })),
  );
}
