import type { DocumentReference } from '@medplum/fhirtypes';
import { LRUCache } from 'lru-cache';
import type { Article } from '../../core/article.js';
import { idsPointedTo } from '../../core/article.js';
import { RequestError } from '../../core/errors.js';
import { portionsOf } from '../../core/give-way.js';
import type { Library, LibraryStatus, WithdrawnArticle } from '../../core/library.js';
import type { WrittenStore } from '../../core/written-store.js';
import { LIMITS } from '../../limits.js';
import type { Texts } from '../../texts.js';
import { giveWay } from '../../turns.js';
import { toDocumentReference } from './document-reference.js';
import { documentId, readDocumentId } from './identity.js';
import { writeOnce } from './write-resource.js';
import { codesByArticle } from './search/document-facts.js';
import { writtenDocuments } from './writing/written-documents.js';

/** Articles whose documents are kept, with their JSON; those of one that many codes lead to are some twenty kilobytes. */
const MOST_KEPT = 1000;
/** Characters of their JSON: a handout that a site wrote may have ten times as many. */
const MOST_KEPT_CHARS = 16_777_216;
/** Characters of a site's own documents that one answer reads: it gives one language of each, of two. */
const MOST_WRITTEN_CHARS = 2 * LIMITS.maxAnswerBytes;

/** Articles whose documents are made in one step. */
const ARTICLES_A_STEP = 10;

export interface DocumentReaderOptions {
  readonly library: Library;
  readonly canonicalBase: string;
  readonly texts: Texts;
  /** What the site has written: that is served as it was written. */
  readonly written?: WrittenStore | undefined;
}

/** Makes DocumentReferences of articles, and keeps those made last for as long as the release is active. */
export class DocumentReader {
  readonly #library: Library;
  readonly #canonicalBase: string;
  readonly #texts: Texts;
  readonly #written: WrittenStore | undefined;
  readonly #kept = new LRUCache<string, readonly DocumentReference[]>({ max: MOST_KEPT, maxSize: MOST_KEPT_CHARS });
  #status: LibraryStatus | undefined;
  #baseUrl = '';

  constructor({ library, canonicalBase, texts, written }: DocumentReaderOptions) {
    this.#library = library;
    this.#canonicalBase = canonicalBase;
    this.#texts = texts;
    this.#written = written;
  }

  /** The documents of articles, in every language each has, by their FHIR ids. */
  async documents(articles: readonly Article[], baseUrl: string): Promise<Map<string, DocumentReference>> {
    const status = this.#library.status();
    if (status !== this.#status || baseUrl !== this.#baseUrl) {
      this.#kept.clear();
      this.#status = status;
      this.#baseUrl = baseUrl;
    }
    const documents = articles.flatMap(({ id }) => this.#kept.get(id) ?? []);
    const missing = articles.filter(({ id }) => !this.#kept.has(id));
    const written = await writtenDocuments(this.#written, missing, baseUrl, MOST_WRITTEN_CHARS);
    for (const [index, portion] of [...portionsOf(missing, ARTICLES_A_STEP, () => 1)].entries()) {
      await (index === 0 ? undefined : giveWay());
      const made = this.#make(portion, written, baseUrl, status.date);
      // What was made while another release came is used once and not kept.
      const isStill = status === this.#library.status() && status === this.#status && baseUrl === this.#baseUrl;
      for (const [article, ofArticle] of made) {
        documents.push(...ofArticle);
        if (!isStill) continue;
        const size = ofArticle.reduce((sum, document) => sum + writeOnce(document), 1);
        this.#kept.set(article, ofArticle, { size });
      }
    }
    return new Map(documents.map((document) => [document.id ?? '', document]));
  }

  #make(
    articles: readonly Article[],
    written: ReadonlyMap<string, DocumentReference>,
    baseUrl: string,
    releaseDate: string,
  ): [string, DocumentReference[]][] {
    const codes = codesByArticle(this.#library.findCodes(articles.map(({ id }) => id)));
    const pointedTo = articles.flatMap(idsPointedTo);
    const related = new Map(this.#library.findArticles([...new Set(pointedTo)]).map((one) => [one.id, one]));
    return articles.map((article) => {
      const context = {
        canonicalBase: this.#canonicalBase,
        baseUrl,
        releaseDate,
        codes: codes.get(article.id) ?? [],
        related,
        status: 'current' as const,
      };
      const made = Object.values(article.texts).map(
        (text) => written.get(documentId(article.id, text.language)) ?? toDocumentReference(article, text, context),
      );
      return [article.id, made];
    });
  }

  /** The documents of what was withdrawn, by their FHIR ids: as they were last known, without the pages that they pointed to. */
  withdrawn(articles: readonly WithdrawnArticle[], baseUrl: string): Map<string, DocumentReference> {
    const codes = codesByArticle(this.#library.findCodes(articles.map(({ article }) => article.id)));
    const documents = articles.flatMap(({ article, languages }) => {
      const context = {
        canonicalBase: this.#canonicalBase,
        baseUrl,
        releaseDate: this.#library.status().date,
        codes: codes.get(article.id) ?? [],
        related: new Map<string, Article>(),
        status: 'superseded' as const,
      };
      return languages.flatMap((language) => {
        const text = article.texts[language];
        const notice = this.#texts(language)('document.withdrawn');
        return text ? [toDocumentReference(article, text, { notice, ...context })] : [];
      });
    });
    return new Map(documents.map((document) => [document.id ?? '', document]));
  }

  /** A document that was withdrawn. What a site wrote itself and deleted is gone, whatever was there before. */
  async #readWithdrawn(id: string, baseUrl: string): Promise<DocumentReference | undefined> {
    const parts = readDocumentId(id);
    if (!parts) return undefined;
    const { article, cut, language } = parts;
    const ids = cut === undefined ? [article] : this.#library.listWithdrawnIds().filter((one) => one.startsWith(cut));
    const found = this.#library.findWithdrawn(ids).filter((one) => documentId(one.article.id, language) === id);
    if (found.length === 0) return undefined;
    const written = (await this.#written?.findLatest('DocumentReference', [id])) ?? [];
    return written.length > 0 ? undefined : this.withdrawn(found, baseUrl).get(id);
  }

  /** One document by its FHIR id, withdrawn ones too. @throws RequestError `article-not-found` */
  async read(id: string, baseUrl: string): Promise<DocumentReference> {
    const parts = readDocumentId(id);
    if (!parts) throw new RequestError('article-not-found');
    const { article, cut } = parts;
    const ids = cut === undefined ? [article] : this.#library.findArticleIdsByPrefix(cut);
    const found = this.#library.findArticles(ids).filter((one) => documentId(one.id, parts.language) === id);
    const document = (await this.documents(found, baseUrl)).get(id) ?? (await this.#readWithdrawn(id, baseUrl));
    if (!document) throw new RequestError('article-not-found');
    return document;
  }
}
