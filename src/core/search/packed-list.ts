/**
 * Lists of ascending numbers, each with a note of four bits, packed to bytes: the gap to the previous number and the
 * note as one variable-length integer, seven bits per byte, the lowest first. The bytes are the same in every database.
 */

/** Notes are smaller than this. */
export const NOTES = 16;

const FIRST_BYTES = 16;
/** The highest bit of a byte: more bytes follow. */
const MORE = 0x80;
/** An integer of 32 bits takes five bytes. */
const MAX_BYTES = 5;

/** Builds a packed list. */
export class PackedListWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #last = 0;
  #count = 0;

  /** Number of entries. */
  get count(): number {
    return this.#count;
  }

  /** @param number greater than the one before; at most 2²⁶ */
  append(number: number, note: number): void {
    if (this.#length + MAX_BYTES > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = (number - this.#last) * NOTES + note;
    for (; rest >= MORE; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | MORE;
    this.#bytes[this.#length++] = rest;
    this.#last = number;
    this.#count += 1;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/**
 * Reads the numbers of a packed list in order, without a list or an object for each:
 * `for (const list = new PackedListReader(bytes); list.next(); )`.
 */
export class PackedListReader {
  /** The current number, and its note. */
  number = 0;
  note = 0;
  readonly #bytes: Uint8Array;
  #place = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes on to the next number; false where there is none. */
  next(): boolean {
    const bytes = this.#bytes;
    let place = this.#place;
    let value = 0;
    for (let shift = 0; place < bytes.length; shift += 7) {
      const byte = bytes[place++] ?? 0;
      value += (byte & 0x7f) << shift;
      if (byte >= MORE) continue;
      this.#place = place;
      this.number += value >>> 4;
      this.note = value & (NOTES - 1);
      return true;
    }
    return false;
  }
}
