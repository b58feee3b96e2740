import { readCodingKey } from '../../../core/codes/concept.js';
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
import { createEventParameter } from './document-events.js';
import type { DocumentFacts, DocumentRelation } from './document-facts.js';
import type { FindMembers, Parameter, ParameterFacts, ParameterRow } from './parameter.js';
import { toFacts, toParameter } from './parameter.js';
import { divide, unescapeValue } from './values.js';
import { readWordQuery } from './word-query.js';
import { badValue } from '../rest/bad-request.js';
import type { ModuleOptions } from '../rest/module-options.js';

const ROWS = readDataFile('fhir/r4/document-parameters.yaml') as readonly ParameterRow[];

type DocumentParameterOptions = Pick<ModuleOptions, 'library' | 'canonicalBase'>;

/** Tests a word query against a text (R4 search, 3.1.1.4.17). @param isOther whether a value suits otherwise */
function createWordsParameter(
  facts: ParameterFacts,
  isOther: (item: DocumentFacts, value: string) => boolean,
): Parameter<DocumentFacts> {
  return {
    ...facts,
    type: 'string',
    modifiers: [],
    compile: ({ alternatives }) => {
      const tests = alternatives.map((value) => {
        const query = unescapeValue(value);
        const matchesWords = readWordQuery(query);
        return (item: DocumentFacts): boolean =>
          isOther(item, query.toLowerCase()) || matchesWords?.(item.words + item.publisherWords) === true;
      });
      return (item) => tests.some((test) => test(item));
    },
  };
}

function findRow(name: string): ParameterRow {
  const row = ROWS.find((one) => one.name === name);
  if (!row) throw new Error(`resources/fhir/r4/document-parameters.yaml has no ${name}`);
  return row;
}

/** `relationship=DocumentReference/…$transforms`: both of one relation (R4 search, 3.1.1.4.16). */
function createRelationshipParameter(facts: ParameterFacts): Parameter<DocumentFacts> {
  const target = toParameter<DocumentRelation>(findRow('relatesto'), (relation) => [relation.target]);
  const code = toParameter<DocumentRelation>(findRow('relation'), (relation) => [relation.code]);
  return {
    ...facts,
    type: 'composite',
    modifiers: [],
    compile: async ({ sent, alternatives }, place) => {
      const tests: ((item: DocumentFacts) => boolean)[] = [];
      for (const value of alternatives) {
        const [reference = '', kind = '', ...more] = divide(value, '$');
        if (reference === '' || kind === '' || more.length > 0) throw badValue(sent, 'expected reference$code');
        const toFilter = (one: string) => ({ sent, modifier: undefined, alternatives: [one] });
        const isTarget = await target.compile(toFilter(reference), place);
        const isKind = await code.compile(toFilter(kind), place);
        tests.push(({ relations }) => relations.some((one) => isTarget(one) && isKind(one)));
      }
      return (item) => tests.some((test) => test(item));
    },
  };
}

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
 * What DocumentReference is searched by: R4's parameters that make sense for an article, and our own.
 * @param baseUrl address by which clients reach us
 * @param findMembers the value sets of `:in` and `:not-in`
 */
export function createDocumentParameters(
  options: DocumentParameterOptions,
  baseUrl: string,
  findMembers: FindMembers,
): Parameter<DocumentFacts>[] {
  const values = createDocumentValues(options, baseUrl);
  const special: Readonly<Record<string, (facts: ParameterFacts) => Parameter<DocumentFacts>>> = {
    _text: (facts) => createWordsParameter(facts, () => false),
    _content: (facts) =>
      createWordsParameter(
        facts,
        ({ events, url }, value) =>
          url.toLowerCase() === value || events.some((key) => readCodingKey(key).code.toLowerCase() === value),
      ),
    event: (facts) => createEventParameter(facts, options.library, findMembers),
    relationship: createRelationshipParameter,
    // The library finds its documents.
    explains: (facts) => ({ ...facts, type: 'token', modifiers: [] }),
  };
  return ROWS.map(
    (row) => special[row.name]?.(toFacts(row)) ?? toParameter(row, values[row.name] ?? (() => []), findMembers),
  );
}
