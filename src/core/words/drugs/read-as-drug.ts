import { readDrugLine, type DrugLine } from '../../drugs/drug-line.js';
import { routeByStrength } from '../../drugs/read-drug.js';
import type { Language } from '../../model/language.js';
import type { Library } from '../../model/library.js';
import type { ArticleHit, SearchRequest } from '../../search/search-hit.js';
import { groupBy } from '../../group-by.js';
import {
  findDrugPages,
  findPagesOfRoutes,
  findPagesOfStrengths,
  hasOtherPage,
  isOfEachPart,
  isOnlyRoute,
  listDrugReadings,
} from '../find-drug-pages.js';
import { isAmbiguous } from '../known-word.js';
import { findDosed, readAbbreviation } from '../offer-readings.js';
import { isCorrectedEverydayWord } from '../plain-lines.js';
import { findVaccine, foldName, isOtherTitle } from '../product-line.js';
import type { OfferedReading, Understanding } from '../understanding.js';
import type { Vocabulary } from '../vocabulary.js';
import { withoutDrugQuestion } from '../word-weights.js';

/** A line of several drugs that are not sold as one: the pages of each are offered, none is selected. */
function readEachDrug(line: string, drug: DrugLine, { language }: SearchRequest, library: Library): Understanding {
  const readings = drug.names.flatMap(([query = '', ...others]): OfferedReading[] => {
    const articles = findDrugPages(
      { ...drug, candidates: [query, ...others], names: [] },
      { query, language },
      library,
    );
    return articles.length === 0 ? [] : [{ means: query, language: 'en', query, articles }];
  });
  const [first, ...others] = readings;
  if (!first) return { kind: 'drug', hits: [] };
  // Official names repeat it: `cidofovir 5 ML cidofovir 75 MG/ML Injection`.
  if (others.length > 0 && others.every(({ query }) => query === first.query))
    return { kind: 'drug', hits: first.articles };
  if (others.length === 0) return { kind: 'drug', hits: [] };
  return { kind: 'abbreviation', hits: [], abbreviation: line, isErrorProne: false, of: 'drugs', readings };
}

/**
 * A line without its abbreviations of several meanings, and behind a brand without any; undefined where it has none: beside a drug they tell
 * how or why a patient has it.
 */
function withoutAbbreviations(line: string, language: Language, { known, drugs }: Vocabulary): string | undefined {
  const words = line.split(/\s+/);
  const isBehindBrand = drugs.names.find(words[0] ?? '')?.kind === 'brand';
  const remaining = words.filter((word, at) => {
    const abbreviation = known.findAbbreviation(word, language);
    const isCapital = isBehindBrand && at > 0 && /^[A-Z]{2,}$/.test(word);
    return !(abbreviation && (isCapital || isAmbiguous(abbreviation)));
  });
  return remaining.length > 0 && remaining.length < words.length ? remaining.join(' ') : undefined;
}

/** Reads a text as the drug of a line: the whole of it, else without the question about the drug, else without an ambiguous abbreviation. */
function findDrugLine(line: string, language: Language, vocabulary: Vocabulary): DrugLine | undefined {
  const { names } = vocabulary.drugs;
  const drug = readDrugLine(line, names);
  if (drug) return drug;
  const withoutQuestion = withoutDrugQuestion(line);
  // `how are you today` is about no contraceptive.
  const isContext = withoutQuestion === '' || vocabulary.known.isContext(foldName(withoutQuestion), language);
  const ofQuestion = isContext ? undefined : readDrugLine(withoutQuestion, names);
  if (ofQuestion) return ofQuestion;
  const rest = withoutAbbreviations(line, language, vocabulary);
  const beside = rest === undefined ? undefined : readDrugLine(rest, names);
  return beside?.corrected ? undefined : beside;
}

/** Reads a line as one of a drug. Undefined where it is none. */
export function readAsDrug(
  line: string,
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Understanding | undefined {
  const drug = findDrugLine(line, request.language, vocabulary);
  if (!drug || isCorrectedEverydayWord(drug, vocabulary.plainWords, request.language)) return undefined;
  const { cut, readings } = drug;
  if (cut !== undefined && readings.length === 0 && vocabulary.known.findAbbreviation(cut, request.language))
    return undefined;
  const isMeasured = drug.strengths.length + drug.forms.length > 0;
  if (drug.readings.length === 0 && !isMeasured && isOtherTitle(line, request, library, vocabulary.known))
    return undefined;
  return readDrug(line, drug, request, library, vocabulary);
}

/** The pages of a line's drug: those of its route and combination, of each of its routes, or none. */
export function readDrug(
  line: string,
  drug: DrugLine,
  request: SearchRequest,
  library: Library,
  { known, drugs }: Vocabulary,
): Understanding {
  const { language, count } = request;
  if (drug.readings.length > 0) {
    const meanings = listDrugReadings(line, drug, request, { library, names: drugs.names });
    const word = findDosed(line, language, known) ?? { meanings, isErrorProne: true };
    return readAbbreviation(drug.errorProne ?? line, word, language, library);
  }
  // In parentheses stands the same drug by another name.
  if ((drug.ingredients.length === 0 || drug.isSeveral) && drug.names.length > 1 && !line.includes('('))
    return readEachDrug(line, drug, request, library);
  const byStrength = routeByStrength(drug, drugs);
  const routed = byStrength?.line ?? drug;
  const hits = findDrugPages(routed, { query: line, language }, library);
  if (hits.length > 0 && isOfEachPart(routed, library)) return { kind: 'drug', hits, isOfEachPart: true };
  if (hits.length > 0) return { kind: 'drug', hits: hits.slice(0, count) };
  if (byStrength?.routes.length === 1) return { kind: 'drug', hits: [], ...nameDrug(drug) };
  const ofStrengths = findPagesOfStrengths(drug, request, library, drugs.names);
  if (ofStrengths.length > 1) return offerPages(line, ofStrengths, 'strengths');
  const { routes } = byStrength ?? {};
  const pages = findPagesOfRoutes(drug, { language, routes }, library, drugs.names);
  const [page] = pages;
  const isOneWay = pages.every(({ query }) => query === page?.query);
  if (!page) {
    const vaccines = findVaccine({ ...request, query: line }, library, known).slice(0, count);
    return {
      kind: 'drug',
      hits: vaccines,
      ...(vaccines.length === 0 && hasOtherPage(drug, library) ? { isInOtherForm: true } : {}),
      ...(vaccines.length === 0 ? nameDrug(drug) : {}),
    };
  }
  if (!routes && isOneWay && isOnlyRoute(page, drug, drugs.names)) {
    const isOfParts = isOfEachPart({ ...drug, candidates: [page.query] }, library);
    return { kind: 'drug', hits: pages.map(({ hit }) => hit), ...(isOfParts ? { isOfEachPart: true } : {}) };
  }
  return offerPages(line, pages, 'routes');
}

/** The known names of a drug without a page: its brand, else its ingredients, and of a combination each of them. */
function nameDrug({ brand, ingredients }: DrugLine): Pick<Extract<Understanding, { kind: 'drug' }>, 'drug'> {
  const name = brand ?? ingredients.join(' / ');
  return name === '' ? {} : { drug: { name, ingredients } };
}

/** Offers pages of one drug, none of them selected. The rows' own names of drugs are English: `fluticasone nasal`. */
function offerPages(
  line: string,
  pages: readonly { readonly query: string; readonly hit: ArticleHit }[],
  of: 'routes' | 'strengths',
): Understanding {
  const readings = [...groupBy(pages, ({ query }) => query)].map(
    ([query, ofQuery]) => ({ means: query, language: 'en', query, articles: ofQuery.map(({ hit }) => hit) }) as const,
  );
  return { kind: 'abbreviation', hits: [], abbreviation: line, isErrorProne: false, of, readings };
}
