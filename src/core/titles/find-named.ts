import { listNames, type Article } from '../model/article.js';
import { listTruncations } from '../codes/code-hierarchy.js';
import { listConceptNames, type Coding, type Concept } from '../codes/concept.js';
import { isDrugCode, type DrugPagesSource } from '../codes/drug-pages.js';
import type { Library } from '../model/library.js';
import type { Resolved } from '../codes/resolve-coding.js';
import { isGraveTitle, namesGraveSubject } from '../policy/grave-subjects.js';
import { toWordSet } from '../read-data-file.js';
import { foldPlural, foldText } from '../search/text-tokens.js';
import { canonicalKey, plainName, termsInOrder } from './canonical-terms.js';
import type { KnownIllnesses } from './statements/around-illness.js';
import { findCodeOfName } from './find-named-code.js';
import { namesSameInjury } from './injuries.js';
import { expandWord, isPlainName } from './plain-words.js';
import { readTitleStatement } from './statements/stated-otherwise.js';
import { CATEGORY_CHARS, findCategory, findCoveredApart, type TitleDoubt } from './title-doubt.js';
import type { TitleFacts } from './title-facts.js';
import {
  areForms,
  areTwins,
  countForms,
  haveStems,
  includesByName,
  includesIllness,
  isOfFamily,
  listCategoriesRead,
} from './title-family.js';
import type { TitleReading, TitleReadings } from './title-reading.js';
import { isHalfRead, isRareByInitials, isUnconfirmed } from './reading/unsure-reading.js';
import { findOtherVaccine } from './reading/vaccine-parts.js';
import { isWithin, LEAST_LETTERS, nameKey, titleTerms } from './title-words.js';

/** Facts and lookups by which a doubt is judged. */
export type JudgedBy = DrugPagesSource & {
  readonly facts: TitleFacts;
  readonly library: Pick<Library, 'findCodes' | 'findArticles'>;
  readonly readings: TitleReadings;
  readonly findIllness: KnownIllnesses;
};

const listTerms = (name: string): string[] => [...new Set(termsInOrder(plainName(name)))];

/** Categories of reasons for a visit and of histories: what these are about is of another chapter. */
const OF_REASONS = /^Z/;
const LEAST_WORD = 5;

/** Whether the library's own data on the code removes the doubt. */
function hasSameName(doubt: TitleDoubt, own: readonly Concept[], facts: TitleFacts): boolean {
  const { title, named, elsewhere } = doubt;
  if (named.length === 0 && !elsewhere) return true;
  const names = own.flatMap(listConceptNames);
  const [terms, canonical] = [titleTerms(title), listTerms(title)];
  const isOfReason = OF_REASONS.test(findCategory(doubt.finding.best) ?? '');
  const isWordOfDisease = !isOfReason && title.length >= LEAST_WORD && !lacksGraveSubject(title, doubt);
  // A part of the code's own name: `Subarachnoid hemorrhage` of a traumatic one. A short word alone may be anything.
  const isPart = (name: string): boolean =>
    (terms.length > 1 && isWithin(terms, titleTerms(name))) ||
    (canonical.length > 1 && isWithin(canonical, listTerms(name))) ||
    (isWordOfDisease && isWithin(canonical, listTerms(name)));
  if (names.some((name) => canonicalKey(name) === canonicalKey(title) || nameKey(name) === nameKey(title))) return true;
  if (names.some(isPart)) return true;
  if (elsewhere || facts.words.namedByTitle(title).length > 0) return false;
  return findCoveredApart(title, doubt, facts, new Set(names.flatMap(titleTerms))).named.length === 0;
}

/** True if a title names the injury that a code of ICD-10-CM is: its kind, and its part of the body where the code has one. */
const isSameInjury = (best: Resolved, title: string): boolean =>
  findCategory(best) !== undefined && namesSameInjury(title, best.code ?? '');

/** True if a title is a name of the code itself, of one above it, or of one below it, by ICD's titles and index. */
function isNameOfCode(title: string, { coding: { system }, code = '' }: Resolved, { codeNames }: TitleFacts): boolean {
  const named = findCodeOfName(title, codeNames)?.coding;
  if (!named || named.system !== system) return false;
  return named.code.startsWith(code) || code.startsWith(named.code);
}

/** True if a title of another code is no more than a part of a name of the code's articles: `Bronchitis` of acute bronchitis. */
const isPartOfName = (title: string, { defining }: TitleDoubt): boolean =>
  defining.flatMap(listNames).some((name) => isWithin(listTerms(title), listTerms(name)));

/** Words of pages on a class of things, and what they have in Spanish. */
const OF_CLASSES = toWordSet(
  'diseases disorders problems injuries infections abnormalities symptoms and other of enfermedades trastornos problemas lesiones infecciones anomalias y otros otras de del la el las los',
);
const STEM_CHARS = 5;
/** Parts beside another, which alone is another thing: the pericardium. */
const BESIDE = /^(?:peri|para|epi|endo|retro)/;

/** True if a title names the part of the body of a page on its diseases: `Vaginal itching` beside *Vaginal Diseases*. */
function isOfClass(title: string, { defining }: TitleDoubt): boolean {
  const folded = foldText(title);
  const words = new Set(folded.split(/[^a-z0-9]+/).map(foldPlural));
  const has = (word: string): boolean =>
    words.has(foldPlural(word)) ||
    (word.length > STEM_CHARS && folded.includes(word.slice(0, STEM_CHARS))) ||
    (!BESIDE.test(word) && expandWord(word).some((plain) => words.has(plain)));
  return defining
    .flatMap(({ texts }) => Object.values(texts))
    .some(({ title: page }) => {
      const all = foldText(page).split(/[^a-z0-9]+/);
      const telling = all.filter((word) => !OF_CLASSES.has(word));
      return telling.length > 0 && telling.length < all.length && telling.every(has);
    });
}

/** True if one of the code's articles is on a grave subject that the title does not name: no likeness of words is then enough. */
const lacksGraveSubject = (title: string, { pages }: TitleDoubt): boolean =>
  pages.some((page) => !namesGraveSubject(title, page)) || isGraveTitle([title]);

/** True if a title consists of everyday words of the code's names or its articles' titles, or names the part of the body of a class of them. */
const isPlainNameOfCode = (doubt: TitleDoubt, own: readonly Concept[]): boolean =>
  !lacksGraveSubject(doubt.title, doubt) &&
  (isPlainName(doubt.title, [...own.flatMap(listConceptNames), ...doubt.defining.flatMap(listNames)]) ||
    (!doubt.elsewhere && isOfClass(doubt.title, doubt)));

/** A name of an article has at least this share of a title's words. */
const LEAST_READ = 0.3;

/**
 * True if a title is read as another thing: by a name, a lay word or an abbreviation that it is as a whole; or most of its words are of one name of the
 * article, and none is of the code's own.
 */
function isReadApart(
  title: string,
  { articles: [first], isWhole = false, certainty }: TitleReading,
  own: readonly string[],
): boolean {
  if (isWhole || !first) return isWhole;
  const terms = titleTerms(title).filter((term) => term.length >= LEAST_LETTERS);
  const ownTerms = [...new Set(own.flatMap(titleTerms))];
  if (terms.length === 0 || countForms(terms, ownTerms) > 0) return false;
  if (certainty !== 'weak') return true;
  return listNames(first).some((name) => countForms(terms, titleTerms(name)) >= LEAST_READ * terms.length);
}

/** The part of a title that the reader reads: of a history its subject. */
export function toReadable(title: string): string {
  const statement = readTitleStatement(title);
  return statement?.kind === 'history' ? statement.subject : title;
}

/** The articles of the nearest code that has any. */
function listPagesOf(coding: Coding, { library, findMappings }: JudgedBy): readonly Article[] {
  for (const one of listTruncations(coding)) {
    const ids = findMappings([one]).flatMap(({ article }) => article ?? []);
    if (ids.length > 0) return library.findArticles(ids);
  }
  return [];
}

/** True if more than half of the words of an abbreviation in the title are of the code's names: `Failed TOLAC`. */
function isWrittenOut({ defining }: TitleDoubt, { written = [] }: TitleReading, own: readonly Concept[]): boolean {
  const ownTerms = [...own.flatMap(listConceptNames), ...defining.flatMap(listNames)].flatMap(titleTerms);
  return written.some((means) => {
    const terms = titleTerms(means);
    return 2 * terms.filter((term) => ownTerms.some((other) => areForms(term, other))).length > terms.length;
  });
}

/** Letters of a substance's name that are within a word for its level: `magnesium`, `hypomagnesemia`. */
const SUBSTANCE_CHARS = 6;

/** True if an article is on a test, and the code's own name has what it measures: `High PTH` of hyperparathyroidism. */
const measuresOwn = (article: Article, own: readonly Concept[]): boolean =>
  (article.kind === 'test' || /\btest$/i.test(article.texts.en?.title ?? '')) &&
  titleTerms(article.texts.en?.title ?? '').some(
    (term) =>
      term.length >= SUBSTANCE_CHARS &&
      own.flatMap(listConceptNames).some((name) => foldText(name).includes(term.slice(0, SUBSTANCE_CHARS))),
  );

/** True if what a title is read as is of the code's family. */
function isKin(doubt: TitleDoubt, reading: TitleReading, own: readonly Concept[], by: JudgedBy): boolean {
  const { finding, title, pages, defining } = doubt;
  const { facts, library } = by;
  const { meanings, ...each } = reading;
  if (meanings) return meanings.some((articles) => isKin(doubt, { ...each, articles }, own, by));
  // By one of its names the article is the code's, though it has no row: *Acoustic neuroma* of a cranial nerve's benign neoplasm.
  const leading = reading.articles.slice(0, reading.sure ?? 1);
  if (leading.flatMap(listNames).some((name) => isNameOfCode(name, finding.best, facts))) return true;
  if (leading.some((article) => measuresOwn(article, own))) return true;
  const category = findCategory(finding.best);
  const ownIds = (category === undefined ? defining : pages).map(({ id }) => id);
  const terms = titleTerms(title);
  if (defining.flatMap(listNames).some((name) => haveStems(titleTerms(name), terms))) return true;
  const exact = library.findArticles(facts.words.namedByTitle(title));
  if (areTwins([...reading.articles, ...exact], pages)) return true;
  if (isOfFamily(reading, ownIds, category, library)) return true;
  if (
    category &&
    OF_REASONS.test(category) &&
    isOfFamily(
      reading,
      pages.map(({ id }) => id),
      undefined,
      library,
    )
  )
    return true;
  return category !== undefined && includesIllness(finding.best.code ?? '', listCategoriesRead(reading, library));
}

/** True for a page on a class of diseases, `Heart Diseases`: its name is used for each of them, so that their families decide. */
const isClassPage = ({ texts: { en } }: Article): boolean =>
  /\b(?:diseases|disorders|problems)$/i.test(en?.title ?? '');

/** The reading of a title that no page has the words of, by the name of a code that it is: `Bejel`. */
function readByIndex(title: string, by: JudgedBy): TitleReading {
  const named = findCodeOfName(title, by.facts.codeNames);
  const articles = named ? listPagesOf(named.coding, by) : [];
  return { articles, certainty: 'weak', isWhole: articles.length > 0, isDrug: false };
}

/** Category of the long-term use of drugs, and the page on those of any kind. */
const [LONG_TERM_USE, ON_MEDICINES] = ['Z79', 'topic-medicines'];

/** True if the first of some articles is on a drug. */
const namesDrug = ([first]: readonly string[], { library }: JudgedBy): boolean =>
  first !== undefined && library.findArticles([first])[0]?.kind === 'drug';

/** Articles that the title names instead of the code's own, as far as the reader of titles agrees; undefined if there are none. */
export function findNamed(doubt: TitleDoubt, own: readonly Concept[], by: JudgedBy): readonly string[] | undefined {
  const { finding, title, pages, defining, named, elsewhere, isUnsure } = doubt;
  const { facts, readings } = by;
  const isDrug = isDrugCode(finding.best.coding);
  const read = isDrug ? undefined : readings.get(toReadable(title));
  const reading = read && !read.isDrug && !read.meanings && read.articles.length === 0 ? readByIndex(title, by) : read;
  const pageIds = pages.map(({ id }) => id);
  const otherVaccine =
    finding.best.coding.system === 'cvx' ? findOtherVaccine(title, own, reading, pageIds) : undefined;
  if (otherVaccine) return otherVaccine;
  if (includesByName(title, pageIds) || isSameInjury(finding.best, title)) return undefined;
  // Of which class a drug is no page tells: `On alendronate` of a long-term use of bisphosphonates.
  const isOfUse = findCategory(finding.best) === LONG_TERM_USE && pageIds.includes(ON_MEDICINES);
  if (isOfUse && (read?.isDrug === true || namesDrug(named, by))) return undefined;
  if (!isDrug && isNameOfCode(title, finding.best, facts)) return undefined;
  if (isPlainNameOfCode(doubt, own)) return undefined;
  if (elsewhere && !includesIllness(finding.best.code ?? '', [elsewhere.code.slice(0, CATEGORY_CHARS)])) {
    const others = listPagesOf(elsewhere, by);
    const isSame =
      others.some(({ id }) => pageIds.includes(id)) || areTwins(others, pages) || others.every(isClassPage);
    if (!isSame && others.length > 0 && !isPartOfName(title, doubt))
      return hasSameName(doubt, own, facts) ? undefined : others.map(({ id }) => id);
  }
  if (reading && isRareByInitials(title, reading)) return undefined;
  if (reading && (isKin(doubt, reading, own, by) || isWrittenOut(doubt, reading, own))) return undefined;
  const ids = reading?.articles.map(({ id }) => id) ?? [];
  if (!hasSameName(doubt, own, facts)) {
    const isOther = !isUnconfirmed(doubt, reading, facts) && !(reading && isHalfRead(doubt, reading, by));
    return isOther ? [...ids, ...named] : undefined;
  }
  const names = own.flatMap(listConceptNames);
  if (!isUnsure || !reading || !isReadApart(title, reading, [...names, ...defining.flatMap(listNames)]))
    return undefined;
  const isOwn = names.some((name) => nameKey(name) === nameKey(title));
  return isOwn || defining.some(({ id }) => facts.words.leadsTo(title, id)) ? undefined : ids;
}
