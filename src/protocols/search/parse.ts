import { RequestError } from '../../core/errors.js';
import { DEFAULT_LANGUAGE, chooseLanguage, type Language } from '../../core/model/language.js';
import { findForeignLanguage } from '../../core/model/language-links.js';
import type { HitKind, SearchRequest } from '../../core/search/search-hit.js';
import { firstValue, type Parameters } from '../route.js';

export interface SearchLimits {
  /** Characters of a query. */
  readonly maxQueryChars: number;
  /** Hits of one answer. */
  readonly maxHits: number;
}

export const DEFAULT_COUNT = 10;
export const KINDS: readonly HitKind[] = ['article', 'concept'];

/** A search, and the language (BCP 47) that it asks for where that is none of ours. */
export interface ParsedSearch extends SearchRequest {
  readonly foreignLanguage: string | undefined;
}

const NAMES: readonly string[] = ['q', 'lang', 'count', 'kind'];

/** The query string that asks the same again: the values that count, and nothing else that was sent. */
export function toEffectiveQuery(parameters: Parameters): URLSearchParams {
  const values = NAMES.map((name) => [name, firstValue(parameters, name)] as [string, string]);
  return new URLSearchParams(values.filter(([, value]) => value !== ''));
}

/** The language of an answer, known even where the rest of the request is wrong. */
export function readSearchLanguage(parameters: Parameters): Language {
  return chooseLanguage(firstValue(parameters, 'lang')) ?? DEFAULT_LANGUAGE;
}

/** A value as it is understood; nothing where it was not sent. */
function read<T>(
  parameters: Parameters,
  name: string,
  expected: string,
  understand: (value: string) => T | undefined,
): T | undefined {
  const value = firstValue(parameters, name);
  if (value === '') return undefined;
  const understood = understand(value);
  if (understood === undefined) throw new RequestError('bad-parameter-value', { parameter: name, expected });
  return understood;
}

/**
 * Reads a search: `q`, and `lang`, `count`, `kind` where they are sent; other parameters are ignored.
 * @throws RequestError `missing-query`, `query-too-long`, `bad-parameter-value`
 */
export function parseSearch(parameters: Parameters, { maxQueryChars, maxHits }: SearchLimits): ParsedSearch {
  const query = firstValue(parameters, 'q');
  if (query === '') throw new RequestError('missing-query');
  if (query.length > maxQueryChars) throw new RequestError('query-too-long', { most: maxQueryChars });
  const readCount = (value: string): number | undefined => {
    const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
    return count >= 1 && count <= maxHits ? count : undefined;
  };
  const foreignLanguage = findForeignLanguage(firstValue(parameters, 'lang'));
  const ownLanguage = (value: string): Language | undefined =>
    chooseLanguage(value) ?? (foreignLanguage === undefined ? undefined : DEFAULT_LANGUAGE);
  return {
    query,
    language: read(parameters, 'lang', 'BCP 47, en, es', ownLanguage) ?? DEFAULT_LANGUAGE,
    foreignLanguage,
    count: read(parameters, 'count', `1–${maxHits}`, readCount) ?? DEFAULT_COUNT,
    kind: read(parameters, 'kind', KINDS.join(', '), (value) => KINDS.find((kind) => kind === value.toLowerCase())),
  };
}
