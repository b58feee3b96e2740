import { setImmediate } from 'node:timers/promises';
import type { DocumentReference } from '@medplum/fhirtypes';
import { LRUCache } from 'lru-cache';
import type { AgeGroup } from '../../../core/age-group.js';
import type { Article, ArticleKind, Publisher, Sensitivity, Sex } from '../../../core/article.js';
import { publisherTextIn, summaryOf } from '../../../core/article.js';
import { groupBy } from '../../../core/group-by.js';
import type { Language } from '../../../core/language.js';
import type { ArticleCode, Library, LibraryStatus } from '../../../core/library.js';
import type { WrittenStore } from '../../../core/written-store.js';
import { foldPlural, tokensOf } from '../../../core/text-tokens.js';
import type { Gathered } from '../../gathered.js';
import { gatheredOfArticles } from '../../gathered.js';
import { documentId } from '../identity.js';
import { eventKeys, writtenDocuments } from '../writing/written-documents.js';

/** What a document is searched by: little enough that all documents of a library can be held. */
export interface DocumentFacts {
  readonly id: string;
  readonly article: string;
  readonly kind: ArticleKind;
  readonly language: Language;
  readonly title: string;
  /** As the library holds it: a handout's is within this server. */
  readonly url: string;
  readonly sensitivity: Sensitivity | undefined;
  readonly sex: Sex | undefined;
  readonly ageGroups: readonly AgeGroup[];
  /** `system|code` of every row of its own. */
  readonly events: readonly string[];
  /** It is no longer offered. */
  readonly isWithdrawn: boolean;
  readonly relations: readonly DocumentRelation[];
  /** The terms of its narrative between blanks, those of its publisher's words apart. */
  readonly words: string;
  readonly publisherWords: string;
  /** What a site's own document says of itself; undefined for all others. */
  readonly written?: WrittenFacts;
}

/** What a document is to another. */
export interface DocumentRelation {
  /** `transforms`: its translation. */
  readonly code: string;
  /** A reference, mostly `DocumentReference/<id>`. */
  readonly target: string;
}

/** What is known of a document by the resource that was written, and not by the library. */
export interface WrittenFacts {
  readonly date: string | undefined;
  /** ISO 8601 instant. */
  readonly lastUpdated: string;
  readonly identifiers: readonly { readonly system: string | undefined; readonly value: string }[];
}

/** Articles whose words are told apart at once: some milliseconds of the process. */
const BATCH = 50;
const MOST_KEPT = 2000;

/** The terms of texts, each once, with a blank on both sides. */
function wordsOf(texts: readonly string[]): string {
  const terms = new Set(texts.flatMap((text) => tokensOf(text).map(({ word }) => foldPlural(word))));
  return ` ${[...terms].join(' ')} `;
}

/** The terms of publishers' words, which stand under each of their articles. */
const publisherWords = new WeakMap<Publisher, Map<Language, string>>();

function wordsOfPublisher(publisher: Publisher, language: Language): string {
  const known = publisherWords.get(publisher) ?? new Map<Language, string>();
  publisherWords.set(publisher, known);
  let words = known.get(language);
  if (words === undefined) {
    const { attribution, rights, disclaimer } = publisherTextIn(publisher, language);
    known.set(language, (words = wordsOf([publisher.name, attribution, rights, disclaimer])));
  }
  return words;
}

/** The words of a sanitised summary, which is well-formed: between its tags and its few entities. */
const plainText = (html: string): string => html.replace(/<[^>]*>|&#?\w+;/g, ' ');

/** The facts of documents: those of all in memory, those of some for as long as the release is active. */
export class DocumentIndex {
  readonly #library: Library;
  readonly #written: WrittenStore | undefined;
  readonly #byArticle = new LRUCache<string, readonly DocumentFacts[]>({ max: MOST_KEPT });
  readonly #gathered: Gathered<ReadonlyMap<string, readonly DocumentFacts[]>>;
  #sorted: { of: ReadonlyMap<string, readonly DocumentFacts[]>; documents: readonly DocumentFacts[] } | undefined;
  #status: LibraryStatus | undefined;
  #withdrawn: Promise<readonly DocumentFacts[]> | undefined;

  constructor(library: Library, written?: WrittenStore) {
    this.#library = library;
    this.#written = written;
    this.#gathered = gatheredOfArticles(library, { batch: BATCH, read: (ids) => this.#read(ids) });
  }

  /** Forgets what another release said. */
  #freshen(): LibraryStatus {
    const status = this.#library.status();
    if (status !== this.#status) {
      this.#status = status;
      this.#withdrawn = undefined;
      this.#byArticle.clear();
    }
    return status;
  }

  /** All documents of the library, by id. */
  async all(): Promise<readonly DocumentFacts[]> {
    const of = await this.#gathered.get();
    if (this.#sorted?.of !== of) {
      // In the order of a search that asks for none: what is in order already is sorted in no time.
      const documents = [...of.values()].flat().sort((a, b) => (a.id < b.id ? -1 : 1));
      this.#sorted = { of, documents };
    }
    return this.#sorted.documents;
  }

  /** Gathers all documents before a search asks for them, and gives way to whatever else is to be done. */
  async prepare(): Promise<void> {
    await this.#gathered.prepare();
  }

  /** The documents that are no longer offered. */
  withdrawn(): Promise<readonly DocumentFacts[]> {
    const status = this.#freshen();
    if (this.#withdrawn) return this.#withdrawn;
    const reading = this.#readWithdrawn();
    this.#withdrawn = reading;
    reading.catch(() => {
      if (status === this.#status) this.#withdrawn = undefined;
    });
    return reading;
  }

  async #readWithdrawn(): Promise<readonly DocumentFacts[]> {
    const ids = this.#library.listWithdrawnIds();
    const found: DocumentFacts[] = [];
    for (let from = 0; from < ids.length; from += BATCH) {
      const batch = ids.slice(from, from + BATCH);
      const codes = codesByArticle(this.#library.findCodes(batch));
      for (const { article, languages } of this.#library.findWithdrawn(batch)) {
        const facts = this.#factsOf(article, codes.get(article.id) ?? [], true);
        found.push(...facts.filter(({ language }) => languages.includes(language)));
      }
      await setImmediate();
    }
    // What a site wrote itself and deleted is gone, whatever was there before.
    const ownIds = found.flatMap(({ kind, id }) => (kind === 'local' ? [id] : []));
    const own = ownIds.length > 0 ? await this.#written?.findLatest('DocumentReference', ownIds) : [];
    const deleted = new Set((own ?? []).map(({ id }) => id));
    return found.filter(({ id }) => !deleted.has(id));
  }

  /** The documents of some articles. */
  async of(articleIds: readonly string[]): Promise<readonly DocumentFacts[]> {
    const status = this.#freshen();
    const ids = [...new Set(articleIds)];
    // Taken before anything is read: other searches may put their own in its place meanwhile.
    const known = new Map(ids.map((id) => [id, this.#byArticle.get(id)] as const));
    const missing = ids.filter((id) => !known.get(id));
    const fresh = new Map(missing.length > 0 ? await this.#read(missing) : []);
    const found = ids.flatMap((id) => fresh.get(id) ?? known.get(id) ?? []);
    if (status === this.#library.status()) for (const [id, documents] of fresh) this.#byArticle.set(id, documents);
    return found;
  }

  async #read(ids: readonly string[]): Promise<[string, readonly DocumentFacts[]][]> {
    const [articles, found] = [this.#library.findArticles(ids), this.#library.findCodes(ids)];
    const codes = codesByArticle(found);
    const written = await writtenDocuments(this.#written, articles, '');
    return articles.map((article) => {
      const facts = this.#factsOf(article, codes.get(article.id) ?? []);
      return [article.id, facts.map((one) => withResource(one, written.get(one.id)))];
    });
  }

  #factsOf(article: Article, codes: readonly ArticleCode[], isWithdrawn = false): DocumentFacts[] {
    const { id, kind, sensitivity, sex, ageGroups, texts, publisher } = article;
    const events = codes.map(({ system, code }) => `${system}|${code}`);
    const english = documentId(id, 'en');
    return Object.values(texts).map((text) => ({
      id: documentId(id, text.language),
      article: id,
      kind,
      language: text.language,
      title: text.title,
      url: text.url,
      sensitivity,
      sex,
      ageGroups,
      events,
      isWithdrawn,
      relations:
        text.language === 'es' && texts.en ? [{ code: 'transforms', target: `DocumentReference/${english}` }] : [],
      words: wordsOf([
        ...[text.title, ...text.alsoCalled, ...article.reviewers, ...article.images],
        plainText(summaryOf(article, text) ?? ''),
      ]),
      publisherWords: wordsOfPublisher(publisher, text.language),
    }));
  }
}

/** The facts of a document that was written are its own: what matches a search carries what was searched. */
function withResource(facts: DocumentFacts, resource: DocumentReference | undefined): DocumentFacts {
  if (!resource) return facts;
  const { meta, date, description, identifier = [], masterIdentifier } = resource;
  const identifiers = [...identifier, ...(masterIdentifier ? [masterIdentifier] : [])].flatMap(({ system, value }) =>
    value === undefined ? [] : [{ system, value }],
  );
  const written = { date, lastUpdated: meta?.lastUpdated ?? '', identifiers };
  const relations = (resource.relatesTo ?? []).flatMap(({ code, target: { reference } }) =>
    reference === undefined ? [] : [{ code, target: reference }],
  );
  return { ...facts, title: description ?? facts.title, events: eventKeys(resource), relations, written };
}

/** The codes of each article. */
export const codesByArticle = (codes: readonly ArticleCode[]): ReadonlyMap<string, readonly ArticleCode[]> =>
  groupBy(codes, ({ article }) => article);
