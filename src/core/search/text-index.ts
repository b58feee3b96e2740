import { NOTES, PackedListWriter } from './packed-list.js';
import { foldPlural, toSound, tokensOf, trigramsOf } from './text-tokens.js';

/** Increased when terms, sounds or the packing change: older indexes are rebuilt. */
export const INDEX_VERSION = 1;

/** A name of a document. */
export interface DocumentName {
  readonly text: string;
  /** Its title, not another name. */
  readonly isTitle: boolean;
}

const IN_BRACKETS = /\(([^()]*)\)/g;
const LAST_BRACKETS = /\(([^()]*)\)$/;

/** A name, the same without brackets, and the content of the last brackets: Enlarged Prostate (BPH). */
function listVariants(text: string, isTitle: boolean): DocumentName[] {
  const whole = { text, isTitle };
  if (!text.includes('(')) return [whole];
  const last = LAST_BRACKETS.exec(text)?.[1];
  const without = { text: text.replace(IN_BRACKETS, ' '), isTitle };
  return last === undefined ? [whole, without] : [whole, without, { text: last, isTitle: false }];
}

/** All names of a document: its title, if it has one, and its others. */
export function namesOf(title: string | undefined, others: readonly string[]): DocumentName[] {
  const further = others.flatMap((text) => listVariants(text, false));
  return title === undefined ? further : [...listVariants(title, true), ...further];
}

/** A note of three bits for the name's length in words, and one for whether it is the title. */
const TITLE_BIT = NOTES / 2;
const MAX_LENGTH = TITLE_BIT;

/** Encodes the kind of name that contains a term: the higher note has the higher weight. */
function toNote(isTitle: boolean, words: number): number {
  return (isTitle ? TITLE_BIT : 0) + MAX_LENGTH - Math.max(1, Math.min(MAX_LENGTH, words));
}

const SYNONYM_WEIGHT = 0.9;
/** Share of a name's weight that depends on its length: a word of eight weighs less than a word alone (BM25's b). */
const LENGTH_SHARE = 0.75;

/** Weight of a term by the note of its posting, 0 to 1: the best of the titles and names that contain it. */
export const POSTING_WEIGHTS: readonly number[] = Array.from({ length: NOTES }, (_, note) => {
  const words = MAX_LENGTH - (note % TITLE_BIT);
  const fieldWeight = note >= TITLE_BIT ? 1 : SYNONYM_WEIGHT;
  return fieldWeight / (1 - LENGTH_SHARE + LENGTH_SHARE * Math.sqrt(words));
});

/** Of two kinds of name the one with the higher weight. */
const chooseHeavier = (a: number, b: number): number =>
  (POSTING_WEIGHTS[a] ?? 0) >= (POSTING_WEIGHTS[b] ?? 0) ? a : b;

/** A term of an index, ready to store. */
export interface IndexedTerm {
  /** Its number in term order, from 0; trigrams refer to terms by it. */
  readonly id: number;
  readonly term: string;
  readonly word: string;
  readonly documents: number;
  readonly postings: Uint8Array;
}

/**
 * A trigram of sounds and the terms that contain it: a packed list of ids, each with the length of its sound (15:
 * longer).
 */
export interface IndexedGram {
  readonly gram: string;
  readonly terms: Uint8Array;
}

interface Entry {
  readonly term: string;
  readonly postings: PackedListWriter;
  readonly spellings: Spelling[];
}

interface Spelling {
  readonly word: string;
  readonly entry: Entry;
  count: number;
}

/** A sound's length as stored in a note. */
export const soundLength = (sound: string): number => Math.min(NOTES - 1, sound.length);

/** Collects the terms of a release's documents: an inverted index whose postings are packed as they are added. */
export class TextIndexBuilder {
  readonly #entries = new Map<string, Entry>();
  /** By spelling: a word's plural is folded once, not at every occurrence. */
  readonly #spellings = new Map<string, Spelling>();
  #documents = 0;

  get documents(): number {
    return this.#documents;
  }

  /** Adds the next document. */
  add(names: readonly DocumentName[]): void {
    const notes = new Map<Entry, number>();
    for (const { text, isTitle } of names) {
      const tokens = tokensOf(text);
      const note = toNote(isTitle, (tokens.at(-1)?.to ?? 0) + 1);
      for (const { word } of tokens) {
        const spelling = this.#findSpelling(word);
        spelling.count += 1;
        notes.set(spelling.entry, chooseHeavier(note, notes.get(spelling.entry) ?? note));
      }
    }
    for (const [{ postings }, note] of notes) postings.append(this.#documents, note);
    this.#documents += 1;
  }

  #findSpelling(word: string): Spelling {
    const known = this.#spellings.get(word);
    if (known) return known;
    const term = foldPlural(word);
    let entry = this.#entries.get(term);
    if (!entry) {
      entry = { term, postings: new PackedListWriter(), spellings: [] };
      this.#entries.set(term, entry);
    }
    const spelling: Spelling = { word, entry, count: 0 };
    entry.spellings.push(spelling);
    this.#spellings.set(word, spelling);
    return spelling;
  }

  /** All terms in order. */
  terms(): IndexedTerm[] {
    const entries = [...this.#entries.values()].sort((a, b) => (a.term < b.term ? -1 : 1));
    return entries.map(({ term, postings, spellings }, id) => {
      const [commonest] = spellings.sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1));
      return { id, term, word: commonest?.word ?? term, documents: postings.count, postings: postings.bytes() };
    });
  }
}

/** The trigrams of terms' sounds. Words with digits are codes and strengths and are not corrected. */
export function gramsOf(terms: readonly IndexedTerm[]): IndexedGram[] {
  const lists = new Map<string, PackedListWriter>();
  for (const { id, word } of terms) {
    if (/\d/.test(word)) continue;
    const sound = toSound(word);
    for (const gram of trigramsOf(sound)) {
      let list = lists.get(gram);
      if (!list) lists.set(gram, (list = new PackedListWriter()));
      list.append(id, soundLength(sound));
    }
  }
  const grams = [...lists].map(([gram, list]) => ({ gram, terms: list.bytes() }));
  return grams.sort((a, b) => (a.gram < b.gram ? -1 : 1));
}
