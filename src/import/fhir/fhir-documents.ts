import { AGE_GROUPS } from '../../core/answer/age-group.js';
import { GDTI_SYSTEM, LOCAL_ID_PREFIX, SENSITIVITIES, type Sensitivity, type Sex } from '../../core/model/article.js';
import { LANGUAGES, chooseLanguage, type Language } from '../../core/model/language.js';
import { normalizeCode } from '../../core/codes/normalize-code.js';
import type { ArticleFacts, TextFacts } from '../../build/source.js';
import { isArticleId } from '../read/article-id.js';
import { type FhirElement, readEach, readSystem, type ResourceTarget } from './fhir-element.js';

/** Suffixes of our own canonical addresses; their base depends on the installation. */
const ARTICLES = '/CodeSystem/articles';
const PUBLISHERS = '/NamingSystem/publishers';
const AUDIENCE = '/StructureDefinition/audience';
const SENSITIVITY = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

const HTTP = /^https?:\/\/[^\s<>"']+$/;
const DAY = /^\d{4}-\d{2}-\d{2}/;

const endsWith = (element: FhirElement, name: string, end: string): boolean =>
  element.optionalText(name)?.endsWith(end) ?? false;

/**
 * The article of a document: one of ours by its identifier or by the id of our DocumentReference (article, language),
 * else a local one. Documents in several languages share an article; their ids differ only in the suffix.
 */
function findArticleId(document: FhirElement): string {
  const own = document.list('identifier').find((identifier) => endsWith(identifier, 'system', ARTICLES));
  const sent = own?.text('value') ?? document.text('id');
  const language = LANGUAGES.find((known) => sent.endsWith(`-${known}`));
  const id = own || !language ? sent : sent.slice(0, -language.length - 1);
  const article = isArticleId(id) ? id : LOCAL_ID_PREFIX + id.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  if (!isArticleId(article)) throw document.fault('id', `${sent} does not make an article id`);
  return article;
}

/** The identifier of a vaccine statement, whose attachment was created on the day of its edition. */
const findGdti = (document: FhirElement): string | undefined =>
  document
    .list('identifier')
    .find((identifier) => identifier.optionalText('system') === GDTI_SYSTEM)
    ?.text('value');

/** The publisher, as in our own documents. */
function findPublisher(document: FhirElement): string | undefined {
  return document
    .list('contained')
    .flatMap((contained) => contained.list('identifier'))
    .find((identifier) => endsWith(identifier, 'system', PUBLISHERS))
    ?.text('value');
}

/** The audience, as in our own documents. */
function readAudience(document: FhirElement): Pick<ArticleFacts, 'sex' | 'ageGroups'> {
  const codes = new Map<string, string[]>();
  for (const extension of document.list('extension')) {
    if (!endsWith(extension, 'url', AUDIENCE)) continue;
    const usage = extension.child('valueUsageContext');
    const kind = usage.child('code').text('code');
    const values = usage.child('valueCodeableConcept').list('coding');
    codes.set(kind, [...(codes.get(kind) ?? []), ...values.map((coding) => coding.text('code'))]);
  }
  const ages = codes.get('age') ?? [];
  const ageGroups = AGE_GROUPS.filter(({ mesh }) => ages.includes(mesh)).map(({ group }) => group);
  const sex = (['male', 'female'] satisfies Sex[]).find((known) => codes.get('gender')?.includes(known));
  return { ...(sex ? { sex } : {}), ...(ageGroups.length > 0 ? { ageGroups } : {}) };
}

function readSensitivity(document: FhirElement): Sensitivity | undefined {
  const labels = document.list('securityLabel').flatMap((label) => label.list('coding'));
  const codes = labels
    .filter((label) => label.optionalText('system') === SENSITIVITY)
    .map((label) => label.optionalText('code'));
  return SENSITIVITIES.find((known) => codes.includes(known));
}

function readLanguage(document: FhirElement, attachment: FhirElement): Language {
  const holder = attachment.optionalText('language') === undefined ? document : attachment;
  const sent = holder.text('language');
  const language = chooseLanguage(sent);
  if (!language) throw holder.fault('language', `${sent} is not supported (${LANGUAGES.join(', ')})`);
  return language;
}

function readText(document: FhirElement, content: FhirElement, article: string): TextFacts {
  const attachment = content.child('attachment');
  const url = attachment.text('url');
  if (!HTTP.test(url)) throw attachment.fault('url', 'is not an http(s) address');
  const title = attachment.optionalText('title') ?? document.text('description');
  return { article, language: readLanguage(document, attachment), title, url, origin: 'imported' };
}

function readCodes(document: FhirElement, article: string, target: ResourceTarget): void {
  const events = document.optionalChild('context')?.list('event') ?? [];
  const codings = events.flatMap((event) => event.list('coding'));
  readEach(codings, target, (coding) => {
    const { id: system } = readSystem(coding, 'system');
    const sent = coding.text('code');
    const code = normalizeCode(system, sent);
    if (code === undefined) throw coding.fault('code', `${sent} is not a possible code of ${system}`);
    const common = { line: 0, sensitivity: undefined, origin: 'imported', note: '' };
    target.rows.mappings.push({ ...common, system, code, article, relationship: 'equivalent', rank: 1 });
  });
}

/**
 * Imports a DocumentReference: an article, its texts (an address for each language) and its codes, from
 * `context.event`. The attachment's content is not imported.
 * @see https://hl7.org/fhir/R4/documentreference.html
 */
export function readDocumentReference(document: FhirElement, target: ResourceTarget): void {
  const status = document.text('status');
  if (status !== 'current') throw document.fault('status', `${status} is not current`);
  const id = findArticleId(document);
  const contents = document.list('content');
  if (contents.length === 0) throw document.fault('content', 'is missing');
  const texts: TextFacts[] = [];
  readEach(contents, target, (content) => texts.push(readText(document, content, id)));
  if (texts.length === 0) return;
  target.rows.texts.push(...texts);
  const creation = contents[0]?.optionalChild('attachment')?.optionalText('creation');
  const day = creation && DAY.test(creation) ? creation.slice(0, 10) : undefined;
  const gdti = findGdti(document);
  const sensitivity = readSensitivity(document);
  const publisher = findPublisher(document) ?? (id.startsWith(LOCAL_ID_PREFIX) ? 'site' : undefined);
  target.rows.articles.push({
    id,
    ...(publisher === undefined ? {} : { publisher }),
    ...(sensitivity ? { sensitivity } : {}),
    ...(day === undefined ? {} : gdti === undefined ? { reviewedOn: day } : { editionOn: day }),
    ...(gdti === undefined ? {} : { gdti }),
    ...readAudience(document),
  });
  readCodes(document, id, target);
}
