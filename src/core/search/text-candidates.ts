import { PackedListReader } from './packed-list.js';
import type { DocumentRef, IndexFacts, TermRecord } from './search-index.js';
import { POSTING_WEIGHTS } from './text-index.js';
import type { TextReading } from './text-reading.js';
import type { TermRecords } from './text-records.js';

/** Maximum documents to score, separately for articles with drug names and for concepts. */
export interface CandidateLimits {
  readonly articles: number;
  readonly concepts: number;
}

/** If this many documents contain a rarer word, those that contain only more common ones are skipped. */
const ENOUGH = 1000;

/** The few best of many by score; of equals the first. */
class Best {
  readonly #most: number;
  readonly #best: { readonly ref: DocumentRef; readonly score: number }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  offer(release: number, document: number, score: number): void {
    const best = this.#best;
    // Infinity if no item is wanted.
    if (best.length === this.#most && score <= (best.at(-1)?.score ?? Infinity)) return;
    let place = best.length;
    while (place > 0 && (best[place - 1]?.score ?? 0) < score) place -= 1;
    best.splice(place, 0, { ref: { release, document }, score });
    if (best.length > this.#most) best.pop();
  }

  toRefs(): DocumentRef[] {
    return this.#best.map(({ ref }) => ref);
  }
}

/** For each subset of a reading's words (as a bit mask), its share of the total weight, squared. */
function computeCoverages({ words }: TextReading): Float64Array {
  const all = words.reduce((sum, { rarity }) => sum + rarity, 0);
  const covered = new Float64Array(1 << words.length);
  // A set has the words of one without its last word, and that word.
  for (const [word, { rarity }] of words.entries()) {
    const last = 1 << word;
    for (let others = 0; others < last; others += 1) covered[last + others] = (covered[others] ?? 0) + rarity;
  }
  return covered.map((sum) => (sum / (all || 1)) ** 2);
}

/** The scores of an index's documents; cleared as they are read. */
class Sums {
  readonly scores: Float64Array;
  /** The words in each document, as a bit mask. */
  readonly held: Uint16Array;
  /** The documents with any word, and how many they are. */
  readonly touched: Uint32Array;
  count = 0;

  constructor(documents: number) {
    this.scores = new Float64Array(documents);
    this.held = new Uint16Array(documents);
    this.touched = new Uint32Array(documents);
  }

  /** Reads and clears the scores of the documents, weighted by the share of the words that each has. */
  readScores(shares: Float64Array, take: (document: number, score: number) => void): void {
    const { scores, held, touched, count } = this;
    for (let place = 0; place < count; place += 1) {
      const document = touched[place] ?? 0;
      take(document, (scores[document] ?? 0) * (shares[held[document] ?? 0] ?? 0));
      scores[document] = 0;
      held[document] = 0;
    }
    this.count = 0;
  }
}

/** The sums of each index, reused and cleared between searches: each takes a megabyte. */
const sumsByIndex = new WeakMap<IndexFacts, Sums>();

function createSums(index: IndexFacts): Sums {
  const sums = sumsByIndex.get(index) ?? new Sums(index.documents);
  sumsByIndex.set(index, sums);
  return sums;
}

type RecordOf = (term: string) => TermRecord | undefined;

/** Scores each document for a reading, similar to BM25. */
function addUp({ words }: TextReading, findRecord: RecordOf, sums: Sums): void {
  const { scores, held, touched } = sums;
  const rarestFirst = [...words.entries()].sort(([, a], [, b]) => b.rarity - a.rarity);
  for (const [position, { terms, rarity }] of rarestFirst) {
    const bit = 1 << position;
    const isOpen = sums.count < ENOUGH;
    // The best term comes first; a document counts each word once.
    for (const [term, closeness] of terms) {
      const record = findRecord(term);
      if (!record) continue;
      const weight = rarity * closeness;
      for (const list = new PackedListReader(record.postings); list.next();) {
        const document = list.number;
        const before = held[document] ?? 0;
        if (before & bit || (before === 0 && !isOpen)) continue;
        if (before === 0) touched[sums.count++] = document;
        held[document] = before | bit;
        scores[document] = (scores[document] ?? 0) + weight * (POSTING_WEIGHTS[list.note] ?? 0);
      }
    }
  }
}

/**
 * Selects the documents to score, by their terms and the length of the names with these. Each reading has its own
 * quota, so that the literal one does not crowd out its synonyms.
 */
export function selectCandidates(
  readings: readonly TextReading[],
  records: TermRecords,
  limits: CandidateLimits,
): DocumentRef[] {
  const places = readings.map((reading) => ({
    reading,
    shares: computeCoverages(reading),
    articles: new Best(limits.articles),
    concepts: new Best(limits.concepts),
  }));
  for (const index of records.indexes) {
    const { release, documents, conceptsFrom } = index;
    if (limits.articles === 0 && conceptsFrom === documents) continue;
    if (limits.concepts === 0 && conceptsFrom === 0) continue;
    const findRecord: RecordOf = (term) => records.of(term).find((record) => record.release === release);
    const sums = createSums(index);
    for (const { reading, shares, articles, concepts } of places) {
      addUp(reading, findRecord, sums);
      sums.readScores(shares, (document, score) => {
        (document < conceptsFrom ? articles : concepts).offer(release, document, score);
      });
    }
  }
  const refs = places.flatMap(({ articles, concepts }) => [...articles.toRefs(), ...concepts.toRefs()]);
  return [...new Map(refs.map((ref) => [`${ref.release}|${ref.document}`, ref])).values()];
}
