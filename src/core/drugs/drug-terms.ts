import { readDataFile, toWordSet } from '../read-data-file.js';

/** A route, as the suffix of a name with it, and its pattern. */
type RouteRow = readonly [route: string, pattern: string];
type Routes = readonly (readonly [pattern: RegExp, route: string])[];

interface NameWords extends Readonly<Record<'routes' | 'byMouth' | 'impliedRoutes', readonly RouteRow[]>> {
  readonly salts: string;
  readonly metals: string;
  readonly forms: string;
  readonly synonyms: Readonly<Record<string, string>>;
}

const words = readDataFile('drugs/name-words.yaml') as NameWords;
const toRoutes = (rows: readonly RouteRow[]): Routes => rows.map(([route, pattern]) => [new RegExp(pattern), route]);

/** Salts, esters, hydrates and grinds that seldom change which page explains the drug. */
export const SALTS = toWordSet(words.salts);
/** First words of names that are a salt's name, as in potassium chloride: their salts are not removed. */
export const METALS = toWordSet(words.metals);
/** Forms, and words around them, that are removed from a name. */
export const FORMS = toWordSet(words.forms);
/** Other names of an ingredient. */
export const SYNONYMS: ReadonlyMap<string, string> = new Map(Object.entries(words.synonyms));
/** Routes that have their own pages; the first match applies. */
export const ROUTES = toRoutes(words.routes);
/** Forms taken by mouth. The plain name leads to these pages; some drugs have one for each form. */
export const BY_MOUTH = toRoutes(words.byMouth);
/** Forms that only imply a route. They count only if neither a route nor a form by mouth is stated. */
export const IMPLIED_ROUTES = toRoutes(words.impliedRoutes);

/** Sites of a spray into the mouth, which has its own pages (nitroglycerin, fentanyl). */
export const MOUTH = /\b(oral|mucosal|lingual|translingual|sublingual|buccal)\b/;

/** Marks of a product's approval that some lists put before its name. */
export const APPROVALS = /\b(nda|anda|bla)\d+\b/g;

/** The four meaningless letters that the FDA adds to a biological's name: adalimumab-adaz. One page covers them. */
export const BIOLOGICAL_SUFFIX =
  /(?<=mab|cept|stim|ase|alfa|glargine|aspart|lispro|beta|botulinumtoxina)-[a-z]{4}(?![a-z])/g;

/** A strength: a number with its unit, perhaps per another. */
export const STRENGTH =
  /\b\d[\d.,]*\s*(milligrams?|micrograms?|mg|mcg|ug|gm?|grams?|ml|l|unt|units?|iu|meq|mmol|mci|cells|vector-genomes|%|hrs?|actuat)(\/(\d[\d.,]*\s*)?(mg|mcg|ml|l|actuat|hrs?|hour|gm?|gram|day|puff|inh|spray|dose|tablet|tab|unt))?(?![a-z])/g;
