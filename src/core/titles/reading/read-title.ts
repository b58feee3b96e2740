import { isOrder, isSig } from '../../drugs/drug-line-words.js';
import { readDrugLine } from '../../drugs/drug-line.js';
import type { DrugNames } from '../../drugs/drug-names.js';
import { listNames, type Article, type ArticleKind } from '../../model/article.js';
import type { Language } from '../../model/language.js';
import type { Library, TitleReader } from '../../model/library.js';
import type { TitleFacts } from '../title-facts.js';
import { compareNames, countShared, ON_OPERATION } from '../same-name.js';
import { findOrderedTest } from './find-ordered.js';
import { isPack, readPack } from './read-pack.js';
import { listLanguages, listMeanings, listSpanishWordings, listWordings, writeOutTitle } from './write-out.js';
import { isLikeMark, readMarks, readPageMarks } from '../title-marks.js';
import { NOTHING, rankKind, type Certainty, type TitleReading } from '../title-reading.js';
import { isWithin, LEAST_LETTERS, titleKeys, titleTerms } from '../title-words.js';
import { readDataFile } from '../../read-data-file.js';
import type { ArticleHit } from '../../search/search-hit.js';
import { readVaccineLine } from '../../words/drugs/vaccine-line.js';
import { understandWords } from '../../words/understand-words.js';
import type { Vocabulary } from '../../words/vocabulary.js';

/** Longer titles are cut for reading. */
const MAX_CHARS = 200;
/** Articles of a reading. */
const MOST = 3;

const { frames, fillers } = readDataFile('titles/frames.yaml') as {
  readonly frames: readonly string[];
  readonly fillers: readonly string[];
};
/** Wordings of terminologies around a name; the first group is the name. */
const FRAMES = frames.map((pattern) => new RegExp(pattern, 'i'));
const FILLERS = fillers.map((pattern) => new RegExp(pattern, 'gi'));

/** Title of a product by its ingredients, which it joins by `and`. */
const PRODUCT = /^products? (?:containing|that contains?)\b/i;

/**
 * Returns the name within a title as terminologies and EHRs write it, without semantic tags, frames, sides and remarks:
 * `Product containing metformin (medicinal product)` → `metformin`, `[D] Cough NOS` → `Cough`.
 */
function stripTitle(title: string): string {
  let line = title.slice(0, MAX_CHARS).replace(/\s+/g, ' ').trim();
  const isProduct = PRODUCT.test(line);
  for (const frame of FRAMES) line = frame.exec(line)?.[1] ?? line;
  if (isProduct) line = line.replace(/ and /gi, ' / ');
  for (const filler of FILLERS) line = line.replace(filler, ' ');
  return line.replace(/\s+/g, ' ').replace(/^[\s,;:-]+|(?<![\s,;:-])[\s,;:-]+$/g, '');
}

/** Numbers as Roman numerals write them in names. */
const ROMAN: ReadonlyMap<string, string> = new Map([
  ['ii', '2'],
  ['iii', '3'],
  ['iv', '4'],
  ['i', '1'],
]);
/** Words that a test's name has or lacks. */
const OF_TESTS = /(?<!\s)\s*\([^()]*\)|\b(?:tests?|levels?|measurement|screening panel)\b/gi;

/** Words that the title of CDC's statement has beside the vaccine: `Tdap (Tetanus, Diphtheria, Pertussis) Vaccine: What You Need to Know`. */
const OF_STATEMENTS = /(?<!\s)\s*\([^()]*\)|: what you need to know$/gi;

const toKeys = (name: string): readonly string[] => [
  ...titleKeys(name.replace(/\b[IVi]{1,3}\b/g, (numeral) => ROMAN.get(numeral.toLowerCase()) ?? numeral)),
  // `Posttraumatic` and `Post-traumatic`.
  name.toLowerCase().replace(/[^a-z0-9]/g, ''),
];

/** True if a name of the article is the title, but for the words that official titles add. */
function isName(article: Article, title: string): boolean {
  const added = article.kind === 'test' ? OF_TESTS : article.kind === 'vis' ? OF_STATEMENTS : undefined;
  const trim = (name: string): string => (added ? name.replace(added, ' ') : name);
  const keys = new Set(toKeys(trim(title)));
  return listNames(article).some((name) => toKeys(trim(name)).some((key) => key !== '' && keys.has(key)));
}

/** True if the title of the article in a language is the title. */
const isTitled = ({ texts }: Article, title: string): boolean => {
  const keys = new Set(toKeys(title));
  return Object.values(texts).some((text) => toKeys(text.title).some((key) => key !== '' && keys.has(key)));
};

/** True if the numbers, letters and types of a title are those of the article. */
function hasSameMarks(article: Article, title: string): boolean {
  const stated = readMarks(title);
  const own = readPageMarks(article, stated);
  return [...stated].every(([label, values]) =>
    [...values].some((one) => [...(own.get(label) ?? [])].some((other) => isLikeMark(one, other))),
  );
}

/**
 * True if a name of the article is within a title, and all other words of the title are of titles of codes that lead to it. A rare genetic
 * condition is its name alone.
 */
function hasAllWords(article: Article, title: string, { words }: TitleFacts): boolean {
  const terms = titleTerms(title);
  const long = terms.filter((term) => term.length >= LEAST_LETTERS);
  const { own, terms: known } = words.cover(terms, [article.id]);
  const isWhole = words.has(article.id) && own === 1 && known > 0 && known === long.length;
  const isNamed = listNames(article).some((name) => {
    const own = titleTerms(name);
    return isWithin(own, terms) && own.length >= LEAST_NAMED * terms.length;
  });
  return isWhole && isNamed && !UNSURE.test(title) && article.kind !== 'genetics' && hasSameMarks(article, title);
}

/** One such word alone names nothing. */
const VAGUE = /^\w*\W*(?:neoplasms?|tumou?rs?|mass|lesions?|lumps?|polyps?|fibromas?|adenomas?|deformit(?:y|ies))\W*$/i;

/** A page's name is at least this share of a title of its words. */
const LEAST_NAMED = 0.5;
/** Growths of any kind, and what came of another disease: no page but one of that name is surely about these. */
const UNSURE =
  /\b(?:neoplasms?|tumou?rs?|mass|lesions?|lumps?|secondary|metasta\w+|due to|complicating|sequelae?|markers?)\b/i;

/** Cancers are named as such: a neoplasm, a mass or a tumor may be none. */
const OF_CANCER =
  /cancer|carcinoma|leukemia|lymphoma|melanoma|sarcoma|myeloma|malignan|blastoma|glioma|mesothelioma|metasta/i;
const isOfCancer = ({ texts }: Article): boolean => Object.values(texts).some(({ title }) => OF_CANCER.test(title));

/** Bleeding into an organ has its own page, or none. */
const OF_ORGANS = /\bapoplexy\b/i;

/** From this score on a line is a name itself, or what people judged right for it. */
const BY_NAME = 0.99;

/** A genetic condition that runs in families by its title is one of several with its other names: most brachial neuritis is not hereditary. */
const OF_HEREDITY = /hereditary|familial|congenital/i;

/** A diet's page that is for those with a disease: `Diet - chronic kidney disease`. */
const DIET_FOR = /^diet - (.+)$/i;

/** True if an article is on the diet for a disease of which no word is in the title. */
function isOfOtherPurpose({ texts }: Article, line: string): boolean {
  const [, disease] = DIET_FOR.exec(texts.en?.title ?? '') ?? [];
  const terms = new Set(titleTerms(line));
  return disease !== undefined && !titleTerms(disease).some((term) => terms.has(term));
}

/** @param isJudged people judged the hit right for the whole line */
function findCertainty(
  article: Article,
  hit: ArticleHit | undefined,
  { line, isJudged, facts }: { line: string; isJudged: boolean; facts: TitleFacts },
): Certainty {
  if ((isOfCancer(article) && !OF_CANCER.test(line)) || VAGUE.test(line)) return 'weak';
  if (article.kind === 'genetics' && OF_HEREDITY.test(article.texts.en?.title ?? '') && !OF_HEREDITY.test(line))
    return 'weak';
  const isWhole = hit !== undefined && hit.score >= BY_NAME && hit.matched !== 'spelling';
  if (isName(article, line)) return 'name';
  if (isOfOtherPurpose(article, line)) return 'weak';
  if (isWhole && isJudged && hasSameMarks(article, line)) return 'name';
  if (hasAllWords(article, line, facts)) return 'words';
  if (article.kind === 'genetics' || !hasSameMarks(article, line)) return 'weak';
  const compared = compareNames(line, article, facts.codeNames);
  return compared === 'words' && (UNSURE.test(line) || OF_ORGANS.test(line)) ? 'weak' : compared;
}

/** Tags of SNOMED CT for what a drug may be made of; no page but a drug's is about it. */
const OF_SUBSTANCE =
  /\((?:substance|[a-z ]*product[a-z ]*|[a-z ]*clinical drug|organism|physical object|body structure)\)$/i;

/** A title that states what it names as a drug: by a strength, or as a product. */
const AS_DRUG =
  /\d|\((?:[a-z ]*product[a-z ]*|substance|[a-z ]*clinical drug)\)$|^product containing|-containing product/i;

/**
 * True if a title is nothing but a drug: with a strength, as a product, by its name, or by its brand or ingredients and its form or dosing. `Warfarin
 * overdosage` is none, and `Insulin pump` not surely one.
 */
function isDrugTitle(title: string, article: Article, names: DrugNames): boolean {
  const line = stripTitle(title);
  const drug = readDrugLine(line, names);
  if (drug?.cut !== undefined) return false;
  if (AS_DRUG.test(title) || isName(article, line)) return true;
  if (!drug || drug.corrected) return false;
  const isOrdered = drug.rest.every(drug.forms.length > 0 ? isSig : isOrder);
  return drug.brand !== undefined || (drug.ingredients.length > 0 && isOrdered);
}

/** Kinds of the pages on products. */
const OF_PRODUCTS: ReadonlySet<ArticleKind> = new Set(['drug', 'vis']);

const CERTAINTIES: readonly Certainty[] = ['name', 'words', 'weak'];

/** Library and vocabulary that wordings are read by. */
interface Readers {
  readonly library: Library;
  readonly vocabulary: Vocabulary;
  readonly facts: TitleFacts;
  readonly language?: Language;
}

/** The reading of one wording of a title. */
async function readWording(
  query: string,
  title: string,
  { library, vocabulary, facts, language = 'en' }: Readers,
): Promise<TitleReading> {
  const request = { query, language, kind: 'article', count: MOST } as const;
  const understood = await understandWords(request, library, vocabulary);
  if (understood.kind === 'held') return NOTHING;
  if (understood.kind === 'abbreviation' && !understood.of && understood.abbreviation.length === query.length) {
    const meanings = understood.readings.map(({ articles }) => articles.map(({ article }) => article));
    return { ...NOTHING, isWhole: true, meanings };
  }
  const hits = understood.hits.flatMap((hit) => (hit.kind === 'article' ? [hit] : []));
  const found = hits.map(({ article }) => article);
  const [first] = found;
  if (understood.kind === 'drug' && first) {
    const { isOfEachPart = false } = understood;
    // Strains and a season are read away from a vaccine's brand, and nothing else.
    const isSure = isOfEachPart || first.kind === 'vis' || isDrugTitle(title, first, vocabulary.drugs.names);
    return { articles: found, certainty: isSure ? 'name' : 'weak', isWhole: isSure, isDrug: true, isOfEachPart };
  }
  if (OF_SUBSTANCE.test(title)) return NOTHING;
  // Of a line read by its parts no hit is about the whole.
  const [best] = understood.kind === 'words' && understood.isBySubject !== true ? hits : [];
  const isJudged = vocabulary.known.find(query, language) !== undefined;
  const named = library.findArticles(facts.words.namedByTitle(query).slice(0, MOST));
  const judged = [...found, ...named].map((article) => {
    const hit = article === best?.article ? best : undefined;
    return { article, certainty: findCertainty(article, hit, { line: query, isJudged, facts }) };
  });
  const [leader] = judged;
  // CDC's statement leads whatever else has the vaccine's name.
  if (leader?.certainty === 'name' && OF_PRODUCTS.has(leader.article.kind))
    return { articles: found, certainty: 'name', isDrug: true };
  // Instructions for a time after treatment are about no condition but by their whole name.
  const leaders = judged.filter(({ article }) => article.kind !== 'encypi' || isName(article, query));
  const surest = CERTAINTIES.find((one) => leaders.some(({ certainty }) => certainty === one)) ?? 'weak';
  // A page with the title comes before one of that other name. Of equal fit a health topic is the plainer page; else the one whose title has
  // more of the words leads.
  const leading = leaders
    .filter(({ certainty }) => certainty === surest)
    .sort((a, b) =>
      surest === 'name'
        ? Number(isTitled(b.article, query)) - Number(isTitled(a.article, query)) ||
          rankKind(a.article) - rankKind(b.article)
        : countShared(query, b.article) - countShared(query, a.article),
    );
  const articles = new Set([...leading, ...judged].map(({ article }) => article));
  const isFound = best !== undefined && best.score >= BY_NAME && ['title', 'synonym'].includes(best.matched);
  const isWhole = surest === 'name' || isFound;
  const sure = surest === 'weak' ? 0 : Math.min(leading.length, MOST);
  return { articles: [...articles].slice(0, MOST), certainty: surest, isWhole, isDrug: false, sure };
}

/** The reading of a pack: the pages of all of its drugs. */
async function readPackTitle(title: string, by: Readers): Promise<TitleReading> {
  const articles = await readPack(title, by.vocabulary.drugs.names, async (line) => {
    const { certainty, isDrug, isOfEachPart, articles } = await readWording(line, line, by);
    if (!isDrug || certainty !== 'name') return [];
    return isOfEachPart === true ? articles : articles.slice(0, 1);
  });
  if (articles.length === 0) return { ...NOTHING, isDrug: true };
  return { articles, certainty: 'name', isWhole: true, isDrug: true, isOfEachPart: articles.length > 1 };
}

/** A Spanish name of an operation; its page has the illness among its other names. */
const IN_OPERATION = /cirug|operaci|repara|extracc|extirpa|reemplazo|trasplante|ectomia|plastia/i;
const isOfOperation = (article: Article | undefined): boolean => ON_OPERATION.test(article?.texts.en?.title ?? '');

/** Creates the reader of titles: what a person types and what comes with a code are read alike. */
export const createTitleReader =
  (vocabulary: Vocabulary): TitleReader =>
  async (title, library, reader = 'en') => {
    const facts = library.status().titleFacts;
    const line = readVaccineLine(title) ? title : stripTitle(title);
    if (line === '' || !facts) return NOTHING;
    if (isPack(title)) return readPackTitle(title, { library, vocabulary, facts });
    const test = findOrderedTest(line, vocabulary, library, facts);
    let best = NOTHING;
    for (const language of listLanguages(title, reader)) {
      const expanded = writeOutTitle(line, vocabulary, language);
      const own = { written: listMeanings(line, vocabulary, language), expanded, ...test };
      const list = language === 'en' ? listWordings : listSpanishWordings;
      for (const query of list(line, expanded && stripTitle(expanded))) {
        const reading = await readWording(query, title, { library, vocabulary, facts, language });
        const isOperation = language === 'es' && isOfOperation(reading.articles[0]) && !IN_OPERATION.test(query);
        if (reading.certainty !== 'weak' && !isOperation) return { ...reading, ...own };
        if (best.articles.length === 0 && !best.isWhole)
          best = { ...reading, ...own, ...(isOperation ? { certainty: 'weak' } : {}) };
      }
    }
    return { ...test, ...best };
  };
