import { capText } from '../../../core/client-text.js';
import { RequestError } from '../../../core/errors.js';
import { LIMITS } from '../../../limits.js';
import type { Parameters } from '../../route.js';
import type { FhirRequest } from '../rest/interaction.js';
import { PAGE_PARAMETER, readPagePlace, type PagePlace } from './page-place.js';
import type { Parameter } from './parameter.js';
import { SUMMARIES, readChoice, addElements, type Shortening } from './shorten.js';
import { divide, type Filter } from './values.js';
import { badValue } from '../rest/bad-request.js';

/** HAPI sends `estimated`; every total here is accurate. */
const TOTALS = ['none', 'estimate', 'estimated', 'accurate'] as const;

export interface SortRule<T> {
  readonly key: (item: T) => string | undefined;
  readonly isDescending: boolean;
}

/** A search as it was understood. */
export interface Search<T> extends Shortening {
  /** The parameters that were used, as the `self` link states them; without the place of a page. */
  readonly used: Parameters;
  readonly filters: readonly { readonly parameter: Parameter<T>; readonly filter: Filter }[];
  readonly sort: readonly SortRule<T>[];
  /** The most matches of a page. */
  readonly count: number;
  readonly hasTotal: boolean;
  readonly hasIncludes: boolean;
  readonly place: PagePlace | undefined;
  /** Ignored parameters, each with the reason, for a person to read; `LIMITS.maxFaults` at most. */
  readonly ignored: readonly string[];
}

/** Searchable parts of a type. */
export interface SearchTable<T> {
  readonly type: string;
  readonly parameters: readonly Parameter<T>[];
  /** Values of `_include` that are followed. */
  readonly includes: readonly string[];
  /** Further names that `_sort` takes, and the parameter each means. */
  readonly sortAliases?: Readonly<Record<string, string>>;
}

/** Parts of a request that a search is read from. */
type SearchRequest = Pick<FhirRequest, 'parameters' | 'strict'>;

const WORDS = 'words are searched at /search?q=';
const VALUE_SETS = 'codes are tested against value sets by $validate-code, or by a terminology server';

/** Parameters and modifiers of R4 that are not offered, and where to turn. */
const NOT_OFFERED: ReadonlyMap<string, string> = new Map([
  ['_text', WORDS],
  ['_content', WORDS],
  [':text', WORDS],
  [':in', VALUE_SETS],
  [':not-in', VALUE_SETS],
  ['relationship', 'composite parameters are not offered: send relatesto and relation'],
  ['_revinclude', 'reverse includes are not followed: search by the parameter that refers to the match'],
]);

/** A search while its parameters are read in turn. */
type Draft<T> = { -readonly [K in keyof Search<T>]: Search<T>[K] extends readonly (infer V)[] ? V[] : Search<T>[K] };

class SearchReader<T> {
  readonly #table: SearchTable<T>;
  readonly #request: SearchRequest;
  readonly #search: Draft<T> = {
    used: [],
    filters: [],
    sort: [],
    count: LIMITS.defaultPageMatches,
    summary: 'false',
    elements: [],
    hasTotal: true,
    hasIncludes: false,
    place: undefined,
    ignored: [],
  };
  /** Values that are looked for, and characters of those that are words. */
  #values = 0;
  #wordChars = 0;

  constructor(table: SearchTable<T>, request: SearchRequest) {
    this.#table = table;
    this.#request = request;
  }

  read(): Search<T> {
    for (const [name, value] of this.#request.parameters) {
      // An empty parameter is ignored (R4 search, 3.1.1.1).
      if (value.trim() !== '') this.#readOne(name, value.trim());
    }
    if (this.#search.count === 0) this.#search.summary = 'count';
    return this.#search;
  }

  #findParameter(name: string): Parameter<T> | undefined {
    return this.#table.parameters.find((one) => one.name === name);
  }

  #readOne(name: string, value: string): void {
    switch (name) {
      case '_count':
        if (!/^\d{1,9}$/.test(value)) throw badValue(name, 'expected a whole number from 0');
        this.#search.count = Math.min(Number(value), LIMITS.maxPageMatches);
        this.#search.used.push([name, String(this.#search.count)]);
        return;
      case '_summary':
        this.#search.summary = readChoice(name, value, SUMMARIES);
        break;
      case '_total':
        this.#search.hasTotal = readChoice(name, value, TOTALS) !== 'none';
        break;
      case '_elements':
        addElements(this.#search.elements, [name, value], this.#table.type, this.#request.strict);
        break;
      case '_sort':
        this.#readSort(name, value);
        return;
      case '_include':
      case '_include:iterate':
      case '_include:recurse':
        this.#readInclude(name, value);
        return;
      case PAGE_PARAMETER:
        this.#search.place = readPagePlace(value);
        return;
      default:
        this.#readFilter(name, value);
        return;
    }
    this.#search.used.push([name, value]);
  }

  /** @throws RequestError `bad-parameter-value` for an unknown parameter, if the client asks to be strict */
  #ignore(name: string, expected: string): void {
    if (this.#request.strict) throw badValue(name, expected);
    const note = `${quoteName(name)} is ignored: ${expected}`;
    const { ignored } = this.#search;
    if (ignored.length < LIMITS.maxFaults && !ignored.includes(note)) ignored.push(note);
  }

  #readSort(sent: string, value: string): void {
    const known: string[] = [];
    const aliases = new Map(Object.entries(this.#table.sortAliases ?? {}));
    for (const part of value.split(',').map((one) => one.trim())) {
      const isDescending = part.startsWith('-');
      const name = isDescending ? part.slice(1) : part;
      const key = this.#findParameter(aliases.get(name) ?? name)?.sortKey;
      if (!key) {
        this.#ignore(sent, `cannot sort by ${quoteName(part)}`);
        continue;
      }
      // A second rule by the same parameter changes nothing; a key of every resource is computed for each rule.
      if (this.#search.sort.some((rule) => rule.key === key)) continue;
      this.#search.sort.push({ key, isDescending });
      known.push(part);
    }
    if (known.length > 0) this.#search.used.push([sent, known.join(',')]);
  }

  #readInclude(name: string, value: string): void {
    const isKnown = this.#table.includes.some((known) => {
      const [type = '', parameter = ''] = known.split(':');
      return [known, `${known}:${type}`, `${type}:*`, '*'].includes(value) && parameter !== '';
    });
    if (!isKnown) {
      this.#ignore(name, 'no such include here');
      return;
    }
    this.#search.hasIncludes = true;
    this.#search.used.push([name, value]);
  }

  #readFilter(sent: string, value: string): void {
    const [name = '', modifier, ...more] = sent.split(':');
    const parameter = this.#findParameter(name);
    if (!parameter) {
      rejectFurther(sent);
      this.#ignore(sent, NOT_OFFERED.get(name) ?? 'no such parameter here');
      return;
    }
    // Ignoring a modifier would answer another question (R4 search, 3.1.1.4.3).
    if (modifier !== undefined && (more.length > 0 || !parameter.modifiers.includes(modifier))) {
      const names = parameter.modifiers.join(', ');
      const allowed = names === '' ? 'it takes no modifier' : `its modifiers are ${names}`;
      const instead = NOT_OFFERED.get(`:${modifier}`);
      throw badValue(sent, instead === undefined ? allowed : `${allowed}; ${instead}`);
    }
    const alternatives = divide(value, ',')
      .map((one) => capText(one.trim()))
      .filter((one) => one !== '');
    if (alternatives.length === 0) return;
    this.#admit(alternatives, parameter.type === 'string');
    this.#search.filters.push({ parameter, filter: { sent, modifier, alternatives } });
    this.#search.used.push([sent, value]);
  }

  /**
   * Each value is compared to every resource, words to all of its words: over all parameters they are as many as a chart may
   * ask about, and as a text search may bring.
   * @throws RequestError `too-many-parameters`, `query-too-long`
   */
  #admit(values: readonly string[], areWords: boolean): void {
    this.#values += values.length;
    const { maxChartQuestions, maxQueryChars } = LIMITS;
    if (this.#values > maxChartQuestions) throw new RequestError('too-many-parameters', { most: maxChartQuestions });
    if (areWords) this.#wordChars += values.reduce((chars, value) => chars + value.length, 0);
    if (this.#wordChars > maxQueryChars) throw new RequestError('query-too-long', { most: maxQueryChars });
  }
}

/** Whether a parameter decides how matches are returned, not which there are. */
export const isResultParameter = (name: string): boolean =>
  name === PAGE_PARAMETER || /^_(count|summary|total|elements|sort|include(:\w+)?)$/.test(name);

/** Quotes a client's name as far as it looks like one of R4's: anything else is not repeated. */
const quoteName = (name: string): string => (/^[\w.:*-]{1,64}$/.test(name) ? name : 'an unreadable name');

/**
 * Rejects what reaches into other resources or holds a query of its own: chains (R4 search, 3.1.1.4.13), reverse chains
 * (3.1.1.4.14) and `_filter` (3.1.1.5.11). To ignore one would widen the search from one patient's, say, to everybody's.
 * @throws RequestError `bad-parameter-value`
 */
function rejectFurther(sent: string): void {
  if (sent === '_filter') throw badValue(sent, 'filter expressions are not evaluated here');
  if (sent === '_has' || sent.startsWith('_has:')) throw badValue(sent, 'reverse chains are not followed here');
  if (sent.includes('.')) throw badValue(sent, 'chains are not followed here');
}

/**
 * Reads a search from its query and form (R4 search, 3.1.1). Unknown parameters are ignored and left out of `used`,
 * or rejected if the client asks to be strict.
 * @throws RequestError `bad-parameter-value`, `too-many-parameters`, `query-too-long`
 */
export function readSearch<T>(table: SearchTable<T>, request: SearchRequest): Search<T> {
  return new SearchReader(table, request).read();
}
