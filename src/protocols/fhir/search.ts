import type { Bundle, BundleEntry, DocumentReference, Extension, OperationOutcome } from '@medplum/fhirtypes';
import type { Article } from '../../core/article.js';
import { codeSystem } from '../../core/code-systems.js';
import type { Match } from '../../core/knowledge-response.js';
import type { Library } from '../../core/library.js';
import type { Translate } from '../../texts.js';
import type { RouteRequest } from '../route.js';
import { explain } from './explain.js';
import { documentId } from './identity.js';
import { operationOutcome } from './outcome.js';
import type { DocumentReader } from './read.js';
import type { SearchCriteria } from './search-parameters.js';
import { readCriteria } from './search-parameters.js';
import type { Token } from './token.js';
import { codingsOf } from './token.js';

interface Found {
  readonly article: Article;
  /** Present where the core answered (`explains`). */
  readonly match?: Match;
}

type SearchBundle = Bundle<DocumentReference | OperationOutcome>;
type SearchEntry = BundleEntry<DocumentReference | OperationOutcome>;

/** The path as an extension on the entry's search: `asked icd-10-cm E11.3211 > ancestor icd-10-cm E11.3`. */
function pathExtension({ path }: Match, canonicalBase: string): Extension {
  const steps = path.map(({ kind, system, code }) => `${kind} ${codeSystem(system).uri}|${code}`);
  return { url: `${canonicalBase}/StructureDefinition/match-path`, valueString: steps.join(' > ') };
}

function outcomeEntry(code: 'informational' | 'not-found', text: string): SearchEntry {
  return { resource: operationOutcome('information', code, text), search: { mode: 'outcome' } };
}

/** The self link: the parameters that were used, as a GET. */
function selfLink(baseUrl: string, { used }: SearchCriteria): string {
  const query = new URLSearchParams(used.map(([name, value]) => [name, value])).toString();
  return `${baseUrl}/fhir/DocumentReference?${query}`;
}

/** By score, then by id. */
function compareEntries(a: SearchEntry, b: SearchEntry): number {
  const byScore = (b.search?.score ?? 0) - (a.search?.score ?? 0);
  return byScore === 0 ? ((a.resource?.id ?? '') < (b.resource?.id ?? '') ? -1 : 1) : byScore;
}

export interface DocumentSearchOptions {
  readonly library: Library;
  readonly reader: DocumentReader;
  readonly canonicalBase: string;
  /** Says why nothing was found. */
  readonly translate: Translate;
  /** How many codes one search may name. */
  readonly mostTokens: number;
}

/** Searches DocumentReference by `event` and `explains` (R4 search; the decided semantics are in docs/architecture.md). */
export class DocumentSearch {
  readonly #options: DocumentSearchOptions;

  constructor(options: DocumentSearchOptions) {
    this.#options = options;
  }

  /** @throws RequestError `bad-parameter-value`, also where no search parameter is given; `too-many-criteria` */
  async search(request: RouteRequest): Promise<SearchBundle> {
    const criteria = readCriteria(request, this.#options.mostTokens);
    const { found, notes } = await this.#find(criteria);
    const matches = await this.#entries(found, criteria, request.baseUrl);
    const entry = [...matches.sort(compareEntries), ...notes];
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      total: matches.length,
      link: [{ relation: 'self', url: selfLink(request.baseUrl, criteria) }],
      // FHIR's JSON has no empty lists.
      ...(entry.length > 0 ? { entry } : {}),
    };
  }

  async #find({ events, explains }: SearchCriteria): Promise<{ found: Found[]; notes: SearchEntry[] }> {
    const { library, translate } = this.#options;
    const explained = explains ? await explain(explains, library, translate) : undefined;
    const exact: Found[][] = [];
    for (const tokens of events) exact.push(await this.#findExact(tokens));
    const sets = explained ? [explained.matches.map((match) => ({ article: match.article, match })), ...exact] : exact;
    const [first = [], ...others] = sets;
    const found = first.filter(({ article }) =>
      others.every((other) => other.some((one) => one.article.id === article.id)),
    );
    if (!explained) return { found, notes: await this.#pointToExplains(events.filter((_, i) => !exact[i]?.length)) };
    return { found, notes: explained.reason ? [outcomeEntry('not-found', `No article: ${explained.reason}.`)] : [] };
  }

  /** Articles that carry a row for one of the codes. */
  async #findExact(tokens: readonly Token[]): Promise<Found[]> {
    const { library } = this.#options;
    const ids = new Set<string>();
    for (const coding of tokens.flatMap(codingsOf)) {
      for (const id of await library.findArticleIds(coding)) ids.add(id);
    }
    return (await library.findArticles([...ids])).map((article) => ({ article }));
  }

  /** A note that `explains` would find what `event` did not. */
  async #pointToExplains(missed: SearchCriteria['events']): Promise<SearchEntry[]> {
    const { library, translate } = this.#options;
    for (const token of missed.flat()) {
      const { matches } = await explain(token, library, translate);
      if (matches.length > 0) {
        const text = `No article carries exactly this code; explains=${token.sent} finds ${matches.length}.`;
        return [outcomeEntry('informational', text)];
      }
    }
    return [];
  }

  async #entries(
    found: readonly Found[],
    { languages }: SearchCriteria,
    baseUrl: string,
  ): Promise<BundleEntry<DocumentReference>[]> {
    const { reader, canonicalBase } = this.#options;
    const articles = found.map(({ article }) => article);
    const documents = await reader.documents(articles, baseUrl);
    return found.flatMap(({ article, match }) =>
      languages.flatMap((language) => {
        const id = documentId(article.id, language);
        const resource = documents.get(id);
        if (!resource) return [];
        const how = match ? { score: match.score, extension: [pathExtension(match, canonicalBase)] } : {};
        const fullUrl = `${baseUrl}/fhir/DocumentReference/${id}`;
        return [{ fullUrl, resource, search: { ...how, mode: 'match' as const } }];
      }),
    );
  }
}
