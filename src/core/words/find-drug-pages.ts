import { textIn } from '../model/article.js';
import { BY_MOUTH, IMPLIED_ROUTES, ROUTES } from '../drugs/drug-terms.js';
import { readDrugLine, type DrugLine } from '../drugs/drug-line.js';
import { MASS, PER_CENT, coversPerCent } from '../drugs/drug-line-route.js';
import type { DrugNames } from '../drugs/drug-names.js';
import { type Language, LANGUAGES, languagesFrom } from '../model/language.js';
import type { Coding, Library } from '../model/library.js';
import type { ArticleHit, MatchedBy } from '../search/search-hit.js';
import { isOfParts, selectEach, type SelectedRow } from '../codes/resolve-coding.js';
import { foldText } from '../search/text-tokens.js';
import type { WordMeaning } from './known-word.js';

/** Rows of the first name that has any; undefined where none has, empty where its row states that there is no page. */
function findRows(candidates: readonly string[], library: Library): readonly SelectedRow[] | undefined {
  const names = candidates.map((code): Coding => ({ system: 'drug-name', code }));
  if (names.length === 0) return undefined;
  return selectEach(names, library).find((found) => found !== undefined)?.rows;
}

const findIds = (candidates: readonly string[], library: Library): string[] | undefined =>
  findRows(candidates, library)?.map(({ article }) => article);

/** The one article that each of several names leads to: they name one drug, `ondansetron (Zofran)`. Of a combination it is no ingredient's. */
function findSharedIds(names: DrugLine['names'], library: Library): string[] {
  const rows = names.map((candidates) => findRows(candidates, library) ?? []);
  const [id] = rows.map(([first]) => first?.article);
  const isShared = rows.every((ofName) => ofName[0]?.article === id && !isOfParts(ofName));
  return id !== undefined && isShared ? [id] : [];
}

/** The same of the first of several ways to read the names that leads to one. */
const findSharedIdsOf = (ways: readonly DrugLine['names'][], library: Library): string[] =>
  ways.map((names) => findSharedIds(names, library)).find((ids) => ids.length > 0) ?? [];

/**
 * The articles on the drug of a line: of the most telling candidate name that any row knows, so that a row which states that
 * there is none stops the search. Empty where there is no page for that drug, route and combination.
 */
export function findDrugPages(
  line: DrugLine,
  { query, language }: { readonly query: string; readonly language: Language },
  library: Library,
): ArticleHit[] {
  const rows = findRows(line.candidates, library);
  const ids = rows?.map(({ article }) => article) ?? findSharedIdsOf([line.names, ...line.splits], library);
  const articles = new Map(library.findArticles(ids).map((article) => [article.id, article]));
  // Of a combination never the page of one ingredient alone.
  if (rows && isOfParts(rows) && articles.size < rows.length) return [];
  return ids.flatMap((id): ArticleHit[] => {
    const article = articles.get(id);
    const text = article && textIn(article, languagesFrom(language));
    if (!text) return [];
    const named = new Set([foldText(query.trim()), ...line.candidates.map(foldText)]);
    const isTitle = LANGUAGES.some((one) => named.has(foldText(article.texts[one]?.title ?? '')));
    const matched: MatchedBy = line.corrected ? 'spelling' : isTitle && line.brand === undefined ? 'title' : 'synonym';
    return [{ kind: 'article', article, text, sensitivity: article.sensitivity, score: 1, matched }];
  });
}

/** Meanings of a line's dangerous abbreviation, each with the pages that the line has with it: `MSO4 4 mg IV` is injected. */
export function listDrugReadings(
  line: string,
  { readings, errorProne = '' }: DrugLine,
  { language }: { readonly language: Language },
  { library, names }: { readonly library: Library; readonly names: DrugNames },
): WordMeaning[] {
  const at = line.toLowerCase().indexOf(errorProne);
  return readings.map((means) => {
    const query = `${line.slice(0, at)}${means}${line.slice(at + errorProne.length)}`;
    const drug = at < 0 ? undefined : readDrugLine(query, names);
    const pages = drug ? findDrugPages(drug, { query, language }, library) : [];
    return { means, language: 'en', articles: pages.map(({ article }) => article.id) };
  });
}

/** Whether the pages of a line are those of each ingredient of its combination. */
export const isOfEachPart = ({ candidates }: DrugLine, library: Library): boolean =>
  isOfParts(findRows(candidates, library) ?? []);

/** Pages of a drug that differ by its strength, each with the name that tells it, where a line tells none: norethindrone 0.35 mg and 5 mg. */
export function findPagesOfStrengths(
  { candidates, doses, brand, ingredients }: DrugLine,
  { language }: { readonly language: Language },
  library: Library,
  names: DrugNames,
): { readonly query: string; readonly hit: ArticleHit }[] {
  const [name, ...others] = ingredients;
  if (name === undefined || others.length + doses.length > 0 || brand !== undefined || findIds(candidates, library))
    return [];
  const found = new Map<string, string>();
  for (const strength of names.find(name)?.strengths ?? []) {
    for (const id of findIds([`${name} ${strength}`], library) ?? [])
      if (!found.has(id)) found.set(id, `${name} ${strength}`);
  }
  return library.findArticles([...found.keys()]).flatMap((article) => {
    const [text, query] = [textIn(article, languagesFrom(language)), found.get(article.id)];
    if (!text || query === undefined) return [];
    const { sensitivity } = article;
    return [{ query, hit: { kind: 'article', article, text, sensitivity, score: 1, matched: 'synonym' } as const }];
  });
}

/** A spray into the mouth has a name of its own in the rows (`findDrugRoute`). */
const MOUTH_SPRAY = 'spray';
/** The routes that `drug-name` rows are bound to. */
const ROUTE_NAMES = [...new Set([...BY_MOUTH, ...ROUTES, ...IMPLIED_ROUTES].map(([, route]) => route)), MOUTH_SPRAY];
/** Candidate names that are looked up with each route. */
const MOST_NAMES = 2;

/** A page of a drug for one route, and the line that tells that route. */
export interface RoutePage {
  readonly query: string;
  readonly route: string;
  readonly hit: ArticleHit;
}

/** Names of a drug with a route: that of the route's own row, and the bare one where its page covers the route. */
interface RoutedName {
  readonly query: string;
  readonly route: string;
  readonly codes: readonly string[];
}

/** The names of a line with each of some routes. */
function nameRoutes({ candidates, ingredients }: DrugLine, routes: readonly string[], names: DrugNames): RoutedName[] {
  // A combination that is measured in per cent has no candidate of its own.
  const isCombination = candidates.length === 0 && ingredients.length > 1;
  return (isCombination ? [ingredients.join(' / ')] : candidates).slice(0, MOST_NAMES).flatMap((name) =>
    routes.map((route) => {
      const isCovered = names.find(name)?.page?.includes(route) === true;
      const query = `${name} ${route}`;
      return { query, route, codes: isCovered ? [query, name] : [query] };
    }),
  );
}

/**
 * The pages of a drug for its routes, each page once, where the line tells neither route nor form: `fluticasone` has pages for the
 * nose, the lungs and the skin. Empty where the line tells one, and where there are none.
 * @param routes those that the line's strengths tell; undefined: any that has a page of its own
 */
export function findPagesOfRoutes(
  line: DrugLine,
  { language, routes }: { readonly language: Language; readonly routes: readonly string[] | undefined },
  library: Library,
  names: DrugNames,
): RoutePage[] {
  const { candidates, route, forms } = line;
  if (route.route !== undefined || route.isByMouth || forms.length > 0) return [];
  // A row that states that there is no page stops the search: Kesimpta is not Arzerra.
  if (findIds(candidates, library)?.length === 0) return [];
  const routed = routes
    ? nameRoutes(line, routes, names)
    : nameRoutes(line, ROUTE_NAMES, names).map((one) => ({ ...one, codes: [one.query] }));
  const codings = routed.flatMap(({ codes }) => codes.map((code): Coding => ({ system: 'drug-name', code })));
  const selections = selectEach(codings, library);
  const found = new Map<string, RoutedName>();
  let next = 0;
  for (const one of routed) {
    const own = selections.slice(next, (next += one.codes.length)).find((selection) => selection !== undefined);
    for (const { article } of own?.rows ?? []) if (!found.has(article)) found.set(article, one);
  }
  const articles = library.findArticles([...found.keys()]);
  return articles.flatMap((article): RoutePage[] => {
    const text = textIn(article, languagesFrom(language));
    const one = found.get(article.id);
    if (!text || !one) return [];
    const { sensitivity } = article;
    const hit = { kind: 'article', article, text, sensitivity, score: 1, matched: 'synonym' } as const;
    return [{ query: one.query, route: one.route, hit }];
  });
}

/** Whether a drug without a page for its line has one for another form or route: adalimumab is injected, and no tablet. */
export function hasOtherPage({ brand, ingredients }: DrugLine, library: Library): boolean {
  const names = [brand ?? '', ingredients.join(' / ')].filter((name) => name !== '');
  const codes = names.flatMap((name) => [name, ...ROUTE_NAMES.map((route) => `${name} ${route}`)]);
  const selections = selectEach(
    codes.map((code): Coding => ({ system: 'drug-name', code })),
    library,
  );
  return selections.some((selection) => (selection?.rows.length ?? 0) > 0);
}

/**
 * Whether the only page of a drug that has pages by route is that of the line: the drug is taken in one way, or the line measures what
 * is swallowed.
 */
export function isOnlyRoute({ route }: RoutePage, line: DrugLine, names: DrugNames): boolean {
  const { candidates, ingredients, strengths } = line;
  const isMeasured = ingredients.length > 1 && strengths.length > 0;
  if (isMeasured && strengths.every((strength) => PER_CENT.test(strength))) return coversPerCent([route]);
  const routes = names.find(candidates[0] ?? '')?.routes ?? [];
  if (!routes.includes(route)) return false;
  const isMass = strengths.length > 0 && strengths.every((strength) => MASS.test(strength));
  return routes.length === 1 || (isMass && route === 'oral' && !routes.includes('injection'));
}
