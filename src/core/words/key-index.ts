import { firstPlace } from '../first-place.js';

/** The places of things by their keys, of which it holds a hash alone: four bytes for a key, four for a place. */
export class KeyIndex {
  readonly #hashes: Uint32Array;
  readonly #places: Uint32Array;

  private constructor(hashes: Uint32Array, places: Uint32Array) {
    this.#hashes = hashes;
    this.#places = places;
  }

  /** The places whose key may be this one, rising: others may share its hash. */
  find(key: string): number[] {
    const hash = hashOf(key);
    const from = firstPlace(this.#hashes, (one) => one >= hash);
    const places: number[] = [];
    for (let at = from; this.#hashes[at] === hash; at += 1) places.push(this.#places[at] ?? 0);
    return places;
  }

  static readonly Writer = class {
    /** Hash and place in one number: sorted so, they take no objects. */
    readonly #both: number[] = [];

    /** @param place below 2²¹ */
    add(key: string, place: number): void {
      this.#both.push(hashOf(key) * PLACES + place);
    }

    finish(): KeyIndex {
      const both = Float64Array.from(this.#both).sort();
      const hashes = Uint32Array.from(both, (one) => Math.floor(one / PLACES));
      return new KeyIndex(
        hashes,
        Uint32Array.from(both, (one) => one % PLACES),
      );
    }
  };
}

/** With a hash of 32 bits, it fits the 53 bits of a number. */
const PLACES = 2 ** 21;

/** FNV-1a over the code units of a text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
