/** Choices that follow from a seed and a number alone: the same two give the same request, whatever was sent before it. */
export class Random {
  #state: number;
  /** Whether the request may hold what nobody means; of every two one holds only what could be meant, so that it is read to its end. */
  readonly isWild: boolean;

  constructor(seed: number, number = 0) {
    this.#state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(number + 1, 0xc2b2_ae35);
    this.isWild = this.chance(0.5);
  }

  /** A number from 0 up to but without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to but without `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A chance in a wild request alone. */
  wild(probability: number): boolean {
    return this.isWild && this.chance(probability);
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** @returns `count` values, each made anew */
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  /** A length that is mostly 1, seldom large. */
  length(most: number): number {
    if (this.chance(0.7)) return 1;
    return this.chance(0.9) ? this.below(Math.min(most, 4)) : this.below(most);
  }
}
