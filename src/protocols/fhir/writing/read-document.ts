import { randomUUID } from 'node:crypto';
import type {
  Attachment,
  DocumentReference,
  DocumentReferenceContent,
  DocumentReferenceContext,
  Identifier,
  Meta,
  UsageContext,
} from '@medplum/fhirtypes';
import { AGE_GROUPS, type AgeGroup } from '../../../core/answer/age-group.js';
import { LOCAL_ID_PREFIX, handoutName, handoutUrl, type Sensitivity, type Sex } from '../../../core/model/article.js';
import { findCodeSystem } from '../../../core/codes/code-systems.js';
import { escapeHtml } from '../../../core/escape.js';
import { LANGUAGES, chooseLanguage, type Language } from '../../../core/model/language.js';
import { normalizeCode } from '../../../core/codes/normalize-code.js';
import type { StatedMapping } from '../../../core/codes/terminology-index.js';
import { toReprint } from '../../../handout/reprint.js';
import { LIMITS } from '../../../limits.js';
import {
  DOCUMENT_TYPE,
  KIND_NAMES,
  SENSITIVITY_NAMES,
  buildArticleProfile,
  findAttachmentType,
} from '../documents/document-reference.js';
import { documentId, readDocumentId } from '../documents/identity.js';
import type { Fault, FaultList } from './faults.js';
import type { Writable, WritingPlace } from './stored-resource.js';
import { dropEmpty } from '../syntax/drop-empty.js';

/** So that id and language together need not be cut. */
const MAX_ARTICLE_CHARS = 61;
const ARTICLE_ID = new RegExp(`^${LOCAL_ID_PREFIX}[A-Za-z0-9][A-Za-z0-9.-]*$`);
const MAX_TITLE_CHARS = 300;
const AT = 'DocumentReference';

function readLanguage(resource: DocumentReference, attachment: Attachment, faults: FaultList): Language | undefined {
  const at = `${AT}.content[0].attachment.language`;
  const sent = attachment.language ?? resource.language;
  if (sent === undefined) faults.add(at, 'is required', 'required');
  const language = chooseLanguage(sent ?? '');
  if (sent !== undefined && !language) faults.add(at, `must be one of ${LANGUAGES.join(', ')}`, 'value');
  const other = chooseLanguage(resource.language ?? sent ?? '');
  if (language && other !== language) faults.add(`${AT}.language`, 'is another than the attachment’s', 'business-rule');
  return language;
}

/** The article that the resource is about: by its id where it has one, else by its identifier, else a new one. */
function identify(
  { identifier = [] }: DocumentReference,
  id: string | undefined,
  language: Language,
  system: string,
  faults: FaultList,
): string {
  const named = identifier.filter((one) => one.system === system).map(({ value = '' }) => value);
  if (new Set(named).size > 1) faults.add(`${AT}.identifier`, 'names two different articles', 'business-rule');
  const parts = id === undefined ? undefined : readDocumentId(id);
  const article = parts?.article ?? named[0] ?? `${LOCAL_ID_PREFIX}${randomUUID()}`;
  const at = id === undefined ? `${AT}.identifier` : `${AT}.id`;
  if (id !== undefined && parts?.language !== language) {
    faults.add(at, `must end in -${language}, as the language is`, 'business-rule');
  }
  if (!ARTICLE_ID.test(article) || article.length > MAX_ARTICLE_CHARS) {
    const form = `must begin with ${LOCAL_ID_PREFIX}, of letters, digits, dots and hyphens, at most ${MAX_ARTICLE_CHARS}`;
    faults.add(at, `names an article; a site’s own ${form}`, 'business-rule');
  } else if (named[0] !== undefined && named[0] !== article) {
    faults.add(`${AT}.identifier`, `names another article than the id, ${article}`, 'business-rule');
  }
  return article;
}

/** The address as the library keeps it; a handout's within this server. */
function readAddress({ url }: Attachment, { baseUrl, hasHandout }: WritingPlace, faults: FaultList): string {
  const at = `${AT}.content[0].attachment.url`;
  if (url === undefined) faults.add(at, 'is required', 'required');
  if (url === undefined) return '';
  const own = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length + 1) : url;
  const name = handoutName(own);
  if (name !== undefined) {
    if (!hasHandout(name)) faults.add(at, 'names no file of the site’s handouts', 'not-found');
    return handoutUrl(name);
  }
  const isAddress = /^https?:\/\/[^\s<>"'@]+$/.test(url) && URL.canParse(url);
  if (!isAddress) faults.add(at, 'must be an http or https address, or handouts/<file>', 'value');
  return url;
}

/** The article's text, where the resource carries it as HTML: it is printed in full. */
function readText({ data, contentType = '' }: Attachment, url: string, faults: FaultList): string | undefined {
  if (data === undefined) return undefined;
  const at = `${AT}.content[0].attachment.data`;
  if (!/^text\/html\s*(?:;|$)/i.test(contentType)) {
    faults.add(at, 'must be text/html: put another file where the url leads, or into LOCAL_LIBRARY', 'not-supported');
    return undefined;
  }
  const html = toReprint(Buffer.from(data, 'base64').toString('utf8'), url);
  if (html === undefined) faults.add(at, 'must be text, without a picture or a form', 'business-rule');
  return html;
}

/** The codes that the article answers, a row each; the resource's codings are written as the library writes them. */
function readEvents(resource: DocumentReference, article: string, faults: FaultList) {
  const rows = new Map<string, StatedMapping>();
  const event = (resource.context?.event ?? []).map((concept, index) => {
    const at = `${AT}.context.event[${index}]`;
    if ((concept.coding ?? []).length === 0) faults.add(at, 'has no coding', 'required');
    const coding = (concept.coding ?? []).map((one, place) => {
      const here = `${at}.coding[${place}]`;
      const system = one.system === undefined ? undefined : findCodeSystem(one.system);
      if (!system) {
        faults.add(`${here}.system`, 'is no code system that is known here', 'code-invalid');
        return one;
      }
      const code = normalizeCode(system.id, one.code ?? '');
      if (code === undefined) {
        faults.add(`${here}.code`, `is no possible code of ${system.label}`, 'code-invalid');
        return one;
      }
      const row = { system: system.id, code, article, relationship: 'equivalent', rank: 1 } as const;
      rows.set(`${system.id}|${code}`, { ...row, sensitivity: undefined, origin: 'curated', note: '' });
      return { ...one, system: system.uri, code };
    });
    return { ...concept, coding };
  });
  return { event, rows: [...rows.values()] };
}

function readSensitivity({ securityLabel = [] }: DocumentReference, faults: FaultList): Sensitivity | undefined {
  const codes = securityLabel.flatMap(({ coding = [] }) => coding.map(({ code }) => code));
  const known = codes.filter(
    (code): code is Sensitivity => code !== undefined && Object.hasOwn(SENSITIVITY_NAMES, code),
  );
  if (known.length < codes.length || known.length > 1) {
    const names = Object.keys(SENSITIVITY_NAMES).join(', ');
    faults.add(`${AT}.securityLabel`, `must be one of v3-ActCode’s ${names}`, 'code-invalid');
  }
  return known[0];
}

/** Who the page is written for, by the extension `audience`. */
function readAudience({ extension = [] }: DocumentReference, { canonicalBase }: WritingPlace, faults: FaultList) {
  const ageGroups: AgeGroup[] = [];
  let sex: Sex | undefined;
  for (const [index, { url, valueUsageContext }] of extension.entries()) {
    if (url !== `${canonicalBase}/StructureDefinition/audience`) continue;
    const code = valueUsageContext?.valueCodeableConcept?.coding?.[0]?.code;
    const kind = (valueUsageContext as Partial<UsageContext> | undefined)?.code?.code;
    const group = AGE_GROUPS.find(({ mesh }) => mesh === code)?.group;
    if (kind === 'gender' && (code === 'male' || code === 'female') && (sex ?? code) === code) sex = code;
    else if (kind === 'age' && group) ageGroups.push(group);
    else faults.add(`${AT}.extension[${index}]`, 'names no audience: a gender, or a MeSH age group', 'code-invalid');
  }
  return { ageGroups, sex };
}

/** Checks the profile's demands beyond R4. */
function checkProfile(resource: DocumentReference, faults: FaultList): void {
  const { status, docStatus = 'final', type, subject, content, context, category = [], masterIdentifier } = resource;
  const [wanted] = DOCUMENT_TYPE.coding ?? [];
  const isEducation = type?.coding?.some(({ system, code }) => system === wanted?.system && code === wanted?.code);
  const codings = category.flatMap(({ coding = [] }) => coding);
  const isOther = codings.some(({ system = '', code }) => system.endsWith('/article-kinds') && code !== 'local');
  const rules: readonly (readonly [isBroken: unknown, at: string, reason: string, code?: Fault['code']])[] = [
    [status !== 'current', 'status', 'must be current: what is withdrawn is deleted'],
    [docStatus !== 'final', 'docStatus', 'must be final: what is here is shown'],
    [!type, 'type', 'is required by the profile', 'required'],
    [type && !isEducation, 'type', 'must be LOINC 69730-0', 'code-invalid'],
    [subject, 'subject', 'must not be there: an article is about no patient'],
    [context?.encounter, 'context.encounter', 'must not be there'],
    [context?.sourcePatientInfo, 'context.sourcePatientInfo', 'must not be there'],
    [content.length > 1, 'content', 'must be one: each language is a resource'],
    [masterIdentifier && !masterIdentifier.value, 'masterIdentifier.value', 'is required', 'required'],
    [isOther, 'category', 'must be local'],
    [resource.modifierExtension, 'modifierExtension', 'is not understood here', 'not-supported'],
    [resource.implicitRules, 'implicitRules', 'is not understood here', 'not-supported'],
  ];
  for (const [isBroken, at, reason, code = 'business-rule'] of rules) {
    if (isBroken) faults.add(`${AT}.${at}`, reason, code);
  }
}

/** Selects the elements of `meta` that a client may set; versions and times are the server's. */
export function selectMeta(meta: Meta | undefined, profile?: string): { meta?: Meta } {
  const { tag, security, source } = meta ?? {};
  const own: Meta = dropEmpty({ profile: profile ? [profile] : [], source, security, tag });
  return Object.keys(own).length > 0 ? { meta: own } : {};
}

const URI = 'urn:ietf:rfc:3986';

/** Whether a document is known by its address, or not at all; another identifier is the site's to give. */
const isAddress = (identifier: Identifier | undefined): boolean =>
  identifier === undefined || (identifier.system === URI && /^(https?:|handouts\/)/.test(identifier.value ?? ''));

/** Parts read of a resource. */
interface ReadParts extends Pick<Required<Attachment>, 'url' | 'title'>, DocumentReferenceContext {
  readonly identifier: { readonly system: string; readonly value: string };
  readonly language: Language;
}

/** The resource with what the server completes. */
function completeDocument(
  resource: DocumentReference,
  { identifier, language, url, title, event }: ReadParts,
  { canonicalBase, now }: WritingPlace,
): DocumentReference {
  const [content] = resource.content;
  const kinds = `${canonicalBase}/CodeSystem/article-kinds`;
  const others = (resource.identifier ?? []).filter(({ system }) => system !== identifier.system);
  const categories = (resource.category ?? []).filter(
    ({ coding = [] }) => !coding.some(({ system = '' }) => system.endsWith('/article-kinds')),
  );
  const div = `<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="${language}" lang="${language}"><p>${escapeHtml(title)}</p></div>`;
  const { resourceType, id: _id, meta, text: _text, ...rest } = resource;
  const attachment = { contentType: findAttachmentType(url), ...content?.attachment, language, url, title };
  return {
    resourceType,
    id: documentId(identifier.value, language),
    ...selectMeta(meta, buildArticleProfile(canonicalBase)),
    ...rest,
    language,
    text: { status: 'generated', div },
    masterIdentifier: isAddress(resource.masterIdentifier) ? { system: URI, value: url } : resource.masterIdentifier,
    identifier: [identifier, ...others],
    docStatus: 'final',
    date: resource.date ?? now.toISOString(),
    category: [{ coding: [{ system: kinds, code: 'local', display: KIND_NAMES.local }] }, ...categories],
    description: resource.description ?? title,
    content: [{ ...content, attachment }],
    ...(event && event.length > 0 ? { context: { ...resource.context, event } } : {}),
  } as DocumentReference;
}

/**
 * Reads a DocumentReference that a site writes: one of its own handouts in one language. Every fault is reported.
 * @param id the id it is written under; undefined: it is new
 */
export function readDocument(
  resource: DocumentReference,
  id: string | undefined,
  place: WritingPlace,
  faults: FaultList,
): Writable<DocumentReference> {
  // An element that R4 requires may be missing until it was found.
  const { content } = resource as Partial<DocumentReference>;
  const attachment = (content?.[0] as Partial<DocumentReferenceContent> | undefined)?.attachment ?? {};
  if (content) checkProfile(resource, faults);
  const language = readLanguage(resource, attachment, faults) ?? 'en';
  const system = `${place.canonicalBase}/CodeSystem/articles`;
  const article = identify(resource, id, language, system, faults);
  const url = readAddress(attachment, place, faults);
  const summaryHtml = readText(attachment, url, faults);
  const title = (attachment.title ?? resource.description ?? '').trim();
  if (title === '') faults.add(`${AT}.content[0].attachment.title`, 'is required', 'required');
  if (title.length > MAX_TITLE_CHARS) faults.add(`${AT}.content[0].attachment.title`, 'is too long', 'too-long');
  const { event, rows } = readEvents(resource, article, faults);
  const { ageGroups, sex } = readAudience(resource, place, faults);
  const sensitivity = readSensitivity(resource, faults);
  const day = attachment.creation?.slice(0, 10);
  const reviewedOn = day?.length === 10 ? day : undefined;
  const parts = { identifier: { system, value: article }, language, url, title, event };
  const stored = faults.isEmpty ? completeDocument(resource, parts, place) : resource;
  if (Buffer.byteLength(JSON.stringify(stored)) > LIMITS.maxHandoutBytes)
    faults.add(AT, `is larger than ${LIMITS.maxHandoutBytes} bytes: for many codes there is ConceptMap`, 'too-long');
  return {
    id: documentId(article, language),
    resource: stored,
    rows: {
      articles: [dropEmpty({ id: article, publisher: 'site', ageGroups, sex, sensitivity, reviewedOn })],
      texts: [{ article, language, title, url, alsoCalled: [], summaryHtml, origin: 'curated' }],
      mappings: rows,
      crosswalks: [],
    },
  };
}
