import type { Library } from '../model/library.js';
import type { SearchHit, SearchRequest } from '../search/search-hit.js';
import { findByText } from '../search/text-search.js';
import { findKnown, findMeaning } from './find-known.js';
import { isAmbiguous } from './known-word.js';
import type { KnownWords } from './known-words.js';
import { isVaccinePage, withoutDose } from './product-line.js';

/** The season of a vaccine, and how often: `2023-24`, `x1`. */
const SEASON = /\b(?:20\d\d(?:-\d\d(?:\d\d)?)?|x ?\d)\b/gi;
/** What a vaccine's name is worth at least. */
const LEAST_OF_A_VACCINE = 0.9;

/** What a vaccine's line finds without its dose and route: tables of drugs have its brands, and pages the name that people use. */
export function findVaccine(request: SearchRequest, library: Library, known: KnownWords): SearchHit[] {
  const query = withoutDose(request.query.replace(SEASON, ''));
  if (query === undefined) return [];
  const word = findKnown(query, request.language, known);
  const named = { ...request, query };
  const hits =
    word && !isAmbiguous(word) ? findMeaning(word, named, library, known) : findByText(named, library, known);
  return (hits[0]?.score ?? 0) >= LEAST_OF_A_VACCINE && isVaccinePage(hits[0]) ? hits.filter(isVaccinePage) : [];
}

/**
 * A volume for a muscle or under the skin, and a count of a series, as vaccines have: `hepatitis A 1 mL IM`, `hep B #3`. At the beginning of a
 * line it is a number of a list.
 */
const SHOT = /\d ?(?:ml|cc)\b.*\b(?:im|sc|sq|subq)\b|\S\s+#[1-5]\b|\S\s+dose #?[1-5]\b/i;
/** What stands beside a vaccine's subject in such a line. */
const COUNT = /#[1-5]\b|\bdose #?[1-5]\b|\b(?:peds?|pediatric|adult|given|pfizer|moderna)\b/gi;
/** The word for a vaccine, by the language of the line. */
const VACCINE = { en: 'vaccine', es: 'vacuna' } as const;

/**
 * What a line finds that measures or counts as vaccines are: the vaccines among its hits, else what its subject has as a vaccine
 * (`polio #3`). Empty where it is no such line: of `chest pain #2` there is none.
 */
export function findShot(
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
  known: KnownWords,
): SearchHit[] {
  if (!SHOT.test(request.query)) return [];
  const vaccines = hits.filter(isVaccinePage);
  if (vaccines.length > 0) return vaccines;
  const subject = request.query.replace(COUNT, ' ');
  const query = `${withoutDose(subject) ?? subject} ${VACCINE[request.language]}`.replace(/\s+/g, ' ').trim();
  const named = findByText({ ...request, query }, library, known);
  return (named[0]?.score ?? 0) >= LEAST_OF_A_VACCINE && isVaccinePage(named[0]) ? named.filter(isVaccinePage) : [];
}
