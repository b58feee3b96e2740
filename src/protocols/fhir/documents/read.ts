import type { DocumentReference } from '@medplum/fhirtypes';
import { LRUCache } from 'lru-cache';
import { idsPointedTo, type Article } from '../../../core/model/article.js';
import { RequestError } from '../../../core/errors.js';
import { isOverdue } from '../../../core/keeping/keeper.js';
import type { CodeList } from '../../../core/codes/code-list.js';
import type { LibraryStatus, WithdrawnArticle } from '../../../core/model/library.js';
import { LIMITS } from '../../../limits.js';
import { toDocumentReference, toEvents } from './document-reference.js';
import { documentId, readDocumentId, type DocumentIdParts } from './identity.js';
import { readWrittenDocuments, type WrittenDocuments } from '../writing/written-documents.js';
import { toResource } from '../writing/stored-resource.js';
import type { FhirRequest } from '../rest/interaction.js';
import type { ModuleOptions } from '../rest/module-options.js';
import { dropEmpty } from '../syntax/drop-empty.js';

/** Articles whose documents are cached; those of one that many codes lead to are some twenty kilobytes of JSON. */
const MOST_CACHED = 1000;
/** Characters of their JSON: a handout that a site wrote may have ten times as many. */
const MOST_CACHED_CHARS = 16_777_216;
/** Characters of a site's own documents that one answer reads: it gives one language of each, of two. */
const MOST_WRITTEN_CHARS = 2 * LIMITS.maxAnswerBytes;

/** Sources of an article's documents. */
interface MadeOf {
  readonly article: Article;
  readonly codes: CodeList;
  /** The articles that it points to. */
  readonly related: readonly Article[];
  readonly releaseDate: string;
  readonly baseUrl: string;
}

interface Cached {
  readonly of: MadeOf;
  readonly documents: readonly DocumentReference[];
  /** The state of the library in which they were last checked to be current. */
  status: LibraryStatus;
}

const isSame = (a: MadeOf, b: MadeOf): boolean =>
  a.article === b.article &&
  a.codes === b.codes &&
  a.releaseDate === b.releaseDate &&
  a.baseUrl === b.baseUrl &&
  a.related.length === b.related.length &&
  a.related.every((one, at) => one === b.related[at]);

/** The events of a cached document are built when they are read: as objects they would be its largest part. */
function makeEventsAtRead({ context }: DocumentReference, codes: CodeList): void {
  if (context?.event) Object.defineProperty(context, 'event', { get: () => toEvents(codes) });
}

/** The address by which the client reaches us, and the day of the answer. */
type ReadAt = Pick<FhirRequest, 'baseUrl' | 'now'>;

/** FHIR ids of the documents whose day of review has passed. */
function listOverdue(articles: readonly Article[], now: Date): Set<string> {
  const today = now.toISOString().slice(0, 10);
  return new Set(
    articles.flatMap(({ id, texts }) =>
      Object.values(texts).flatMap(({ keeper, language }) =>
        isOverdue(keeper, today) ? [documentId(id, language)] : [],
      ),
    ),
  );
}

/** A document with the tag of an overdue review, or without: a tag makes no version (R4 resource, 2.26.3.1), so it may come with the day. */
function markReview(document: DocumentReference, isLate: boolean, canonicalBase: string): DocumentReference {
  const system = `${canonicalBase}/CodeSystem/review`;
  const { tag = [], ...meta } = document.meta ?? {};
  const others = tag.filter((one) => one.system !== system);
  if (!isLate && others.length === tag.length) return document;
  const marks = isLate ? [{ system, code: 'overdue', display: 'Review overdue' }] : [];
  return { ...document, meta: dropEmpty({ ...meta, tag: [...others, ...marks] }) };
}

/** Builds DocumentReferences of articles, and caches the latest until what they are built from changes. */
export class DocumentReader {
  readonly #options: ModuleOptions;
  readonly #cache = new LRUCache<string, Cached>({ max: MOST_CACHED, maxSize: MOST_CACHED_CHARS });

  constructor(options: ModuleOptions) {
    this.#options = options;
  }

  /** The documents of articles, in every language each has, by their FHIR ids; those whose review is overdue are marked, if the policy does so. */
  async documents(articles: readonly Article[], { baseUrl, now }: ReadAt): Promise<Map<string, DocumentReference>> {
    const status = this.#options.library.status();
    const documents: DocumentReference[] = [];
    const missing: MadeOf[] = [];
    for (const article of articles) {
      const cached = this.#cache.get(article.id);
      const isKnown = cached?.status === status && cached.of.article === article && cached.of.baseUrl === baseUrl;
      const of = isKnown ? cached.of : this.#collectParts(article, baseUrl);
      if (cached && isSame(cached.of, of)) {
        cached.status = status;
        documents.push(...cached.documents);
      } else missing.push(of);
    }
    if (missing.length > 0) documents.push(...(await this.#makeAll(missing, baseUrl, status)));
    const overdue = status.policy?.overdue === 'show' ? new Set<string>() : listOverdue(articles, now);
    const mark = (document: DocumentReference): DocumentReference =>
      markReview(document, overdue.has(document.id ?? ''), this.#options.canonicalBase);
    return new Map(documents.map((document) => [document.id ?? '', mark(document)]));
  }

  #collectParts(article: Article, baseUrl: string): MadeOf {
    return {
      article,
      codes: this.#options.library.findCodes(article.id),
      related: this.#options.library.findArticles(idsPointedTo(article)),
      releaseDate: this.#options.library.findReleaseDate(article.id),
      baseUrl,
    };
  }

  async #makeAll(missing: readonly MadeOf[], baseUrl: string, status: LibraryStatus): Promise<DocumentReference[]> {
    const articles = missing.map(({ article }) => article);
    const written = await readWrittenDocuments(this.#options.written, articles, baseUrl, MOST_WRITTEN_CHARS);
    const made: DocumentReference[] = [];
    for (const of of missing) {
      const documents = this.#make(of, written);
      made.push(...documents);
      const size = documents.reduce((sum, document) => sum + JSON.stringify(document).length, 1);
      for (const document of documents) if (!written.has(document.id ?? '')) makeEventsAtRead(document, of.codes);
      this.#cache.set(of.article.id, { of, documents, status }, { size });
    }
    return made;
  }

  #make({ article, related, codes, ...of }: MadeOf, written: WrittenDocuments): DocumentReference[] {
    const parts = { events: toEvents(codes), related: new Map(related.map((one) => [one.id, one])) };
    const context = { canonicalBase: this.#options.canonicalBase, ...of, ...parts, status: 'current' as const };
    return Object.values(article.texts).map(
      (text) => written.get(documentId(article.id, text.language)) ?? toDocumentReference(article, text, context),
    );
  }

  /** The documents of what was withdrawn, by their FHIR ids: as they were before, without links to pages. */
  withdrawn(articles: readonly WithdrawnArticle[], baseUrl: string): Map<string, DocumentReference> {
    const { canonicalBase, library, texts } = this.#options;
    const site = { canonicalBase, baseUrl, related: new Map<string, Article>(), status: 'superseded' } as const;
    const documents = articles.flatMap(({ article, languages, date: releaseDate }) => {
      const context = { ...site, releaseDate, events: toEvents(library.findCodes(article.id)) };
      return languages.flatMap((language) => {
        const text = article.texts[language];
        const notice = texts(language)('document.withdrawn');
        return text ? [toDocumentReference(article, text, { notice, ...context })] : [];
      });
    });
    return new Map(documents.map((document) => [document.id ?? '', document]));
  }

  /** A document that was withdrawn or retired; undefined where a site wrote it and deleted it. */
  async #readWithdrawn(id: string, parts: DocumentIdParts, baseUrl: string): Promise<DocumentReference | undefined> {
    const { article, cut, language } = parts;
    const { library, written } = this.#options;
    const retired = await this.#readRetired(id, article, baseUrl);
    if (retired) return retired;
    const withdrawn = library.findWithdrawn(cut === undefined ? [article] : { prefix: cut });
    const found = withdrawn.filter((one) => documentId(one.article.id, language) === id);
    if (found.length === 0) return undefined;
    const versions = (await written?.findLatest('DocumentReference', [id])) ?? [];
    return versions.length > 0 ? undefined : this.withdrawn(found, baseUrl).get(id);
  }

  /** A document that a site has written and retired: it stays as patients received it. */
  async #readRetired(id: string, article: string, baseUrl: string): Promise<DocumentReference | undefined> {
    const { library, written } = this.#options;
    if (!written || library.status().policy?.suppressed.has(article)) return undefined;
    const [version] = await written.findLatest('DocumentReference', [id]);
    const resource = version && toResource(version, baseUrl);
    const isRetired = resource?.resourceType === 'DocumentReference' && resource.status !== 'current';
    return isRetired ? resource : undefined;
  }

  /** Finds a document by its FHIR id, withdrawn ones too. */
  async find(id: string, at: ReadAt): Promise<DocumentReference | undefined> {
    const parts = readDocumentId(id);
    if (!parts) return undefined;
    const { article, cut } = parts;
    const ids = cut === undefined ? [article] : this.#options.library.findArticleIds({ prefix: cut });
    const found = this.#options.library.findArticles(ids).filter((one) => documentId(one.id, parts.language) === id);
    return (await this.documents(found, at)).get(id) ?? (await this.#readWithdrawn(id, parts, at.baseUrl));
  }

  /** The same. @throws RequestError `article-not-found` */
  async read(id: string, at: ReadAt): Promise<DocumentReference> {
    const document = await this.find(id, at);
    if (!document) throw new RequestError('article-not-found');
    return document;
  }
}
