import { AGE_GROUPS } from '../../../core/answer/age-group.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import type { Library } from '../../../core/model/library.js';
import { absoluteUrl } from '../../feed/language-links.js';
import {
  DOCUMENT_TYPE,
  KIND_NAMES,
  articleProfile,
  attachmentType,
  sensitivityLabel,
} from '../documents/document-reference.js';
import type { SearchParameterFacts } from '../rest/interaction.js';
import { eventParameter } from './document-events.js';
import type { DocumentFacts, DocumentRelation } from './document-facts.js';
import type { FindMembers, HeldToken, Parameter } from './parameter.js';
import {
  dateParameter,
  referenceParameter,
  standard,
  stringParameter,
  tokenParameter,
  uriParameter,
} from './parameter.js';
import { badValue, divide, unescapeValue } from './values.js';
import { readWordQuery } from './word-query.js';

type Facts = Pick<SearchParameterFacts, 'name' | 'definition' | 'documentation'>;

const r4 = (name: string, documentation: string): Facts => ({
  name,
  documentation,
  definition: standard(name.startsWith('_') ? `Resource-${name.slice(1)}` : `DocumentReference-${name}`),
});
const clinical = (name: string, documentation: string): Facts => ({
  name,
  documentation,
  definition: standard(`clinical-${name}`),
});
const ours = (name: string, documentation: string): Facts => ({
  name,
  documentation,
  definition: (base) => `${base}/SearchParameter/DocumentReference-${name}`,
});

const plain = (system: string | undefined, code: string): HeldToken => ({ system, code, isPlain: true });

export interface DocumentParameterOptions {
  readonly library: Library;
  readonly canonicalBase: string;
  /** Address by which clients reach us. */
  readonly baseUrl: string;
  /** The value sets of `:in` and `:not-in`. */
  readonly findMembers: FindMembers;
}

const toSecurityTokens = ({ sensitivity }: DocumentFacts): HeldToken[] => {
  if (!sensitivity) return [];
  const { system, code = '', display } = sensitivityLabel(sensitivity);
  return [{ system, code, texts: display ? [display] : [] }];
};

const RELATIONS = 'http://hl7.org/fhir/document-relationship-type';
const listTargets = ({ relations }: DocumentFacts): string[] => relations.map(({ target }) => target);
const listKinds = ({ relations }: DocumentFacts): HeldToken[] => relations.map(({ code }) => plain(RELATIONS, code));

/** Tests a word query against a text (R4 search, 3.1.1.4.17). */
function wordsParameter(
  facts: Facts,
  isFurther: (item: DocumentFacts, value: string) => boolean,
): Parameter<DocumentFacts> {
  return {
    ...facts,
    type: 'string',
    modifiers: [],
    compile: ({ alternatives }) => {
      const tests = alternatives.map((value) => {
        const written = unescapeValue(value);
        const isSaid = readWordQuery(written);
        return (item: DocumentFacts): boolean =>
          isFurther(item, written.toLowerCase()) || isSaid?.(item.words + item.publisherWords) === true;
      });
      return (item) => tests.some((test) => test(item));
    },
  };
}

/** `relationship=DocumentReference/…$transforms`: both of one relation (R4 search, 3.1.1.4.16). */
function relationshipParameter(): Parameter<DocumentFacts> {
  const target = referenceParameter<DocumentRelation>(r4('relatesto', ''), ({ target: held }) => [held], {
    targets: ['DocumentReference'],
  });
  const code = tokenParameter<DocumentRelation>(r4('relation', ''), (one) => [plain(RELATIONS, one.code)]);
  return {
    ...r4('relationship', 'Target and kind of a relation, divided by $'),
    type: 'composite',
    modifiers: [],
    compile: async ({ sent, alternatives }, place) => {
      const tests: ((item: DocumentFacts) => boolean)[] = [];
      for (const value of alternatives) {
        const [reached = '', kind = '', ...more] = divide(value, '$');
        if (reached === '' || kind === '' || more.length > 0) throw badValue(sent, 'expected reference$code');
        const filter = (one: string) => ({ sent, modifier: undefined, alternatives: [one] });
        const [isTarget, isKind] = [
          await target.compile(filter(reached), place),
          await code.compile(filter(kind), place),
        ];
        tests.push(({ relations }) => relations.some((one) => isTarget(one) && isKind(one)));
      }
      return (item) => tests.some((test) => test(item));
    },
  };
}

function ownParameters(): Parameter<DocumentFacts>[] {
  return [
    {
      ...ours(
        'explains',
        'Articles that answer this code, ancestors and crosswalks included, with score and path; several: or by comma, and by repetition',
      ),
      type: 'token',
      modifiers: [],
      // The library answers it before any document is tested.
      compile: () => () => true,
    },
    tokenParameter(ours('audience-age', 'Age group (MeSH) that the article is written for'), ({ ageGroups }) =>
      AGE_GROUPS.filter(({ group }) => ageGroups.includes(group)).map(({ mesh }) => ({
        system: codeSystem('mesh').uri,
        code: mesh,
      })),
    ),
    tokenParameter(ours('audience-gender', 'Sex that the article is written for'), ({ sex }) =>
      sex ? [plain('http://hl7.org/fhir/administrative-gender', sex)] : [],
    ),
  ];
}

function relationParameters(): Parameter<DocumentFacts>[] {
  return [
    referenceParameter(r4('relatesto', 'The document that this one translates'), listTargets, {
      targets: ['DocumentReference'],
    }),
    tokenParameter(r4('relation', 'transforms: a translation'), listKinds),
    relationshipParameter(),
  ];
}

function commonParameters({ canonicalBase, library }: DocumentParameterOptions): Parameter<DocumentFacts>[] {
  const released = ({ article, withdrawnOn }: DocumentFacts): string =>
    `${withdrawnOn ?? library.findReleaseDate(article)}T00:00:00Z`;
  return [
    tokenParameter(r4('_id', 'Id of the document'), ({ id }) => [plain(undefined, id)], { isExact: true }),
    dateParameter(
      r4(
        '_lastUpdated',
        'Day of the release that the article comes from; of a site’s own document when it was written',
      ),
      (item) => [item.written?.lastUpdated ?? released(item)],
    ),
    uriParameter(r4('_profile', 'Profiles that the document conforms to'), () => [articleProfile(canonicalBase)]),
    tokenParameter(r4('_tag', 'Tags: articles carry none'), () => []),
    uriParameter(r4('_source', 'Where the resource comes from: articles do not say it here'), () => []),
    tokenParameter(r4('_security', 'Sensitivity of the article'), toSecurityTokens, { hasText: true }),
    wordsParameter(
      {
        ...r4('_text', 'Words of the narrative: title, other names, publisher'),
        definition: standard('DomainResource-text'),
      },
      () => false,
    ),
    wordsParameter(
      r4('_content', 'Words of the narrative, a code, or an address'),
      ({ events, url }, value) =>
        url.toLowerCase() === value || events.some((key) => key.toLowerCase().endsWith(`|${value}`)),
    ),
    dateParameter(
      r4('date', 'Day of the release that the article comes from; of a site’s own document its date'),
      (item) => (item.written ? (item.written.date === undefined ? [] : [item.written.date]) : [released(item)]),
    ),
  ];
}

/** What DocumentReference is searched by: R4's parameters that make sense for an article, and our own. */
export function documentParameters(options: DocumentParameterOptions): Parameter<DocumentFacts>[] {
  const { library, canonicalBase, baseUrl, findMembers } = options;
  const urlOf = ({ url }: DocumentFacts): string => absoluteUrl(url, baseUrl);
  const [type] = DOCUMENT_TYPE.coding ?? [];
  return [
    ...commonParameters(options),
    tokenParameter(
      clinical('identifier', 'Id of the article, or its address (urn:ietf:rfc:3986)'),
      (item) => [
        { system: `${canonicalBase}/CodeSystem/articles`, code: item.article },
        { system: 'urn:ietf:rfc:3986', code: urlOf(item) },
        ...(item.written?.identifiers ?? []).map(({ system, value }) => ({ system, code: value })),
      ],
      { isExact: true },
    ),
    tokenParameter(
      clinical('type', 'Kind of document: LOINC 69730-0, Instructions'),
      () => [{ system: type?.system, code: type?.code ?? '', texts: [type?.display ?? ''] }],
      { hasText: true, findMembers },
    ),
    tokenParameter(
      r4('category', 'Kind of article'),
      ({ kind }) => [{ system: `${canonicalBase}/CodeSystem/article-kinds`, code: kind, texts: [KIND_NAMES[kind]] }],
      { hasText: true, findMembers },
    ),
    tokenParameter(r4('status', 'current; superseded: no longer offered, found where the status is asked'), (item) => [
      plain('http://hl7.org/fhir/document-reference-status', item.isWithdrawn ? 'superseded' : 'current'),
    ]),
    stringParameter(r4('description', 'Title of the article'), ({ title }) => [title]),
    tokenParameter(r4('contenttype', 'Media type of the page'), (item) => [
      plain('urn:ietf:bcp:13', attachmentType(urlOf(item))),
    ]),
    tokenParameter(r4('language', 'Language of the article'), ({ language }) => [plain('urn:ietf:bcp:47', language)]),
    uriParameter(r4('location', 'Address of the page'), (item) => [urlOf(item)]),
    eventParameter(library, findMembers),
    ...relationParameters(),
    tokenParameter(r4('security-label', 'Sensitivity of the article'), toSecurityTokens, { hasText: true }),
    ...ownParameters(),
  ];
}
