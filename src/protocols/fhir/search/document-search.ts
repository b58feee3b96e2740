import type { BundleEntry, BundleEntrySearch, DocumentReference } from '@medplum/fhirtypes';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { RequestError } from '../../../core/errors.js';
import { groupBy } from '../../../core/group-by.js';
import type { Match } from '../../../core/answer/knowledge-response.js';
import type { Coding } from '../../../core/model/library.js';
import { LIMITS } from '../../../limits.js';
import { provisionalHeaders } from '../../answer-facts.js';
import { explain, findBestScore, joinAlternatives, joinRepetitions, type Explained } from './explain.js';
import { readDocumentId } from '../documents/identity.js';
import type { FhirAnswer, FhirRequest } from '../rest/interaction.js';
import { createOutcome } from '../rest/outcome.js';
import type { DocumentReader } from '../documents/read.js';
import { findSpellingHint } from '../documents/token.js';
import { sortItems } from './bundle.js';
import { findEventCodings, readTokens, addAncestors } from './document-events.js';
import { DocumentIndex, type DocumentFacts } from './document-facts.js';
import { EarlierMatches, type Matches } from './earlier-matches.js';
import { markRelease } from '../rest/entity-tag.js';
import type { PagePlace } from './page-place.js';
import { readSearch, type Search, type SearchTable } from './read-search.js';
import { answerSearch, compileFilters, toFhirUrl } from './resource-module.js';
import type { Filter } from './values.js';
import { findLeafletsByTitle, toLeafletId } from './leaflet-documents.js';
import { badValue } from '../rest/bad-request.js';
import type { ModuleOptions } from '../rest/module-options.js';

type DocumentQuery = Search<DocumentFacts>;

/**
 * How an entry came to be found: its best score, and as extensions the way from each code that it explains,
 * `asked icd-10-cm E11.3211 > ancestor icd-10-cm E11.3`.
 */
function toEntrySearch(matches: readonly Match[] | undefined, canonicalBase: string): BundleEntrySearch {
  if (!matches) return { mode: 'match' };
  const url = `${canonicalBase}/StructureDefinition/match-path`;
  const extension = matches.map(({ path }) => {
    const steps = path.map(({ kind, system, code }) => `${kind} ${codeSystem(system).uri}|${code}`);
    return { url, valueString: steps.join(' > ') };
  });
  return { extension, mode: 'match', score: findBestScore(matches) };
}

const createNote = (code: 'informational' | 'not-found', text: string): BundleEntry => ({
  resource: createOutcome('information', code, text),
  search: { mode: 'outcome' },
});

const findFilters = ({ filters }: DocumentQuery, ...names: readonly string[]): Filter[] =>
  filters.flatMap(({ parameter, filter }) => (names.includes(parameter.name) ? [filter] : []));

/** Searches DocumentReference (R4 search; the decided semantics are in docs/architecture.md). */
export class DocumentSearch {
  readonly #options: ModuleOptions;
  readonly #reader: DocumentReader;
  readonly #table: (baseUrl: string) => SearchTable<DocumentFacts>;
  readonly #index: DocumentIndex;
  readonly #earlier = new EarlierMatches();

  /** @param table what is searched by, for an address by which clients reach us */
  constructor(options: ModuleOptions, reader: DocumentReader, table: (baseUrl: string) => SearchTable<DocumentFacts>) {
    this.#options = options;
    this.#reader = reader;
    this.#table = table;
    this.#index = new DocumentIndex(options.library, options.written);
  }

  /** Prepares the facts that searches without a code test. */
  async prepare(): Promise<void> {
    await this.#index.all();
  }

  /** Rejects with RequestError `bad-parameter-value`, `too-many-criteria`, `resource-gone` for a page of a release long past. */
  async search(request: FhirRequest): Promise<FhirAnswer> {
    const { library, canonicalBase } = this.#options;
    const wanted = readSearch(this.#table(request.baseUrl), request);
    this.#checkSize(wanted);
    const current = markRelease(library.status().release);
    const { release, offset } = wanted.place ?? { release: current, offset: 0 };
    // Nothing but the page stays in memory while its documents are waited for: a thousand such searches may wait at once.
    const place = { release, offset, isCurrent: release === current };
    const { page, total, explained } = await this.#findPage(wanted, request, place);
    const entries = await this.#toEntries(page, request, ({ article }) =>
      toEntrySearch(explained?.matches.get(article), canonicalBase),
    );
    if (wanted.hasIncludes) entries.push(...(await this.#includes(page, request)));
    const notes = total > 0 ? [] : await this.#notes(wanted, explained);
    const answer = answerSearch(wanted, request, 'DocumentReference', { release, offset, total, entries, notes });
    return explained ? { ...answer, headers: provisionalHeaders(explained) } : answer;
  }

  /** Finds all documents that match. @throws RequestError `bad-parameter-value`, `too-many-criteria` */
  async findAll(criteria: FhirRequest['parameters'], request: FhirRequest): Promise<DocumentReference[]> {
    const wanted = readSearch(this.#table(request.baseUrl), { parameters: criteria, strict: true });
    this.#checkSize(wanted);
    const { found } = await this.#find(wanted, request);
    const documents = await this.#documents(found, request);
    return found.flatMap(({ id }) => documents.get(id) ?? []);
  }

  /** @throws RequestError `resource-gone` for a page of a release whose matches are no longer known */
  async #findPage(wanted: DocumentQuery, request: FhirRequest, place: PagePlace & { readonly isCurrent: boolean }) {
    const { release, offset, isCurrent } = place;
    const known = isCurrent ? undefined : this.#earlier.find(release, wanted, request.now);
    if (!isCurrent && !known) throw new RequestError('resource-gone');
    const matches = known ?? (await this.#find(wanted, request));
    const { found, explained } = matches;
    if (isCurrent && found.length > wanted.count) this.#earlier.keep(release, wanted, matches, request.now);
    return { page: found.slice(offset, offset + wanted.count), total: found.length, explained };
  }

  /** All that a search matches, in its order. */
  async #find(wanted: DocumentQuery, request: FhirRequest): Promise<Matches> {
    const matches = await compileFilters(wanted, request);
    const explained = await this.#explain(wanted);
    const candidates = await this.#candidates(wanted, explained);
    const withdrawn = findFilters(wanted, 'status').length > 0 && !explained ? await this.#index.withdrawn() : [];
    const found = [...candidates, ...withdrawn].filter(matches);
    return { found: this.#sort(found, wanted, explained), explained };
  }

  /** A code may be looked up in every system: a search of very many would be many. */
  #checkSize(wanted: DocumentQuery): void {
    const most = LIMITS.maxCriteria;
    const filters = findFilters(wanted, 'event', 'explains', '_id', 'identifier');
    const values = filters.reduce((sum, { alternatives }) => sum + alternatives.length, 0);
    if (values > most) throw new RequestError('too-many-criteria', { most });
  }

  async #explain(wanted: DocumentQuery): Promise<Explained | undefined> {
    const { library, texts, terminologySource } = this.#options;
    const filters = findFilters(wanted, 'explains').map(readTokens);
    if (filters.flat().some(({ code }) => code === '')) throw badValue('explains', 'expected system|code');
    const explained: Explained[] = [];
    for (const tokens of filters) {
      const all: Explained[] = [];
      for (const token of tokens) all.push(await explain(token, library, texts('en'), terminologySource));
      explained.push(joinAlternatives(all));
    }
    return joinRepetitions(explained);
  }

  /** The documents that may match: those that the library's own indexes lead to, else all. */
  async #candidates(wanted: DocumentQuery, explained: Explained | undefined): Promise<readonly DocumentFacts[]> {
    if (explained) return this.#index.of([...explained.matches.keys()]);
    for (const { parameter, filter } of wanted.filters) {
      const ids = await this.#narrow(parameter.name, filter);
      if (ids) return this.#index.of(ids);
    }
    const titles = findFilters(wanted, 'description').flatMap(({ alternatives }) => alternatives);
    const leaflets = findLeafletsByTitle(titles, this.#options.library);
    const all = await this.#index.all();
    return leaflets.length === 0 ? all : [...all, ...(await this.#index.of(leaflets))];
  }

  /** Ids of all articles that a filter can hold for; undefined where no index tells. */
  async #narrow(name: string, filter: Filter): Promise<string[] | undefined> {
    const { library } = this.#options;
    const { modifier, alternatives } = filter;
    if (name === '_id' && modifier === undefined) {
      const found = alternatives.flatMap((value) => readDocumentId(value.split('|').at(-1) ?? '') ?? []);
      return found.flatMap(({ article, cut }) =>
        cut === undefined ? [article] : library.findArticleIds({ prefix: cut }),
      );
    }
    if (name === 'identifier' && modifier === undefined) {
      const codes = readTokens(filter).map(({ code }) => code);
      // An address, or any identifier of a system, is in no index.
      if (codes.some((code) => code === '' || code.includes('/'))) return undefined;
      // A site's own documents have the identifiers that it gave them.
      const written = (await this.#options.written?.list('DocumentReference')) ?? [];
      return [...codes, ...codes.map(toLeafletId), ...written.flatMap(({ id }) => readDocumentId(id)?.article ?? [])];
    }
    if (name !== 'event' || (modifier !== undefined && modifier !== 'above')) return undefined;
    const tokens = readTokens(filter);
    // Any code of a system is in no index.
    if (tokens.some(({ code }) => code === '')) return undefined;
    const codings = findEventCodings(tokens);
    return this.#findArticleIds(modifier === 'above' ? addAncestors(codings, library) : codings);
  }

  #findArticleIds(codings: readonly Coding[]): string[] {
    const { library } = this.#options;
    return codings.flatMap((coding) => [
      ...library.findArticleIds(coding),
      ...(library.findLeaflets(coding)?.articles ?? []),
    ]);
  }

  /** In the requested order; else by the core's score; else by id. */
  #sort(found: readonly DocumentFacts[], { sort }: DocumentQuery, explained: Explained | undefined): DocumentFacts[] {
    const byId = sortItems(found, sort, ({ id }) => id);
    if (sort.length > 0 || !explained) return byId;
    const scoreDocument = ({ article }: DocumentFacts): number => findBestScore(explained.matches.get(article) ?? []);
    return byId.sort((a, b) => scoreDocument(b) - scoreDocument(a));
  }

  async #toEntries(
    items: readonly DocumentFacts[],
    request: FhirRequest,
    toSearch: (item: DocumentFacts) => BundleEntrySearch,
  ): Promise<BundleEntry[]> {
    const documents = await this.#documents(items, request);
    return items.flatMap((item) => {
      const resource = documents.get(item.id);
      const fullUrl = `${toFhirUrl(request)}/DocumentReference/${item.id}`;
      return resource ? [{ fullUrl, resource, search: toSearch(item) }] : [];
    });
  }

  async #documents(page: readonly DocumentFacts[], request: FhirRequest) {
    const { library } = this.#options;
    const byState = groupBy(page, ({ withdrawnOn }) => withdrawnOn === undefined);
    const [offered = [], withdrawn = []] = [true, false].map((isOffered) => [
      ...new Set(byState.get(isOffered)?.map(({ article }) => article)),
    ]);
    const documents = await this.#reader.documents(library.findArticles(offered), request);
    if (withdrawn.length === 0) return documents;
    return new Map([...documents, ...this.#reader.withdrawn(library.findWithdrawn(withdrawn), request.baseUrl)]);
  }

  /** The documents that the matches of a page relate to, where they are not among them (R4 search, 3.1.1.5.4). */
  async #includes(page: readonly DocumentFacts[], request: FhirRequest): Promise<BundleEntry[]> {
    const shown = new Set(page.map(({ id }) => `DocumentReference/${id}`));
    const reached = new Set(page.flatMap(({ relations }) => relations.map(({ target }) => target)));
    const isReached = ({ id }: DocumentFacts): boolean => reached.has(`DocumentReference/${id}`);
    const offered = (await this.#index.all()).filter(isReached);
    // A withdrawn document may point to others that were withdrawn with it.
    const withdrawn = page.some(({ withdrawnOn }) => withdrawnOn !== undefined)
      ? (await this.#index.withdrawn()).filter(isReached)
      : [];
    const needed = [...offered, ...withdrawn].filter(({ id }) => !shown.has(`DocumentReference/${id}`));
    return this.#toEntries(needed, request, () => ({ mode: 'include' }));
  }

  /** Why nothing was found, or that `explains` would find what `event` did not. */
  async #notes(wanted: DocumentQuery, explained: Explained | undefined): Promise<BundleEntry[]> {
    const { library, texts } = this.#options;
    if (explained) return explained.reason ? [createNote('not-found', `No article: ${explained.reason}.`)] : [];
    for (const filter of findFilters(wanted, 'event')) {
      if (filter.modifier !== undefined) continue;
      const tokens = readTokens(filter);
      if (this.#findArticleIds(findEventCodings(tokens)).length > 0) continue;
      for (const token of tokens) {
        if (token.code === '') continue;
        const { matches } = await explain(token, library, texts('en'));
        const hint = findSpellingHint(token);
        if (matches.size === 0 && hint === undefined) continue;
        const more = matches.size > 0 ? `explains=${token.sent} finds ${matches.size}` : hint;
        return [createNote('informational', `No article carries exactly this code; ${more ?? ''}.`)];
      }
    }
    return [];
  }
}
