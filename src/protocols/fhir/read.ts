import type { DocumentReference } from '@medplum/fhirtypes';
import type { Article } from '../../core/article.js';
import { RequestError } from '../../core/errors.js';
import type { Library } from '../../core/library.js';
import { toDocumentReference } from './document-reference.js';
import { documentId, readDocumentId } from './identity.js';

/** Makes DocumentReferences of articles. */
export class DocumentReader {
  readonly #library: Library;
  readonly #canonicalBase: string;

  constructor(library: Library, canonicalBase: string) {
    this.#library = library;
    this.#canonicalBase = canonicalBase;
  }

  /** The documents of articles, in every language each has, by their FHIR ids. */
  async documents(articles: readonly Article[], baseUrl: string): Promise<Map<string, DocumentReference>> {
    if (articles.length === 0) return new Map();
    const codes = await this.#library.findCodes(articles.map(({ id }) => id));
    const pointedTo = articles.flatMap(({ relatedTopics, patientInstructions }) => [
      ...relatedTopics,
      ...patientInstructions,
    ]);
    const related = new Map((await this.#library.findArticles([...new Set(pointedTo)])).map((one) => [one.id, one]));
    const documents = new Map<string, DocumentReference>();
    for (const article of articles) {
      const context = {
        canonicalBase: this.#canonicalBase,
        baseUrl,
        releaseDate: this.#library.status().date,
        codes: codes.filter((code) => code.article === article.id),
        related,
      };
      for (const text of Object.values(article.texts)) {
        documents.set(documentId(article.id, text.language), toDocumentReference(article, text, context));
      }
    }
    return documents;
  }

  /** One document by its FHIR id. @throws RequestError `article-not-found` */
  async read(id: string, baseUrl: string): Promise<DocumentReference> {
    const parts = readDocumentId(id);
    if (!parts) throw new RequestError('article-not-found');
    const { article, cut } = parts;
    const ids = cut === undefined ? [article] : await this.#library.findArticleIdsByPrefix(cut);
    const documents = await this.documents(await this.#library.findArticles(ids), baseUrl);
    const document = documents.get(id);
    if (!document) throw new RequestError('article-not-found');
    return document;
  }
}
