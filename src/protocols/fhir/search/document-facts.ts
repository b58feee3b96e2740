import type { DocumentReference } from '@medplum/fhirtypes';
import type { AgeGroup } from '../../../core/answer/age-group.js';
import type { CodeList } from '../../../core/codes/code-list.js';
import type { Article, ArticleKind, Sensitivity, Sex } from '../../../core/model/article.js';
import type { Language } from '../../../core/model/language.js';
import type { Library } from '../../../core/model/library.js';
import type { WrittenStore } from '../../../core/model/written-store.js';
import { rememberLast } from '../../../core/remember.js';
import { Collected, PerArticle } from '../../long-work/collected.js';
import { documentId } from '../documents/identity.js';
import { listEvents, readWrittenDocuments } from '../writing/written-documents.js';

/** Searchable facts of a document: little enough that all documents of a library can be held. */
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
  /** The codes of its own rows. */
  readonly events: CodeList;
  /** The day (ISO 8601) since which it is no longer offered; undefined: it is. */
  readonly withdrawnOn: string | undefined;
  readonly relations: readonly DocumentRelation[];
  /** The parts of a site's own document that are searched; undefined for all others. */
  readonly written?: WrittenFacts;
}

/** Relation of a document to another. */
export interface DocumentRelation {
  /** `transforms`: its translation. */
  readonly code: string;
  /** A reference, mostly `DocumentReference/<id>`. */
  readonly target: string;
}

/** Facts of a document from the resource that was written, and not from the library. */
export interface WrittenFacts {
  readonly date: string | undefined;
  /** ISO 8601 instant. */
  readonly lastUpdated: string;
  readonly identifiers: readonly { readonly system: string | undefined; readonly value: string }[];
}

/** The facts of documents: those of all in memory, those of some for as long as the release is active. */
export class DocumentIndex {
  readonly #library: Library;
  readonly #written: WrittenStore | undefined;
  readonly #ofArticles: PerArticle<readonly DocumentFacts[]>;
  readonly #withdrawn: Collected<readonly DocumentFacts[]>;
  /** In the order of a search that asks for none: what is in order already is sorted in no time. */
  readonly #sort = rememberLast((of: readonly (readonly DocumentFacts[])[]) =>
    of.flat().sort((a, b) => (a.id < b.id ? -1 : 1)),
  );

  constructor(library: Library, written?: WrittenStore) {
    this.#library = library;
    this.#written = written;
    this.#ofArticles = new PerArticle(library, (articles) => this.#make(articles));
    this.#withdrawn = new Collected(library, { collect: () => this.#readWithdrawn() });
  }

  /** All documents of the library, by id. */
  async all(): Promise<readonly DocumentFacts[]> {
    return this.#sort(await this.#ofArticles.all());
  }

  /** The documents that are no longer offered. */
  withdrawn(): Promise<readonly DocumentFacts[]> {
    return this.#withdrawn.get();
  }

  async #readWithdrawn(): Promise<readonly DocumentFacts[]> {
    const withdrawn = this.#library.findWithdrawn({ prefix: '' });
    const found = withdrawn.flatMap(({ article, languages, date }) =>
      this.#toFacts(article, date).filter(({ language }) => languages.includes(language)),
    );
    // A document that a site wrote and deleted is not reported as withdrawn.
    const ownIds = found.flatMap(({ kind, id }) => (kind === 'local' ? [id] : []));
    const own = ownIds.length > 0 ? await this.#written?.findLatest('DocumentReference', ownIds) : [];
    const deleted = new Set((own ?? []).map(({ id }) => id));
    return found.filter(({ id }) => !deleted.has(id));
  }

  /** The documents of some articles. */
  async of(articleIds: readonly string[]): Promise<readonly DocumentFacts[]> {
    return (await this.#ofArticles.of(articleIds)).flat();
  }

  async #make(articles: readonly Article[]): Promise<(readonly DocumentFacts[])[]> {
    const facts = articles.map((article) => this.#toFacts(article));
    const written = await readWrittenDocuments(this.#written, articles, '');
    return facts.map((ofArticle) => ofArticle.map((one) => addResource(one, written.get(one.id))));
  }

  #toFacts(article: Article, withdrawnOn?: string): DocumentFacts[] {
    const { id, kind, sensitivity, sex, ageGroups, texts } = article;
    const common = { article: id, kind, sensitivity, sex, ageGroups, events: this.#library.findCodes(id), withdrawnOn };
    const original = { code: 'transforms', target: `DocumentReference/${documentId(id, 'en')}` };
    return Object.values(texts).map(({ language, title, url }) => ({
      id: documentId(id, language),
      language,
      title,
      url,
      ...common,
      relations: language === 'es' && texts.en ? [original] : [],
    }));
  }
}

/** The facts of a document that was written are its own: what matches a search carries what was searched. */
function addResource(facts: DocumentFacts, resource: DocumentReference | undefined): DocumentFacts {
  if (!resource) return facts;
  const { meta, date, description, identifier = [], masterIdentifier } = resource;
  const identifiers = [...identifier, ...(masterIdentifier ? [masterIdentifier] : [])].flatMap(({ system, value }) =>
    value === undefined ? [] : [{ system, value }],
  );
  const written = { date, lastUpdated: meta?.lastUpdated ?? '', identifiers };
  const relations = (resource.relatesTo ?? []).flatMap(({ code, target: { reference } }) =>
    reference === undefined ? [] : [{ code, target: reference }],
  );
  return { ...facts, title: description ?? facts.title, events: listEvents(resource), relations, written };
}
