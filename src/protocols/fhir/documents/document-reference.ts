import type { CodeableConcept, Coding, DocumentReference, Extension, Meta, Organization } from '@medplum/fhirtypes';
import { AGE_GROUPS } from '../../../core/answer/age-group.js';
import type { Article, ArticleText, Sensitivity, Summary } from '../../../core/model/article.js';
import { GDTI_SYSTEM, idsPointedTo, publisherTextIn, findSummary } from '../../../core/model/article.js';
import type { LeafletKind } from '../../../core/leaflets/leaflet.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { escapeHtml } from '../../../core/escape.js';
import type { CodeList } from '../../../core/codes/code-list.js';
import { measureReadingEase } from '../../../reading-ease/reading-ease.js';
import { absoluteUrl } from '../../feed/language-links.js';
import { hashText } from '../rest/entity-tag.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { TEMPLATES } from '../syntax/template.js';
import { toEntryExtension } from '../writing/keeper-extension.js';
import { documentId } from './identity.js';

/** An article that is no longer offered is superseded: it can be read, and is found by searches with a status. */
export type DocumentStatus = 'current' | 'superseded';

export interface DocumentContext {
  /** Fixed base of canonical addresses, apart from where the server is. */
  readonly canonicalBase: string;
  readonly baseUrl: string;
  /** ISO 8601 day of the release that the article comes from. */
  readonly releaseDate: string;
  /** The codes an article answers by rows of its own: the same in all its languages. */
  readonly events: CodeableConcept[];
  /** Titles of the articles it points to, by id. */
  readonly related: ReadonlyMap<string, Article>;
  readonly status: DocumentStatus;
  /** The notice with which a document begins, in the language of the text: that the article was withdrawn. */
  readonly notice?: string;
}

/** Codes as the events of a document. */
export const toEvents = (codes: CodeList): CodeableConcept[] =>
  codes.toArray().map(({ system, code }) => ({ coding: [{ system: codeSystem(system).uri, code }] }));

const USAGE_CONTEXT_TYPE = 'http://terminology.hl7.org/CodeSystem/usage-context-type';
const SENSITIVITY = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** The profile that every article conforms to. */
export const buildArticleProfile = (canonicalBase: string): string =>
  `${canonicalBase}/StructureDefinition/education-article`;

/** LOINC 69730-0, the document type of instructions and education. */
export const DOCUMENT_TYPE: CodeableConcept = {
  coding: [{ system: 'http://loinc.org', code: '69730-0', display: 'Instructions' }],
};

/** LOINC's section codes of each kind of leaflet. */
const LEAFLET_TYPES: Readonly<Record<LeafletKind, string>> = {
  'medication-guide': '42231-1',
  'patient-package-insert': '42230-3',
  'patient-information': '68498-5',
  'instructions-for-use': '59845-8',
};

/** The type of every article; a leaflet has its own beside it. */
const findDocumentType = ({ leaflet }: Article): CodeableConcept =>
  leaflet
    ? { coding: [...(DOCUMENT_TYPE.coding ?? []), { system: 'http://loinc.org', code: LEAFLET_TYPES[leaflet.kind] }] }
    : DOCUMENT_TYPE;

export const { kindNames: KIND_NAMES, sensitivityNames: SENSITIVITY_NAMES } = TEMPLATES;

export const toSensitivityLabel = (code: Sensitivity): Coding => ({
  system: SENSITIVITY,
  code,
  display: SENSITIVITY_NAMES[code],
});

/** Whether an age group's pages are for the article's readers, by MeSH. */
export const listAgeCodings = ({ ageGroups }: Pick<Article, 'ageGroups'>) =>
  AGE_GROUPS.filter(({ group }) => ageGroups.includes(group)).map(({ mesh }) => ({
    system: codeSystem('mesh').uri,
    code: mesh,
  }));

/** Lists the facts that R4's DocumentReference has no element for. */
function listExtensions(
  article: Article,
  text: ArticleText,
  { canonicalBase, status }: Pick<DocumentContext, 'canonicalBase' | 'status'>,
): Extension[] {
  const extend = (name: string, value: Omit<Extension, 'url'>): Extension => ({
    url: `${canonicalBase}/StructureDefinition/${name}`,
    ...value,
  });
  // Who the page is written for, as UsageContext (its types were made after Infobutton's).
  const usage = (type: string, coding: Coding): Extension => {
    const code = { system: USAGE_CONTEXT_TYPE, code: type };
    return extend('audience', { valueUsageContext: { code, valueCodeableConcept: { coding: [coding] } } });
  };
  const { sex, publisher, links } = article;
  const { attribution, rights, disclaimer } = publisherTextIn(publisher, text.language);
  // Pages in further languages: no text of the article, so that they are no content of the document.
  const others = links.filter(({ language }) => language !== text.language);
  // Of pages whose text the library does not hold nothing is known.
  const ease = measureReadingEase(article, text);
  const reading = ease && [
    { url: 'formula', valueCode: ease.formula },
    { url: 'score', valueDecimal: ease.score },
    { url: 'grade', valuePositiveInt: ease.grade },
  ];
  return [
    ...(sex ? [usage('gender', { system: 'http://hl7.org/fhir/administrative-gender', code: sex })] : []),
    ...listAgeCodings(article).map((coding) => usage('age', coding)),
    ...[attribution, rights, disclaimer].flatMap((line) => (line ? extend('rights', { valueString: line }) : [])),
    ...others.map(({ language, title = 'Other languages', url, publisher: name }) => {
      const attachment = { contentType: findAttachmentType(url), language, url, title: `${title} (${name})` };
      return extend('other-language', { valueAttachment: attachment });
    }),
    ...(reading ? [extend('reading-level', { extension: reading })] : []),
    ...(text.keeper && status === 'current'
      ? [toEntryExtension({ ...text.keeper, state: 'approved' }, canonicalBase)]
      : []),
  ];
}

function renderNarrative(article: Article, text: ArticleText, notice: string): string {
  const { publisher, reviewers, images } = article;
  const { language } = text;
  const { attribution, rights, disclaimer } = publisherTextIn(publisher, language);
  const names = [notice, text.title, text.alsoCalled.join(', ')];
  const summary = findSummary(article, text);
  const dated = summary?.on === undefined ? attribution : `${attribution} (${summary.on})`;
  const source = [publisher.name, reviewers.join('; '), images.join(', '), dated, rights, disclaimer];
  const paragraphs = (lines: readonly string[]): string =>
    lines.flatMap((line) => (line === '' ? [] : `<p>${escapeHtml(line)}</p>`)).join('');
  // A sanitised summary is well-formed, with no more than R4 allows in a narrative (txt-1).
  const content = paragraphs(names) + (summary?.html ?? '') + paragraphs(source);
  return `<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="${language}" lang="${language}">${content}</div>`;
}

/** Author and custodian with the organisation they name; nothing where the publisher is not known. */
function describeResponsibility({ publisher }: Article, canonicalBase: string) {
  const { id, name, url } = publisher;
  if (name === '') return {};
  const author: Organization = dropEmpty({
    resourceType: 'Organization',
    id: 'author',
    name,
    telecom: url ? [{ system: 'url', value: url }] : [],
  });
  const custodian: Organization = {
    resourceType: 'Organization',
    id: 'custodian',
    identifier: [{ system: `${canonicalBase}/NamingSystem/publishers`, value: id }],
    name,
  };
  return {
    contained: [author, custodian],
    author: [{ reference: '#author' }],
    custodian: { reference: '#custodian' },
  };
}

export const findAttachmentType = (url: string): string =>
  /\.pdf(?=$|[?#])/i.test(url) ? 'application/pdf' : 'text/html';

function listRelatedReferences(article: Article, text: ArticleText, related: ReadonlyMap<string, Article>) {
  return idsPointedTo(article).flatMap((id) => {
    const target = related.get(id);
    const shown = target?.texts[text.language] ?? target?.texts.en;
    return shown ? [{ reference: `DocumentReference/${documentId(id, shown.language)}`, display: shown.title }] : [];
  });
}

/** The publisher's own words, where they may be reproduced: the attachment's content in base64, beside its address. */
const attachText = (summary: Summary | undefined) =>
  summary && { contentType: 'text/html; charset=utf-8', data: Buffer.from(summary.html).toString('base64') };

function describeContent(
  article: Article,
  text: ArticleText,
  context: DocumentContext,
): Omit<DocumentReference, 'meta'> {
  const { canonicalBase, baseUrl, releaseDate, events, related, status, notice = '' } = context;
  const url = absoluteUrl(text.url, baseUrl);
  const { sensitivity, reviewedOn, editionOn, gdti, kind, leaflet } = article;
  const isTranslation = text.language === 'es' && article.texts.en !== undefined;
  const english = { reference: `DocumentReference/${documentId(article.id, 'en')}` };
  const { language, title } = text;
  const attachment = { contentType: findAttachmentType(url), language, url, title, creation: editionOn ?? reviewedOn };
  return dropEmpty({
    resourceType: 'DocumentReference',
    id: documentId(article.id, language),
    language,
    // Other names, reviewers and pictures stand in the narrative alone.
    text: { status: 'additional', div: renderNarrative(article, text, notice) },
    extension: listExtensions(article, text, context),
    ...describeResponsibility(article, canonicalBase),
    masterIdentifier: { system: 'urn:ietf:rfc:3986', value: url },
    identifier: [
      { system: `${canonicalBase}/CodeSystem/articles`, value: article.id },
      ...(gdti === undefined ? [] : [{ system: GDTI_SYSTEM, value: gdti }]),
      ...(leaflet ? [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${leaflet.setId}` }] : []),
    ],
    status,
    docStatus: 'final',
    type: findDocumentType(article),
    category: [
      { coding: [{ system: `${canonicalBase}/CodeSystem/article-kinds`, code: kind, display: KIND_NAMES[kind] }] },
    ],
    date: `${releaseDate}T00:00:00Z`,
    relatesTo: isTranslation ? [{ code: 'transforms', target: english }] : [],
    description: title,
    securityLabel: sensitivity ? [{ coding: [toSensitivityLabel(sensitivity)] }] : [],
    content: [{ attachment: dropEmpty({ ...attachment, ...attachText(findSummary(article, text)) }) }],
    context: dropEmpty({ event: events, related: listRelatedReferences(article, text, related) }),
  });
}

/**
 * An article in one language as an R4 DocumentReference: metadata, address, the codes it answers, in the narrative its
 * publisher's summary, which is its attachment's data too; never the text of what is licensed.
 * `versionId` is a hash of the content, so that it changes only when the content does.
 */
export function toDocumentReference(article: Article, text: ArticleText, context: DocumentContext): DocumentReference {
  const { resourceType, id = '', ...rest } = describeContent(article, text, context);
  const json = JSON.stringify({ resourceType, id, ...rest });
  const security = rest.securityLabel?.[0]?.coding;
  const profile = [buildArticleProfile(context.canonicalBase)];
  const lastUpdated = `${context.releaseDate}T00:00:00Z`;
  const meta: Meta = dropEmpty({ versionId: hashText(json), lastUpdated, profile, security });
  return { resourceType, id, meta, ...rest };
}
