import { absoluteUrl } from '../../feed/language-links.js';
import { readDataFile } from '../../../core/read-data-file.js';
import {
  DOCUMENT_TYPE,
  KIND_NAMES,
  buildArticleProfile,
  findAttachmentType,
  listAgeCodings,
  toSensitivityLabel,
} from '../documents/document-reference.js';
import { listSetIds } from './leaflet-documents.js';
import { createEventParameter } from './document-events.js';
import type { DocumentFacts } from './document-facts.js';
import type { Parameter, ParameterFacts, ParameterRow } from './parameter.js';
import { toFacts, createParameter } from './parameter.js';
import type { ModuleOptions } from '../rest/module-options.js';
import { findOwn } from '../../../core/find-own.js';

const ROWS = readDataFile('fhir/r4/document-parameters.yaml') as readonly ParameterRow[];

type DocumentParameterOptions = Pick<ModuleOptions, 'library' | 'canonicalBase'>;

type ValuesByName = Readonly<Record<string, (item: DocumentFacts) => readonly unknown[]>>;

/** The values that each row tests, as its type has them. */
function createDocumentValues({ library, canonicalBase }: DocumentParameterOptions, baseUrl: string): ValuesByName {
  const toUrl = ({ url }: DocumentFacts): string => absoluteUrl(url, baseUrl);
  const toReleaseTime = ({ article, withdrawnOn }: DocumentFacts): string =>
    `${withdrawnOn ?? library.findReleaseDate(article)}T00:00:00Z`;
  const listLabels = ({ sensitivity }: DocumentFacts) => (sensitivity ? [toSensitivityLabel(sensitivity)] : []);
  return {
    _id: ({ id }) => [id],
    _lastUpdated: (item) => [item.written?.lastUpdated ?? toReleaseTime(item)],
    _profile: () => [buildArticleProfile(canonicalBase)],
    _security: listLabels,
    date: (item) => (item.written ? [item.written.date ?? []].flat() : [toReleaseTime(item)]),
    identifier: (item) => [
      { system: `${canonicalBase}/CodeSystem/articles`, value: item.article },
      { system: 'urn:ietf:rfc:3986', value: toUrl(item) },
      ...listSetIds(item),
      ...(item.written?.identifiers ?? []),
    ],
    type: () => DOCUMENT_TYPE.coding ?? [],
    category: ({ kind }) => [
      { system: `${canonicalBase}/CodeSystem/article-kinds`, code: kind, display: KIND_NAMES[kind] },
    ],
    status: ({ withdrawnOn }) => [withdrawnOn === undefined ? 'current' : 'superseded'],
    description: ({ title }) => [title],
    contenttype: (item) => [findAttachmentType(toUrl(item))],
    language: ({ language }) => [language],
    location: (item) => [toUrl(item)],
    relatesto: ({ relations }) => relations.map(({ target }) => target),
    relation: ({ relations }) => relations.map(({ code }) => code),
    'security-label': listLabels,
    'audience-age': listAgeCodings,
    'audience-gender': ({ sex }) => (sex ? [sex] : []),
  };
}

/**
 * Creates the search parameters of DocumentReference: R4's parameters that make sense for an article, and our own.
 * @param baseUrl address by which clients reach us
 */
export function createDocumentParameters(
  options: DocumentParameterOptions,
  baseUrl: string,
): Parameter<DocumentFacts>[] {
  const values = createDocumentValues(options, baseUrl);
  const special: Readonly<Record<string, (facts: ParameterFacts) => Parameter<DocumentFacts>>> = {
    event: (facts) => createEventParameter(facts, options.library),
    // The library finds its documents.
    explains: (facts) => ({ ...facts, type: 'token', modifiers: [] }),
  };
  return ROWS.map(
    (row) =>
      findOwn(special, row.name)?.(toFacts(row)) ?? createParameter(row, findOwn(values, row.name) ?? (() => [])),
  );
}
