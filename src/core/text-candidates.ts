import { readPackedList } from './packed-list.js';
import type { DocumentRef, IndexFacts, TermRecord } from './search-index.js';
import { POSTING_WEIGHTS } from './text-index.js';
import type { Reading } from './text-reading.js';
import type { TermRecords } from './text-records.js';

/** How many documents are worth a closer look, of articles with drug names and of concepts. */
export interface CandidateLimits {
  readonly articles: number;
  readonly concepts: number;
}

/** Where so many documents hold a rarer word, those that hold none but commoner ones are passed over. */
const ENOUGH = 1000;

/** The best few of many by their score; of equals the first. */
class Best {
  readonly #most: number;
  readonly #kept: { readonly ref: DocumentRef; readonly score: number }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  offer(release: number, document: number, score: number): void {
    const kept = this.#kept;
    // Infinity stands where nothing is wanted.
    if (kept.length === this.#most && score <= (kept.at(-1)?.score ?? Infinity)) return;
    let place = kept.length;
    while (place > 0 && (kept[place - 1]?.score ?? 0) < score) place -= 1;
    kept.splice(place, 0, { ref: { release, document }, score });
    if (kept.length > this.#most) kept.pop();
  }

  refs(): DocumentRef[] {
    return this.#kept.map(({ ref }) => ref);
  }
}

/** For each set of a reading's words (a bit a word) how much of what is telling in it they are, squared. */
function coverages({ words }: Reading): Float64Array {
  const all = words.reduce((sum, { rarity }) => sum + rarity, 0);
  const shares = new Float64Array(1 << words.length);
  for (let set = 1; set < shares.length; set += 1) {
    const covered = words.reduce((sum, { rarity }, word) => sum + (set & (1 << word) ? rarity : 0), 0);
    shares[set] = (covered / (all || 1)) ** 2;
  }
  return shares;
}

/** What the documents of an index have come to; as it was new after each reading. */
class Sums {
  readonly scores: Float64Array;
  /** The words that each document holds, a bit a word. */
  readonly held: Uint16Array;
  /** The documents that hold any. */
  touched: number[] = [];

  constructor(documents: number) {
    this.scores = new Float64Array(documents);
    this.held = new Uint16Array(documents);
  }

  clear(): void {
    for (const document of this.touched) {
      this.scores[document] = 0;
      this.held[document] = 0;
    }
    this.touched = [];
  }
}

/** The sums of each index, clear between searches: a megabyte for each of them would be much to throw away. */
const sumsByIndex = new WeakMap<IndexFacts, Sums>();

function sumsOf(index: IndexFacts): Sums {
  const sums = sumsByIndex.get(index) ?? new Sums(index.documents);
  sumsByIndex.set(index, sums);
  return sums;
}

type RecordOf = (term: string) => TermRecord | undefined;

/** Adds up what each document is worth to a reading, in the manner of BM25. */
function addUp({ words }: Reading, recordOf: RecordOf, { scores, held, touched }: Sums): void {
  const rarestFirst = [...words.entries()].sort(([, a], [, b]) => b.rarity - a.rarity);
  for (const [position, { terms, rarity }] of rarestFirst) {
    const bit = 1 << position;
    const isOpen = touched.length < ENOUGH;
    // The best term comes first; a document counts a word once.
    for (const [term, closeness] of terms) {
      const record = recordOf(term);
      if (!record) continue;
      const weight = rarity * closeness;
      readPackedList(record.postings, (document, note) => {
        const before = held[document] ?? 0;
        if (before === 0) {
          if (!isOpen) return;
          touched.push(document);
        } else if (before & bit) return;
        held[document] = before | bit;
        scores[document] = (scores[document] ?? 0) + weight * (POSTING_WEIGHTS[note] ?? 0);
      });
    }
  }
}

/**
 * The documents that are worth a closer look, from the terms they hold and the length of the names these stand in.
 * Each reading has its own places, so that the one as written does not crowd out what it means.
 */
export function selectCandidates(
  readings: readonly Reading[],
  records: TermRecords,
  limits: CandidateLimits,
): DocumentRef[] {
  const places = readings.map((reading) => ({
    reading,
    shares: coverages(reading),
    articles: new Best(limits.articles),
    concepts: new Best(limits.concepts),
  }));
  for (const index of records.indexes) {
    const { release, documents, conceptsFrom } = index;
    if (limits.articles === 0 && conceptsFrom === documents) continue;
    if (limits.concepts === 0 && conceptsFrom === 0) continue;
    const recordOf: RecordOf = (term) => records.of(term).find((record) => record.release === release);
    const sums = sumsOf(index);
    for (const { reading, shares, articles, concepts } of places) {
      addUp(reading, recordOf, sums);
      for (const document of sums.touched) {
        const score = (sums.scores[document] ?? 0) * (shares[sums.held[document] ?? 0] ?? 0);
        (document < conceptsFrom ? articles : concepts).offer(release, document, score);
      }
      sums.clear();
    }
  }
  const refs = places.flatMap(({ articles, concepts }) => [...articles.refs(), ...concepts.refs()]);
  return [...new Map(refs.map((ref) => [`${ref.release}|${ref.document}`, ref])).values()];
}
