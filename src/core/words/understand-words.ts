import { findByCode } from '../search/code-search.js';
import { isDextrose } from '../codes/typed-fluid.js';
import { readDrugLine } from '../drugs/drug-line.js';
import type { DrugNames } from '../drugs/drug-names.js';
import type { Language } from '../model/language.js';
import type { Library } from '../model/library.js';
import type { ArticleHit, SearchHit, SearchRequest } from '../search/search-hit.js';
import { readStatement } from '../titles/statements/stated-otherwise.js';
import { withoutOtherSubjects } from '../search/further-hits.js';
import { withoutRepeats } from '../search/text-rank.js';
import { parseQuery } from '../search/text-query.js';
import { foldText } from '../search/text-tokens.js';
import { findByText, hitsOfCode } from '../search/text-search.js';
import { leadWithPagesOfConcept } from './find-concept-pages.js';
import {
  findAmbiguousWithin,
  findKnown,
  findMeaning,
  findQualified,
  isNumberToCall,
  findDenial,
  HOLDING,
} from './find-known.js';
import { findFamilyHistory } from './find-family-history.js';
import { findBySubject, isDrugPage } from './find-by-subject.js';
import { leadWithStatement, readVaccine } from './reading/lead-with-statement.js';
import { leadWithThose } from './reading/lead-with-those.js';
import { leadWithTitle } from './reading/lead-with-title.js';
import { withoutFurtherThings } from './reading/without-further-things.js';
import { findDosed, readAbbreviation } from './offer-readings.js';
import type { Understanding } from './understanding.js';
import type { Vocabulary } from './vocabulary.js';
import { isAmbiguous, type KnownWord } from './known-word.js';
import { readAsDrug } from './drugs/read-as-drug.js';
import { asMedication, beginsWithName, hasTabletMass, isMedication } from './drugs/medication-line.js';
import { readDrugName } from './drugs/read-drug-name.js';
import {
  isNamed,
  isOnlyDirections,
  isProduct,
  isProductPage,
  isVaccinePage,
  foldName,
  readInParentheses,
  sharesWord,
} from './product-line.js';
import { createPlainTest, isOneEverydayWord } from './plain-lines.js';
import { createNamesTest, createSyndromeTest } from './reading/of-this-syndrome.js';
import { readResult } from './reading/read-result.js';
import { restateLine } from './reading/restate.js';
import { readMisspelt } from './spelling/read-misspelt.js';
import { spellAsPages } from './spelling/spell-as-pages.js';
import { isDosed, isTelling, writeOut } from './word-weights.js';
import { listNames } from '../model/article.js';

/** From this score on a hit has most of what a line tells. */
const LEAST_CERTAIN_SCORE = 0.6;

/** From this score on a line is a name of a hit. */
const LEAST_OF_A_NAME = 0.88;

/** Score of a page that lacks the word by which a line tells what it is about, at most: the subject is looked up. */
const MOST_WITHOUT_TELLING = 0.4;

/** Whether an uncertain hit lacks the words that tell what a line is about: `sciatica exercises` is not Exercise. */
function lacksTelling(line: string, hit: SearchHit | undefined): boolean {
  if (hit?.kind !== 'article' || hit.matched === 'spelling' || hit.score >= LEAST_CERTAIN_SCORE) return false;
  const telling = parseQuery(line).filter(({ word }) => isTelling(word));
  const names = listNames(hit.article).flatMap((name) => parseQuery(name).map(({ term }) => term));
  return telling.length > 0 && telling.every(({ term }) => !names.includes(term));
}

/** Whether a hit lacks the brand that a line names, and is no name of the line: `seroquel weight gain` is on more than a gain of weight. */
function lacksBrand(line: string, hit: SearchHit | undefined, names: DrugNames): boolean {
  if (hit?.kind !== 'article' || hit.article.kind === 'drug' || hit.score >= LEAST_OF_A_NAME) return false;
  const isBrand = (word: string): boolean => {
    const named = names.find(word);
    return named?.kind === 'brand' && !named.isWord;
  };
  return parseQuery(line).some(({ word }) => isBrand(word));
}

/** Results for the subjects of a line: the subject as a drug counts as well. */
function findAboutSubject(
  line: string,
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): readonly SearchHit[] | undefined {
  if (request.kind === 'concept') return undefined;
  const findDrug = (text: string): readonly SearchHit[] => readAsDrug(text, request, library, vocabulary)?.hits ?? [];
  const isOfPart = lacksTelling(line, hits[0]) || lacksBrand(line, hits[0], vocabulary.drugs.names);
  const best = isOfPart ? MOST_WITHOUT_TELLING : (hits[0]?.score ?? 0);
  return findBySubject(line, { ...request, best }, { library, known: vocabulary.known, findDrug });
}

/** Reads a line that is no code and not known as a whole. An everyday word that is a drug's name is the drug where no page is on it. */
function readLine(line: string, request: SearchRequest, library: Library, vocabulary: Vocabulary): Understanding {
  const found = readLineAsWritten(line, request, library, vocabulary);
  return request.kind === 'concept' ? found : readDrugName(line, found, request, library, vocabulary);
}

/** Readings of a line: its statement, a drug, an abbreviation within it, its words. */
function readLineAsWritten(
  line: string,
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Understanding {
  const { language, kind } = request;
  const { known, drugs } = vocabulary;
  const statement = readStatement(line);
  // No Doz is a brand.
  const isHeld = statement !== undefined && HOLDING.has(statement.kind) && !beginsWithName(line, drugs.names);
  // Codes of drugs are found by their names' words, whatever page there is.
  const isDrugSought = !isHeld && kind !== 'concept';
  const asDrug = isDrugSought ? readAsDrug(line, request, library, vocabulary) : undefined;
  if (asDrug) return asDrug;
  const brand = isDrugSought ? readInParentheses(line) : undefined;
  const ofBrand = brand === undefined ? undefined : readAsDrug(brand, request, library, vocabulary);
  // Beside a vaccine's brand a disease is what it is against.
  if (ofBrand && isVaccinePage(ofBrand.hits[0])) return ofBrand;
  const dosed = findDosed(line, language, known);
  if (dosed) {
    if (isAmbiguous(dosed)) return readAbbreviation(line, dosed, language, library);
    return { kind: 'words', hits: findMeaning(dosed, request, library, known) };
  }
  const words = parseQuery(line).map(({ word }) => word);
  if (isOnlyDirections(words)) return { kind: 'words', hits: [] };
  const isMeasured = isDosed(words);
  const isSpelt = (hit: SearchHit): boolean =>
    !isMeasured || (hit.matched === 'spelling' ? isDrugPage(hit) : isVaccinePage(hit) || sharesWord(words, hit));
  const isEveryday = isOneEverydayWord(words, vocabulary);
  const isMeant = createPlainTest(words, language, vocabulary);
  const found = findByText(request, library, known).filter((hit) => isMeant(hit) && isSpelt(hit));
  const hits = kind === 'concept' ? found : withoutOtherSubjects(found, [line], language);
  // A line measured as a product is no disease: kidney bean extract 100 mg/ml.
  if (isProduct(line)) return { kind: 'words', hits: found.filter(isProductPage) };
  if (isNamed(line, hits[0])) return { kind: 'words', hits };
  if (isHeld) return { kind: 'held', hits: [], statement };
  if (isEveryday) return { kind: 'words', hits };
  const word =
    findQualified(line, language, known) ??
    (hits.length === 0 && !isMeasured ? known.findAtPart(line, language) : undefined);
  if (word) return { kind: 'words', hits: findMeaning(word, request, library, known) };
  // Of what is measured as a drug no part is a disease's abbreviation: HCl is a salt, HD a high dose.
  const within = isMeasured ? undefined : findAmbiguousWithin(line, language, known);
  if (!within) {
    const bySubject = findAboutSubject(line, hits, request, library, vocabulary);
    return { kind: 'words', hits: bySubject?.filter(isSpelt) ?? hits, isBySubject: bySubject !== undefined };
  }
  return readAbbreviation(within.typed, within.word, language, library, (means) =>
    line.replace(within.typed, () => means),
  );
}

/** Whether a line is known in another language than the reader's alone, and is a drug's name: Rayos is no radiograph. */
function isDrugHere(query: string, { meanings }: KnownWord, language: Language, names: DrugNames): boolean {
  const named = names.find(query);
  if (!named || named.isWord || named.kind === 'refused') return false;
  return meanings.every((meaning) => meaning.language !== language);
}

/** Reads a line that is known as a whole: what it means, and what it denies. Undefined where it is none. */
function readKnown(request: SearchRequest, library: Library, { known, drugs }: Vocabulary): Understanding | undefined {
  const { query, language } = request;
  const word = findKnown(query, language, known);
  if (!word || isDrugHere(query, word, language, drugs.names)) return undefined;
  // `not pregnant` has the words of `how not to get pregnant`.
  const stated = readStatement(query);
  if (stated?.phrase.startsWith('not') && foldName(word.text) !== foldName(query))
    return { kind: 'held', hits: [], statement: stated };
  const denied = findDenial(word);
  if (denied) return { kind: 'held', hits: [], statement: denied };
  if (isAmbiguous(word)) return readAbbreviation(query, word, language, library);
  return { kind: 'words', hits: findMeaning(word, request, library, known) };
}

/** Reading, as a drug, of a line that begins with the misspelt drug and its dose: `alieve 1 for headache` is no relief. */
function readMisspeltDose(request: SearchRequest, library: Library, vocabulary: Vocabulary): Understanding | undefined {
  const { query, kind } = request;
  const { corrected, doses } = readDrugLine(query, vocabulary.drugs.names) ?? { corrected: undefined, doses: [] };
  const isFirst = corrected !== undefined && query.toLowerCase().startsWith(corrected.from);
  if (!isFirst || doses.length === 0 || kind === 'concept') return undefined;
  const understood = readLine(query, request, library, vocabulary);
  return understood.kind === 'drug' && understood.hits.length > 0 ? understood : undefined;
}

/** Whether a line is a drug's name, or names one, as it is written: then it is misspelt nowhere. */
function isDrugAsWritten(line: string, names: DrugNames): boolean {
  const drug = readDrugLine(line, names);
  return names.find(line) !== undefined || (drug !== undefined && !drug.corrected);
}

/** Understands a line by what it is about in fewer words, if that is the name of a page or known; undefined for other lines. */
async function understandRestated(
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Promise<Understanding | undefined> {
  const query = restateLine(request.query);
  const isKnown = (text: string): boolean => vocabulary.known.find(text, request.language) !== undefined;
  if (query === undefined || isKnown(request.query)) return undefined;
  const understood = await understandLine({ ...request, query }, library, vocabulary);
  const isDrug = understood.kind === 'drug' && understood.hits.length > 0;
  return isDrug || isNamed(query, understood.hits[0]) || isKnown(query) ? understood : undefined;
}

async function understandLine(
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Promise<Understanding> {
  const { query: line, language, kind, count } = request;
  const found = await findByCode(line, language, library);
  const byCode = hitsOfCode(found, kind);
  if (found.isCode && !isNumberToCall(line, language, vocabulary.known))
    return { kind: 'code', hits: withoutRepeats(byCode).slice(0, count) };
  const ofWhole = (one: SearchRequest): Understanding | undefined => readKnown(one, library, vocabulary);
  const ofResult = readResult(request, library, vocabulary, () => ofWhole(request)?.hits ?? []);
  const whole = ofResult ?? (await understandRestated(request, library, vocabulary)) ?? ofWhole(request);
  if (whole) return whole;
  if (isDextrose(line) && kind !== 'concept' && !findDosed(line, language, vocabulary.known))
    return { kind: 'drug', hits: [] };
  const read = (one: SearchRequest): Understanding => ofWhole(one) ?? readLine(one.query, one, library, vocabulary);
  const asWritten = isDrugAsWritten(line, vocabulary.drugs.names)
    ? read(request)
    : (readMisspeltDose(request, library, vocabulary) ?? readMisspelt(request, { library, vocabulary }, read));
  const understood = kind === 'concept' ? asWritten : asMedication(line, asWritten, vocabulary.drugs.names);
  if (understood.kind !== 'words') return understood;
  const words = parseQuery(line).map(({ word }) => word);
  // Nor does a medication have the pages of a code.
  const { names } = vocabulary.drugs;
  if (kind !== 'concept' && (isMedication(line, names) || hasTabletMass(line, names))) return understood;
  const isOfSyndrome = createSyndromeTest(line, language, vocabulary.known);
  const isOfName = createNamesTest(line, language);
  const ofLine = understood.hits.filter((hit) => isOfSyndrome(hit) && isOfName(hit));
  const hits = isOneEverydayWord(words, vocabulary)
    ? ofLine
    : await leadWithPagesOfConcept(ofLine, request, library, vocabulary.known);
  return { ...understood, hits: withoutRepeats([...byCode, ...hits]).slice(0, count) };
}

/** Adds the pages on a family history to a line that states one. */
async function offerFamilyHistory(
  held: Extract<Understanding, { kind: 'held' }>,
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Promise<Understanding> {
  const { kind, subject } = held.statement;
  if (kind !== 'family-history') return held;
  const about = await understandLine({ ...request, query: subject, kind: 'article' }, library, vocabulary);
  const hits: readonly SearchHit[] = about.hits;
  const first = hits.find((hit): hit is ArticleHit => hit.kind === 'article');
  const reading = await findFamilyHistory(first, request.language, library);
  return reading ? { ...held, readings: [reading] } : held;
}

/** True if people judged another page right for a line than the one of this title. */
const isJudged = ({ query, language }: SearchRequest, { judgedTitles }: Vocabulary): boolean =>
  judgedTitles.has(`${language} ${foldText(query)}`);

/**
 * Understands what a person typed: a code, else what the whole line is known as, else a drug, else an abbreviation, else its words; and holds it
 * where it denies something or is about another. An article's exact title finds it first, but where people judged another page right for the line. The one way in for all that is typed. Rejects only
 * with the library's own errors.
 */
export async function understandWords(
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Promise<Understanding> {
  const query = spellAsPages(writeOut(request.query.trim()), request.language, library, vocabulary);
  const typed = { ...request, query };
  const vaccine = readVaccine(request, library) ?? readVaccine(typed, library);
  // Statements are in English: in another language a page of that very title leads.
  if (vaccine && typed.language === 'en') return vaccine;
  if (vaccine) return { ...vaccine, hits: leadWithTitle(vaccine.hits, typed, library) };
  const understood = await understandLine(typed, library, vocabulary);
  if (understood.kind === 'held') return offerFamilyHistory(understood, typed, library, vocabulary);
  if (understood.kind !== 'words' && understood.kind !== 'drug') return understood;
  const { kind, hits } = understood;
  const titled = isJudged(typed, vocabulary) ? hits : leadWithTitle(hits, typed, library);
  const isOfWords = kind === 'words' && typed.kind !== 'concept';
  if (!isOfWords) return { ...understood, hits: leadWithStatement(titled, typed, library, kind === 'drug') };
  const isKnown = (line: string): boolean => vocabulary.known.find(line, typed.language) !== undefined;
  const ofThose = leadWithThose(titled, typed, library, isKnown);
  const suiting = withoutFurtherThings(ofThose, query, typed.language, vocabulary.known);
  return { ...understood, hits: leadWithStatement(suiting, typed, library, false) };
}
