import { RELATIONSHIP_ORDER, type Relationship } from '../answer/knowledge-response.js';
import { codingKey, readCodingKey, type Coding } from './concept.js';

/** Stands before and behind each key of a list; no code has a line break. */
const DIVIDER = '\n';

const RELATIONSHIPS = Object.keys(RELATIONSHIP_ORDER) as Relationship[];

/** A code with its own row for an article. */
export interface ArticleCode extends Coding {
  readonly relationship: Relationship;
}

/** The codes that lead to an article, as text: those of all articles as objects would be a fifth of the memory of the process. */
export class CodeList {
  readonly #keys: string;
  /** A digit for each code: the place of its relationship in `RELATIONSHIPS`. */
  readonly #relationships: string;

  private constructor(keys: string, relationships: string) {
    this.#keys = keys;
    this.#relationships = relationships;
  }

  /** A list of codes, in their order. */
  static of(codes: readonly ArticleCode[]): CodeList {
    return new CodeList(
      `${DIVIDER}${codes.map(codingKey).join(DIVIDER)}${DIVIDER}`,
      codes.map(({ relationship }) => RELATIONSHIPS.indexOf(relationship)).join(''),
    );
  }

  /** Number of codes. */
  get length(): number {
    return this.#relationships.length;
  }

  /** Whether another list has the same codes in the same order, with the same relationships. */
  isSame(other: CodeList): boolean {
    return this.#keys === other.#keys && this.#relationships === other.#relationships;
  }

  /** The key of the first code; undefined: there is none. */
  get firstKey(): string | undefined {
    return this.length === 0 ? undefined : this.#keys.split(DIVIDER, 2)[1];
  }

  /** Whether the list has one of these keys, as `codingKey` makes them: nothing is made of the list's own. */
  hasAny(keys: ReadonlySet<string>): boolean {
    for (const key of keys) if (this.#keys.includes(`${DIVIDER}${key}${DIVIDER}`)) return true;
    return false;
  }

  /** Whether the key of a code passes a test. */
  some(test: (key: string) => boolean): boolean {
    return this.#split().some((key) => test(key));
  }

  /** The codes as objects, made anew. */
  toArray(): ArticleCode[] {
    return this.#split().map((key, at): ArticleCode => {
      const { system, code } = readCodingKey(key);
      return { system, code, relationship: RELATIONSHIPS[Number(this.#relationships[at])] ?? 'related' };
    });
  }

  #split(): string[] {
    return this.length === 0 ? [] : this.#keys.slice(1, -1).split(DIVIDER);
  }
}
