import { LIMITS } from '../../../limits.js';
import { answerTooLarge } from '../../route.js';

/** So much text is made into bytes at once. */
const CHUNK_CHARS = 65_536;

/** An answer that is written piece by piece. Its text becomes bytes, outside the heap, as it grows: in pieces it is many times as large. */
export class ByteParts {
  readonly #parts: Buffer[] = [];
  #text = '';
  #bytes = 0;

  /** @throws RequestError `answer-too-large` */
  add(part: string | Buffer): void {
    if (typeof part === 'string') this.#text += part;
    if (typeof part !== 'string' || this.#text.length >= CHUNK_CHARS) this.#flush();
    if (typeof part !== 'string') this.#push(part);
  }

  /** All of it: text where there is little, and one part as it is. */
  finish(): string | Buffer {
    const [first] = this.#parts;
    if (first && this.#parts.length === 1 && this.#text === '') return first;
    if (this.#parts.length === 0) return this.#text;
    this.#flush();
    return Buffer.concat(this.#parts, this.#bytes);
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#push(Buffer.from(this.#text));
    this.#text = '';
  }

  #push(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > LIMITS.maxAnswerBytes) throw answerTooLarge();
    this.#parts.push(part);
  }
}
