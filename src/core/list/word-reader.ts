import { listNames } from '../model/article.js';
import { readDrugLine } from '../drugs/drug-line.js';
import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';
import { normalizeCode } from '../codes/normalize-code.js';
import { nameKey, titleTerms } from '../titles/title-words.js';
import type { Vocabulary } from '../words/vocabulary.js';
import type { Understanding } from '../words/understanding.js';
import { understandWords } from '../words/understand-words.js';
import type { LineJudge } from './divide-line.js';
import { readEntry, toSubjectWords } from './list-entry.js';
import { resolveEntries } from './resolve-entries.js';

export interface ListContext {
  readonly language: Language;
  readonly library: Library;
  readonly vocabulary: Vocabulary;
  /** The most texts of one list that are searched for, and the most characters of one. */
  readonly mostSearches: number;
  readonly maxQueryChars: number;
}

/** From this score on an article's own name holds exactly the words of the query, in any order. */
const ONE_NAME = 0.9;
/** From this score on a text has found something that an entry may stand for. */
const FINDS = 0.6;
/** A name itself, or what people judged right for it. */
const BY_NAME = 0.99;

const isBySubject = (understood: Understanding): boolean =>
  understood.kind === 'words' && understood.isBySubject === true;

/** Whether what a text was understood as is an article's own name, a judged abbreviation or lay word, or a drug as it is written. */
export function isByName(understood: Understanding, text: string): boolean {
  const { kind, hits } = understood;
  const [hit] = hits;
  if (hit?.kind !== 'article' || (kind !== 'words' && kind !== 'drug') || isBySubject(understood)) return false;
  if (hit.matched !== 'title' && hit.matched !== 'synonym') return false;
  return hit.score >= BY_NAME || listNames(hit.article).some((name) => nameKey(name) === nameKey(toSubjectWords(text)));
}

/** Whether the words of a text suit an article well, though it is not called so. */
export function isFound({ hits: [hit] }: Understanding): boolean {
  return hit?.kind === 'article' && hit.matched !== 'code' && hit.score >= FINDS;
}

/** Understands the texts of one list, each once, and judges by them where a line is divided. */
export class WordReader implements LineJudge {
  readonly #context: ListContext;
  readonly #understood = new Map<string, Promise<Understanding>>();

  constructor(context: ListContext) {
    this.#context = context;
  }

  /** Returns the understanding of a text; undefined where the list has more texts than are searched for. */
  understand(text: string): Promise<Understanding> | undefined {
    const { language, library, vocabulary, maxQueryChars, mostSearches } = this.#context;
    const query = toSubjectWords(text.slice(0, maxQueryChars));
    const known = this.#understood.get(query);
    if (known || this.#understood.size >= mostSearches) return known;
    const reading = understandWords({ query, language, kind: 'article', count: 4 }, library, vocabulary);
    this.#understood.set(query, reading);
    return reading;
  }

  readonly stands = async (text: string): Promise<boolean> => {
    const { vocabulary, language, library } = this.#context;
    if (vocabulary.known.find(text, language)) return true;
    const drug = readDrugLine(text, vocabulary.drugs.names);
    if (drug && (drug.candidates.length > 0 || drug.readings.length > 0)) return true;
    const entry = readEntry(text);
    if (entry.systems.length > 0) {
      const [resolved] = resolveEntries([entry], library);
      if (resolved?.isKnown) return true;
    }
    const understood = await this.understand(text);
    return understood !== undefined && (isByName(understood, text) || understood.kind === 'code');
  };

  readonly isOneName = async (text: string): Promise<boolean> => {
    const { vocabulary, language } = this.#context;
    if (vocabulary.known.find(text, language)) return true;
    // A list of drugs is no combination of them.
    if (readDrugLine(text, vocabulary.drugs.names)) return false;
    const understood = await this.understand(text);
    const [hit] = understood && !isBySubject(understood) ? understood.hits : [];
    return hit?.kind === 'article' && hit.matched !== 'spelling' && hit.score >= ONE_NAME;
  };

  readonly finds = async (text: string): Promise<boolean> => {
    const understood = await this.understand(text);
    if (!understood || understood.kind === 'abbreviation' || understood.kind === 'held')
      return understood !== undefined;
    return isFound(understood);
  };

  /** Whether a text has a word of the code's name, or of an article that the code leads to. */
  readonly isTitle = async (code: string, text: string): Promise<boolean> => {
    const { library } = this.#context;
    const [resolved] = resolveEntries([readEntry(code)], library);
    const { system, code: written = '' } = resolved?.coding ?? {};
    const normalized = system && normalizeCode(system, written);
    const concepts = system && normalized !== undefined ? library.findConcepts([{ system, code: normalized }]) : [];
    const hits = (await this.understand(code))?.hits ?? [];
    const names = hits.flatMap((hit) => (hit.kind === 'article' ? listNames(hit.article) : []));
    const words = new Set([...names, ...concepts.map(({ title }) => title)].flatMap(titleTerms));
    return titleTerms(text).some((word) => words.has(word));
  };
}
