import { PackedListReader } from './packed-list.js';
import { soundLength } from './text-index.js';
import { trigramsOf } from './text-tokens.js';
import { groupBy } from '../group-by.js';

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

/** A term, and how much of its sound is a word's. */
interface Likely {
  readonly id: number;
  readonly share: number;
}

/** Number of trigrams that each term of an index shares with a word, by id; and the lengths of their sounds. */
class Shared {
  #counts = new Uint8Array(0);
  #lengths = new Uint8Array(0);
  #ids: number[] = [];

  add(id: number, length: number): void {
    if (id >= this.#counts.length) this.#grow(id);
    if (this.#counts[id] === 0) this.#ids.push(id);
    this.#counts[id] = (this.#counts[id] ?? 0) + 1;
    this.#lengths[id] = length;
  }

  #grow(id: number): void {
    const [counts, lengths] = [this.#counts, this.#lengths];
    this.#counts = new Uint8Array(2 * id + 1);
    this.#lengths = new Uint8Array(2 * id + 1);
    this.#counts.set(counts);
    this.#lengths.set(lengths);
  }

  /** The terms with most of a word of so many trigrams, the best first, of equals those before; clears all for the next word. */
  takeBest(wanted: number, most: number): Likely[] {
    const likely: Likely[] = [];
    for (const id of this.#ids) {
      const share = (2 * (this.#counts[id] ?? 0)) / (wanted + (this.#lengths[id] ?? 0));
      if (share >= LEAST_SHARE) likely.push({ id, share });
      this.#counts[id] = 0;
    }
    this.#ids = [];
    return likely.sort((a, b) => b.share - a.share || a.id - b.id).slice(0, most);
  }
}

const shared = new Shared();

/**
 * The terms of each index that share most trigrams with a sound (Dice coefficient), up to a maximum per index.
 * @param grams the terms of all trigrams of the sound; other trigrams are skipped
 */
export function likeliestTerms(sound: string, grams: readonly GramTerms[], most: number): TermRef[] {
  const wanted = new Set(trigramsOf(sound));
  const length = soundLength(sound);
  const byRelease = groupBy(
    grams.filter(({ gram }) => wanted.has(gram)),
    ({ release }) => release,
  );
  return [...byRelease].flatMap(([release, lists]) => {
    for (const { terms } of lists) {
      for (const list = new PackedListReader(terms); list.next();) {
        if (Math.abs(list.note - length) <= MOST_LONGER) shared.add(list.number, list.note);
      }
    }
    return shared.takeBest(wanted.size, most).map(({ id }) => ({ release, id }));
  });
}
