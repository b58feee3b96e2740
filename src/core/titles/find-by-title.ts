import type { Article, ArticleKind } from '../model/article.js';
import type { SubjectKind } from '../codes/code-systems.js';
import { isDrugCode } from '../codes/drug-pages.js';
import { findSubject, findTitle, withRoute } from '../answer/knowledge-request.js';
import type { RequestCoding, RequestContext } from '../answer/knowledge-request.js';
import type { MissReason } from '../answer/knowledge-response.js';
import type { Library } from '../model/library.js';
import type { Finding, Resolved } from '../codes/resolve-coding.js';
import { isTestTask } from '../answer/rank.js';
import { createRow, findByCodeName } from './find-by-code-name.js';
import { findNamedCode, type IcdNames } from './find-named-code.js';
import { isTestTitle } from './reading/find-ordered.js';
import { readVaccineLine } from '../words/drugs/vaccine-line.js';
import type { KnownIllnesses } from './statements/around-illness.js';
import { createIllnessReader } from './statements/find-illness.js';
import { findOnlyNamed, hasTitle, isNamedBetter, isPlainCase, isTitledLike, sharesTerm } from './same-name.js';
import { readTitleStatement } from './statements/stated-otherwise.js';
import { isAllowed, isHeldByTitle, isNeverByTitle, isOfCancer, NAMES_CANCER } from './shown-by-title.js';
import { seesConflicts } from './title-conflict.js';
import { NOTHING, type TitleReading, type TitleReadings } from './title-reading.js';
import { nameKey } from './title-words.js';

/** The kinds of article that a title may match, by the code's subject: the plainest kind first. */
const KINDS: Readonly<Record<SubjectKind, readonly ArticleKind[]>> = {
  diagnosis: ['topic', 'ency', 'genetics'],
  subject: ['topic', 'ency', 'genetics'],
  procedure: ['topic', 'ency', 'test'],
  test: ['test'],
  drug: ['drug', 'herb'],
  vaccine: ['vis'],
};

/** The kinds of article that the reader of lines may find for a title, by the code's subject. */
const READ_KINDS: Readonly<Record<SubjectKind, readonly ArticleKind[]>> = {
  diagnosis: ['topic', 'ency', 'genetics', 'local'],
  subject: ['topic', 'ency', 'genetics', 'local', 'test'],
  procedure: ['topic', 'ency', 'encypi', 'test', 'local'],
  test: ['test', 'ency', 'local'],
  drug: ['drug', 'herb', 'local'],
  vaccine: ['vis', 'local'],
};
const SUBJECT_KINDS = READ_KINDS.subject;
/** Titles of a result: the test's page is about them. */
const OF_RESULTS =
  /\b(?:abnormal|positive|negative|raised|elevated|high|low|increased|decreased|reduced|outside|tests?|screening|measurement|levels?)\b/i;
const OF_DRUGS: ReadonlySet<SubjectKind | undefined> = new Set(['drug', 'vaccine']);

/** Reasons for no match of codes without rows; a code that a curator left without a page stays without one. */
const WITHOUT_ROWS: ReadonlySet<MissReason> = new Set([
  'code-not-mapped',
  'no-code-system',
  'system-not-mapped',
  'system-not-shipped',
  'billing-code',
  'unknown-code-system',
  'impossible-code',
]);

/**
 * Returns the finding of articles that a title names.
 * @param articles one, or those of all ingredients of a combination
 */
export function createFinding(best: Resolved, articles: readonly Article[]): Resolved {
  const rows = articles.map((article) => createRow(best, article, articles.length > 1));
  return { ...best, selection: { rows, noneNote: undefined, suppressed: [] }, miss: undefined };
}

/** Endings of SNOMED CT's full names, where a page of the name is true of the code. */
const TAG = /(?<!\s)\s*\((?:disorder|finding|procedure|regime\/therapy|morphologic abnormality)\)$/;

const OF_PROCEDURE = /\((?:procedure|regime\/therapy)\)$/;

/** The subject of a coding: from its resource, else from the title's tag, else from its code system. */
const findSubjectOfTitle = (coding: RequestCoding): SubjectKind | undefined =>
  coding.subject === undefined && OF_PROCEDURE.test(findTitle(coding)) ? 'procedure' : findSubject(coding);

/** The title without SNOMED CT's tag, a drug's with the route that the chart tells. */
const findPlainTitle = (coding: RequestCoding): string => withRoute(findTitle(coding).replace(TAG, ''), coding.route);

/** The title of a code without rows, as it is looked up. */
interface TitleToRead {
  readonly title: string;
  /** The title states something of its subject: no article's name is all of it. */
  readonly isStated: boolean;
  /** The title records a vaccine: CDC's statement comes before an article of that name. */
  readonly isVaccine?: boolean;
}

/** A history of something; the first group is an operation or a condition. */
const OF_PAST =
  /^(?:(?:past |personal )?history of|h\/o:?|hx(?: of|:)|s\/p|status[ -]post) ([a-z (),-]{3,80}?)(?: \(situation\))?$/i;
/** Of these no page on what was is about the history: losses, births, abuse, drugs, what was met with or not done. */
const NOT_OF_PAST =
  /\b(?:abort|miscarr|still|pregnan|birth|born|deliver|death|abus|assault|violen|neglect|overdos|poison|suicid|self|treat|therap|medic|drug|allerg|expos|travel|contact|complian|adheren|falls?\b|vaccin|immuni|dona|procedure|smok|tobacco|alcohol|family|social|child|risk|no\b|not\b)/i;

/** The title of a code without rows, or a problem in words alone, if it may be looked up; a question mark doubts the name. */
function findTitleToRead({ best }: Finding, findIllness: KnownIllnesses): TitleToRead | undefined {
  const isInWords = best.miss?.reason === 'no-code' && best.coding.system === undefined;
  if (!best.miss || (!isInWords && !WITHOUT_ROWS.has(best.miss.reason))) return undefined;
  const title = findPlainTitle(best.coding);
  if (title === '' || title.includes('?')) return undefined;
  return {
    title,
    isStated: readTitleStatement(title, findIllness) !== undefined,
    isVaccine: readVaccineLine(title) !== undefined,
  };
}

/** For a clinician the title of a history is read as what was, where it is no name of a code. */
function readPast(read: TitleToRead, context: RequestContext, names: IcdNames): TitleToRead {
  const past = read.isStated && seesConflicts(context) ? OF_PAST.exec(read.title)?.[1] : undefined;
  return past === undefined ||
    NOT_OF_PAST.test(past) ||
    NAMES_CANCER.test(past) ||
    findNamedCode(read.title, true, names)
    ? read
    : { title: past, isStated: false };
}

/**
 * The article that the reader of lines surely finds for a title, of a combination those of all its ingredients, if this reader may see a
 * guess: everybody where the title is a name or a plain case of it, a clinician also where all of its words are the article's. Empty where there is none.
 */
function findRead(
  { coding }: Resolved,
  title: string,
  reading: TitleReading | undefined,
  { context, names }: { readonly context: RequestContext; readonly names: IcdNames },
): readonly Article[] {
  if (!reading || reading.certainty === 'weak') return [];
  const subject = findSubjectOfTitle(coding);
  const ofSubject = subject === undefined ? SUBJECT_KINDS : READ_KINDS[subject];
  const isOfResult = subject === 'diagnosis' && OF_RESULTS.test(title);
  const kinds = isOfResult ? [...ofSubject, 'test'] : ofSubject;
  // A resource tells its subject; without one a code of SNOMED CT, or of a system that is unknown here, may be a drug's.
  const mayBeDrug = coding.subject === undefined && (!coding.system || coding.system === 'snomed-ct');
  const isOther = reading.isDrug ? !mayBeDrug && !OF_DRUGS.has(subject) : subject === 'drug';
  if (isOther) return [];
  // A drug's page may be of any kind: Vitamin D is a topic. Of RxNorm's codes the tables know it.
  const isAnyKind = reading.isDrug && !isDrugCode(coding);
  const isOfKind = ({ kind }: Article): boolean => isAnyKind || kinds.includes(kind);
  if (reading.isOfEachPart === true && (reading.certainty === 'name' || seesConflicts(context)))
    return reading.articles.every(isOfKind) ? reading.articles : [];
  // A vaccine's statement comes before a topic of the same name.
  const isBeside = (article: Article): boolean => article.kind === 'vis' && !isOfKind(article);
  return reading.articles
    .slice(0, reading.sure ?? 1)
    .filter((article) => !isBeside(article))
    .slice(0, 1)
    .filter((article) => reading.certainty === 'name' || seesConflicts(context) || isPlainCase(title, article, names))
    .filter(isOfKind);
}

/** Library, reader and readings for the titles of codes without rows. */
export interface TitleLookup {
  readonly library: Library;
  readonly context: RequestContext;
  readonly readings: TitleReadings;
}

/** The finding by the name of a code; undefined if the title names none, or not surely enough for this reader. */
function findOfCode(
  best: Resolved,
  read: TitleToRead,
  lookup: TitleLookup,
  codeNames: IcdNames,
): { readonly found: Resolved; readonly isKind: boolean; readonly isName: boolean } | undefined {
  const { library, context } = lookup;
  const found = findByCodeName(best, read, { library, codeNames });
  if (!found) return undefined;
  const { named } = found;
  // Of a name that is a part of the title only the pages of which the title is a plain case are everybody's.
  const isWhole = named.certainty === 'name' || seesConflicts(context);
  const articles = found.articles.filter((article) => isWhole || isPlainCase(read.title, article, codeNames));
  const rows = isWhole ? found.rows : found.rows.filter(({ article }) => articles.some(({ id }) => id === article));
  // A code that a curator left without a page; another reading of its name is no better.
  const { isKind = false, certainty } = named;
  const isName = certainty === 'name';
  if (found.rows.length === 0) return isName ? { found: best, isKind, isName } : undefined;
  const isHeld = named.isOfficial ? articles.some(isNeverByTitle) : articles.some((one) => isHeldByTitle(one, context));
  const isRowHeld = rows.some(({ sensitivity }) => sensitivity === 'SDV' || (sensitivity && !named.isOfficial));
  if (!seesConflicts(context) && (rows.length === 0 || isHeld || isRowHeld)) return undefined;
  if (!articles.every((article) => isAllowed(best, article))) return undefined;
  // A code of which only a part or the usual case is named leads to no sensitive page of another word: `Psychogenic rumination`.
  const isPart = !isKind && named.certainty === 'words';
  if (
    isPart &&
    articles.some((one) => one.sensitivity !== undefined && one.sensitivity !== 'STD' && !sharesTerm(read.title, one))
  )
    return undefined;
  const selection = { rows, noneNote: undefined, suppressed: [] };
  return { found: { ...best, selection, miss: undefined }, isKind, isName };
}

/** The finding of the articles that a title names, or that the reader of lines is sure of; undefined if this reader may not see one of them. */
function findNamed(
  best: Resolved,
  title: string,
  { only, reading }: { readonly only: Article | undefined; readonly reading: TitleReading | undefined },
  { context, names }: { readonly context: RequestContext; readonly names: IcdNames },
): Resolved | undefined {
  const articles = only ? [only] : findRead(best, title, reading, { context, names });
  const isDrug = !only && reading?.isDrug === true;
  const isShown = articles.every((article) => !isHeldByTitle(article, context, isDrug) && isAllowed(best, article));
  return articles.length > 0 && isShown ? createFinding(best, articles) : undefined;
}

/** True if a code of no known subject is a test's: by the task of the request, or by what the title itself states. */
const isOfTest = (coding: RequestCoding, title: string, { task }: RequestContext): boolean => {
  const subject = findSubject(coding);
  return subject === undefined ? isTestTask(task) || isTestTitle(title) : subject === 'test';
};

/** Finding of a title, and whether only its kind is named. */
interface FoundByTitle {
  readonly found: Resolved;
  readonly isKind: boolean;
}

/** The finding by one wording of a title; undefined if there is none for this reader. */
function findOfTitle(
  best: Resolved,
  read: TitleToRead,
  { only, reading }: { readonly only: Article | undefined; readonly reading: TitleReading | undefined },
  lookup: TitleLookup,
  codeNames: IcdNames,
): FoundByTitle | undefined {
  const { title } = read;
  const reader = { context: lookup.context, names: codeNames };
  const toFound = (found: Resolved | undefined, isKind = false) => found && { found, isKind };
  const test = isOfTest(best.coding, title, lookup.context) ? reading?.test : undefined;
  const isForced = test && reading?.isTestKind !== true;
  // A screening is no statement of an order.
  if (isForced && (!read.isStated || findSubject(best.coding) === 'test'))
    return toFound(findNamed(best, title, { only: test, reading }, reader));
  const isSure = only !== undefined || reading?.certainty === 'name';
  const ofName = isSure ? findNamed(best, title, { only, reading }, reader) : undefined;
  const leading = only ?? reading?.articles[0];
  if (ofName && (reading?.isDrug === true || !leading || isTitledLike(title, leading, codeNames)))
    return toFound(ofName);
  const ofCode = findOfCode(best, read, lookup, codeNames);
  if (ofName && leading) {
    const other = ofCode?.isName === true ? ofCode.found : undefined;
    const isBetter = isNamedBetter(title, leading, { ofName, other, library: lookup.library });
    return toFound(isBetter && other ? other : ofName);
  }
  if (ofCode && !ofCode.isKind) return toFound(ofCode.found);
  const ofWords = toFound(findNamed(best, title, { only, reading }, reader)) ?? ofCode;
  return ofWords ?? (test && toFound(findNamed(best, title, { only: test, reading }, reader), true));
}

/**
 * Finds articles by the title of a code that has no rows: if the title is, word for word, the unambiguous name of an
 * article of the subject's kind; if the reader of lines is sure of it; or if it is a name of a code of ICD. No article is sensitive, and no rule
 * of the mapping files forbids it. `unread` are titles that the reader should read before this is called again.
 */
export function findByTitle(
  findings: readonly Finding[],
  lookup: TitleLookup,
): { readonly findings: readonly Finding[]; readonly unread: readonly string[] } {
  const { library, context, readings } = lookup;
  const { titleFacts: facts } = library.status();
  if (!facts) return { findings, unread: [] };
  const findIllness = createIllnessReader(facts, library);
  const titles = findings.map((finding) => {
    const read = findTitleToRead(finding, findIllness);
    return read && readPast(read, context, facts.codeNames);
  });
  const requested = titles.map((read) => (read === undefined ? [] : facts.words.named(read.title)));
  const ids = [...new Set(requested.flat())];
  const articles = new Map((ids.length > 0 ? library.findArticles(ids) : []).map((article) => [article.id, article]));
  const unread: string[] = [];
  const found = findings.map((finding, index) => {
    const { best } = finding;
    const read = titles[index];
    if (read === undefined) return finding;
    const { title, isStated } = read;
    const named = (requested[index] ?? []).flatMap((id) => articles.get(id) ?? []);
    const subject = findSubjectOfTitle(best.coding);
    const onlyNamed = subject && findOnlyNamed(title, named, KINDS[subject]);
    // A surgery has no page on a cancer that it may be for; of a title that states something only a page of that title is about it.
    const isTitle =
      onlyNamed !== undefined && read.isVaccine !== true && (!isStated || hasTitle(onlyNamed, nameKey(title)));
    const only = isTitle && (!isOfCancer(onlyNamed) || NAMES_CANCER.test(title)) ? onlyNamed : undefined;
    const asRead = readings.get(title);
    if (!only && !asRead) {
      unread.push(title);
      return finding;
    }
    const reading = isStated && asRead ? { ...NOTHING, test: asRead.test, expanded: asRead.expanded } : asRead;
    const asWritten = findOfTitle(best, read, { only, reading }, lookup, facts.codeNames);
    if (asWritten?.isKind === false || reading?.expanded === undefined)
      return { ...finding, best: asWritten?.found ?? best };
    const written = { ...read, title: reading.expanded };
    const writtenOut = findOfTitle(best, written, { only: undefined, reading }, lookup, facts.codeNames);
    const isBetter = writtenOut !== undefined && !(asWritten && writtenOut.isKind);
    return { ...finding, best: (isBetter ? writtenOut : asWritten)?.found ?? best };
  });
  return { findings: found, unread };
}
