import { rememberLast } from '../../../core/remember.js';
import {
  buildArticleProfile,
  DOCUMENT_TYPE,
  KIND_NAMES,
  findAttachmentType,
  listAgeCodings,
  toSensitivityLabel,
} from './document-reference.js';
import type { TypeModule } from '../rest/interaction.js';
import type { DocumentReader } from './read.js';
import { DocumentSearch } from '../search/document-search.js';
import { createReadInteractions } from '../search/resource-module.js';
import { reportDeleted } from '../writing/written-reads.js';
import type { ModuleOptions } from '../rest/module-options.js';
import { absoluteUrl } from '../../feed/language-links.js';
import { readDataFile } from '../../../core/read-data-file.js';
import { listSetIds } from '../search/leaflet-documents.js';
import { createEventParameter } from '../search/document-events.js';
import type { DocumentFacts } from '../search/document-facts.js';
import {
  type Parameter,
  type ParameterFacts,
  type ParameterRow,
  toFacts,
  createParameter,
} from '../search/parameter.js';
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
function createDocumentParameters(options: DocumentParameterOptions, baseUrl: string): Parameter<DocumentFacts>[] {
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

/** References that `_include` follows. */
const INCLUDES = ['DocumentReference:relatesto'];

/** DocumentReference: each article in each language is one (R4 DocumentReference, 2.42). */
export function createDocumentModule(options: ModuleOptions, reader: DocumentReader): TypeModule {
  const { written } = options;
  const parametersAt = (baseUrl: string) => createDocumentParameters(options, baseUrl);
  const described = { type: 'DocumentReference', includes: INCLUDES, sortAliases: { title: 'description' } } as const;
  // Addresses of handouts depend on the address by which clients reach us, which hardly ever changes.
  const table = rememberLast((baseUrl: string) => ({ ...described, parameters: parametersAt(baseUrl) }));
  const documents = new DocumentSearch(options, reader, table);
  const reading = createReadInteractions((id, request) => reader.read(id, request));
  return {
    type: 'DocumentReference',
    profiles: (base) => [buildArticleProfile(base)],
    searchParameters: parametersAt(''),
    includes: INCLUDES,
    interactions: {
      ...(written ? reportDeleted('DocumentReference', written, reading) : reading),
      'search-type': (request) => documents.search(request),
    },
    lookup: {
      byId: (id, request) => reader.find(id, request),
      byCriteria: (criteria, request) => documents.findAll(criteria, request),
    },
    prepare: () => documents.prepare(),
  };
}
