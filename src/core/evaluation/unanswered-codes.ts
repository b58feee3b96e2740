import { codingKey, readCodingKey, type Coding } from '../codes/concept.js';
import type { CodeSystemId } from '../codes/normalize-code.js';
import { LEAST_COUNT } from '../handing-over/hide-small.js';
import type { Library } from '../model/library.js';

/** Codes that are counted at most; those requested least are dropped at the end of a day. */
const MOST_CODES = 5_000;
/** Codes that are listed at most. */
const MOST_LISTED = 200;
/** Counts are shown by these steps: the exact ones of two days would tell of a single request. */
const STEPS = [1000, 500, 250, 100, 50, 25, LEAST_COUNT] as const;
const DAY_CHARS = 10;

/** Systems whose codes have a check digit or a form of their own: no other number that an EHR sends by mistake looks like one. */
const SHAPED: ReadonlySet<CodeSystemId> = new Set([
  'snomed-ct',
  'loinc',
  'icd-10-cm',
  'icd-10',
  'icd-10-pcs',
  'hcpcs',
  'mesh',
]);

/** A code without a page, and how often it was requested: so many times at least. */
export interface UnansweredCode {
  readonly coding: Coding;
  /** Empty if the library does not name it. */
  readonly title: string;
  readonly atLeast: number;
}

/**
 * Counts codes that led to no page, since the start of this process and in its memory alone: no code is written anywhere with a time, a
 * client or a patient. Typed words are not counted.
 */
export class UnansweredCodes {
  readonly #most: number;
  /** Of days that are over. */
  #counts = new Map<string, number>();
  #today = new Map<string, number>();
  #day = '';

  constructor(most = MOST_CODES) {
    this.#most = most;
  }

  /** Counts the codes of a request. */
  add(codings: readonly Coding[], now: Date): void {
    this.#closeDay(now);
    for (const coding of codings) {
      // A drug's name is what somebody typed.
      if (coding.system === 'drug-name') continue;
      const key = codingKey(coding);
      const known = this.#today.get(key);
      if (known !== undefined || this.#today.size < this.#most) this.#today.set(key, (known ?? 0) + 1);
    }
  }

  #closeDay(now: Date): void {
    const day = now.toISOString().slice(0, DAY_CHARS);
    if (day === this.#day) return;
    this.#day = day;
    for (const [key, count] of this.#today) this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    this.#today = new Map();
    if (this.#counts.size <= this.#most) return;
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a);
    this.#counts = new Map(sorted.slice(0, this.#most));
  }

  /**
   * Lists codes requested 11 times or more until yesterday (UTC), the most frequent first. One that has a row by now, even one that the
   * site holds back, is left out, and so is a plain number that no code system of the library names: it may be anything.
   */
  list(library: Pick<Library, 'findMappings' | 'findConcepts'>, now: Date): UnansweredCode[] {
    this.#closeDay(now);
    const frequent = [...this.#counts].flatMap(([key, count]) => {
      const atLeast = STEPS.find((step) => count >= step);
      return atLeast === undefined ? [] : [{ coding: readCodingKey(key), key, atLeast }];
    });
    const codings = frequent.map(({ coding }) => coding);
    const mapped = new Set(library.findMappings(codings).map(({ input }) => input));
    const names = new Map(library.findConcepts(codings).map((concept) => [codingKey(concept), concept.title]));
    const found = frequent.flatMap(({ coding, key, atLeast }, input) => {
      const title = names.get(key);
      const isCode = title !== undefined || SHAPED.has(coding.system);
      return mapped.has(input) || !isCode ? [] : [{ coding, title: title ?? '', atLeast }];
    });
    // Those of one step are in the order of their codes, which tells nothing of their counts.
    found.sort((a, b) => b.atLeast - a.atLeast || (codingKey(a.coding) < codingKey(b.coding) ? -1 : 1));
    return found.slice(0, MOST_LISTED);
  }
}

/** Columns of the list as CSV. */
export const UNANSWERED_CSV = ['system', 'code', 'title', 'requests_at_least'] as const;

export const toUnansweredCells = ({ coding: { system, code }, title, atLeast }: UnansweredCode) => [
  system,
  code,
  title,
  atLeast,
];
