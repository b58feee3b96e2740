import type { Bundle, BundleEntry, DocumentReference, Extension } from '@medplum/fhirtypes';
import { answerRequest } from '../../core/answer.js';
import type { Article } from '../../core/article.js';
import { CODE_SYSTEMS, codeSystem, findCodeSystem } from '../../core/code-systems.js';
import { RequestError } from '../../core/errors.js';
import type { KnowledgeRequest } from '../../core/knowledge-request.js';
import type { Match } from '../../core/knowledge-response.js';
import type { Language } from '../../core/language.js';
import { LANGUAGES } from '../../core/language.js';
import type { Coding, Library } from '../../core/library.js';
import { normalizeCode } from '../../core/normalize-code.js';
import type { RouteRequest } from '../route.js';
import { documentId } from './identity.js';
import { operationOutcome } from './outcome.js';
import type { DocumentReader } from './read.js';

/** Search parameters of DocumentReference that this server reads; the CapabilityStatement is made of them. */
export const SEARCH_PARAMETERS = [
  { name: 'event', type: 'token', documentation: 'Articles that carry a mapping row for exactly this code' },
  {
    name: 'explains',
    type: 'token',
    documentation: 'Articles that answer this code, ancestors and crosswalks included',
  },
  { name: 'language', type: 'token', documentation: 'Language of the article' },
] as const;

type SearchName = (typeof SEARCH_PARAMETERS)[number]['name'];

interface Token {
  /** Empty: any system. */
  readonly system: string;
  readonly code: string;
}

const TOKEN_FORM = 'expected system|code';

/** Reads a token value (R4 search, 3.1.1.4.10) with its escapes. */
function readToken(value: string, parameter: string): Token {
  const parts = value.split(/(?<!\\)\|/).map((part) => part.replace(/\\([\\,|$])/g, '$1').trim());
  const [system = '', code] = parts;
  if (parts.length > 2 || (code ?? system) === '') {
    throw new RequestError('bad-parameter-value', { parameter, expected: TOKEN_FORM });
  }
  return code === undefined ? { system: '', code: system } : { system, code };
}

/** The codings of ours that a token names: one, or one for each system where it names none. */
function codingsOf({ system, code }: Token): Coding[] {
  const systems = system === '' ? CODE_SYSTEMS : [findCodeSystem(system)].filter((found) => found !== undefined);
  return systems.flatMap(({ id }) => {
    const normalized = normalizeCode(id, code);
    return normalized === undefined ? [] : [{ system: id, code: normalized }];
  });
}

interface Found {
  readonly article: Article;
  /** Present where the core answered (`explains`). */
  readonly match?: Match;
}

const CONTEXT: KnowledgeRequest['context'] = {
  sex: undefined,
  ageGroups: [],
  recipient: 'PAT',
  performer: undefined,
  language: 'en',
  task: undefined,
  encounter: undefined,
  subTopics: [],
};

async function explain(token: Token, library: Library): Promise<{ found: Found[]; reason: string | undefined }> {
  const system = findCodeSystem(token.system)?.id;
  const coding = { system, systemSent: token.system, code: token.code, display: '', userSelected: false };
  const request = { criteria: [{ codings: [coding] }], context: CONTEXT, maxArticles: Infinity };
  const { answers } = await answerRequest(request, library);
  const [answer] = answers;
  return {
    found: (answer?.matches ?? []).map((match) => ({ article: match.article, match })),
    reason: answer?.miss?.reason,
  };
}

/** The path as an extension on the entry's search: `icd-10-cm E11.3211 > ancestor icd-10-cm E11.3`. */
function pathExtension({ path }: Match, canonicalBase: string): Extension {
  const steps = path.map(({ kind, system, code }) => `${kind} ${codeSystem(system).uri}|${code}`);
  return { url: `${canonicalBase}/StructureDefinition/match-path`, valueString: steps.join(' > ') };
}

function outcomeEntry(code: 'informational' | 'not-found', text: string): BundleEntry {
  return { resource: operationOutcome('information', code, text), search: { mode: 'outcome' } };
}

const splitOr = (value: string): string[] => value.split(/(?<!\\),/).filter((part) => part.trim() !== '');

interface Criteria {
  readonly values: ReadonlyMap<SearchName, readonly string[]>;
  readonly languages: readonly Language[];
}

function readCriteria(request: RouteRequest): Criteria {
  const values = new Map<SearchName, string[]>();
  for (const [name, value] of request.parameters) {
    const known = SEARCH_PARAMETERS.find((parameter) => parameter.name === name);
    if (known && value.trim() !== '') values.set(known.name, [...(values.get(known.name) ?? []), value]);
  }
  const asked = values.get('language');
  const wanted = (language: Language): boolean =>
    (asked ?? []).every((value) =>
      splitOr(value).some((one) => [language, `urn:ietf:bcp:47|${language}`].includes(one.trim().toLowerCase())),
    );
  return { values, languages: LANGUAGES.filter(wanted) };
}

/** The self link: the parameters that were used, as a GET. */
function selfLink(request: RouteRequest, { values }: Criteria): string {
  const used = [...values].flatMap(([name, ofName]) => ofName.map((value): [string, string] => [name, value]));
  const query = new URLSearchParams(used).toString();
  return `${request.baseUrl}/fhir/DocumentReference${query ? `?${query}` : ''}`;
}

/** Searches DocumentReference by `event` and `explains` (R4 search; the decided semantics are in docs/architecture.md). */
export class DocumentSearch {
  readonly #library: Library;
  readonly #reader: DocumentReader;
  readonly #canonicalBase: string;

  constructor(library: Library, reader: DocumentReader, canonicalBase: string) {
    this.#library = library;
    this.#reader = reader;
    this.#canonicalBase = canonicalBase;
  }

  /** @throws RequestError `bad-parameter-value`, or where no search parameter is given */
  async search(request: RouteRequest): Promise<Bundle<DocumentReference>> {
    const criteria = readCriteria(request);
    const { found, notes } = await this.#find(criteria);
    const entries = await this.#entries(found, criteria.languages, request.baseUrl);
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      total: entries.length,
      link: [{ relation: 'self', url: selfLink(request, criteria) }],
      entry: [...entries, ...notes] as BundleEntry<DocumentReference>[],
    };
  }

  async #find({ values }: Criteria): Promise<{ found: Found[]; notes: BundleEntry[] }> {
    const event = values.get('event') ?? [];
    const [explains, ...more] = values.get('explains') ?? [];
    if (event.length === 0 && explains === undefined) {
      throw new RequestError('bad-parameter-value', {
        parameter: 'DocumentReference',
        expected: 'event= or explains= is needed',
      });
    }
    if (more.length > 0 || (explains !== undefined && splitOr(explains).length > 1)) {
      throw new RequestError('bad-parameter-value', { parameter: 'explains', expected: 'one system|code' });
    }
    const explained =
      explains === undefined ? undefined : await explain(readToken(explains, 'explains'), this.#library);
    let found = explained?.found;
    for (const value of event) {
      const exact = await this.#findExact(value);
      found = found ? found.filter(({ article }) => exact.some((other) => other.article.id === article.id)) : exact;
    }
    const notes = explained?.reason ? [outcomeEntry('not-found', `No article: ${explained.reason}.`)] : [];
    if (found?.length === 0 && explained === undefined) notes.push(...(await this.#pointToExplains(event)));
    return { found: found ?? [], notes };
  }

  /** Articles that carry a row for one of the codes of an `event` value. */
  async #findExact(value: string): Promise<Found[]> {
    const ids = new Set<string>();
    for (const token of splitOr(value)) {
      for (const coding of codingsOf(readToken(token, 'event'))) {
        for (const id of await this.#library.findArticleIds(coding)) ids.add(id);
      }
    }
    const articles = await this.#library.findArticles([...ids].sort());
    return articles.map((article) => ({ article }));
  }

  async #pointToExplains(event: readonly string[]): Promise<BundleEntry[]> {
    for (const value of event.flatMap(splitOr)) {
      const { found } = await explain(readToken(value, 'event'), this.#library);
      if (found.length > 0) {
        return [
          outcomeEntry(
            'informational',
            `No article carries exactly this code; explains=${value} finds ${found.length}.`,
          ),
        ];
      }
    }
    return [];
  }

  async #entries(
    found: readonly Found[],
    languages: readonly Language[],
    baseUrl: string,
  ): Promise<BundleEntry<DocumentReference>[]> {
    const documents = await this.#reader.documents(
      found.map(({ article }) => article),
      baseUrl,
    );
    return found.flatMap(({ article, match }) =>
      languages.flatMap((language) => {
        const resource = documents.get(documentId(article.id, language));
        if (!resource) return [];
        const extra = match ? { score: match.score, extension: [pathExtension(match, this.#canonicalBase)] } : {};
        const fullUrl = `${baseUrl}/fhir/DocumentReference/${resource.id ?? ''}`;
        return [{ fullUrl, resource, search: { ...extra, mode: 'match' as const } }];
      }),
    );
  }
}
